"""Real engines in network namespaces, each with a cable (eth0) and with Wi-Fi (wlan0), by every transport.

    transports.py CASE BIN_FOLDER

CASE: `interface` (one of two is used, the other carries nothing) · `comesup` (the first choice is there
only later: the mirror moves to it) · `fallback` (the cable is pulled while files are being written: it
goes on over Wi-Fi, and back) · `ipv6only` (there is no IPv4) · `tunnel` (a Unix socket, no route at all)
· `proxy` (SOCKS5 with a login, which nobody sees). In the end both trees are identical in every byte.
Nothing outside the namespaces is touched. Exits 77 where they cannot be made.
"""
import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "..", "discovery"))
from finding import Machine, ask  # noqa: E402
from namespaces import enter_namespaces, run  # noqa: E402

LIMIT = 90  # seconds; far above what is measured, for machines that are busy


class Writer(threading.Thread):
    """Writes files below `folder` until it is stopped: some new, some again, some removed."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder, self.ended, self.count = folder, threading.Event(), 0

    def run(self):
        while not self.ended.wait(0.02):
            self.count += 1
            with open(os.path.join(self.folder, f"file{self.count % 97}"), "wb") as file:
                file.write(os.urandom(1 + self.count * 7919 % 50000))
            if self.count % 31 == 0:
                os.remove(os.path.join(self.folder, f"file{(self.count - 5) % 97}"))

    def stop(self):
        self.ended.set()
        self.join()


class Pair:
    """alpha mirrors `source` to beta, as the vault v."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder = binaries, folder
        self.alpha, self.beta = self.machines = [
            Machine(binaries, folder, name, number) for number, name in enumerate(("alpha", "beta"), 1)]
        for machine in self.machines:
            run("ip", "link", "add", f"air{machine.number}", "type", "veth", "peer", "name", "wlan0", "netns",
                str(machine.holder.pid))
            run("ip", "link", "set", f"air{machine.number}", "master", "air", "up")
            machine.run("ip", "link", "set", "wlan0", "up")
            machine.run("ip", "address", "add", f"10.32.0.{machine.number}/24", "dev", "wlan0")
            # Who asks for an address of the other network gets no answer, as in two networks that are apart.
            machine.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore")
        self.source = os.path.join(folder, "source")
        self.grant = os.path.join(folder, "mirrors")
        self.relays = []
        os.makedirs(self.source)
        for number in range(20):
            self.write(f"first{number}", 20000)

    def start(self, *options):
        for machine in self.machines:
            machine.start("--listen", ":17290", *options)
        self.alpha.ctl("pair", self.beta.ctl("invite", "--grant", self.grant)["ticket"])

    def write(self, name, size):
        with open(os.path.join(self.source, name), "wb") as file:
            file.write(os.urandom(size))

    def add(self, *options):
        self.alpha.ctl("vault", "add", "v", "--source", self.source, "--target", "beta", *options)

    def target(self):
        return self.alpha.ctl("status", "v")["vaults"][0]["targets"][0]

    def until(self, via, what):
        """Seconds until the mirror runs over `via`."""
        start = time.monotonic()
        while time.monotonic() - start < LIMIT:
            target = self.target()
            if target["via"] == via and target["phase"] == "mirroring":
                seconds = time.monotonic() - start
                print(f"{what}: {seconds:.1f} s, now at {target['address']}")
                return target
            time.sleep(0.05)
        sys.exit(f"{what}: not over {via} within {LIMIT} s: {target}")

    def settle(self):
        """In sync, and the same in every byte, by their own comparison and by ours."""
        self.alpha.ctl("wait", "v", "--in-sync", "--timeout", str(LIMIT))
        report = self.alpha.ctl("verify", "v")
        assert not report["different"], report
        replica = os.path.join(self.grant, "v")
        names = sorted(os.listdir(self.source))
        assert names == sorted(name for name in os.listdir(replica) if name != ".octopus"), names
        _, different, failed = filecmp.cmpfiles(self.source, replica, names, shallow=False)
        assert not different and not failed, (different, failed)
        print(f"identical: {len(names)} files")

    def relay(self, machine, *arguments):
        child = subprocess.Popen(machine.inside(sys.executable, os.path.join(HERE, "relays.py"), *arguments),
                                 stdout=subprocess.PIPE, text=True)
        self.relays.append(child)
        assert child.stdout.readline() == "ready\n", arguments

    def stop(self):
        for child in self.relays:
            child.kill()
            child.wait()
        for machine in self.machines:
            machine.stop()


