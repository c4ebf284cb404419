#!/usr/bin/env python3
"""Hostile peers against a real octopusd that keeps the replica of an honest one.

    hostile.py BIN_FOLDER HOSTILEPEER [--groups GROUP…]

hostilepeer makes the cases and judges the answers; this program judges the effects: nothing outside
the hostile peer's own replicas has changed by a bit, the engine lives and has not grown, the honest
mirror is in sync. At the end the comparison itself is tested: each kind of damage must be noticed.
"""
import argparse
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "mirror"))
from canary import differences, manifest  # noqa: E402
from engines import Machine, ask  # noqa: E402

MEBIBYTE = 1 << 20
GROWTH = 256 * MEBIBYTE  # of the engine, after everything


def write(path, content=b"x", mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)


def attribute(path, name, value):
    try:
        os.setxattr(path, name, value)
    except OSError:
        pass  # a file system without them


class Writer(threading.Thread):
    """Changes something in the honest source all the time."""

    def __init__(self, source):
        super().__init__(daemon=True)
        self.folder, self.going, self.count = os.path.join(source, "live"), True, 0

    def run(self):
        while self.going:
            write(os.path.join(self.folder, f"file{self.count % 50}"), os.urandom(2000))
            self.count += 1
            time.sleep(0.02)

    def stop(self):
        self.going = False
        self.join()


