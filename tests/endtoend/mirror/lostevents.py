#!/usr/bin/env python3
"""What the kernel does not tell is noticed, shown and made up for (guarantee I5).

    lostevents.py BIN_FOLDER

A burst of more events than the kernel's queue holds, and a tree with more directories than may be
watched (a limit of a user namespace of the engine's own). rsync judges the replica.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from engines import Machine

LIMIT = 180  # seconds
FOLDERS = 40
WATCHES = 15
LIMITED = ("unshare", "--user", "--map-root-user", "sh", "-c",
           f'echo {WATCHES} >/proc/sys/user/max_inotify_watches && exec "$@"', "sh")


def until(what, condition):
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"not within {LIMIT} s: {what}")
        time.sleep(0.05)


def write(path, text="x"):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


class Scene:
    def __init__(self, binaries, folder, name, prefix=()):
        self.source = os.path.join(folder, name)
        os.mkdir(self.source)
        self.primary = Machine(binaries, folder, name + "-primary", prefix=prefix)
        self.target = Machine(binaries, folder, name + "-target")
        self.replica = os.path.join(folder, "mirrors-" + name, "v")
        ticket = self.target.ctl("invite", "--grant", os.path.dirname(self.replica))["ticket"]
        self.primary.ctl("pair", ticket)

    def mirror(self):
        self.primary.ctl("vault", "add", "v", "--source", self.source, "--target", self.target.name)
        self.wait()

    def wait(self):
        self.primary.ctl("wait", "v", "--in-sync", "--timeout", str(LIMIT))

    def state(self):
        return self.primary.ctl("status", expect=(0, 1))["vaults"][0]["targets"][0]

    def differences(self):
        done = subprocess.run(["rsync", "-anc", "--delete", "--itemize-changes", "--exclude=/.octopus",
                               self.source + "/", self.replica + "/"], capture_output=True, text=True,
                              check=True)
        return done.stdout

    def stop(self):
        for machine in (self.primary, self.target):
            code = machine.stop()
            if code:
                sys.exit(f"{machine.name} ended with {code}")


def overflow(scene):
    """More events than the queue holds, while the engine is kept from reading them."""
    with open("/proc/sys/fs/inotify/max_queued_events", encoding="ascii") as file:
        events = int(file.read())
    for i in range(1000):
        write(os.path.join(scene.source, f"old{i}"))
    scene.mirror()
    os.kill(scene.primary.process.pid, signal.SIGSTOP)
    for i in range(50):
        os.remove(os.path.join(scene.source, f"old{i}"))
        os.rename(os.path.join(scene.source, f"old{i + 100}"), os.path.join(scene.source, f"moved{i}"))
    for i in range(events // 3 + 100):  # created, written, closed
        write(os.path.join(scene.source, f"new{i}"))
    write(os.path.join(scene.source, "old500"), "changed when nobody heard it")
    os.kill(scene.primary.process.pid, signal.SIGCONT)
    scene.wait()
    found = scene.differences()
    if found:
        sys.exit(f"after an overflow:\n{found[:2000]}")
    state = scene.state()
    if state["problems"] or state["halt"]:
        sys.exit(f"after an overflow: {state}")
    print(f"queue of {events} events overflowed: equal")


def exhaustion(scene):
    """Directories beyond the limit are listed as such, and looked at now and then."""
    folders = [os.path.join(scene.source, f"folder{i:02}") for i in range(FOLDERS)]
    for folder in folders:
        os.mkdir(folder)
        write(os.path.join(folder, "file"))
    scene.mirror()
    problems = scene.state()["problems"]
    codes = {problem["code"] for problem in problems}
    if codes != {"not-watched"} or not FOLDERS - WATCHES <= len(problems) <= FOLDERS:
        sys.exit(f"expected the unwatched directories, not {problems}")
    for folder in folders:
        write(os.path.join(folder, "file"), "changed")
        write(os.path.join(folder, "new"))
    until("changes in directories that are not watched", lambda: not scene.differences())
    for folder in folders[10:]:  # below the brake on mass deletion
        shutil.rmtree(folder)
    until("the watches of removed directories are used for the others",
          lambda: not scene.differences() and not scene.state()["problems"])
    print(f"{WATCHES} watches for {FOLDERS} directories: shown, equal")


def main():
    binaries = os.path.abspath(sys.argv[1])
    folder = tempfile.mkdtemp(prefix="octopus-lost-")
    scenes = []
    try:
        scenes.append(Scene(binaries, folder, "burst"))
        overflow(scenes[-1])
        if subprocess.run([*LIMITED, "true"], capture_output=True).returncode:
            print("no user namespace with a limit of its own: left out")
        else:
            scenes.append(Scene(binaries, folder, "narrow", LIMITED))
            exhaustion(scenes[-1])
        for scene in scenes:
            scene.stop()
    finally:
        for scene in scenes:
            for machine in (scene.primary, scene.target):
                machine.process.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
