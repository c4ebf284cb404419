#!/usr/bin/env python3
"""octopus-mirror on a display with fifty vaults whose states change four times a second: its share of
a core, its memory, and how long input waits. Prints what it measured beside the bars; exits 1 where
one is broken.

    fiftyvaults.py BIN_FOLDER HELPERS_FOLDER [--minutes N] [--vaults N] [--pictures FOLDER]

The desktop is the real program, attached to an engine that serves the real socket. In the first half
nobody touches it; that is when its share of a core is measured. In the second half a key chooses
another vault each 100 ms, as from a keyboard, and the window's answer to a ping that follows says
when it was handled. On a busy machine a program waits for a core: what the window's thread waited
so is not counted, and said.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in ("endtoend/desktop", "discovery"):
    sys.path.insert(0, os.path.join(HERE, "..", folder))
from namespaces import memory_of, processor_time_of, skip  # noqa: E402
from surroundings import Surroundings, require  # noqa: E402
from xclient import XClient  # noqa: E402

BARS = {"core": 3.0, "delay": 50.0, "growth": 1024}  # % of one core; ms; KiB in the second half
WARM_UP = 20  # seconds: fonts, icons, the first pictures
INPUT_INTERVAL, MEMORY_INTERVAL = 0.1, 30
DOWN, UP = 116, 111  # key codes of evdev


def waited(pid):
    """Seconds that the main thread was ready and had no core."""
    with open(f"/proc/{pid}/task/{pid}/schedstat", encoding="ascii") as file:
        return int(file.read().split()[1]) / 1e9


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.screen = Surroundings(os.path.abspath(options.helpers), folder, options.pictures)
        # Nobody has a screen reader running, and reading along costs.
        del self.screen.environment["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"]
        state = os.path.join(folder, "state")
        engine = self.screen.start(
            os.path.join(options.helpers, "octopus_test_busyengine"), state, str(options.vaults),
            "250", stdout=subprocess.PIPE, text=True)
        assert engine.stdout.readline() == "ready\n"
        self.desktop = self.screen.start(os.path.join(options.binaries, "octopus-mirror"), "--state",
                                         state)
        self.screen.in_front("Octopus")
        self.window = int(self.screen.output("xdotool", "getactivewindow"))
        self.x = XClient(self.screen.environment["DISPLAY"])
        self.delays, self.own, self.memory = [], [], []

    def press(self, number):
        without_core, start = waited(self.desktop.pid), time.perf_counter()
        self.x.key(DOWN if number // 20 % 2 == 0 else UP)
        self.x.ping(self.window)
        delay = time.perf_counter() - start
        self.delays.append(1000 * delay)
        self.own.append(1000 * (delay - waited(self.desktop.pid) + without_core))

    def half(self, step):
        """The share of a core that was used, in %."""
        started, before = time.monotonic(), processor_time_of(self.desktop.pid)
        number, next_memory = 0, started
        while time.monotonic() < started + self.options.minutes * 30:
            step(number)
            if time.monotonic() >= next_memory:
                self.memory.append(memory_of(self.desktop.pid))
                next_memory += MEMORY_INTERVAL
            number += 1
            time.sleep(max(0.0, started + number * INPUT_INTERVAL - time.monotonic()))
        return 100 * (processor_time_of(self.desktop.pid) - before) / (time.monotonic() - started)

    def measure(self):
        self.quiet = self.half(lambda number: None)
        # Into the table: a row below the headers, whatever is above them.
        self.screen.output("xdotool", "mousemove", "--window", str(self.window), "60", "190",
                           "click", "1")
        self.busy = self.half(self.press)
        self.screen.picture("keys")


def spread(times):
    times = sorted(times)
    return (f"median {statistics.median(times):.1f} ms, 99 % {times[int(len(times) * 0.99)]:.1f} ms, "
            f"worst {times[-1]:.1f} ms")


def report(bench):
    growth = bench.memory[-1] - bench.memory[len(bench.memory) // 2]
    print(f"{bench.options.vaults} vaults, {bench.options.minutes:g} min, load {os.getloadavg()[0]:.1f} "
          f"on {os.cpu_count()} cores")
    print(f"  of one core: {bench.quiet:.2f} % (bar {BARS['core']:g} %), "
          f"with ten keys a second {bench.busy:.2f} %")
    print(f"  memory: {bench.memory[0]} KiB, in the end {bench.memory[-1]} KiB, of it since half-time "
          f"{growth} KiB (bar {BARS['growth']} KiB)")
    print(f"  input, {len(bench.own)} times: {spread(bench.own)} (bar {BARS['delay']:g} ms), "
          f"with waiting for a core {spread(bench.delays)}")
    return (bench.quiet <= BARS["core"] and growth <= BARS["growth"]
            and max(bench.own) <= BARS["delay"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("helpers")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--vaults", type=int, default=50)
    parser.add_argument("--pictures", help="a folder for a picture of the window")
    options = parser.parse_args()
    require(skip)
    folder = tempfile.mkdtemp(prefix="octopus-desktop-")
    if options.pictures:
        os.makedirs(options.pictures, exist_ok=True)
    bench = None
    try:
        bench = Bench(options, folder)
        time.sleep(WARM_UP)
        bench.screen.picture("vaults")
        bench.measure()
        good = report(bench)
    finally:
        if bench:
            bench.screen.end()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


main()