class Scene:
    def __init__(self, binaries, peer, folder):
        self.peer, self.folder = peer, folder
        self.grant = os.path.join(folder, "mirrors")
        self.outside = os.path.join(folder, "outside")
        self.source = os.path.join(folder, "source")
        self.keys = os.path.join(folder, "keys")
        os.makedirs(self.keys)
        self.plant()
        self.gamma = None
        self.beta = Machine(binaries, folder, "beta")
        self.alpha = Machine(binaries, folder, "alpha")
        self.alpha.ctl("pair", self.invite(self.grant))
        self.alpha.ctl("vault", "add", "honest", "--source", self.source, "--target", "beta")
        self.alpha.ctl("wait", "honest", "--in-sync", "--timeout", "120")
        self.pair("paired", self.grant)
        self.pair("ungranted", None)

    def plant(self):
        """The canaries: outside of everything, and foreign entries inside the grant."""
        out, grant = self.outside, self.grant
        write(f"{out}/secret", b"secret\n", 0o640)
        write(f"{out}/program", b"#!/bin/sh\n", 0o4755)
        write(f"{out}/sub/deeper/file", b"deep")
        write(f"{out}/linked/one", b"a file of two names")
        write(f"{out}/linked/two", b"another file of two names")
        os.symlink("secret", f"{out}/link")
        os.mkfifo(f"{out}/fifo")
        attribute(f"{out}/secret", "user.note", b"keep")
        write(f"{grant}-and-more/file")
        os.makedirs(grant)
        os.symlink(out, f"{grant}/planted-link")
        write(f"{grant}/planted-file")
        write(f"{grant}/planted-folder/file")
        write(f"{grant}/planted-folder/sub/file")
        for name in ("file", "other", "directory/inner"):
            write(f"{grant}/planted-foreign/{name}", name.encode())
            write(f"{grant}/planted-erased/{name}", name.encode())
        os.symlink("file", f"{grant}/planted-foreign/link")
        os.link(f"{out}/linked/one", f"{grant}/planted-foreign/hard")
        os.makedirs(f"{grant}/planted-linked")
        os.link(f"{out}/linked/two", f"{grant}/planted-linked/hard")
        os.makedirs(f"{self.source}/live")
        for i in range(200):
            write(f"{self.source}/still/{i % 10}/{i}", os.urandom(i * 50))

    def machines(self):
        return [x for x in (self.alpha, self.beta, self.gamma) if x]

    def invite(self, grant):
        return self.beta.ctl("invite", *(["--grant", grant] if grant else []))["ticket"]

    def pair(self, name, grant):
        subprocess.run([self.peer, "pair", self.keys, name, self.invite(grant)], check=True,
                       timeout=120)

    def attack(self, groups):
        settings = os.path.join(self.folder, "settings.json")
        vault = self.alpha.ctl("vault", "show", "honest")["id"]
        with open(settings, "w", encoding="utf-8") as file:
            json.dump({"state": self.keys, "port": self.beta.port, "engine": self.beta.process.pid,
                       "grant": self.grant, "outside": self.outside, "honest": "honest",
                       "honestVault": vault}, file)
        return subprocess.run([self.peer, "attack", settings, *groups], timeout=900).returncode

    def false_target(self):
        """A third primary's vaults, each mirrored to the false target: one case a vault."""
        source = os.path.join(self.folder, "bait")
        write(f"{source}/large", os.urandom(8 * MEBIBYTE))
        for i in range(50):
            write(f"{source}/folder/{i}", os.urandom(300))
        gamma = self.gamma = Machine(self.alpha.binaries, self.folder, "gamma")
        before, memory = manifest(source), memory_of(gamma)
        with subprocess.Popen([self.peer, "target", self.keys], stdout=subprocess.PIPE,
                              text=True) as target:
            cases, ticket = target.stdout.readline().split()
            gamma.ctl("pair", ticket)
            def add(number):
                gamma.ctl("vault", "add", f"case{number}", "--source", source, "--target",
                          "falsetarget", expect=(0, 4))
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                list(pool.map(add, range(int(cases))))
            print(target.stdout.read(), end="", flush=True)
        faults = [f"the source of a false target: {line}"
                  for line in differences(before, manifest(source))]
        if target.returncode or gamma.process.poll() is not None:
            faults.append("cases of the false target failed")
        shown = ask([os.path.join(gamma.binaries, "octopusctl"), "--state", gamma.state,
                     "status"]).stdout
        if not shown or "\x1b" in shown or "\x07" in shown:
            faults.append(f"what the false target says reaches the terminal: {shown[:300]}")
        after = memory_of(gamma)
        print(f"the primary of the false target: before {memory}, after {after}")
        if after["bytes"] - memory["bytes"] > GROWTH:
            faults.append("the primary of the false target has grown too much")
        return faults

    def canaries(self):
        """Everything that nobody granted to the hostile peer. It may take its own names away."""
        def own(path):
            parts = path.split("/")
            top = parts[0]
            mine = {"planted-foreign": ("file", "other", "directory", "link", "hard"),
                    "planted-erased": ("file", "other", "directory")}
            return (top.startswith("hostile-") or top in ("honest", "planted-linked")
                    or (top in mine and len(parts) > 1 and parts[1] not in mine[top]))

        def touched(path):  # by what is made and removed beside it
            return path in ("", "planted-foreign", "planted-erased")

        def still(path):
            return path.split("/")[0] in (".octopus", "live")

        grant = manifest(self.grant, own, touched)
        for path in ("", "planted-foreign", "planted-erased"):
            grant.get(path, {}).pop("mtime", None)
        replica = manifest(os.path.join(self.grant, "honest"), still, lambda path: path == "")
        # config.json is replaced by renaming.
        state = manifest(self.beta.state, fleeting=lambda path: True,
                         skip=lambda path: path.split("/")[0] in ("run", "config.json"))
        state[""].pop("mtime")
        return {"outside": manifest(self.outside, fleeting=lambda path: path == "linked/two"),
                "neighbour": manifest(self.grant + "-and-more"), "grant": grant,
                "honest": replica, "source": manifest(self.source, still),
                "state": state,
                "settings": {name: {} for name in os.listdir(self.beta.state)}}


def memory_of(machine):
    with open(f"/proc/{machine.process.pid}/status", encoding="ascii") as file:
        lines = dict(line.split(":", 1) for line in file)
    return {"bytes": int(lines["VmRSS"].split()[0]) * 1024, "threads": int(lines["Threads"]),
            "descriptors": len(os.listdir(f"/proc/{machine.process.pid}/fd"))}


def compare(before, after):
    found = []
    for part in before:
        found += [f"{part}: {line}" for line in differences(before[part], after[part])]
    return found


