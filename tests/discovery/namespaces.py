"""Three machines on a bridge, each in a network namespace of its own, find each other.

    namespaces.py CASE BEACONPEER

CASE: one of CASES below. Nothing outside the namespaces is touched. Exits 77 where namespaces cannot
be made, or where a case needs Avahi and there is none.
"""
import hashlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

SKIPPED = 77
NAMES = ("alpha", "beta", "gamma")
LIMIT = 13.0  # seconds in which everybody is found: below the 15 s after which each announces itself anyway
PATIENCE = 60  # seconds with a busy machine, and with Avahi
GOODBYE = 30  # seconds: below the 60 s after which who is silent is forgotten anyway
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/>
<allow send_type="method_call"/><allow send_type="method_return"/><allow send_type="signal"/><allow send_type="error"/>
<allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="signal"/>
<allow receive_type="error"/></policy></busconfig>
"""
AVAHI = """[server]
host-name={name}
use-ipv4=yes
use-ipv6=yes
[publish]
publish-hinfo=no
publish-workstation=no
"""


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def enter_namespaces():
    """Starts this program again inside namespaces of its own."""
    if os.environ.get("OCTOPUS_IN_NAMESPACE"):
        return
    if not all(map(shutil.which, ("unshare", "nsenter", "ip", "mount"))):
        skip("unshare, nsenter, ip or mount is missing")
    command = ["unshare", "--net", "--mount", "--propagation", "private"]
    if os.geteuid() != 0:
        command[1:1] = ["--user", "--map-root-user"]
    if subprocess.run([*command, "true"], capture_output=True).returncode != 0:
        skip("this system lets us make no network namespaces")
    os.environ["OCTOPUS_IN_NAMESPACE"] = "1"
    os.execvp("unshare", [*command, sys.executable, *sys.argv])


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")


class Segment:
    """A bridge to which machines are connected; a machine is a process that holds its namespaces."""

    def __init__(self, ipv4):
        self.ipv4, self.holders, self.children = ipv4, [], []
        run("ip", "link", "add", "bridge0", "type", "bridge")
        run("ip", "link", "set", "bridge0", "up")

    def add(self):
        number = len(self.holders) + 1
        holder = subprocess.Popen(["unshare", "--net", "--mount", "--propagation", "private", "sleep", "600"])
        self.holders.append(holder)
        own = os.readlink("/proc/self/ns/net")
        until(lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != own, PATIENCE, "a namespace")
        run("ip", "link", "add", f"port{number}", "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        run("ip", "link", "set", f"port{number}", "master", "bridge0", "up")
        inside = (*self.prefix(number), "sh", "-c")
        # Without the probing for duplicates, which takes a second or two.
        run(*inside, "for i in all eth0; do echo 0 > /proc/sys/net/ipv6/conf/$i/accept_dad; done")
        if self.ipv4:
            run(*inside, f"ip address add 10.77.0.{number}/24 broadcast + dev eth0")
        run(*inside, "ip link set lo up; ip link set eth0 up; mount -t tmpfs tmpfs /run")
        return number

    def prefix(self, number):
        return ("nsenter", f"--target={self.holders[number - 1].pid}", "--net", "--mount", "--")

    def start(self, number, *command, **options):
        child = subprocess.Popen([*self.prefix(number), *command], **options)
        self.children.append(child)
        return child

    def end(self):
        for child in reversed(self.children + self.holders):
            if child.poll() is None:
                child.kill()
            child.wait()
        run("ip", "link", "delete", "bridge0")


class Machine:
    """A beaconpeer and what it said."""

    def __init__(self, segment, number, program, sources, bus=None):
        self.name, self.lines, self.changed = NAMES[number - 1], [], threading.Condition()
        environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={bus or '/nowhere'}")
        self.started = time.monotonic()
        self.process = segment.start(number, program, self.name, sources, env=environment, text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append((time.monotonic() - self.started, line.strip()))
                self.changed.notify_all()

    def wait_for(self, holds, timeout, what):
        """The time at which `holds` was first true of the lines so far."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while not holds(self):
                left = deadline - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    if not holds(self):
                        sys.exit(f"{self.name}: no {what} within {timeout} s: {self.lines}")
            return self.lines[-1][0]

    def listed(self):
        """Name -> (sources, addresses) of the last list."""
        last = next((line for _, line in reversed(self.lines) if line.startswith("machines")), "machines ")
        entries = [entry.split(" ") for entry in last[len("machines "):].split(";") if entry]
        return {name: (set(sources.split("+")), addresses.split(",")) for name, sources, addresses in entries}

    def says(self, start):
        return next((line for _, line in reversed(self.lines) if line.startswith(start)), None)

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def quit(self):
        self.tell("quit")
        if self.process.wait(PATIENCE) != 0:
            sys.exit(f"{self.name} ended with {self.process.returncode}")


