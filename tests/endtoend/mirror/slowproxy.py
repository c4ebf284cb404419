"""A line that passes so many bytes a second on, and can break."""
import socket
import threading
import time


class SlowProxy(threading.Thread):
    """Passes what comes on to `target`, so many bytes a second; counts it, and can break."""

    def __init__(self, target, rate):
        super().__init__(daemon=True)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        self.port = self.server.getsockname()[1]
        self.target, self.rate = target, rate
        self.carried = 0
        self.pairs = []

    def run(self):
        while True:
            near = self.server.accept()[0]
            try:
                far = socket.create_connection(self.target)
            except OSError:
                near.close()
                continue
            self.pairs.append((near, far))
            for source, sink, slow in ((near, far, True), (far, near, False)):
                threading.Thread(target=self.carry, args=(source, sink, slow), daemon=True).start()

    def carry(self, source, sink, slow):
        try:
            while data := source.recv(4096 if slow else 65536):
                sink.sendall(data)
                if slow:
                    self.carried += len(data)
                    time.sleep(len(data) / self.rate)
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        for pair in self.pairs:
            for one in pair:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self.pairs.clear()
