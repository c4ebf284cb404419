"""Real octopusd processes for tests and benchmarks."""
import base64
import hashlib
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time

# What a test leaves when it is killed burdens no other one.
MORTAL = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()
BUSY = 60  # seconds in which an engine takes a connection, whatever else this machine has to do


def ask(command, patience=300):
    """What became of this call of octopusctl. An engine that is too busy to take the connection is
    called again: nothing was sent to it."""
    end = time.monotonic() + BUSY
    while True:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience)
        said = done.stderr + done.stdout
        silent = done.returncode == 3 and "the engine for" in said and "does not answer" in said
        if not silent or time.monotonic() > end:
            return done



def until(what, condition, limit=120):
    """Ends the program where the condition does not hold within so many seconds."""
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"not within {limit} s: {what}")
        time.sleep(0.05)


class Machine:
    """One octopusd with a state folder of its own; `prefix` is a command that starts it."""

    def __init__(self, binaries, folder, name, port=0, prefix=()):
        self.binaries, self.name, self.prefix = binaries, name, prefix
        self.state = os.path.join(folder, "state-" + name)
        self.port = port
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [*MORTAL, *self.prefix, os.path.join(self.binaries, "octopusd"), "--state", self.state, "--name", self.name,
             "--listen", f"127.0.0.1:{self.port}", "--no-discovery", "--log-level", "error"],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().split()
        if line[:1] != ["ready"]:
            sys.exit(f"{self.name} did not start: {line}")
        self.port = int(line[3].rsplit(":", 1)[1])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """The exit code. The limit of its own, for when a disk is busy, is as good as a clean end."""
        self.process.terminate()
        code = self.process.wait(60)
        return 0 if code == -signal.SIGALRM else code

    def ctl(self, *arguments, expect=(0,), patience=300):
        done = ask([os.path.join(self.binaries, "octopusctl"), "--state", self.state, "--json",
                    *arguments], patience)
        if done.returncode not in expect:
            sys.exit(f"octopusctl {arguments}: exit {done.returncode}: {done.stderr}{done.stdout}")
        return json.loads(done.stdout) if done.stdout.strip() else None


def with_address(ticket, host, port):
    """The same invitation, to be redeemed at another address (engine/link/ticket.h)."""
    text = ticket.removeprefix("octopus:")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    body = raw[:61] + struct.pack(">HBB", port, 1, len(host)) + host.encode()
    body += hashlib.sha256(body).digest()[:4]
    return "octopus:" + base64.urlsafe_b64encode(body).decode().rstrip("=")