def sent_over(machine, name):
    told = subprocess.run(machine.inside("ip", "-s", "-j", "link", "show", name), check=True,
                          capture_output=True, text=True).stdout
    return json.loads(told)[0]["stats64"]["tx"]["bytes"]


def interface(pair):
    pair.start()
    pair.add("--transport", "eth0", "--transport", "beta=wlan0")
    target = pair.until("wlan0", "first connection over wlan0")
    assert re.match(r"10\.32\.0\.2:|\[fe80::.*%wlan0\]:", target["address"]), target
    shown = pair.alpha.ctl("vault", "show", "v")
    assert shown["transport"] == "eth0" and shown["targets"][0]["transport"] == "wlan0", shown
    before = {name: sent_over(pair.alpha, name) for name in ("eth0", "wlan0")}
    pair.write("large", 4 << 20)
    pair.settle()
    spent = {name: sent_over(pair.alpha, name) - before[name] for name in before}
    print("sent over each:", spent)
    assert spent["wlan0"] > 4 << 20 and spent["eth0"] < 1 << 18, spent
    pair.alpha.ctl("vault", "edit", "v", "--transport", "beta=")
    target = pair.until("eth0", "after an edit over eth0")
    assert re.match(r"10\.31\.0\.2:|\[fe80::.*%eth0\]:", target["address"]), target
    pair.alpha.ctl("vault", "edit", "v", "--transport", "eth7")
    deadline = time.monotonic() + LIMIT
    while "there is no interface eth7 now" not in pair.target()["offlineBecause"]:
        assert time.monotonic() < deadline, pair.target()
        time.sleep(0.1)
    pair.alpha.run("ip", "link", "set", "wlan0", "down")
    pair.alpha.run("ip", "link", "set", "wlan0", "name", "eth7")
    pair.alpha.run("ip", "link", "set", "eth7", "up")
    pair.until("eth7", "an interface that appears is used after")
    pair.settle()


def comesup(pair):
    pair.start()
    pair.alpha.run("ip", "link", "set", "eth0", "down")
    pair.add("--transport", "eth0,wlan0")
    pair.until("wlan0", "the first choice is down: over wlan0")
    pair.write("large", 8 << 20)
    pair.settle()
    before = pair.target()["sentBytes"]
    pair.alpha.run("ip", "link", "set", "eth0", "up")
    pair.until("eth0", "the first choice comes up: over it after")
    pair.write("small", 100)
    pair.alpha.ctl("wait", "v", "--in-sync", "--timeout", str(LIMIT))
    spent = pair.target()["sentBytes"] - before
    print(f"the move and a file of 100 bytes took {spent} bytes")
    assert spent < 1 << 16, spent
    # And again, with work on its way: a large file over a slow line, and small ones.
    pair.alpha.run("ip", "link", "set", "eth0", "down")
    pair.until("wlan0", "it goes down: over wlan0 after")
    pair.alpha.run("tc", "qdisc", "add", "dev", "wlan0", "root", "tbf", "rate", "8mbit", "burst", "16kb", "latency",
                   "100ms")
    pair.write("slow", 8 << 20)
    writer = Writer(pair.source)
    writer.start()
    time.sleep(1)
    target = pair.target()
    assert target["via"] == "wlan0" and not target["inSync"], target
    pair.alpha.run("ip", "link", "set", "eth0", "up")
    pair.until("eth0", "it comes up under load: over it after")
    writer.stop()
    pair.settle()


def fallback(pair):
    pair.start()
    pair.add("--transport", "eth0,wlan0,auto")
    pair.until("eth0", "by cable")
    writer = Writer(pair.source)
    writer.start()
    for turn in range(2):
        time.sleep(1)
        pair.alpha.run("ip", "link", "set", "eth0", "down")
        start = time.monotonic()
        pair.write(f"marker{turn}", 1000)
        pair.until("wlan0", "cable pulled: over Wi-Fi after")
        arrived(pair, f"marker{turn}", start)
        time.sleep(1)
        pair.alpha.run("ip", "link", "set", "eth0", "up")
        pair.until("eth0", "cable back: over it after")
    writer.stop()
    pair.settle()


def arrived(pair, name, start):
    replica = os.path.join(pair.grant, "v", name)
    while not os.path.exists(replica):
        assert time.monotonic() - start < LIMIT, name
        time.sleep(0.02)
    print(f"what was written then is there after {time.monotonic() - start:.1f} s")


