"""`octopusctl check` between real engines in network namespaces, with each obstacle in turn.

    checking.py BIN_FOLDER

Every case must end at its own stage, with its own exit code, in time. Nothing outside the
namespaces is touched. Exits 77 where they cannot be made.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "..", "..", "discovery"))
from finding import MORTAL, Machine, ask  # noqa: E402
from namespaces import enter_namespaces, run  # noqa: E402

STAGES = ["resolve", "reach", "tls", "identity", "version", "pairing", "grant", "space", "clock"]
LONGEST = 30  # seconds, on a busy machine; the limit of the engine itself is 9.5 s
# The kernel answers no call when a listener's queue is full: as a firewall that drops what comes.
BLOCKED = """
import socket, time
server = socket.socket()
server.bind(("", 7000))
server.listen(0)
fill = [socket.socket() for _ in range(4)]
for one in fill:
    one.setblocking(False)
    one.connect_ex(("127.0.0.1", 7000))
print("ready", flush=True)
time.sleep(600)
"""
# Listeners that are not Octopus, or not one of today.
MUTE = "import socket, time; s = socket.create_server(('', 7001)); print('ready', flush=True); c = s.accept(); time.sleep(600)"
BANNER = "import socket, time\ns = socket.create_server(('', 7002))\nprint('ready', flush=True)\nwhile True:\n c = s.accept()[0]\n c.sendall(b'SSH-2.0-x\\r\\n')\n time.sleep(0.2)\n c.close()"
OLD = """
import socket, ssl, struct, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.minimum_version = ssl.TLSVersion.TLSv1_3
context.load_cert_chain(sys.argv[1])
context.set_alpn_protocols(["octopus-mirror/1"])
low, high = int(sys.argv[2]), int(sys.argv[3])
server = socket.create_server(("", int(sys.argv[4])))
print("ready", flush=True)
while True:
    try:
        line = context.wrap_socket(server.accept()[0], server_side=True)
        hello = bytes([0xa5, 0, low, 1, high, 2, 0x63]) + b"old" + bytes([3, 0x63]) + b"0.0" + bytes([4, 0x50]) + bytes(16)
        line.sendall(struct.pack("<IBBH", len(hello), 1, 0, 0) + hello)
        line.recv(1000)
        line.recv(1000)
    except OSError:
        pass
