#!/usr/bin/env python3
"""A large file over a slow line that breaks half-way arrives without being sent twice.

    resuming.py CASE BIN_FOLDER [--size BYTES] [--rate BYTES_A_SECOND]

CASE: cut (the connection), killed (the target's engine, kill -9) or restarted (the primary's). Two
engines, and a proxy between them that passes so many bytes a second on to the target. Fails where
more than 1.25 times the file's size has crossed in all, or the copy differs.
"""
import argparse
import os
import shutil
import sys
import tempfile
import time

from engines import Machine, until, with_address
from slowproxy import SlowProxy

PATIENCE = 120  # seconds


def interrupt(case, alpha, beta, proxy):
    if case == "cut":
        proxy.cut()
    elif case == "killed":
        beta.kill()
        beta.start()
    else:
        alpha.kill()
        alpha.start()


def play(options, alpha, beta, folder):
    proxy = SlowProxy(("127.0.0.1", beta.port), options.rate)
    proxy.start()
    source, grant = os.path.join(folder, "source"), os.path.join(folder, "mirrors")
    os.makedirs(source)
    ticket = beta.ctl("invite", "--grant", grant)["ticket"]
    alpha.ctl("pair", with_address(ticket, "127.0.0.1", proxy.port))
    alpha.ctl("vault", "add", "v", "--source", source, "--target", "beta")
    alpha.ctl("wait", "v", "--in-sync", "--timeout", str(PATIENCE))
    before = proxy.carried
    content = os.urandom(options.size)
    temporary = os.path.join(folder, "large")
    with open(temporary, "wb") as file:
        file.write(content)
    os.rename(temporary, os.path.join(source, "large"))
    until("half of the file crosses", lambda: proxy.carried - before > options.size // 2)
    copy = os.path.join(grant, "v", "large")
    if os.path.exists(copy):
        sys.exit("half a file is visible at the target")
    interrupt(options.case, alpha, beta, proxy)
    until("the file arrives", lambda: os.path.exists(copy))
    alpha.ctl("wait", "v", "--in-sync", "--timeout", str(PATIENCE))
    with open(copy, "rb") as file:
        if file.read() != content:
            sys.exit("the copy differs")
    crossed = proxy.carried - before
    left = [name for name in os.listdir(os.path.join(grant, "v", ".octopus", "staging"))]
    print(f"{options.case}: {crossed} bytes crossed for {options.size} of content, "
          f"{crossed / options.size:.2f} times; left behind: {left}")
    if crossed > 1.25 * options.size:
        sys.exit("too much was sent again")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case", choices=("cut", "killed", "restarted"))
    parser.add_argument("binaries")
    parser.add_argument("--size", type=int, default=4 << 20)
    parser.add_argument("--rate", type=int, default=300_000)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="octopus-resuming-")
    machines = []
    try:
        for name in ("alpha", "beta"):
            machines.append(Machine(os.path.abspath(options.binaries), folder, name))
        play(options, *machines, folder)
    finally:
        for machine in machines:
            machine.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
