"""Two engines in network namespaces of their own find each other, and stay together.

    finding.py CASE BIN_FOLDER

CASE: `found` (each lists the other when it is asked, a stranger as not paired), `moved` (the
target's address changes while a vault is mirrored: the mirror goes on, by identity) or `copied` (a
copy of the target starts elsewhere: both notice, and neither is mirrored to). Nothing outside the
namespaces is touched. Exits 77 where they cannot be made.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "discovery"))
sys.path.insert(0, os.path.join(HERE, "..", "mirror"))
from engines import MORTAL, ask  # noqa: E402
from namespaces import enter_namespaces, run  # noqa: E402

ASKED = 3  # seconds for which is asked who is there
LIMIT = 13  # seconds in which everybody is found, on a busy machine too: below the 15 s after which
# each announces itself anyway


class Machine:
    """A network namespace with an octopusd in it."""

    def __init__(self, binaries, folder, name, number):
        self.binaries, self.name, self.number = binaries, name, number
        self.state = os.path.join(folder, name)
        self.holder = subprocess.Popen([*MORTAL, "unshare", "--net", "sleep", "1800"])
        while os.readlink(f"/proc/{self.holder.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            time.sleep(0.01)
        run("ip", "link", "add", f"here{number}", "type", "veth", "peer", "name", "eth0", "netns",
            str(self.holder.pid))
        run("ip", "link", "set", f"here{number}", "master", "bridge", "up")
        self.run("ip", "link", "set", "lo", "up")
        self.run("ip", "link", "set", "eth0", "up")
        self.run("ip", "address", "add", f"10.31.0.{number}/24", "dev", "eth0")
        self.engine = None

    def inside(self, *command):
        return ["nsenter", "--net", f"--target={self.holder.pid}", *command]

    def run(self, *command):
        subprocess.run(self.inside(*command), check=True, capture_output=True)

    def start(self, *options):
        self.engine = subprocess.Popen(
            [*MORTAL, *self.inside(os.path.join(self.binaries, "octopusd"), "--state", self.state, "--name",
                        self.name, *(options or ("--listen", "0.0.0.0:17290")), "--log-level", "error")],
            stdout=subprocess.PIPE, text=True)
        assert self.engine.stdout.readline().startswith("ready"), self.name

    def ctl(self, *arguments, expect=(0,)):
        done = ask([os.path.join(self.binaries, "octopusctl"), "--state", self.state, "--json", *arguments])
        if done.returncode not in expect:
            sys.exit(f"octopusctl {arguments}: exit {done.returncode}: {done.stderr}{done.stdout}")
        return json.loads(done.stdout) if done.stdout.strip() else None

    def stop(self):
        for process in (self.engine, self.holder):
            if process:
                process.terminate()
                process.wait(60)


def found(machines, _folder):
    for machine, other in (machines, machines[::-1]):
        end = time.monotonic() + LIMIT
        while True:
            peers = machine.ctl("peers", "--discover", str(ASKED))
            if [peer["name"] for peer in peers] == [other.name] or time.monotonic() > end:
                break
        assert [peer["name"] for peer in peers] == [other.name], peers
        assert peers[0]["id"] == other.ctl("identity")["id"], peers
        assert f"10.31.0.{other.number}:17290" in peers[0]["addresses"], peers
        assert not peers[0]["paired"] and peers[0]["discoveredBy"] == ["broadcast"], peers
    # Being found gives no right.
    alpha, beta = machines
    refused = ask([os.path.join(alpha.binaries, "octopusctl"), "--state", alpha.state, "vault", "add", "v",
                   "--source", alpha.state, "--target", beta.name])
    assert refused.returncode == 4, refused


def moved(machines, folder):
    alpha, beta = machines
    source = os.path.join(folder, "source")
    os.makedirs(source)
    with open(os.path.join(source, "file"), "w", encoding="utf-8") as file:
        file.write("before")
    grant = os.path.join(folder, "mirrors")
    alpha.ctl("pair", beta.ctl("invite", "--grant", grant)["ticket"])
    alpha.ctl("vault", "add", "v", "--source", source, "--target", beta.name)
    alpha.ctl("wait", "v", "--in-sync", "--timeout", "120")
    beta.run("ip", "address", "flush", "dev", "eth0")
    beta.run("ip", "address", "add", "10.31.0.77/24", "dev", "eth0")
    with open(os.path.join(source, "file"), "w", encoding="utf-8") as file:
        file.write("after")
    start = time.monotonic()
    alpha.ctl("wait", "v", "--in-sync", "--timeout", "120")
    with open(os.path.join(grant, "v", "file"), encoding="utf-8") as file:
        assert file.read() == "after"
    print(f"went on at the new address after {time.monotonic() - start:.1f} s")


def copied(machines, folder):
    alpha, beta = machines
    source = os.path.join(folder, "source")
    os.makedirs(source)
    alpha.ctl("pair", beta.ctl("invite", "--grant", os.path.join(folder, "mirrors"))["ticket"])
    alpha.ctl("vault", "add", "v", "--source", source, "--target", beta.name)
    alpha.ctl("wait", "v", "--in-sync", "--timeout", "120")
    copy = Machine(beta.binaries, folder, "copy", 3)
    machines.append(copy)
    shutil.copytree(beta.state, copy.state, ignore=shutil.ignore_patterns("control*", "*lock", "*.new"))
    start = time.monotonic()
    copy.start()
    for machine in (beta, copy):  # nobody was told anything: the two have heard and called each other
        until(lambda: "is a copy" in machine.ctl("identity")["warning"])
    until(lambda: "two machines" in str(alpha.ctl("status", expect=(0, 1))))
    print(f"the copy was noticed on all three within {time.monotonic() - start:.1f} s")


def until(condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def main():
    case, binaries = sys.argv[1], os.path.abspath(sys.argv[2])
    enter_namespaces()
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "bridge", "type", "bridge")
    run("ip", "link", "set", "bridge", "up")
    folder = tempfile.mkdtemp(prefix="octopus-network-")
    machines = [Machine(binaries, folder, name, number)
                for number, name in enumerate(("alpha", "beta"), 1)]
    try:
        for machine in machines:
            machine.start()
        {"found": found, "moved": moved, "copied": copied}[case](machines, folder)
    finally:
        for machine in machines:
            machine.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
