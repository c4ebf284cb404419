#!/usr/bin/env python3
"""What becomes of a mirror whose ends are moved, removed, halted or taken away in the midst of it.

    lives.py CASE BINARIES

wait      somebody waits for a mirror that halts: the engine lives on, and the waiting ends
moved     a replica folder that is moved away halts its mirror, over restarts too, until it is back
mounted   so does one that something is mounted over; nothing is written to what is mounted there
removed   so does one that is removed, until its user says that it is to be founded anew
again     a vault whose kept replica was removed can be added again at once
erased    an erased replica stays away while the vault's other replica is not erased yet
given-up  an erasure whose target dies is refused, and the mirror goes on as if nobody had asked
twice     erasing at several command lines at once is answered to each of them
reason    a target that refuses the destination is shown as offline because of that, until it does not
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from engines import Machine, until

LIMIT = 120  # seconds; a target is called again every 30 s


def meanwhile(what, condition, seconds):
    """For what must not come: `condition` holds all the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        expect(what, condition())
        time.sleep(0.1)


def expect(what, holds):
    if not holds:
        sys.exit(f"expected: {what}")


def content(folder):
    """What lies in a folder, the control folder too; nothing where there is none."""
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def remove(folder):
    """Whatever its engine may write there at this moment."""
    def is_removed():
        shutil.rmtree(folder, ignore_errors=True)
        return not os.path.lexists(folder)
    until(f"{folder} can be removed", is_removed)


