#!/usr/bin/env python3
"""The honest mirror while strangers attack its target with connections and announcements.

    load.py BIN_FOLDER [--small] [--rounds N] [--connections N] [--announcements N] [--megabytes N]

Each machine has a network namespace: two engines that mirror, the attacker with 200 addresses, and a
sink. A round copies a set of files anew and waits until they are in sync. Rounds alternate: in one the
attacker works against the target, in the other against the sink, which takes connections and drops
them and reads no datagrams. On few processors the attacker's own work and that of the kernel slow
everybody down; this way they do so in both kinds of round, and what differs is the engine's part. The
rates that the attackers achieved are printed, and rounds without any attacker for comparison.

--small judges no time: whatever comes, the mirror stays in sync, a restarted primary gets in, and
the engine stays within its bounds. Exits 77 where namespaces cannot be made.
"""
import argparse
import errno
import multiprocessing
import os
import random
import selectors
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "network"))
sys.path.insert(0, os.path.join(HERE, "..", "..", "discovery"))
from finding import Machine  # noqa: E402
from namespaces import enter_namespaces, run  # noqa: E402

PORT = 17290
ADDRESSES = [f"10.31.0.{i}" for i in range(50, 250)]
MEBIBYTE = 1 << 20


def enter(pid):
    """This process moves to the network namespace of another."""
    with open(f"/proc/{pid}/ns/net", "rb") as namespace:
        os.setns(namespace.fileno(), os.CLONE_NEWNET)


def announcement(rng):
    name = b"stranger"
    return (b"OMBC" + bytes([1, 1]) + struct.pack("<HQQ", 0, rng.getrandbits(63) | 1, rng.getrandbits(64))
            + rng.randbytes(32) + struct.pack("<HII", PORT, 1, 1) + bytes([len(name)]) + name + b"\x010")


def announce(holder, target, rate, going, done):
    """`rate` datagrams a second, all different, from all addresses in turn."""
    enter(holder)
    rng = random.Random(1)
    sockets = []
    for address in ADDRESSES:
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind((address, 0))
        one.connect((target, PORT))
        sockets.append(one)
    datagrams = [announcement(rng) for _ in range(20_000)]
    start, sent = time.monotonic(), 0
    while going.value:
        if sent > (time.monotonic() - start) * rate:
            time.sleep(0.0005)
            continue
        for _ in range(50):
            try:
                sockets[sent % len(sockets)].send(datagrams[sent % len(datagrams)])
            except OSError:
                pass  # nobody listens there, or not so fast
            sent += 1
    done.value = sent / (time.monotonic() - start)


class Crowd:
    """Connections that are opened at a given pace, say something or nothing, and stay."""

    GREETINGS = (b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\0" * 200)

    def __init__(self, target):
        self.target, self.opened, self.selector = target, 0, selectors.DefaultSelector()

    def open(self):
        one = socket.socket()
        one.setblocking(False)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.bind((ADDRESSES[self.opened % len(ADDRESSES)], 0))
        if one.connect_ex((self.target, PORT)) not in (0, errno.EINPROGRESS):
            one.close()
            return
        self.selector.register(one, selectors.EVENT_WRITE)
        self.opened += 1

    def step(self, timeout):
        for key, events in self.selector.select(timeout):
            one = key.fileobj
            try:
                if events & selectors.EVENT_WRITE:
                    one.send(random.choice(self.GREETINGS))
                    self.selector.modify(one, selectors.EVENT_READ)
                elif not one.recv(4096):
                    raise ConnectionResetError
            except BlockingIOError:
                pass
            except OSError:
                self.selector.unregister(one)
                one.close()


def crowd(holder, target, rate, going, done):
    enter(holder)
    people, start = Crowd(target), time.monotonic()
    while going.value:
        due = (time.monotonic() - start) * rate - people.opened
        for _ in range(min(100, max(0, int(due)))):
            people.open()
        people.step(0.002)
    done.value = people.opened / (time.monotonic() - start)


def sink(holder, ready):
    """Takes connections and drops them; has a port for datagrams and reads none."""
    enter(holder)
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("0.0.0.0", PORT))
    with socket.create_server(("0.0.0.0", PORT), backlog=64) as server:
        ready.set()
        while True:
            server.accept()[0].close()


class Attack:
    def __init__(self, attacker, target, options):
        self.going = multiprocessing.Value("b", 1)
        self.rates = [multiprocessing.Value("d", 0) for _ in range(2)]
        self.processes = [
            multiprocessing.Process(target=work, daemon=True,
                                    args=(attacker.holder.pid, target, rate, self.going, done))
            for work, rate, done in ((announce, options.announcements, self.rates[0]),
                                     (crowd, options.connections / 10, self.rates[1]))]
        for process in self.processes:
            process.start()
        time.sleep(1)

    def stop(self):
        self.going.value = 0
        for process in self.processes:
            process.join(20)
            process.kill()
        return f"{self.rates[0].value:,.0f} announcements and {self.rates[1].value:,.0f} connections a second"