def ipv6only(pair):
    for machine in pair.machines:
        for name, net in (("eth0", 1), ("wlan0", 2)):
            machine.run("ip", "-4", "address", "flush", "dev", name)
            machine.run("ip", "address", "add", f"fd00:{net}::{machine.number}/64", "dev", name, "nodad")
    time.sleep(2)  # link-local addresses are looked at for doubles
    pair.start()
    pair.add("--transport", "eth0,ipv6")
    target = pair.until("eth0", "IPv6 alone: over eth0")
    assert target["address"].startswith("["), target
    writer = Writer(pair.source)
    writer.start()
    time.sleep(1)
    # A cable that is pulled takes the addresses of IPv6 with it.
    pair.alpha.run("ip", "link", "set", "eth0", "down")
    target = pair.until("ipv6", "cable pulled: over any IPv6 after")
    assert target["address"].startswith("["), target
    pair.alpha.run("ip", "link", "set", "eth0", "up")
    pair.alpha.run("ip", "address", "add", "fd00:1::1/64", "dev", "eth0", "nodad")
    pair.until("eth0", "cable back: over it after")
    writer.stop()
    pair.settle()


def tunnel(pair):
    path = os.path.join(pair.folder, "tunnel.sock")
    pair.start("--no-discovery")
    for name in ("eth0", "wlan0"):
        pair.alpha.run("ip", "link", "set", name, "down")
    pair.add("--transport", "unix:" + path)
    why = pair.target()["offlineBecause"]
    assert "there is no socket" in why, why
    pair.relay(pair.beta, "unix", path, "127.0.0.1", "17290")
    target = pair.until("unix:" + path, "by a tunnel, with no route")
    assert target["address"] is None, target
    pair.write("large", 4 << 20)
    pair.settle()


def proxy(pair):
    secret = "ver%s3cret" % "y"
    shown = "socks5://joe:***@127.0.0.1:1080"
    pair.relay(pair.alpha, "socks5", "1080", "joe", secret)
    pair.start("--no-discovery")
    pair.add("--transport", f"socks5://joe:{secret}x@127.0.0.1:1080")
    deadline = time.monotonic() + LIMIT
    while "does not take this user and password" not in pair.target()["offlineBecause"]:
        assert time.monotonic() < deadline, pair.target()
        time.sleep(0.1)
    assert secret not in json.dumps(pair.alpha.ctl("status"))
    pair.alpha.ctl("vault", "edit", "v", "--transport", f"socks5://joe:{secret}@127.0.0.1:1080")
    pair.until(shown, "through the proxy")
    pair.alpha.ctl("vault", "edit", "v", "--transport", f"eth0,{shown}", "--transport", f"beta={shown}")
    pair.until(shown, "with the password that was stored")
    pair.write("large", 4 << 20)
    pair.settle()
    for command in (("status",), ("vault", "show", "v"), ("vault", "list")):
        for form in ((), ("--json",)):
            told = ask([os.path.join(pair.binaries, "octopusctl"), "--state", pair.alpha.state, *form, *command])
            assert secret not in told.stdout + told.stderr and "***" in told.stdout, told
    configuration = os.path.join(pair.alpha.state, "config.json")
    with open(configuration, encoding="utf-8") as file:
        assert secret in file.read()
    assert os.stat(configuration).st_mode & 0o77 == 0
    refused = ask([os.path.join(pair.binaries, "octopusctl"), "--state", pair.alpha.state, "vault", "edit", "v",
                   "--transport", "socks5://joe:***@10.31.0.9:1080"])
    assert refused.returncode == 2 and re.search("password .* is not known", refused.stderr), refused
    check = pair.alpha.ctl("check", "10.31.0.2", "--transport", f"socks5://joe:{secret}@127.0.0.1:1080")
    assert check["ok"] and secret not in json.dumps(check), check
    check = pair.alpha.ctl("check", "10.31.0.2", "--transport", shown)
    assert check["ok"], check


CASES = {one.__name__: one for one in (interface, comesup, fallback, ipv6only, tunnel, proxy)}


def main():
    case, binaries = sys.argv[1], os.path.abspath(sys.argv[2])
    enter_namespaces()
    run("ip", "link", "set", "lo", "up")
    for name in ("bridge", "air"):
        run("ip", "link", "add", name, "type", "bridge")
        run("ip", "link", "set", name, "up")
    folder = tempfile.mkdtemp(prefix="octopus-transports-")
    pair = Pair(binaries, folder)
    try:
        CASES[case](pair)
    finally:
        pair.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