def check_honest_mirror(scene):
    scene.alpha.ctl("wait", "honest", "--in-sync", "--timeout", "120")
    found = subprocess.run(
        ["rsync", "-aHAXSn", "--delete", "--itemize-changes", "--checksum", "--exclude=/.octopus",
         scene.source + "/", os.path.join(scene.grant, "honest") + "/"], capture_output=True,
        text=True, check=True).stdout
    status = scene.alpha.ctl("status", "honest")["vaults"][0]["targets"][0]
    sound = status["inSync"] and not status["problems"] and not status["halt"]
    return ([f"the honest mirror differs: {line}" for line in found.splitlines()]
            + ([] if sound else [f"the honest mirror: {status}"]))


def test_the_comparison(scene):
    """Each kind of damage, done by ourselves, must be noticed."""
    out, honest = scene.outside, os.path.join(scene.grant, "honest")
    times = os.stat(f"{out}/sub/deeper/file")

    def rewrite():
        with open(f"{out}/sub/deeper/file", "r+b") as file:
            file.write(b"DEEP")
        os.utime(f"{out}/sub/deeper/file", ns=(times.st_atime_ns, times.st_mtime_ns))

    damages = {
        "a time": lambda: os.utime(f"{out}/secret", ns=(1, 1)),
        "a mode": lambda: os.chmod(f"{out}/secret", 0o600),
        "a mode, put right again": lambda: (os.chmod(f"{out}/program", 0o700),
                                            os.chmod(f"{out}/program", 0o4755)),
        "a content of the same size and time": rewrite,
        "a new name": lambda: write(f"{out}/sub/new"),
        "a name that is gone": lambda: os.remove(f"{out}/fifo"),
        "a further name": lambda: os.link(f"{out}/linked/one", f"{scene.folder}/further"),
        "a link's target": lambda: (os.remove(f"{out}/link"), os.symlink("x", f"{out}/link")),
        "a folder in the grant": lambda: os.mkdir(f"{scene.grant}/other"),
        "a folder in the honest replica": lambda: os.mkdir(f"{honest}/stolen"),
        "a foreign file": lambda: write(f"{scene.grant}/planted-foreign/file", b"gone"),
        "a foreign file that was to stay": lambda: os.remove(
            f"{scene.grant}/planted-erased/directory/inner"),
        "a file in the state folder": lambda: write(f"{scene.beta.state}/new"),
    }
    for name, damage in damages.items():
        before = scene.canaries()
        damage()
        if not compare(before, scene.canaries()):
            sys.exit(f"the comparison does not notice {name}")


def run(scene, groups):
    writer = Writer(scene.source)
    before, memory = scene.canaries(), memory_of(scene.beta)
    writer.start()
    start = time.monotonic()
    code = scene.attack(groups)
    seconds = time.monotonic() - start
    writer.stop()
    if scene.beta.process.poll() is not None:
        sys.exit(f"octopusd has ended: {scene.beta.process.returncode}")
    time.sleep(0.5)
    after = memory_of(scene.beta)
    print(f"{seconds:.1f} s, {writer.count} honest changes meanwhile; before {memory}, after {after}")
    faults = check_honest_mirror(scene)
    faults += [f"outside the grant: {line}" for line in compare(before, scene.canaries())]
    if after["bytes"] - memory["bytes"] > GROWTH:
        faults.append("octopusd has grown too much")
    if code:
        faults.append("cases failed")
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("peer")
    parser.add_argument("--groups", nargs="*", default=[])
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="octopus-hostile-")
    scene = None
    try:
        scene = Scene(os.path.abspath(options.binaries), os.path.abspath(options.peer), folder)
        faults = []
        if options.groups != ["target"]:
            faults += run(scene, options.groups)
        if "target" in options.groups:
            faults += scene.false_target()
        test_the_comparison(scene)
        faults += [f"{machine.name} did not stop cleanly" for machine in scene.machines()
                   if machine.stop() != 0]
        if faults:
            sys.exit("\n".join(faults))
    finally:
        for machine in scene.machines() if scene else ():
            machine.process.kill()
        shutil.rmtree(folder, ignore_errors=True)


main()
