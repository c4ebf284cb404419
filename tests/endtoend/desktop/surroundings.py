"""What a desktop program lives in, made for a test: a display, a window manager, a session bus, a
tray, notifications, a screen reader; and a person's hands."""
import json
import os
import shutil
import subprocess
import threading
import time

PROGRAMS = ("Xvfb", "openbox", "xdotool", "dbus-daemon", "import", "xprop", "setpriv")
PATIENCE = 120  # seconds, for what takes one on an idle machine
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>
"""


def until(condition, what, limit=PATIENCE):
    """What the condition gives once it holds."""
    end = time.monotonic() + limit
    while True:
        got = condition()
        if got:
            return got
        if time.monotonic() > end:
            raise AssertionError(f"no {what() if callable(what) else what} within {limit} s")
        time.sleep(0.05)


class Surroundings:
    """Everything ends with end()."""

    def __init__(self, helpers, folder, pictures=None):
        self.helpers, self.folder, self.pictures = helpers, folder, pictures
        self.processes, self.lines, self.step = [], [], 0
        runtime, home = (os.path.join(folder, name) for name in ("runtime", "home"))
        for path in (runtime, home):
            os.makedirs(path, mode=0o700)
        self.environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("QT_", "XDG_", "LC_", "WAYLAND", "DBUS_", "OCTOPUS_STATE"))}
        self.environment.update(
            HOME=home, XDG_RUNTIME_DIR=runtime, LANG="C.UTF-8", QT_QPA_PLATFORM="xcb",
            DBUS_SESSION_BUS_ADDRESS=f"unix:path={folder}/bus", QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1")
        self.start_display()
        self.start_bus()
        self.start_shell()

    def start(self, *command, **options):
        # Nothing outlives the test, whatever ends it.
        process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command],
                                   env=self.environment, **options)
        self.processes.append(process)
        return process

    def start_display(self):
        reading, writing = os.pipe()
        self.start("Xvfb", "-displayfd", str(writing), "-screen", "0", "1360x900x24", "-nolisten", "tcp",
                   pass_fds=(writing,), stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb gave no display"
        self.environment["DISPLAY"] = f":{number}"
        self.start("openbox", "--sm-disable", stderr=subprocess.DEVNULL)
        until(lambda: "window id" in self.output("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"),
              "window manager")

    def start_bus(self):
        configuration = os.path.join(self.folder, "bus.conf")
        with open(configuration, "w", encoding="ascii") as file:
            file.write(BUS.format(folder=self.folder))
        self.start("dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile")
        until(lambda: os.path.exists(os.path.join(self.folder, "bus")), "session bus")

    def start_shell(self):
        self.shell = self.start(os.path.join(self.helpers, "octopus_test_shell"),
                                *([self.pictures] if self.pictures else []),
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self.listen, daemon=True).start()
        until(lambda: self.said("ready"), "tray")

    def listen(self):
        for line in self.shell.stdout:
            self.lines.append(json.loads(line))

    def end(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    # ---- what the tray and the notifications say

    def said(self, kind):
        """Everything of this kind, in order."""
        return [line[kind] for line in list(self.lines) if kind in line]

    def tray(self):
        return (self.said("item") or [{"look": "", "toolTip": "", "status": ""}])[-1]

    def tell(self, command):
        self.shell.stdin.write(command + "\n")
        self.shell.stdin.flush()

    def menu(self):
        before = len(self.said("menu"))
        self.tell("menu")
        return until(lambda: self.said("menu")[before:], "menu of the tray")[0]

    # ---- what is on the screen

    def output(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True).stdout

    def picture(self, name):
        if self.pictures:
            self.step += 1
            self.output("import", "-window", "root",
                        os.path.join(self.pictures, f"{self.step:02}-{name}.png"))

    def active(self):
        return self.output("xdotool", "getactivewindow", "getwindowname").strip()

    def in_front(self, title):
        until(lambda: self.active().startswith(title),
              lambda: f'window "{title}" in front; it is "{self.active()}"')

    def read(self):
        """Every object that shows, of all windows, in reading order."""
        program = self.said("program")[-1]
        text = self.output(os.path.join(self.helpers, "octopus_test_screenreader"),
                           program["service"], program["path"])
        objects = []

        def walk(one, window):
            for child in one["children"]:
                inner = window or child["name"]
                objects.append({**child, "window": inner})
                walk(child, inner)
        walk(json.loads(text), "")
        return objects

    def seen(self, words, role=None):
        """The first object that shows these words; None if there is none."""
        for one in self.read():
            if role in (None, one["role"]) and any(
                    words in one.get(key, "") for key in ("name", "text", "description")):
                return one
        return None

    def sees(self, words, role=None, limit=PATIENCE):
        def found():
            return self.seen(words, role)

        def shown():
            texts = {one["name"] for one in self.read()}
            return f"sight of {words!r}; there are {sorted(texts)}"
        return until(found, shown, limit)

    # ---- hands

    def keys(self, *keys):
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], env=self.environment, check=True)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--delay", "30", text], env=self.environment, check=True)


def require(skip):
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        skip(f"missing: {', '.join(missing)}")
