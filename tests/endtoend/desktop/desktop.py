"""The desktop as a person meets it, from the first start to a target that is lost and comes back.

    desktop.py BIN_FOLDER HELPERS_FOLDER [--pictures FOLDER]

Two machines in network namespaces: one runs octopus-mirror on a display with a window manager, a
session bus and a tray, driven by keys; the other octopusd. What is seen is what the tray says and
what a screen reader reads. Exits 77 where the display, the tools or namespaces are not there.
"""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in ("network", "../discovery"):
    sys.path.insert(0, os.path.join(HERE, "..", folder))
from finding import Machine  # noqa: E402
from namespaces import enter_namespaces, run, skip  # noqa: E402
from surroundings import PATIENCE, Surroundings, require, until  # noqa: E402

DIGITS = re.compile(r"\b(\d{3}) (\d{3})\b")
MOST_LOAD = 4_000_000_000  # bytes that are written at most to make the target lag


class Story:
    """The steps; each ends when what it is about can be seen."""

    def __init__(self, screen, alpha, beta, folder):
        self.screen, self.alpha, self.beta, self.folder = screen, alpha, beta, folder
        self.source = os.path.join(folder, "documents")
        self.mirrors = os.path.join(folder, "mirrors")
        self.looks = {}  # of the tray

    def status(self):
        vaults = self.alpha.ctl("status", expect=(0, 1))["vaults"]
        return vaults[0]["targets"][0] if vaults else None

    def tray_says(self, words, what, limit=PATIENCE):
        until(lambda: words in self.screen.tray()["toolTip"],
              lambda: f"tool tip with {words!r}; it is {self.screen.tray()['toolTip']!r}", limit)
        self.looks[what] = self.screen.tray()["look"]
        print(f"{what}: the tray says {self.screen.tray()['toolTip']!r}", flush=True)

    def start(self):
        started = time.monotonic()
        self.desktop = self.screen.start(*self.alpha.inside(
            os.path.join(self.alpha.binaries, "octopus-mirror"), "--state", self.alpha.state,
            "--name", "alpha", "--listen", "0.0.0.0:17290"))
        self.screen.in_front("Octopus")
        self.tray_says("nothing is mirrored yet", "first start")
        assert self.screen.tray()["title"] == "Octopus", self.screen.tray()
        window = self.screen.output("xprop", "-id", self.screen.output("xdotool", "getactivewindow"), "WM_CLASS")
        assert '"Octopus"' in window, window
        print(f"shown after {time.monotonic() - started:.1f} s", flush=True)
        self.screen.sees("Nothing is mirrored yet", "label")
        self.screen.sees("Engine in this window", "label")
        assert any("Open Octopus" in label.replace("_", "") for label in self.screen.menu())
        self.screen.picture("first-start")

    def discover(self):
        asked = time.monotonic()
        self.screen.keys("ctrl+m")
        self.screen.in_front("Machines")
        self.screen.sees("beta", "cell")
        print(f"the second machine is listed after {time.monotonic() - asked:.1f} s", flush=True)
        self.screen.sees("Not paired", "cell")
        assert not self.alpha.ctl("peers")[0]["paired"]
        self.screen.picture("machines")

    def pair(self):
        self.screen.keys("alt+d")  # By Address
        self.screen.in_front("Pair by name or address")
        field = self.screen.sees("10.31.0.2", "text")
        assert field["focused"], field
        self.screen.picture("address")
        self.screen.keys("Return")
        self.screen.in_front("Pair two machines")
        shown = DIGITS.search(self.screen.sees("The digits:")["name"])
        there = until(lambda: [one["digits"] for one in self.beta.ctl("pair", "--list") if one["digits"]],
                      "digits on the other machine")
        assert there == ["".join(shown.groups())], (there, shown)
        print(f"both show {shown[0]}", flush=True)
        self.screen.picture("digits")
        self.beta.ctl("pair", "--confirm", there[0], "--grant", self.mirrors)
        assert not [peer for peer in self.beta.ctl("peers") if peer["paired"]]  # one side is not enough
        self.screen.keys("alt+s")  # They Are the Same
        self.screen.sees("are paired.", "label")
        self.screen.picture("paired")
        self.screen.keys("Return")  # Close
        self.screen.in_front("Machines")
        assert [peer["name"] for peer in self.alpha.ctl("peers") if peer["paired"]] == ["beta"]
        self.screen.keys("Escape")
        self.screen.in_front("Octopus")

    def add(self):
        os.makedirs(os.path.join(self.source, "letters"))
        for name in ("letters/first.txt", "notes.txt"):
            with open(os.path.join(self.source, name), "w", encoding="utf-8") as file:
                file.write(name * 100)
        self.screen.keys("ctrl+n")
        self.screen.in_front("Add a vault")
        self.screen.type(self.source)
        self.screen.sees(self.source, "text")
        self.screen.picture("typed")
        self.screen.keys("Tab")
        self.screen.sees("beta", "cell")
        until(lambda: self.screen.seen("beta", "cell")["checked"], "check mark at the only paired machine")
        self.screen.picture("editor")
        self.screen.keys("alt+s")  # Start Mirroring
        self.screen.in_front("Octopus")
        until(self.status, "vault")
        self.alpha.ctl("wait", "documents", "--in-sync", "--timeout", str(PATIENCE))
        self.tray_says("everything is in sync", "in sync")
        self.screen.sees("State: Mirroring", "cell")
        self.screen.picture("in-sync")
        assert "documents: Mirroring" in self.screen.menu(), self.screen.menu()
        self.same("letters/first.txt")

    def same(self, name):
        with open(os.path.join(self.source, name), "rb") as one, \
                open(os.path.join(self.mirrors, "documents", name), "rb") as other:
            assert one.read() == other.read(), name

    def change(self):
        with open(os.path.join(self.source, "notes.txt"), "a", encoding="utf-8") as file:
            file.write("changed")
        self.alpha.ctl("wait", "documents", "--in-sync", "--timeout", str(PATIENCE))
        self.same("notes.txt")
        # More than goes at once, however fast this machine is: until the lag can be seen.
        block, written, tips = os.urandom(8_000_000), 0, set()
        while not any(map(lag_in, tips)):
            assert written < MOST_LOAD, tips
            with open(os.path.join(self.source, f"bulk{written // len(block) % 3}"), "wb") as file:
                file.write(block)
            written += len(block)
            tips.add(self.screen.tray()["toolTip"])
        self.screen.picture("lag")
        print(f"lag seen after {written // 1_000_000} MB: {[tip for tip in tips if lag_in(tip)]}",
              flush=True)
        self.alpha.ctl("wait", "documents", "--in-sync", "--timeout", str(PATIENCE))
        self.tray_says("everything is in sync", "caught up")
        self.screen.sees("Lag: 0", "cell")
        self.same("bulk0")

    def lose(self):
        notices = len(self.screen.said("notice"))
        stopped = time.monotonic()
        self.beta.engine.terminate()
        assert self.beta.engine.wait(60) in (0, -signal.SIGALRM)
        self.tray_says("Octopus: beta cannot be reached", "target stopped")
        assert self.looks["target stopped"] not in (self.looks["in sync"], self.looks["first start"])
        print(f"the alarm is seen after {time.monotonic() - stopped:.1f} s", flush=True)
        self.screen.sees("State: Offline", "cell")
        self.screen.sees("beta cannot be reached", "label")
        with open(os.path.join(self.source, "notes.txt"), "a", encoding="utf-8") as file:
            file.write("nobody is there")
        told = until(lambda: self.screen.said("notice")[notices:], "notification")
        assert told[0]["title"] == "beta cannot be reached", told
        assert told[0]["program"] == "Octopus", told
        assert "documents" in told[0]["text"], told
        print(f"told after {time.monotonic() - stopped:.1f} s: {told[0]}", flush=True)
        until(lambda: lag_in(self.screen.tray()["toolTip"]), "lag of what waits")
        print(f"target away: the tray says {self.screen.tray()['toolTip']!r}", flush=True)
        self.screen.picture("alarm")

    def find_again(self):
        notices = len(self.screen.said("notice"))
        self.beta.start()
        self.alpha.ctl("wait", "documents", "--in-sync", "--timeout", str(PATIENCE))
        self.tray_says("everything is in sync", "target back")
        assert self.looks["target back"] == self.looks["in sync"]
        self.same("notes.txt")
        until(lambda: "beta is back" in [one["title"] for one in self.screen.said("notice")[notices:]],
              "notification that it is over")
        self.screen.picture("over")

    def hide_and_quit(self):
        self.screen.keys("alt+F4")
        until(lambda: "Mirroring goes on" in str(self.screen.said("notice")[-1:]), "word of the tray")
        until(lambda: not self.screen.output("xdotool", "search", "--onlyvisible", "--name", "^Octopus$"),
              "window that is hidden")
        self.screen.tell("activate")
        self.screen.in_front("Octopus")
        self.screen.tell("choose _Quit")
        self.screen.in_front("Quit Octopus")
        self.screen.sees("documents")
        self.screen.picture("quit")
        self.screen.keys("Return")
        assert self.desktop.wait(PATIENCE) == 0, self.desktop.returncode
        until(lambda: self.screen.said("gone"), "tray without the icon")
        left = subprocess.run(["pgrep", "--full", self.alpha.state], capture_output=True, text=True).stdout
        assert not left, left
        sockets = [name for _, _, names in os.walk(self.folder) for name in names if name.endswith(".sock")]
        assert len(sockets) <= 1, sockets  # the other machine's


def lag_in(tip):
    return re.search(r"lag (?!0 ms)[\d.,]+ (ms|s|min)", tip)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("helpers")
    parser.add_argument("--pictures", help="a folder where every step is pictured")
    options = parser.parse_args()
    require(skip)
    enter_namespaces()
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "bridge", "type", "bridge")
    run("ip", "link", "set", "bridge", "up")
    folder = tempfile.mkdtemp(prefix="octopus-desktop-")
    if options.pictures:
        os.makedirs(options.pictures, exist_ok=True)
    screen, machines = None, []
    try:
        screen = Surroundings(os.path.abspath(options.helpers), folder, options.pictures)
        machines = [Machine(os.path.abspath(options.binaries), folder, name, number)
                    for number, name in enumerate(("alpha", "beta"), 1)]
        machines[1].start()
        story = Story(screen, *machines, folder)
        for step in (story.start, story.discover, story.pair, story.add, story.change, story.lose,
                     story.find_again, story.hide_and_quit):
            try:
                step()
            except BaseException:
                screen.picture("failed")
                print(f"in step {step.__name__}; the shell said {screen.lines[-12:]}", flush=True)
                raise
    finally:
        if screen:
            screen.end()
        for machine in machines:
            machine.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
