"""A thin line: how soon a small change arrives while a large file is copied, how much compression
saves, and what an interruption costs.

    slowline.py CASE BIN_FOLDER [--rate KBIT] [--delay MS] [--large KIB] [--changes N] [--limit SECONDS]

Two engines: the primary in a network namespace behind a line of 64 kbit/s each way (tbf), and a
proxy behind it that passes every byte on after 300 ms, each way. CASE:

changes  prints the time from the end of each write of 4 KiB of random bytes to its appearance at the
         target, while a file of 100 MiB is copied; with --limit, fails where the median is above it
text     prints how long 2 MiB of this project's sources take, and how many bytes crossed; then the same
         for as many files of random bytes, which do not compress
resume   a file of 1 MiB, its connection cut half-way: prints how many bytes crossed in all
order    fails unless every change arrives before the large file does, and the file arrives

Exits 77 where namespaces or tbf cannot be had.
"""
import argparse
import heapq
import os
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "discovery"))
sys.path.insert(0, os.path.join(HERE, "..", "endtoend", "mirror"))
from engines import Machine, with_address  # noqa: E402
from namespaces import SKIPPED, enter_namespaces, run  # noqa: E402

NEAR, FAR = "10.42.0.1", "10.42.0.254"


class DelayProxy(threading.Thread):
    """Passes bytes on after `delay` seconds; takes them in at the pace at which they come."""

    def __init__(self, address, target, delay):
        super().__init__(daemon=True)
        self.server = socket.create_server(address)
        self.target, self.delay = target, delay
        self.carried = [0, 0]
        self.sockets = []

    def run(self):
        while True:
            near = self.server.accept()[0]
            far = socket.create_connection(self.target)
            self.sockets += [near, far]
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

    def cut(self):
        for one in self.sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.sockets.clear()


