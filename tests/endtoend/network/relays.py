"""Ways to a machine that are not straight.

    relays.py unix PATH HOST PORT            a Unix socket, each connection of which leads to HOST:PORT
    relays.py socks5 PORT USER PASSWORD      a SOCKS5 proxy on 127.0.0.1 that wants this login

Prints "ready". For tests: addresses of IPv4 and names only, and one thread a connection.
"""
import socket
import sys
import threading


def pump(source, drain):
    try:
        while data := source.recv(65536):
            drain.sendall(data)
    except OSError:
        pass
    for end in (source, drain):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def join(near, far):
    threading.Thread(target=pump, args=(far, near), daemon=True).start()
    pump(near, far)
    near.close()
    far.close()


def exactly(near, count):
    data = b""
    while len(data) < count:
        more = near.recv(count - len(data))
        if not more:
            raise OSError("hung up")
        data += more
    return data


def answer(near, user, password):
    """What a client of the proxy asked for, connected; or None."""
    exactly(near, exactly(near, 2)[1])
    near.sendall(b"\x05\x02")
    given_user = exactly(near, exactly(near, 2)[1])
    given_password = exactly(near, exactly(near, 1)[0])
    right = given_user == user.encode() and given_password == password.encode()
    near.sendall(b"\x01" + (b"\x00" if right else b"\x01"))
    if not right:
        return None
    kind = exactly(near, 4)[3]
    host = (socket.inet_ntoa(exactly(near, 4)) if kind == 1
            else exactly(near, exactly(near, 1)[0]).decode() if kind == 3 else None)
    if host is None:
        near.sendall(b"\x05\x08\x00\x01" + bytes(6))
        return None
    port = int.from_bytes(exactly(near, 2), "big")
    try:
        far = socket.create_connection((host, port), 5)
        far.settimeout(None)
    except OSError:
        near.sendall(b"\x05\x04\x00\x01" + bytes(6))
        return None
    near.sendall(b"\x05\x00\x00\x01" + bytes(6))
    return far


def serve(listener, connect):
    def one(near):
        try:
            far = connect(near)
            if far:
                join(near, far)
        except OSError:
            pass
        near.close()

    print("ready", flush=True)
    while True:
        threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()


def main():
    if sys.argv[1] == "unix":
        path, host, port = sys.argv[2:]
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
        serve(listener, lambda near: socket.create_connection((host, int(port))))
    else:
        port, user, password = sys.argv[2:]
        serve(socket.create_server(("127.0.0.1", int(port))), lambda near: answer(near, user, password))


if __name__ == "__main__":
    main()