"""


class Checks:
    def __init__(self, machine):
        self.machine = machine
        self.details = {}

    def expect(self, what, address, stage, code, words, *options):
        """The check of `address` ends at `stage`, successfully if `code` is 0."""
        start = time.monotonic()
        self.machine.ctl("identity")
        program = time.monotonic() - start  # a program takes its time where others work, too
        start = time.monotonic()
        done = ask(self.machine.inside(os.path.join(self.machine.binaries, "octopusctl"), "--state",
                                       self.machine.state, "--json", "check", address, *options))
        seconds = max(0, time.monotonic() - start - program)
        report = json.loads(done.stdout) if done.stdout.strip() else {}
        last = (report.get("stages") or [{}])[-1]
        print(f"{what:28} {seconds:5.2f} s  {last.get('stage', '-'):9} {last.get('detail', done.stderr)}")
        assert done.returncode == code, (what, done)
        assert seconds < LONGEST, (what, seconds)
        if not report.get("stages"):
            return
        assert last["stage"] == stage and last["ok"] == (code == 0), (what, report)
        assert [one["stage"] for one in report["stages"]] == STAGES[:STAGES.index(stage) + 1], report
        assert re.search(words, last["detail"]), (what, report)
        assert last["ok"] or last["advice"], report
        assert last["ok"] or last["detail"] not in self.details.values(), (what, self.details)
        self.details[what] = last["detail"]


def serve(machine, source, *arguments):
    child = subprocess.Popen(
        [*MORTAL, *machine.inside(sys.executable, "-c", textwrap.dedent(source), *arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    machine.children.append(child)
    assert child.stdout.readline() == "ready\n", source
    return child


def certificate(folder):
    path = os.path.join(folder, "old.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", "9", "-subj", "/CN=old", "-keyout", path + ".key", "-out",
                    path + ".crt"], check=True, capture_output=True)
    with open(path, "wb") as file:
        for part in (".key", ".crt"):
            with open(path + part, "rb") as piece:
                file.write(piece.read())
    return path


def obstacles_of_the_network(checks, beta, folder):
    checks.expect("wrong name", "nobody.invalid", "resolve", 3, "no machine is called|in time")
    checks.expect("not a name", "a b", "", 2, "")
    checks.expect("host down", "10.31.0.99", "reach", 3, "10.31.0.99")
    checks.expect("port closed", "10.31.0.2:7999", "reach", 3, "nothing listens")
    serve(beta, BLOCKED)
    checks.expect("port blocked", "10.31.0.2:7000", "reach", 3, "nothing answers at 10.31.0.2:7000")
    serve(beta, MUTE)
    checks.expect("something mute", "10.31.0.2:7001", "tls", 3, "7001 is not Octopus")
    serve(beta, BANNER)
    checks.expect("something else", "10.31.0.2:7002", "tls", 3, "7002 is not Octopus")
    pem = certificate(folder)
    serve(beta, OLD, pem, "1", "1", "7003")
    checks.expect("old version", "10.31.0.2:7003", "version", 4, "too old")
    serve(beta, OLD, pem, "7", "9", "7004")
    checks.expect("newer version", "10.31.0.2:7004", "version", 4, "no common version")
    checks.expect("own machine", "10.31.0.1", "identity", 4, "this very machine")


def obstacles_of_trust(checks, alpha, beta, folder):
    checks.expect("not paired", "10.31.0.2", "pairing", 4, "is not paired")
    alpha.ctl("pair", beta.ctl("invite")["ticket"])
    checks.expect("nothing granted", "10.31.0.2", "grant", 4, "no folder")
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    run("mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", disk)
    beta.ctl("grant", "alpha", disk)
    checks.expect("elsewhere", "10.31.0.2", "grant", 4, "below no folder", "--destination", "/etc/x")
    checks.expect("all is well", "10.31.0.2", "clock", 0, "clocks differ", "--destination", disk + "/x")
    checks.expect("by the machine's name", "beta", "clock", 0, "clocks differ")
    checks.expect("with the port", "10.31.0.2:17290", "clock", 0, "clocks differ")
    checks.expect("IPv6 with scope", f"[{beta.link_local}%eth0]:17290", "clock", 0, "clocks differ")
    checks.expect("IPv6 without port", f"{beta.link_local}%eth0", "clock", 0, "clocks differ")
    subprocess.run(["dd", "if=/dev/zero", f"of={disk}/fill", "bs=1M"], capture_output=True)
    checks.expect("disk full", "10.31.0.2", "space", 4, "full")
    os.remove(f"{disk}/fill")
    beta.ctl("unpair", "alpha")
    checks.expect("unpaired there", "10.31.0.2", "pairing", 4, "no longer paired")
    alpha.ctl("unpair", "beta")


def main():
    binaries = os.path.abspath(sys.argv[1])
    enter_namespaces()
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "bridge", "type", "bridge")
    run("ip", "link", "set", "bridge", "up")
    folder = tempfile.mkdtemp(prefix="octopus-check-")
    alpha, beta = machines = [Machine(binaries, folder, name, number)
                              for number, name in enumerate(("alpha", "beta"), 1)]
    try:
        for machine in machines:
            machine.children = []
            # Any address, IPv6 as well; nothing is heard of anybody.
            machine.start("--listen", ":17290", "--no-discovery")
        until_ready(beta)
        checks = Checks(alpha)
        obstacles_of_the_network(checks, beta, folder)
        obstacles_of_trust(checks, alpha, beta, folder)
    finally:
        for machine in machines:
            for child in machine.children:
                child.kill()
                child.wait()
            machine.stop()
        subprocess.run(["umount", "-l", os.path.join(folder, "disk")], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def until_ready(beta):
    """IPv6 takes its time to find out that nobody else has the address."""
    for _ in range(100):
        told = subprocess.run(beta.inside("ip", "-6", "-o", "address", "show", "dev", "eth0", "scope", "link"),
                              capture_output=True, text=True).stdout
        found = re.search(r"inet6 (fe80\S+)/", told)
        if found and "tentative" not in told:
            beta.link_local = found[1]
            return
        time.sleep(0.1)
    sys.exit("beta has no link-local address")


if __name__ == "__main__":
    main()
