"""How soon a small change arrives over a slow line on which a large file is being copied.

    slowline.py BIN_FOLDER [--rate KBIT] [--delay MS] [--large MIB] [--changes N] [--limit SECONDS]

Two engines: the primary in a network namespace behind a line of 64 kbit/s each way (tbf), and a
proxy behind it that passes every byte on after 300 ms, each way. Prints the time from the end of
each write of 4 KiB of random bytes to its appearance at the target. With --limit, fails where the
median is above it. Exits 77 where namespaces or tbf cannot be had.
"""
import argparse
import base64
import hashlib
import heapq
import json
import os
import select
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "discovery"))
sys.path.insert(0, os.path.join(HERE, "..", "endtoend", "mirror"))
from engines import Machine  # noqa: E402
from namespaces import SKIPPED, enter_namespaces, run  # noqa: E402

NEAR, FAR = "10.42.0.1", "10.42.0.254"


class DelayProxy(threading.Thread):
    """Passes bytes on after `delay` seconds; takes them in at the pace at which they come."""

    def __init__(self, address, target, delay):
        super().__init__(daemon=True)
        self.server = socket.create_server(address)
        self.target, self.delay = target, delay
        self.carried = [0, 0]

    def run(self):
        while True:
            near = self.server.accept()[0]
            far = socket.create_connection(self.target)
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for way, (source, sink) in enumerate(((near, far), (far, near))):
                threading.Thread(target=self.carry, args=(source, sink, way), daemon=True).start()

    def carry(self, source, sink, way):
        waiting = []
        number = 0
        open_ = True
        try:
            while open_ or waiting:
                now = time.monotonic()
                while waiting and waiting[0][0] <= now:
                    sink.sendall(heapq.heappop(waiting)[2])
                timeout = max(0, waiting[0][0] - now) if waiting else None
                if select.select([source] if open_ else [], [], [], timeout)[0]:
                    data = source.recv(65536)
                    open_ = bool(data)
                    self.carried[way] += len(data)
                    number += 1
                    heapq.heappush(waiting, (time.monotonic() + self.delay, number, data))
        except OSError:
            pass
        for one in (source, sink):
            one.close()


def with_address(ticket, host, port):
    """The same invitation, to be redeemed at another address (engine/link/ticket.h)."""
    text = ticket.removeprefix("octopus:")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    body = raw[:61] + struct.pack(">HBB", port, 1, len(host)) + host.encode()
    body += hashlib.sha256(body).digest()[:4]
    return "octopus:" + base64.urlsafe_b64encode(body).decode().rstrip("=")


class Behind(Machine):
    """An engine in a namespace of its own, at the near end of the line."""

    def __init__(self, binaries, folder, name, rate):
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "3600"])
        while os.readlink(f"/proc/{self.holder.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            time.sleep(0.01)
        self.prefix = ["nsenter", "--net", f"--target={self.holder.pid}"]
        run("ip", "link", "add", "far", "type", "veth", "peer", "name", "near", "netns", str(self.holder.pid))
        run("ip", "address", "add", f"{FAR}/24", "dev", "far")
        run("ip", "link", "set", "far", "up")
        for command in (("ip", "address", "add", f"{NEAR}/24", "dev", "near"), ("ip", "link", "set", "near", "up"),
                        ("ip", "link", "set", "lo", "up")):
            run(*self.prefix, *command)
        self.rate = rate
        super().__init__(binaries, folder, name)

    def start(self):
        self.process = subprocess.Popen(
            [*self.prefix, os.path.join(self.binaries, "octopusd"), "--state", self.state, "--name",
             self.name, "--listen", "127.0.0.1:0", "--no-discovery", "--log-level", "error"],
            stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline().startswith("ready")

    def slow_down(self):
        for prefix, device in ((self.prefix, "near"), ([], "far")):
            done = subprocess.run([*prefix, "tc", "qdisc", "add", "dev", device, "root", "tbf", "rate",
                                   f"{self.rate}kbit", "burst", "3000", "latency", "400ms"],
                                  capture_output=True, text=True)
            if done.returncode:
                print("skipped: no tbf here:", done.stderr)
                sys.exit(SKIPPED)

    def stop(self):
        code = super().stop()
        self.holder.kill()
        self.holder.wait()
        return code


def appeared(path, content, deadline):
    while time.monotonic() < deadline:
        try:
            with open(path, "rb") as file:
                if file.read() == content:
                    return time.monotonic()
        except OSError:
            pass
        time.sleep(0.005)
    return None


def measure(options, alpha, beta, proxy, folder):
    source, grant = os.path.join(folder, "source"), os.path.join(folder, "mirrors")
    os.makedirs(source)
    alpha.ctl("pair", with_address(beta.ctl("invite", "--grant", grant)["ticket"], FAR, 7290))
    alpha.ctl("vault", "add", "v", "--source", source, "--target", "beta")
    alpha.ctl("wait", "v", "--in-sync", "--timeout", "60")
    alpha.slow_down()
    with open(os.path.join(source, "large"), "wb") as file:
        for _ in range(options.large):
            file.write(os.urandom(1 << 20))
    time.sleep(10)  # until the line is full
    times = []
    for number in range(options.changes):
        content = os.urandom(4096)
        name = f"small{number % 3}"
        before = proxy.carried[0]
        with open(os.path.join(source, name), "wb") as file:
            file.write(content)
        start = time.monotonic()
        end = appeared(os.path.join(grant, "v", name), content, start + 60)
        if end is None:
            sys.exit("a change did not arrive within 60 s")
        times.append(end - start)
        print(f"change {number}: {times[-1]:.2f} s, {proxy.carried[0] - before} bytes crossed meanwhile", flush=True)
        time.sleep(3 + number % 3 * 0.7)
    status = json.dumps(alpha.ctl("status")["vaults"][0]["targets"][0]["phase"])
    print(f"median {statistics.median(times):.2f} s, longest {max(times):.2f} s, phase {status}, "
          f"large file at the target: {os.path.exists(os.path.join(grant, 'v', 'large'))}")
    if options.limit and statistics.median(times) > options.limit:
        sys.exit("that is too slow")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--rate", type=int, default=64)
    parser.add_argument("--delay", type=int, default=300)
    parser.add_argument("--large", type=int, default=100)
    parser.add_argument("--changes", type=int, default=10)
    parser.add_argument("--limit", type=float)
    options = parser.parse_args()
    binaries = os.path.abspath(options.binaries)
    enter_namespaces()
    run("ip", "link", "set", "lo", "up")
    folder = tempfile.mkdtemp(prefix="octopus-slow-")
    beta = Machine(binaries, folder, "beta")
    alpha = Behind(binaries, folder, "alpha", options.rate)
    proxy = DelayProxy((FAR, 7290), ("127.0.0.1", beta.port), options.delay / 1000)
    proxy.start()
    try:
        measure(options, alpha, beta, proxy, folder)
    finally:
        alpha.stop()
        beta.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
