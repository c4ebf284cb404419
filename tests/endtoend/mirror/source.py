#!/usr/bin/env python3
"""A source folder that is away, hidden or another one never empties its replica (guarantee I6).

source.py BINARIES
"""
import os
import subprocess
import sys
import tempfile
import time

from engines import Machine, until

LIMIT = 120  # seconds


class Scene:
    def __init__(self, binaries, folder):
        self.source = os.path.join(folder, "source")
        self.away = os.path.join(folder, "away")
        grant = os.path.join(folder, "grant")
        self.replica = os.path.join(grant, "docs")
        os.mkdir(self.source)
        os.mkdir(grant)
        self.write("a"), self.write("b"), self.write("c")
        self.primary = Machine(binaries, folder, "alpha")
        self.target = Machine(binaries, folder, "beta")
        self.grant = grant

    def pair(self):
        ticket = self.target.ctl("invite", "--grant", self.grant)["ticket"]
        self.primary.ctl("pair", ticket)
        self.primary.ctl("vault", "add", "docs", "--source", self.source, "--target", "beta")
        self.primary.ctl("wait", "docs", "--in-sync", "--timeout", str(LIMIT))

    def write(self, name):
        with open(os.path.join(self.source, name), "w", encoding="ascii") as file:
            file.write(name)

    def copied(self):
        return sorted(name for name in os.listdir(self.replica) if name != ".octopus")

    def halted(self):
        status = self.primary.ctl("status", expect=(0, 1))
        halts = [target.get("halt") for vault in status["vaults"] for target in vault["targets"]]
        return any(halt and halt.get("reason") == "root-gone" for halt in halts)

    def expect_kept(self, names):
        time.sleep(1)
        if self.copied() != names:
            sys.exit(f"the replica holds {self.copied()}, not {names}")


def replaced_while_stopped(scene):
    scene.primary.stop()
    os.rename(scene.source, scene.away)
    os.mkdir(scene.source)
    scene.write("stranger")
    scene.primary.start()
    until("a halt because another folder stands there", scene.halted)
    scene.expect_kept(["a", "b", "c"])
    scene.primary.ctl("resume", "docs")  # without --confirm it is the same folder that is wanted
    until("the same halt again", scene.halted)
    scene.expect_kept(["a", "b", "c"])


def back_again(scene):
    os.remove(os.path.join(scene.source, "stranger"))
    os.rmdir(scene.source)
    until("a halt because there is no folder", scene.halted)
    os.rename(scene.away, scene.source)
    scene.write("d")
    until("going on by itself", lambda: scene.copied() == ["a", "b", "c", "d"])


def hidden_by_a_mount(scene):
    if subprocess.run(["mount", "-t", "tmpfs", "none", scene.source], check=False,
                      stderr=subprocess.DEVNULL).returncode != 0:
        print("no rights to mount: left out")
        return
    try:
        until("a halt because something is mounted over it", scene.halted)
        scene.expect_kept(["a", "b", "c", "d"])
    finally:
        subprocess.run(["umount", scene.source], check=True)
    scene.write("e")
    until("going on by itself", lambda: scene.copied() == ["a", "b", "c", "d", "e"])


def replaced_on_purpose(scene):
    os.rename(scene.source, scene.away)
    os.mkdir(scene.source)
    scene.write("new")
    until("a halt because another folder stands there", scene.halted)
    scene.primary.ctl("resume", "docs", "--confirm")
    until("the new folder's content", lambda: scene.copied() == ["new"])
    scene.primary.stop()
    scene.primary.start()  # it is the known one now
    scene.write("more")
    until("going on after a restart", lambda: scene.copied() == ["more", "new"])


def main():
    with tempfile.TemporaryDirectory(prefix="octopus-source-") as folder:
        scene = Scene(sys.argv[1], folder)
        try:
            scene.pair()
            for step in (replaced_while_stopped, back_again, hidden_by_a_mount,
                         replaced_on_purpose):
                step(scene)
                print(step.__name__.replace("_", " ") + ": as it should be", flush=True)
        finally:
            codes = [machine.stop() for machine in (scene.primary, scene.target)]
        if codes != [0, 0]:
            sys.exit(f"the engines ended with {codes}")


if __name__ == "__main__":
    main()
