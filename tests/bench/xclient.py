"""A client of the X server, as small as measuring needs: keys as from a keyboard (XTEST), and the ping
by which window managers find out whether a window answers (_NET_WM_PING)."""
import socket
import struct
import time

CLIENT_MESSAGE = 33
KEY_PRESS, KEY_RELEASE = 2, 3
NOTIFY = 1 << 17 | 1 << 19  # of the structure of a window, and of those in it


def padded(text):
    return text + bytes(-len(text) % 4)


class XClient:
    def __init__(self, display):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(f"/tmp/.X11-unix/X{display.lstrip(':')}")
        self.stamp, self.pending = 0, []
        self.socket.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        head = self.take(8)
        assert head[0] == 1, "the X server refused"
        body = self.take(struct.unpack_from("<H", head, 6)[0] * 4)
        vendor, = struct.unpack_from("<H", body, 16)
        formats = body[21]
        self.root, = struct.unpack_from("<I", body, 32 + len(padded(bytes(vendor))) + formats * 8)
        # Of the root: where answers to pings go.
        self.send(struct.pack("<BxHIII", 2, 4, self.root, 1 << 11, NOTIFY))
        self.protocols, self.ping_protocol = self.atom(b"WM_PROTOCOLS"), self.atom(b"_NET_WM_PING")
        name = b"XTEST"
        self.xtest = self.ask(struct.pack("<BxHHxx", 98, 2 + len(padded(name)) // 4, len(name))
                              + padded(name))[9]

    def take(self, count):
        data = b""
        while len(data) < count:
            got = self.socket.recv(count - len(data))
            assert got, "the X server has gone"
            data += got
        return data

    def send(self, request):
        self.socket.sendall(request)

    def next(self):
        """An event, a reply or an error."""
        head = self.take(32)
        return head + self.take(struct.unpack_from("<I", head, 4)[0] * 4) if head[0] == 1 else head

    def ask(self, request):
        self.send(request)
        while True:
            got = self.next()
            assert got[0] != 0, f"X error {got[1]}"
            if got[0] == 1:
                return got
            self.pending.append(got)

    def atom(self, name):
        return struct.unpack_from("<I", self.ask(
            struct.pack("<BBHHxx", 16, 0, 2 + len(padded(name)) // 4, len(name)) + padded(name)), 8)[0]

    def round_trip(self):
        """Seconds that the server itself takes to answer (GetInputFocus)."""
        start = time.perf_counter()
        self.ask(struct.pack("<BxH", 43, 1))
        return time.perf_counter() - start

    def key(self, code):
        """Pressed and released; the server has delivered it when this returns."""
        for kind in (KEY_PRESS, KEY_RELEASE):
            self.send(struct.pack("<BBHBBxxII8xHHxxxxxxxx", self.xtest, 2, 9, kind, code, 0, 0, 0, 0))
        self.round_trip()

    def ping(self, window, limit=30):
        """Seconds until the program has handled all that came before this."""
        self.stamp += 1
        event = struct.pack("<BBHIIIIIII", CLIENT_MESSAGE, 32, 0, window, self.protocols,
                            self.ping_protocol, self.stamp, window, 0, 0)
        self.pending.clear()
        self.socket.settimeout(limit)
        start = time.perf_counter()
        self.send(struct.pack("<BBHII", 25, 0, 11, window, 0) + event)
        while True:
            got = self.next()
            if got[0] & 0x7f == CLIENT_MESSAGE:
                kind, protocol, stamp = struct.unpack_from("<III", got, 8)
                if (kind, protocol, stamp) == (self.protocols, self.ping_protocol, self.stamp):
                    return time.perf_counter() - start