class Behind(Machine):
    """An engine in a namespace of its own, at the near end of the line."""

    def __init__(self, binaries, folder, name, rate):
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "3600"])
        while os.readlink(f"/proc/{self.holder.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            time.sleep(0.01)
        prefix = ["nsenter", "--net", f"--target={self.holder.pid}"]
        run("ip", "link", "add", "far", "type", "veth", "peer", "name", "near", "netns", str(self.holder.pid))
        run("ip", "address", "add", f"{FAR}/24", "dev", "far")
        run("ip", "link", "set", "far", "up")
        for command in (("ip", "address", "add", f"{NEAR}/24", "dev", "near"), ("ip", "link", "set", "near", "up"),
                        ("ip", "link", "set", "lo", "up")):
            run(*prefix, *command)
        self.rate = rate
        super().__init__(binaries, folder, name, prefix=prefix)

    def slow_down(self):
        for prefix, device in ((self.prefix, "near"), ([], "far")):
            done = subprocess.run([*prefix, "tc", "qdisc", "add", "dev", device, "root", "tbf", "rate",
                                   f"{self.rate}kbit", "burst", "3000", "latency", "400ms"],
                                  capture_output=True, text=True)
            if done.returncode and "kind is unknown" in done.stderr:
                print("skipped: no tbf here:", done.stderr)
                sys.exit(SKIPPED)
            if done.returncode:
                sys.exit(f"the line cannot be slowed down: {done.stderr}")

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


class Scene:
    """Two paired machines with one mirror, the line slow from now on."""

    def __init__(self, options, alpha, beta, proxy, folder):
        self.options, self.alpha, self.proxy = options, alpha, proxy
        self.source, grant = os.path.join(folder, "source"), os.path.join(folder, "mirrors")
        self.copy = os.path.join(grant, "v")
        os.makedirs(self.source)
        alpha.ctl("pair", with_address(beta.ctl("invite", "--grant", grant)["ticket"], FAR, 7290))
        alpha.slow_down()
        alpha.ctl("vault", "add", "v", "--source", self.source, "--target", "beta")
        alpha.ctl("wait", "v", "--in-sync", "--timeout", "60")

    def write(self, name, content):
        with open(os.path.join(self.source, name), "wb") as file:
            file.write(content)

    def wait(self, seconds=3000):
        self.alpha.ctl("wait", "v", "--in-sync", "--timeout", str(seconds), patience=seconds + 60)

    def is_equal(self, name, content):
        try:
            with open(os.path.join(self.copy, name), "rb") as file:
                return file.read() == content
        except OSError:
            return False


def one_change(scene, number):
    content = os.urandom(4096)
    name = f"small{number % 3}"
    before = scene.proxy.carried[0]
    scene.write(name, content)
    start = time.monotonic()
    end = appeared(os.path.join(scene.copy, name), content, start + 180)
    if end is None:
        sys.exit("a change did not arrive within 180 s")
    crossed = scene.proxy.carried[0] - before
    print(f"change {number}: {end - start:.2f} s, {crossed} bytes crossed meanwhile", flush=True)
    return end - start


def write_large(scene, size):
    aside = scene.source + ".large"  # else it would be mirrored while it grows
    with open(aside, "wb") as file:
        for at in range(0, size, 1 << 20):
            file.write(os.urandom(min(size - at, 1 << 20)))
    os.rename(aside, os.path.join(scene.source, "large"))


def changes(scene):
    options = scene.options
    write_large(scene, (options.large or 100 * 1024) << 10)
    time.sleep(10)  # until the line is full
    times = []
    for number in range(options.changes):
        times.append(one_change(scene, number))
        time.sleep(3 + number % 3 * 0.7)
    if os.path.exists(os.path.join(scene.copy, "large")):
        sys.exit("the large file has arrived: nothing was measured")
    print(f"median {statistics.median(times):.2f} s, longest {max(times):.2f} s")
    if options.limit and statistics.median(times) > options.limit:
        sys.exit("that is too slow")


def order(scene):
    write_large(scene, (scene.options.large or 3000) << 10)
    time.sleep(1)
    with open(os.path.join(scene.source, "large"), "rb") as file:
        large = file.read()
    for number in range(4):
        one_change(scene, number)
        if scene.is_equal("large", large):  # there it may be before, as it was while it was written
            sys.exit("a small change waited until a large file was copied")
    scene.wait(240)
    if not scene.is_equal("large", large):
        sys.exit("the large file did not arrive as it is")
    problems = scene.alpha.ctl("status")["vaults"][0]["targets"][0]["problems"]
    if problems:
        sys.exit(f"problems: {problems}")


def source_files(most):
    root = os.path.join(HERE, "..", "..")
    total = 0
    for top in ("engine", "discovery", "app", "tests"):
        for folder, names, files in sorted(os.walk(os.path.join(root, top))):
            names.sort()
            for name in sorted(files):
                if name.endswith((".cpp", ".h", ".md", ".py")):
                    with open(os.path.join(folder, name), "rb") as file:
                        content = file.read()
                    total += len(content)
                    if total > most:
                        return
                    yield content


def text(scene):
    most = (scene.options.large or 2048) << 10
    files = list(source_files(most))
    noise = [os.urandom(len(content)) for content in files]
    for what, contents in (("sources", files), ("random bytes", noise)):
        before, start = scene.proxy.carried[0], time.monotonic()
        aside = scene.source + "." + what
        os.mkdir(aside)
        for number, content in enumerate(contents):
            with open(os.path.join(aside, str(number)), "wb") as file:
                file.write(content)
        os.rename(aside, os.path.join(scene.source, what))
        time.sleep(1)
        scene.wait()
        if not all(scene.is_equal(f"{what}/{n}", x) for n, x in enumerate(contents)):
            sys.exit("the copy differs")
        size = sum(map(len, contents))
        crossed = scene.proxy.carried[0] - before
        print(f"{len(contents)} files of {what}, {size} bytes: {time.monotonic() - start:.0f} s, "
              f"{crossed} bytes crossed, {size / crossed:.2f} to 1", flush=True)


def resume(scene):
    size = (scene.options.large or 1024) << 10
    before, start = scene.proxy.carried[0], time.monotonic()
    write_large(scene, size)
    while scene.proxy.carried[0] - before < size // 2:
        time.sleep(0.05)
    scene.proxy.cut()
    scene.wait()
    crossed = scene.proxy.carried[0] - before
    print(f"{size} bytes, cut after half: {time.monotonic() - start:.0f} s, {crossed} bytes crossed, "
          f"{crossed / size:.2f} times the file")


def main():
    cases = {"changes": changes, "order": order, "text": text, "resume": resume}
    parser = argparse.ArgumentParser()
    parser.add_argument("case", choices=cases)
    parser.add_argument("binaries")
    parser.add_argument("--rate", type=int, default=64)
    parser.add_argument("--delay", type=int, default=300)
    parser.add_argument("--large", type=int)
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
        cases[options.case](Scene(options, alpha, beta, proxy, folder))
    finally:
        alpha.stop()
        beta.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