class Scene:
    def __init__(self, binaries, folder, options):
        self.options, self.folder = options, folder
        self.machines = [Machine(binaries, folder, name, number)
                         for number, name in enumerate(("alpha", "beta", "attacker", "sink"), 1)]
        self.alpha, self.beta, self.attacker, self.sink = self.machines
        for address in ADDRESSES:
            self.attacker.run("ip", "address", "add", f"{address}/24", "dev", "eth0")
        ready = multiprocessing.Event()
        self.sink_process = multiprocessing.Process(target=sink, args=(self.sink.holder.pid, ready),
                                                    daemon=True)
        self.sink_process.start()
        ready.wait(10)
        self.source = os.path.join(folder, "source")
        os.makedirs(self.source)
        self.alpha.start()
        self.beta.start()
        grant = os.path.join(folder, "mirrors")
        self.replica = os.path.join(grant, "v")
        self.alpha.ctl("pair", self.beta.ctl("invite", "--grant", grant)["ticket"])
        self.alpha.ctl("vault", "add", "v", "--source", self.source, "--target", "beta")
        self.alpha.ctl("wait", "v", "--in-sync", "--timeout", "60")

    def attack(self, victim):
        return Attack(self.attacker, f"10.31.0.{victim.number}", self.options)

    def copy(self):
        """Seconds for the whole set, anew."""
        block = os.urandom(MEBIBYTE)
        start = time.monotonic()
        for i in range(self.options.megabytes):
            with open(os.path.join(self.source, str(i)), "wb") as file:
                file.write(struct.pack("<Q", random.getrandbits(64)) + block)
        self.alpha.ctl("wait", "v", "--in-sync", "--timeout", "300")
        return time.monotonic() - start

    def resident(self):
        with open(f"/proc/{self.beta.engine.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS"))

    def check(self):
        found = subprocess.run(["rsync", "-anc", "--delete", "--itemize-changes", "--exclude=/.octopus",
                                self.source + "/", self.replica + "/"], capture_output=True, text=True,
                               check=True).stdout
        assert not found, found

    def stop(self):
        self.sink_process.kill()
        for machine in self.machines:
            machine.stop()


def small(scene):
    before = scene.resident()
    attack = scene.attack(scene.beta)
    scene.copy()
    # A primary that comes anew, from an address that is known, finds room.
    scene.alpha.engine.terminate()
    scene.alpha.engine.wait(20)
    scene.alpha.start()
    start = time.monotonic()
    scene.copy()
    seconds = time.monotonic() - start
    peers = scene.beta.ctl("peers", "--discover", "1")
    rates = attack.stop()
    scene.check()
    growth = scene.resident() - before
    print(f"{rates}; back in sync {seconds:.1f} s after a restart; {len(peers)} machines are listed; "
          f"the target grew by {growth / MEBIBYTE:.0f} MiB")
    assert len(peers) <= 1024 + 1, len(peers)
    assert sum(peer["paired"] for peer in peers) == 1, "only alpha is paired"
    assert growth < 128 * MEBIBYTE, growth


def campaign(scene):
    scene.copy()
    times = {"the target": [], "the sink": [], "nobody": []}
    for number in range(scene.options.rounds):
        for name, victim in (("the sink", scene.sink), ("the target", scene.beta), ("nobody", None)):
            attack = scene.attack(victim) if victim else None
            seconds = scene.copy()
            rates = attack.stop() if attack else "no attack"
            times[name].append(seconds)
            print(f"round {number + 1}, against {name}: {scene.options.megabytes / seconds:.0f} MiB/s ({rates})",
                  flush=True)
    scene.check()
    median = {name: statistics.median(values) for name, values in times.items()}
    ratio = median["the sink"] / median["the target"]
    print(f"throughput under attack: {ratio:.3f} of that while the sink is attacked instead, "
          f"{median['nobody'] / median['the target']:.3f} of that without any attacker")
    return 0 if ratio > 0.9 else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--connections", type=int, help="in ten seconds")
    parser.add_argument("--announcements", type=int, help="in a second")
    parser.add_argument("--megabytes", type=int)
    options = parser.parse_args()
    options.connections = options.connections or (2_000 if options.small else 10_000)
    options.announcements = options.announcements or (5_000 if options.small else 50_000)
    options.megabytes = options.megabytes or (20 if options.small else 600)
    enter_namespaces()
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "bridge", "type", "bridge")
    run("ip", "link", "set", "bridge", "up")
    folder = tempfile.mkdtemp(prefix="octopus-load-")
    scene = None
    try:
        scene = Scene(os.path.abspath(options.binaries), folder, options)
        return small(scene) if options.small else campaign(scene)
    finally:
        if scene:
            scene.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
