#!/usr/bin/env python3
"""Trust between real engines on loopback: how it begins, how it ends, and what is never trusted.

    pairing.py CASE BIN_FOLDER
"""
import json
import os
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "mirror"))
from engines import Machine, ask  # noqa: E402
from slowproxy import SlowProxy  # noqa: E402

SOON = 8.0  # seconds within which a session is cut, on a busy machine too: far below the 10 s of silence
LINE = 250_000  # bytes a second over a line that is slow


def refused(machine, *arguments, code=4):
    """The message of a call that ends with this exit code."""
    done = ask([os.path.join(machine.binaries, "octopusctl"), "--state", machine.state, *arguments])
    assert done.returncode == code, (arguments, done)
    return done.stderr


def address(machine):
    return f"127.0.0.1:{machine.port}"


def peers(machine):
    return [peer for peer in machine.ctl("peers") if peer["paired"]]


def pending(machine):
    return [one for one in machine.ctl("pair", "--list") if one["digits"]]


def until(condition, limit=120.0):
    """Seconds until the condition holds."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < limit, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - start


def highest_protocol(machine):
    with open(os.path.join(machine.state, "config.json"), encoding="utf-8") as file:
        return json.load(file)["peers"][0]["highestProtocol"]


def begin(alpha, beta, at=None):
    """What alpha shows, once beta shows it, too."""
    shown = alpha.ctl("pair", at or address(beta))
    until(lambda: pending(beta))
    return shown


def pair(alpha, beta, *grant, at=None):
    digits = begin(alpha, beta, at)["digits"]
    alpha.ctl("pair", "--confirm", digits)
    until(lambda: pending(beta)[0]["confirmedByPeer"])
    assert beta.ctl("pair", "--confirm", digits, *grant)["state"] == "paired"
    until(lambda: peers(alpha))


def add_vault(folder, alpha, beta, name="v"):
    source = os.path.join(folder, name)
    os.makedirs(source)
    with open(os.path.join(source, "file"), "w", encoding="utf-8") as file:
        file.write("content")
    alpha.ctl("vault", "add", name, "--source", source, "--target", beta.name)
    alpha.ctl("wait", name, "--in-sync", "--timeout", "120")
    return source


def target_of(machine, name="v"):
    vault = [v for v in machine.ctl("status", expect=(0, 1))["vaults"] if v["name"] == name][0]
    return vault["targets"][0] if vault["role"] == "primary" else vault


def halt_of(machine, name="v"):
    return target_of(machine, name)["halt"]


# ---- by digits

def digits(folder, alpha, beta):
    shown = begin(alpha, beta)
    assert shown["state"] == "comparing" and shown["askedBy"] == "this", shown
    assert len(shown["digits"]) == 6 and shown["digits"].isdigit(), shown
    assert shown["name"] == "beta" and shown["id"] == beta.ctl("identity")["id"], shown
    assert 0 < shown["secondsLeft"] <= 60, shown
    there = pending(beta)[0]
    assert there["digits"] == shown["digits"] and there["askedBy"] == "peer", there
    assert there["name"] == "alpha" and there["address"] == address(alpha), there
    assert beta.ctl("status", expect=(0, 1))["pairings"][0]["digits"] == shown["digits"]
    assert not peers(alpha) and not peers(beta)
    # One confirmation pairs nobody.
    grant = os.path.join(folder, "mirrors")
    assert alpha.ctl("pair", "--confirm", shown["digits"])["state"] == "waiting"
    until(lambda: pending(beta)[0]["confirmedByPeer"])
    assert not peers(alpha) and not peers(beta)
    there = beta.ctl("pair", "--confirm", shown["digits"], "--grant", grant)
    assert there["state"] == "paired", there
    until(lambda: peers(alpha))
    assert peers(alpha)[0]["addresses"] == [address(beta)], peers(alpha)
    assert peers(beta)[0]["addresses"] == [address(alpha)], peers(beta)
    assert peers(beta)[0]["grants"] == [grant], peers(beta)
    add_vault(folder, alpha, beta)
    # One side forgot the other: they pair anew, and the mirror goes on.
    alpha.ctl("unpair", "beta")
    until(lambda: halt_of(alpha)["reason"] == "not-paired")
    pair(alpha, beta)
    until(lambda: target_of(alpha)["phase"] == "mirroring")


def declined(_folder, alpha, beta):
    # Wrong digits, a refusal and the own decision each end it, on both sides, with a reason.
    code = begin(alpha, beta)["digits"]
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    assert "not the digits" in refused(beta, "pair", "--confirm", wrong)
    until(lambda: not pending(alpha))
    ended = alpha.ctl("pair", "--list")[0]
    assert ended["state"] == "failed" and "other digits" in ended["text"], ended
    assert "no pairing" in refused(alpha, "pair", "--confirm", code, code=2)
    code = begin(alpha, beta)["digits"]
    beta.ctl("pair", "--decline")
    until(lambda: not pending(alpha))
    assert "declined" in alpha.ctl("pair", "--list")[0]["text"]
    # What alpha breaks off keeps its place at beta for the rest of the minute.
    begin(alpha, beta)
    alpha.ctl("pair", "--decline")
    until(lambda: not pending(beta))
    assert "declined" in beta.ctl("pair", "--list")[0]["text"]
    assert "too many" in refused(alpha, "pair", address(beta))
    assert "going on" not in refused(beta, "pair", "127.0.0.1:1", code=3)  # nothing listens there
    assert not peers(alpha) and not peers(beta)


def strangers(_folder, alpha, beta, gamma):
    """One prompt at a time, and three in ten minutes, whoever asks."""
    begin(alpha, beta)
    assert "another pairing" in refused(gamma, "pair", address(beta))
    assert len(pending(beta)) == 1
    for _ in range(2):
        beta.ctl("pair", "--decline")
        until(lambda: not pending(alpha))
        begin(alpha, beta)
    beta.ctl("pair", "--decline")
    assert "too many" in refused(gamma, "pair", address(beta))
    # A ticket is not affected, nor is who calls himself.
    beta.ctl("pair", gamma.ctl("invite")["ticket"])
    assert "this machine itself" in refused(alpha, "pair", address(alpha))


# ---- by ticket

def tickets(folder, alpha, beta):
    grant = os.path.join(folder, "mirrors")
    first = beta.ctl("invite", "--grant", grant)
    second = beta.ctl("invite", "--minutes", "5")
    listed = beta.ctl("invite", "--list")
    assert [one["id"] for one in listed] == [first["id"], second["id"]], listed
    assert [one["grant"] for one in listed] == [grant, ""], listed
    beta.ctl("invite", "--revoke", first["id"][:6])
    assert [one["id"] for one in beta.ctl("invite", "--list")] == [second["id"]]
    assert "not known here" in refused(alpha, "pair", first["ticket"])
    assert second["qr"] == second["qr"].upper()
    alpha.ctl("pair", f"  {second['qr'].lower()} \n")
    assert not beta.ctl("invite", "--list")
    assert "used already" in refused(alpha, "pair", second["ticket"])
    assert peers(alpha) and peers(beta)
    # The highest protocol that was spoken is kept, whoever called: nobody can move them back.
    beta.ctl("grant", "alpha", grant)
    add_vault(folder, alpha, beta)
    for machine in (alpha, beta):
        until(lambda: highest_protocol(machine) >= 1)


# ---- the end of trust

def unpaired(folder, alpha, beta):
    """Either side may end it; both say so at once."""
    grant = os.path.join(folder, "mirrors")
    pair(alpha, beta, "--grant", grant)
    source = add_vault(folder, alpha, beta)
    beta.ctl("unpair", "alpha")  # the incoming session
    print(f"unpaired at the target: {until(lambda: halt_of(alpha), SOON):.2f} s")
    assert halt_of(alpha)["reason"] == "not-paired", halt_of(alpha)
    assert "not paired" in halt_of(alpha)["text"], halt_of(alpha)
    with open(os.path.join(source, "file"), "w", encoding="utf-8") as file:
        file.write("after the end")
    time.sleep(1)
    with open(os.path.join(grant, "v", "file"), encoding="utf-8") as file:
        assert file.read() == "content"
    pair(alpha, beta, "--grant", grant)
    alpha.ctl("wait", "v", "--in-sync", "--timeout", "120")
    alpha.ctl("unpair", "beta")  # the outgoing session
    print(f"unpaired at the primary: {until(lambda: halt_of(beta), SOON):.2f} s")
    assert halt_of(beta)["reason"] == "not-paired", halt_of(beta)
    assert "alpha" in halt_of(beta)["text"], halt_of(beta)
    assert halt_of(alpha)["reason"] == "not-paired", halt_of(alpha)


def revoked(folder, alpha, beta):
    """While it copies over a line that is full; the other vault, below another grant, goes on."""
    first, second = (os.path.join(folder, name) for name in ("mirrors", "others"))
    line = SlowProxy(("127.0.0.1", beta.port), LINE)
    line.start()
    pair(alpha, beta, "--grant", first, at=f"127.0.0.1:{line.port}")
    beta.ctl("grant", "alpha", second)
    source = os.path.join(folder, "v")
    os.makedirs(source)
    with open(os.path.join(source, "large"), "wb") as file:
        file.write(os.urandom(200 * LINE))  # longer than all before the end of it is waited for
    alpha.ctl("vault", "add", "v", "--source", source, "--target", "beta:" + first + "/v")
    other = os.path.join(folder, "w")
    os.makedirs(other)
    alpha.ctl("vault", "add", "w", "--source", other, "--target", "beta:" + second + "/w")
    alpha.ctl("wait", "w", "--in-sync", "--timeout", "120")
    until(lambda: target_of(alpha)["phase"] == "copying")
    beta.ctl("revoke", "alpha", first)
    print(f"revoked: {until(lambda: halt_of(alpha), SOON):.2f} s")
    assert halt_of(alpha)["reason"] == "not-granted", halt_of(alpha)
    with open(os.path.join(other, "file"), "w", encoding="utf-8") as file:
        file.write("goes on")
    alpha.ctl("wait", "w", "--in-sync", "--timeout", "120")
    assert os.path.exists(os.path.join(second, "w", "file"))
    # A vault that is added now is refused, and it is said as what.
    answer = alpha.ctl("vault", "add", "x", "--source", other, "--target", "beta:" + first + "/x", expect=(4,))
    assert answer["error"]["code"] == "not-granted", answer
    assert halt_of(alpha, "w") is None


# ---- who is not who he was

def replaced(folder, alpha, beta):
    """Another machine at beta's address, with beta's name."""
    pair(alpha, beta, "--grant", os.path.join(folder, "mirrors"))
    source = add_vault(folder, alpha, beta)
    assert beta.stop() == 0
    imposter_folder = os.path.join(folder, "other")
    imposter = Machine(beta.binaries, imposter_folder, "beta", beta.port)
    try:
        with open(os.path.join(source, "file"), "w", encoding="utf-8") as file:
            file.write("secret")
        until(lambda: "identity changed" in peers(alpha)[0]["problem"])
        target = target_of(alpha)
        assert target["phase"] == "offline" and not target["inSync"], target
        assert "identity changed" in target["offlineBecause"], target
        assert not imposter.ctl("status", expect=(0, 1))["vaults"]
    finally:
        imposter.kill()
    beta.start()
    until(lambda: target_of(alpha)["phase"] == "mirroring")
    assert not peers(alpha)[0]["problem"], peers(alpha)
    assert target_of(alpha)["offlineBecause"] == ""


def cloned(folder, alpha, beta):
    """A copy of beta's state folder, started beside it."""
    pair(alpha, beta, "--grant", os.path.join(folder, "mirrors"))
    add_vault(folder, alpha, beta)
    clones = os.path.join(folder, "clone")
    shutil.copytree(beta.state, os.path.join(clones, "state-beta"),
                    ignore=shutil.ignore_patterns("control*", "*.lock", "lock", "*.new"))
    clone = Machine(beta.binaries, clones, "beta", 0)
    try:
        message = refused(clone, "pair", address(beta))
        assert "two machines have the identity" in message, message
        until(lambda: "identity" in clone.ctl("identity")["warning"])
        until(lambda: "identity" in beta.ctl("status", expect=(0, 1))["machine"]["warning"])
        until(lambda: halt_of(alpha))
        assert "two machines have the identity" in halt_of(alpha)["text"], halt_of(alpha)
    finally:
        clone.kill()


CASES = {case.__name__: case for case in
         (digits, declined, strangers, tickets, unpaired, revoked, replaced, cloned)}


def main():
    case, binaries = CASES[sys.argv[1]], os.path.abspath(sys.argv[2])
    folder = tempfile.mkdtemp(prefix="octopus-pairing-")
    names = ("alpha", "beta", "gamma")[:case.__code__.co_argcount - 1]
    machines = [Machine(binaries, folder, name) for name in names]
    try:
        case(folder, *machines)
    finally:
        for machine in machines:
            machine.kill()
        shutil.rmtree(folder, ignore_errors=True)


main()
