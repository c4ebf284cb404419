#!/usr/bin/env python3
"""Octopus beside rsync's daemon on loopback, in one run: latency of a small change, many small
files, one large file. Medians of several rounds; prints ratios, judges nothing.

Nothing is deleted before the end: ext4 passes over inodes that were freed in the last minutes one by
one, and whoever copies then pays for it.

    bench.py BIN_FOLDER [--rounds N]
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "endtoend", "mirror"))
from engines import Machine  # noqa: E402


def wait_for(path, size, timeout=60):
    deadline = time.perf_counter() + timeout
    while time.perf_counter() < deadline:
        try:
            if os.stat(path).st_size == size:
                return
        except FileNotFoundError:
            pass
        time.sleep(0.0001)
    sys.exit(f"{path} did not arrive")


class RsyncDaemon:
    def __init__(self, folder):
        self.count = 0
        self.module = os.path.join(folder, "rsync-target")
        os.makedirs(self.module)
        configuration = os.path.join(folder, "rsyncd.conf")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(f"use chroot = no\n[m]\npath = {self.module}\nread only = no\n"
                       f"uid = {os.geteuid()}\ngid = {os.getegid()}\n")
        self.process = subprocess.Popen(
            ["rsync", "--daemon", "--no-detach", "--address=127.0.0.1", "--port=17873",
             f"--config={configuration}"])
        time.sleep(0.5)

    def copy(self, source, *options):
        self.count += 1
        os.sync()
        start = time.perf_counter()
        subprocess.run(["rsync", "-a", *options, source + "/",
                        f"rsync://127.0.0.1:17873/m/{self.count}/"], check=True)
        return time.perf_counter() - start


class Bench:
    def __init__(self, binaries, folder):
        self.folder = folder
        self.alpha = Machine(binaries, folder, "alpha")
        self.beta = Machine(binaries, folder, "beta")
        self.grant = os.path.join(folder, "mirrors")
        ticket = self.beta.ctl("invite", "--grant", self.grant)["ticket"]
        self.alpha.ctl("pair", ticket)
        self.rsync = RsyncDaemon(folder)
        self.count = 0

    def stop(self):
        for process in (self.alpha.process, self.beta.process, self.rsync.process):
            process.kill()

    def mirror(self, source):
        """Seconds from adding the vault until the target has applied everything."""
        self.count += 1
        name = f"v{self.count}"
        start = time.perf_counter()
        self.alpha.ctl("vault", "add", name, "--source", source, "--target", "beta")
        self.alpha.ctl("wait", name, "--in-sync", "--timeout", "100")
        return time.perf_counter() - start, name

    def latency(self, rounds):
        source = os.path.join(self.folder, "latency")
        os.makedirs(source)
        _, name = self.mirror(source)
        times = []
        for i in range(rounds):
            time.sleep(0.01)
            content = os.urandom(4096)
            start = time.perf_counter()
            with open(os.path.join(source, f"f{i}"), "wb") as file:
                file.write(content)
            wait_for(os.path.join(self.grant, name, f"f{i}"), 4096)
            times.append((time.perf_counter() - start) * 1000)
        times.sort()
        print(f"a 4 KiB file is there after: median {statistics.median(times):.2f} ms, "
              f"95 % {times[int(len(times) * 0.95)]:.2f} ms, worst {times[-1]:.2f} ms")

    def compare(self, what, source, rounds, *options):
        ratios, ours, theirs = [], [], []
        for _ in range(rounds):
            rsync = self.rsync.copy(source, *options)
            os.sync()
            octopus, name = self.mirror(source)
            self.alpha.ctl("vault", "remove", name)
            ours.append(octopus)
            theirs.append(rsync)
            ratios.append(rsync / octopus)
        print(f"{what}: octopus {statistics.median(ours):.2f} s, rsync "
              f"{statistics.median(theirs):.2f} s, speed ratio median "
              f"{statistics.median(ratios):.2f} ({min(ratios):.2f}..{max(ratios):.2f})")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--megabytes", type=int, default=1024)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="octopus-bench-")
    bench = Bench(os.path.abspath(options.binaries), folder)
    try:
        bench.latency(200)
        small = os.path.join(folder, "small")
        for i in range(10_000):
            if i % 100 == 0:
                os.makedirs(os.path.join(small, str(i // 100)))
            with open(os.path.join(small, str(i // 100), str(i)), "wb") as file:
                file.write(os.urandom(4096))
        bench.compare("10,000 files of 4 KiB", small, options.rounds)
        large = os.path.join(folder, "large")
        os.makedirs(large)
        with open(os.path.join(large, "file"), "wb") as file:
            for _ in range(options.megabytes):
                file.write(os.urandom(1024 * 1024))
        bench.compare(f"{options.megabytes} MiB in one file", large, options.rounds, "-W")
    finally:
        bench.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