class Scene:
    """The primary alpha, its source two folders down, and targets that grant a folder each."""

    def __init__(self, binaries, folder, targets):
        self.binaries = binaries
        self.parent = os.path.join(folder, "parent")
        self.source = os.path.join(self.parent, "middle", "source")
        os.makedirs(self.source)
        self.write("a"), self.write("b")
        self.started = []  # commands in the background
        self.machines = []
        self.grants = {}
        try:
            self.primary = self.start(folder, "alpha")
            self.targets = {name: self.start(folder, name) for name in targets}
            for name, machine in self.targets.items():
                self.grants[name] = os.path.join(folder, "grant-" + name)
                os.mkdir(self.grants[name])
                ticket = machine.ctl("invite", "--grant", self.grants[name])["ticket"]
                self.primary.ctl("pair", ticket)
        except BaseException:
            self.end()
            raise
        self.beta = self.targets["beta"]

    def start(self, folder, name):
        machine = Machine(self.binaries, folder, name)
        self.machines.append(machine)
        return machine

    def end(self):
        """Ends everything; tells what the engines ended with."""
        for command in self.started:
            if command.poll() is None:
                command.kill()
            command.communicate()
        codes = []
        for machine in self.machines:
            if machine.process.poll() is None:
                machine.process.send_signal(signal.SIGCONT)
            try:
                codes.append(machine.stop())
            except subprocess.TimeoutExpired:
                machine.kill()
                codes.append("no end")
        return codes

    def write(self, name):
        with open(os.path.join(self.source, name), "w", encoding="ascii") as file:
            file.write(name)

    def replica(self, name="beta"):
        return os.path.join(self.grants[name], "docs")

    def copied(self, name="beta"):
        return [entry for entry in content(self.replica(name)) if entry != ".octopus"]

    def add(self, expect=(0,)):
        targets = [word for name in self.targets for word in ("--target", name)]
        self.primary.ctl("vault", "add", "docs", "--source", self.source, *targets, expect=expect)

    def background(self, *arguments):
        command = subprocess.Popen(
            [os.path.join(self.binaries, "octopusctl"), "--state", self.primary.state, "--json",
             *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.started.append(command)
        return command

    def outcome(self, command):
        """Of one in the background: its exit code, once it has ended by itself."""
        until(f"{command.args[4:]} ends", lambda: command.poll() is not None)
        return command.returncode

    def status(self):
        """The mirrors of docs as the primary tells them; none where there is no such vault."""
        status = self.primary.ctl("status", expect=(0, 1))
        return [mirror for vault in status["vaults"] for mirror in vault["targets"]]

    def vaults(self):
        return [vault["name"] for vault in self.primary.ctl("vault", "list")]

    def keeps_replica(self, name):
        status = self.targets[name].ctl("status", expect=(0, 1))
        return any(vault["role"] == "target" for vault in status["vaults"])

    def halted(self, reason):
        mirrors = self.status()
        halts = [mirror["halt"]["reason"] for mirror in mirrors if mirror["halt"]]
        return bool(mirrors) and halts == [reason] * len(mirrors)

    def in_sync(self, *names):
        """Told to be, and every target holds these."""
        mirrors = self.status()
        return (bool(mirrors) and all(mirror["inSync"] for mirror in mirrors)
                and all(self.copied(name) == sorted(names) for name in self.targets))

    def settle(self):
        self.add()
        until("the first copy", lambda: self.in_sync("a", "b"))

    def restart(self):
        """The primary last: what it tells then comes of a target that was restarted too."""
        for machine in reversed(self.machines):
            expect(f"{machine.name} stops", machine.stop() == 0)
            machine.start()

    def lives(self):
        expect("the primary's engine lives", self.primary.process.poll() is None)


def wait(scene):
    scene.settle()
    expect("beta stops", scene.beta.stop() == 0)
    scene.write("c")
    waiting = scene.background("wait", "docs", "--in-sync", "--timeout", str(5 * LIMIT))
    time.sleep(1)  # so that it waits already; one that comes later is answered just so
    expect("it waits", waiting.poll() is None)
    os.rename(scene.parent, scene.parent + ".away")
    code = scene.outcome(waiting)
    scene.lives()
    expect("it is not told to be in sync", code != 0)
    until("a halt because there is no source", lambda: scene.halted("root-gone"))
    os.rename(scene.parent + ".away", scene.parent)
    scene.beta.start()
    until("going on by itself", lambda: scene.in_sync("a", "b", "c"))


def moved(scene):
    scene.settle()
    replica, away = scene.replica(), scene.replica() + ".away"

    def expect_untouched():
        until("a halt because the replica is gone", lambda: scene.halted("replica-gone"))
        meanwhile("no replica is made", lambda: not os.path.lexists(replica), 1)
        expect("nothing comes into the one that is away",
               content(away) == [".octopus", "a", "b"])

    os.rename(replica, away)
    until("a halt because the replica is gone", lambda: scene.halted("replica-gone"))
    scene.write("c")  # until it is seen, changes go to where the folder is now
    expect_untouched()
    scene.restart()
    expect_untouched()
    os.rename(away, replica)
    until("going on by itself", lambda: scene.in_sync("a", "b", "c"))


def mounted(scene):
    scene.settle()
    replica = scene.replica()
    if subprocess.run(["mount", "-t", "tmpfs", "none", replica], check=False,
                      stderr=subprocess.DEVNULL).returncode != 0:
        print("no rights to mount: left out")
        return
    try:
        scene.write("c")
        until("a halt because the replica is hidden", lambda: scene.halted("replica-gone"))
        scene.write("d")
        meanwhile("nothing comes into what is mounted", lambda: content(replica) == [], 1)
    finally:
        # Lazily: an engine may be looking at it at this moment.
        subprocess.run(["umount", "--lazy", replica], check=True)
    until("going on by itself", lambda: scene.in_sync("a", "b", "c", "d"))


def removed(scene):
    scene.settle()

    def expect_halt():
        until("a halt because the replica is gone", lambda: scene.halted("replica-gone"))
        meanwhile("no replica is made", lambda: not os.path.lexists(scene.replica()), 1)

    remove(scene.replica())
    expect_halt()
    scene.primary.ctl("resume", "docs")  # without --confirm it is the same replica that is wanted
    expect_halt()
    until("the same halt again", lambda: scene.halted("replica-gone"))
    scene.primary.ctl("resume", "docs", "--confirm")
    until("a replica founded anew", lambda: scene.in_sync("a", "b"))
    scene.restart()  # it is the known one now
    scene.write("c")
    until("going on after a restart", lambda: scene.in_sync("a", "b", "c"))
    remove(scene.replica())
    expect_halt()


def again(scene):
    scene.settle()
    scene.primary.ctl("vault", "remove", "docs")
    expect("the replica is kept", scene.copied() == ["a", "b"])
    remove(scene.replica())
    scene.write("c")
    scene.add()
    until("the first copy of the new vault", lambda: scene.in_sync("a", "b", "c"))


def erased(scene):
    scene.settle()
    gamma = scene.targets["gamma"].process
    gamma.send_signal(signal.SIGSTOP)
    removing = scene.background("vault", "remove", "docs", "--erase-replicas")
    emptied = False
    end = time.monotonic() + 6  # whoever is silent for 10 s is taken for dead
    while time.monotonic() < end:
        there = content(scene.replica("beta"))
        expect("nothing of it comes back", not (emptied and there))
        emptied = emptied or not there
        time.sleep(0.05)
    expect("gamma's is not erased yet", removing.poll() is None)
    gamma.send_signal(signal.SIGCONT)
    expect("it is told to be done", scene.outcome(removing) == 0)
    expect("the vault is gone", scene.vaults() == [])
    for name in scene.targets:
        until(f"{name} knows of no replica", lambda: not scene.keeps_replica(name))
        expect(f"{name} holds nothing of it", content(scene.replica(name)) == [])


def given_up(scene):
    scene.settle()
    scene.beta.process.send_signal(signal.SIGSTOP)
    removing = scene.background("vault", "remove", "docs", "--erase-replicas")
    time.sleep(1)  # so that the target has been asked; one that comes later is answered just so
    expect("it is not told before the target answered", removing.poll() is None)
    scene.beta.kill()
    expect("it is told to have failed", scene.outcome(removing) != 0)
    expect("the vault is kept", scene.vaults() == ["docs"])
    until("it is offline and not paused",
          lambda: [mirror["phase"] for mirror in scene.status()] == ["offline"])
    scene.beta.start()
    until("going on by itself", lambda: scene.in_sync("a", "b"))
    meanwhile("nobody erases it later",
              lambda: scene.copied() == ["a", "b"] and scene.vaults() == ["docs"], 3)
    scene.write("c")
    until("changes are mirrored", lambda: scene.in_sync("a", "b", "c"))


def twice(scene):
    scene.settle()
    scene.beta.process.send_signal(signal.SIGSTOP)
    removing = [scene.background("vault", "remove", "docs", "--erase-replicas") for _ in range(3)]
    time.sleep(1)  # so that all have asked; one that comes later finds no such vault
    scene.beta.process.send_signal(signal.SIGCONT)
    codes = [scene.outcome(one) for one in removing]
    scene.lives()
    expect(f"one is told to be done, not {codes}", 0 in codes)
    expect("the vault is gone", scene.vaults() == [])
    expect("the replica is erased", content(scene.replica()) == [])


def reason(scene):
    with open(scene.replica(), "w", encoding="ascii"):
        pass  # a file where the folder is to be
    scene.add(expect=(0, 4))

    def is_told():
        return any("folder" in (mirror["offlineBecause"] or "") for mirror in scene.status())

    until("the target is offline because there is no folder", is_told)
    os.remove(scene.replica())
    until("going on by itself", lambda: scene.in_sync("a", "b"))


CASES = {"wait": wait, "moved": moved, "mounted": mounted, "removed": removed, "again": again,
         "erased": erased, "given-up": given_up, "twice": twice, "reason": reason}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in CASES:
        sys.exit(__doc__)
    case, binaries = sys.argv[1], os.path.abspath(sys.argv[2])
    targets = ("beta", "gamma") if case == "erased" else ("beta",)
    with tempfile.TemporaryDirectory(prefix="octopus-lives-") as folder:
        scene = Scene(binaries, folder, targets)
        try:
            CASES[case](scene)
        finally:
            codes = scene.end()
            if any(codes):
                print(f"the engines ended with {codes}", flush=True)
    if any(codes):
        sys.exit(1)
    print(f"{case}: as it should be")


if __name__ == "__main__":
    main()
