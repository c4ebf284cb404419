#!/usr/bin/env python3
"""Two real octopusd on loopback: every kind of entry by first copy and live, compared by rsync; then
kill -9 on either side at random moments under load, each time converged and identical.

    mirroring.py BIN_FOLDER [--kills N] [--seed N]
"""
import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from engines import Machine


def write(path, content=b"x", mode=0o644):
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)


def make_corpus(root):
    """Every kind of entry that is carried, and hostile names; `root` is bytes."""
    os.makedirs(root + b"/plain/deep/deeper")
    write(root + b"/plain/empty", b"")
    write(root + b"/plain/one", b"1")
    write(root + b"/plain/script", b"#!/bin/sh\n", 0o755)
    write(root + b"/plain/large", os.urandom(3_000_000))
    write(root + b"/plain/deep/secret", b"s", 0o600)
    os.symlink(b"../one", root + b"/plain/deep/link")
    os.symlink(b"/nowhere/at all", root + b"/dangling")
    os.link(root + b"/plain/one", root + b"/plain/deep/hard")
    os.link(root + b"/plain/large", root + b"/hard-large")
    os.mkfifo(root + b"/fifo", 0o640)
    with open(root + b"/sparse", "wb") as file:
        file.truncate(50_000_000)
        file.seek(20_000_000)
        file.write(b"in the middle")
    for name in (b"new\nline", b"\xff\xfe not UTF-8", b"-n", b"n" * 255, b"tab\tx", b"\x1b[31m",
                 "ü".encode(), "u\u0308".encode(), b" ", b"trailing ", b"a:b*?\"<>|\\", b"CON"):
        write(root + b"/" + name, name)
    os.makedirs(root + b"/odd dirs/-rf")
    os.utime(root + b"/plain/one", ns=(1, 1_234_567_890_123_456_789))
    os.utime(root + b"/plain/empty", ns=(1, -86_400_000_000_001))
    os.utime(root + b"/dangling", ns=(1, 987_654_321_000_000_001), follow_symlinks=False)
    os.utime(root + b"/odd dirs", ns=(1, 111_222_333_444_555_666))
    try:
        os.setxattr(root + b"/plain/one", "user.note", b"\x00\xffvalue")
        os.setxattr(root + b"/odd dirs", "user.dir", b"d")
        # user::rw- user:1234:r-- group::r-- mask::r-- other::r--
        acl = bytes.fromhex("02000000" "01000600ffffffff" "02000400d2040000" "04000400ffffffff"
                            "10000400ffffffff" "20000400ffffffff")
        os.setxattr(root + b"/plain/script", "system.posix_acl_access", acl)
    except OSError as error:
        print("without extended attributes:", error)
    if os.geteuid() == 0:
        os.chown(root + b"/plain/deep", 1234, 2345)
        os.lchown(root + b"/dangling", 42, 43)


def rsync_differences(source, replica):
    done = subprocess.run(
        ["rsync", "-aHAXSn", "--delete", "--itemize-changes", "--checksum", "--exclude=/.octopus",
         source + b"/", replica + b"/"], capture_output=True)
    return (done.stdout + done.stderr).decode(errors="backslashreplace")


class Scene:
    def __init__(self, binaries, folder):
        self.folder = folder
        self.alpha = Machine(binaries, folder, "alpha")
        self.beta = Machine(binaries, folder, "beta")
        self.grant = os.path.join(folder, "mirrors")
        ticket = self.beta.ctl("invite", "--grant", self.grant)["ticket"]
        self.alpha.ctl("pair", ticket)

    def add(self, name):
        source = os.path.join(self.folder, name)
        os.makedirs(source, exist_ok=True)
        self.alpha.ctl("vault", "add", name, "--source", source, "--target", "beta")
        return source.encode(), os.path.join(self.grant, name).encode()

    def check(self, name, source, replica, when):
        self.alpha.ctl("wait", name, "--in-sync", "--timeout", "120")
        found = rsync_differences(source, replica)
        if found:
            time.sleep(0.3)  # a change that the kernel told after the call
            self.alpha.ctl("wait", name, "--in-sync", "--timeout", "120")
            found = rsync_differences(source, replica)
        if found:
            sys.exit(f"{when}: the trees differ:\n{found}")


def fidelity(scene):
    os.makedirs(os.path.join(scene.folder, "copied"))
    make_corpus(os.path.join(scene.folder, "copied").encode())
    source, replica = scene.add("copied")
    scene.check("copied", source, replica, "first copy")
    source, replica = scene.add("live")
    make_corpus(source)
    scene.check("live", source, replica, "live")
    os.rename(source + b"/plain", source + b"/odd dirs/moved")
    shutil.rmtree(source + b"/odd dirs/-rf")
    with open(source + b"/hard-large", "r+b") as file:
        file.seek(1_000_000)
        file.write(b"changed in the middle")
    scene.check("live", source, replica, "after changes")
    report = scene.alpha.ctl("verify", "live")
    if report["different"] or report["compared"] == 0:
        sys.exit(f"verify: {report}")
    print("every kind of entry: equal by first copy, live, and after changes")


def change(rng, root):
    names = [f"{a}{b}" for a in "abcdef" for b in range(12)]
    folder = os.path.join(root, rng.choice(["", "x", "y", "x/z"]).encode())
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, rng.choice(names).encode())
    kind = rng.randrange(6)
    try:
        if kind < 2:
            write(path, rng.randbytes(rng.randrange(20_000)))
        elif kind == 2:
            with open(path, "ab") as file:
                file.write(rng.randbytes(500))
        elif kind == 3:
            os.rename(path, os.path.join(folder, rng.choice(names).encode()))
        elif kind == 4:
            temporary = path + b"~"
            write(temporary, rng.randbytes(300_000))
            os.rename(temporary, path)
        else:
            os.remove(path)
    except FileNotFoundError:
        pass


def kills(scene, count, rng):
    # Enough entries that the random removals stay below the brake on mass deletion.
    bulk = os.path.join(scene.folder, "load", "bulk").encode()
    os.makedirs(bulk)
    for i in range(5000):
        write(os.path.join(bulk, str(i).encode()), b"bulk")
    source, replica = scene.add("load")
    scene.check("load", source, replica, "before the kills")
    for i in range(count):
        deadline = time.monotonic() + rng.uniform(0.0, 0.15)
        while time.monotonic() < deadline:
            change(rng, source)
        victim = rng.choice([scene.alpha, scene.beta])
        victim.kill()
        for _ in range(rng.randrange(20)):
            change(rng, source)
        victim.start()
        scene.check("load", source, replica, f"after kill {i + 1} ({victim.name})")
    print(f"{count} times kill -9: converged and identical each time")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="octopus-endtoend-")
    scene = None
    try:
        scene = Scene(os.path.abspath(options.binaries), folder)
        fidelity(scene)
        kills(scene, options.kills, random.Random(options.seed))
        for machine in (scene.alpha, scene.beta):
            if machine.stop() != 0:
                sys.exit(f"{machine.name} did not stop cleanly")
    finally:
        if scene:
            for machine in (scene.alpha, scene.beta):
                machine.process.kill()
        shutil.rmtree(folder, ignore_errors=True)


main()