def until(holds, timeout, what):
    deadline = time.monotonic() + timeout
    while True:
        try:
            if holds():
                return
        except OSError:
            pass
        if time.monotonic() > deadline:
            sys.exit(f"no {what} within {timeout} s")
        time.sleep(0.02)


def others(machine):
    return set(NAMES) - {machine.name}


def avahi_user():
    """A user that Avahi can be: in a namespace of a single user that one, which is root there."""
    with open("/proc/self/uid_map", encoding="ascii") as file:
        known = [(int(line.split()[0]), int(line.split()[2])) for line in file]
    return 64999 if any(first <= 64999 < first + count for first, count in known) else 0


def start_bus(segment, number, folder):
    """A system bus for one machine; the path of its socket."""
    own = os.path.join(folder, NAMES[number - 1])
    os.mkdir(own)
    with open(os.path.join(own, "bus.conf"), "w", encoding="ascii") as file:
        file.write(BUS.format(folder=own))
    with open(os.path.join(own, "avahi.conf"), "w", encoding="ascii") as file:
        file.write(AVAHI.format(name=NAMES[number - 1]))
    user = avahi_user()
    for table, line in (("passwd", f"avahi:x:{user}:{user}::/:/bin/false"), ("group", f"avahi:x:{user}:")):
        with open(f"/etc/{table}", encoding="utf-8") as file:
            known = file.read()
        with open(os.path.join(own, table), "w", encoding="utf-8") as file:
            file.write(f"{line}\n{known}")  # the first line of a name holds
        run(*segment.prefix(number), "mount", "--bind", os.path.join(own, table), f"/etc/{table}")
    segment.start(number, "dbus-daemon", f"--config-file={own}/bus.conf", "--nofork", "--nopidfile",
                  stderr=subprocess.DEVNULL)
    until(lambda: os.path.exists(f"{own}/bus"), PATIENCE, "bus")
    return f"{own}/bus"


