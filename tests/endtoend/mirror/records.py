#!/usr/bin/env python3
"""What a mirror carried lately is told, and what verifications came to outlives the engine (I5).

records.py BINARIES
"""
import os
import sys
import tempfile
import time

from engines import Machine

LIMIT = 120  # seconds


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: {found!r}, not {wanted!r}")


class Scene:
    def __init__(self, binaries, folder):
        self.source = os.path.join(folder, "source")
        grant = os.path.join(folder, "grant")
        self.replica = os.path.join(grant, "docs")
        os.mkdir(self.source)
        os.mkdir(grant)
        self.primary = Machine(binaries, folder, "alpha")
        self.target = Machine(binaries, folder, "beta")
        ticket = self.target.ctl("invite", "--grant", grant)["ticket"]
        self.primary.ctl("pair", ticket)
        self.primary.ctl("vault", "add", "docs", "--source", self.source, "--target", "beta")

    def path(self, name):
        return os.path.join(self.source, name)

    def settle(self):
        self.primary.ctl("wait", "docs", "--in-sync", "--timeout", str(LIMIT))

    def activity(self):
        [mirror] = self.primary.ctl("activity", "docs")
        expect("the peer", mirror["peer"], "beta")
        return mirror["entries"]

    def last_verified(self):
        status = self.primary.ctl("status", expect=(0, 1))
        return status["vaults"][0]["targets"][0]["lastVerified"]


def activity(scene):
    def step(change):
        time.sleep(0.4)  # changes of one moment become one operation
        change()
        scene.settle()

    def append():
        with open(scene.path("a"), "a", encoding="ascii") as file:
            file.write("more")

    def create():
        with open(scene.path("a"), "w", encoding="ascii") as file:
            file.write("content")

    step(create)
    step(append)
    step(lambda: os.chmod(scene.path("a"), 0o600))
    step(lambda: os.rename(scene.path("a"), scene.path("b")))
    step(lambda: os.remove(scene.path("b")))
    told = [(entry["what"], entry["path"]) for entry in reversed(scene.activity())
            if entry["path"]]
    for what in (("created", "a"), ("attributes", "a"), ("moved", "b"), ("removed", "b")):
        if what not in told:
            sys.exit(f"{what} is missing in {told}")
    order = [told.index(what) for what in
             (("created", "a"), ("attributes", "a"), ("moved", "b"), ("removed", "b"))]
    expect("the order", order, sorted(order))
    moved = next(entry for entry in scene.activity() if entry["what"] == "moved")
    expect("where it came from", moved["from"], "a")


def many(scene):
    for number in range(3000):
        with open(scene.path(f"f{number}"), "w", encoding="ascii"):
            pass
    scene.settle()
    entries = scene.activity()
    if len(entries) > 100:
        sys.exit(f"{len(entries)} entries are listed")
    for newer, older in zip(entries, entries[1:]):
        if older["number"] + older["more"] + 1 != newer["number"]:
            sys.exit(f"some changes are neither listed nor counted: {older}, {newer}")
    if entries[0]["number"] + entries[0]["more"] < 3000:
        sys.exit(f"fewer changes than there were: {entries[0]}")


def reports(scene):
    with open(scene.path("whole"), "w", encoding="ascii") as file:
        file.write("some content")
    scene.settle()
    expect("before the first verification", scene.last_verified(), None)
    report = scene.primary.ctl("verify", "docs")
    last = scene.last_verified()
    expect("identical", (last["identical"], last["different"]), (report["identical"], 0))
    expect("the digest", last["digest"], report["digest"])
    # Somebody else was there, and it cannot be seen from outside.
    path = os.path.join(scene.replica, "whole")
    before = os.stat(path)
    with open(path, "r+", encoding="ascii") as file:
        file.write("X")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    scene.primary.ctl("verify", "docs", expect=(1,))
    expect("differences", scene.last_verified()["different"], 1)
    scene.primary.kill()
    scene.primary.start()
    expect("after a crash", scene.last_verified()["different"], 1)
    scene.settle()
    scene.primary.ctl("synchronize", "docs", "--deep", expect=(0, 1))
    last = scene.last_verified()
    expect("repaired", (last["different"], last["repaired"]), (1, True))
    scene.primary.ctl("verify", "docs")
    scene.primary.stop()
    scene.primary.start()
    expect("after a restart", scene.last_verified()["different"], 0)
    kept = os.path.join(scene.primary.state, "verified")
    expect("one file a mirror", len(os.listdir(kept)), 1)
    scene.primary.ctl("vault", "remove", "docs")
    expect("after the vault is gone", os.listdir(kept), [])


def main():
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(sys.argv[1], folder)
        try:
            scene.settle()
            activity(scene)
            many(scene)
            reports(scene)
        finally:
            scene.primary.stop()
            scene.target.stop()
    print("activity is told, reports outlive the engine")


if __name__ == "__main__":
    main()