def start_avahi(segment, number, bus):
    environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={bus}")
    configuration = os.path.join(os.path.dirname(bus), "avahi.conf")
    return segment.start(number, "avahi-daemon", "--no-drop-root", "--no-chroot", "--no-rlimits",
                         "--no-proc-title", "-f", configuration, env=environment,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def need_avahi():
    if not all(map(shutil.which, ("avahi-daemon", "dbus-daemon"))):
        skip("avahi-daemon or dbus-daemon is missing")


def all_found(machines, sources, addresses=None):
    slowest = 0
    for machine in machines:
        def complete(m):
            listed = m.listed()
            return set(listed) == others(m) and all(
                found[0] == sources and (not addresses or addresses(found[1])) for found in listed.values())
        slowest = max(slowest, machine.wait_for(complete, PATIENCE, f"list of all by {sources}"))
    print(f"the slowest list was complete after {slowest:.2f} s")
    if slowest > (LIMIT if sources == {"broadcast"} else PATIENCE):
        sys.exit(f"{slowest:.2f} s is too long")


def broadcast(segment, program, _folder, addresses=None):
    machines = [Machine(segment, segment.add(), program, "broadcast") for _ in NAMES]
    all_found(machines, {"broadcast"}, addresses)
    started = time.monotonic()
    machines[0].quit()
    for machine in machines[1:]:
        machine.wait_for(lambda m: "alpha" not in m.listed(), GOODBYE, "good-bye")
    print(f"good-bye within {time.monotonic() - started:.2f} s")
    started = time.monotonic()
    machines[0] = Machine(segment, 1, program, "broadcast")
    all_found(machines[:1], {"broadcast"}, addresses)
    # A cable that is pulled, and put in again.
    run("ip", "link", "set", "port2", "down")
    machines[0].process.kill()
    time.sleep(0.5)
    run("ip", "link", "set", "port2", "up")
    machines[0] = Machine(segment, 1, program, "broadcast")
    all_found([machines[0]], {"broadcast"}, addresses)


def ipv6(segment, program, folder):
    broadcast(segment, program, folder, lambda found: all(a.startswith("[fe80::") for a in found))


def dns_sd(segment, program, folder, sources=("dns-sd",)):
    need_avahi()
    buses = [start_bus(segment, segment.add(), folder) for _ in NAMES]
    for number, bus in enumerate(buses, 1):
        start_avahi(segment, number, bus)
    time.sleep(3)  # Avahi itself announces its host first
    machines = [Machine(segment, number, program, "both" if len(sources) == 2 else sources[0], bus)
                for number, bus in enumerate(buses, 1)]
    all_found(machines, set(sources))
    machines[0].quit()
    for machine in machines[1:]:
        machine.wait_for(lambda m: "alpha" not in m.listed(), GOODBYE, "good-bye")
    return machines


def both(segment, program, folder):
    dns_sd(segment, program, folder, ("broadcast", "dns-sd"))


def avahi_later(segment, program, folder):
    need_avahi()
    buses = [start_bus(segment, segment.add(), folder) for _ in NAMES]
    machines = [Machine(segment, number, program, "both", bus) for number, bus in enumerate(buses, 1)]
    all_found(machines, {"broadcast"})
    for machine in machines:
        machine.wait_for(lambda m: m.says("state dns-sd not-available"), PATIENCE, "state")
    daemons = [start_avahi(segment, number, bus) for number, bus in enumerate(buses, 1)]
    for machine in machines:
        found = machine.wait_for(
            lambda m: set(m.listed()) == others(m) and all("dns-sd" in f[0] for f in m.listed().values()),
            PATIENCE, "list by Avahi")
    print(f"by Avahi as well after {found:.2f} s")
    daemons[0].terminate()
    machines[0].wait_for(lambda m: m.says("state dns-sd").startswith("state dns-sd not-available"), PATIENCE, "state")
    machines[0].wait_for(lambda m: all(f[0] == {"broadcast"} for f in m.listed().values()), PATIENCE, "list without Avahi")
    daemons[0].wait()
    start_avahi(segment, 1, buses[0])
    machines[0].wait_for(lambda m: all("dns-sd" in f[0] for f in m.listed().values()), PATIENCE, "list by Avahi again")


def deaf_bus(segment, program, folder):
    """A system bus that takes connections and never answers holds nobody up."""
    bus = os.path.join(folder, "bus")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(bus)
    listener.listen(10)
    all_found([Machine(segment, segment.add(), program, "both", bus) for _ in NAMES], {"broadcast"})


def hostile(segment, program, folder):
    """A flood, forged names and nonsense from one machine; the others keep their list."""
    machines = [Machine(segment, segment.add(), program, "broadcast") for _ in NAMES]
    all_found(machines, {"broadcast"})
    flooder = segment.add()
    beta = machines[1]
    before = memory_of(beta.process.pid)
    cpu = processor_time_of(beta.process.pid)
    flood = segment.start(flooder, sys.executable, os.path.abspath(__file__), "flood", "10", stdout=subprocess.PIPE,
                          text=True)
    sent = int(flood.communicate(timeout=2 * PATIENCE)[0])
    used = processor_time_of(beta.process.pid) - cpu
    grown = memory_of(beta.process.pid) - before
    print(f"{sent / 10:.0f} datagrams a second: {used / 10:.1%} of a processor, {grown / 1024:.1f} MiB more memory")
    listed = beta.listed()
    if not others(beta) <= set(listed):
        sys.exit(f"beta lost machines: {sorted(listed)[:10]}")
    if grown > 8192:
        sys.exit("that is too much memory")
    if len(listed) > 20:
        sys.exit(f"one address filled the list: {len(listed)}")
    lists = sum(line.startswith("machines") for _, line in beta.lines)
    if lists > 60:
        sys.exit(f"the list changed {lists} times")


def flood(seconds):
    """Inside a namespace: as many datagrams as can be sent."""
    end = time.monotonic() + seconds
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    target, sent = ("10.77.0.255", 17290), 0
    alpha = hashlib.sha256(b"alpha").digest()
    while time.monotonic() < end:
        for _ in range(500):
            unique = hashlib.sha256(struct.pack("<Q", sent)).digest()
            victim, name = (alpha, b"evil%d" % sent) if sent % 3 == 0 else (unique, b"m%d" % sent)
            packet = struct.pack("<4sBBHQQ32sHII", b"OMBC", 1, 1 + sent % 3, 0, 1 + sent % 5, sent, victim,
                                 17290, 1, 1) + bytes([len(name)]) + name + b"\x00"
            try:
                out.sendto(packet if sent % 7 else os.urandom(200), target)
            except OSError:
                pass
            sent += 1
    print(sent)


def memory_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("VmRSS")).split()[1])


def processor_time_of(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


CASES = {"broadcast": broadcast, "ipv6": ipv6, "dns-sd": dns_sd, "both": both,
         "avahi-later": avahi_later, "deaf-bus": deaf_bus, "hostile": hostile}


def main():
    if sys.argv[1] == "flood":
        return flood(float(sys.argv[2]))
    case, program = CASES[sys.argv[1]], sys.argv[2]
    enter_namespaces()
    run("ip", "link", "set", "lo", "up")
    segment = Segment(ipv4=sys.argv[1] != "ipv6")
    with tempfile.TemporaryDirectory() as folder:
        try:
            case(segment, program, folder)
        finally:
            segment.end()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    main()
