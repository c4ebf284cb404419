#!/usr/bin/env python3
"""What zsh and fish offer after Tab with octopusctl installed: shells.py

Runs where packages.sh has installed everything; octopusd serves meanwhile, without a vault.
"""

import os
import pty
import subprocess
import sys
import tempfile
import time

OFFERED = [('octopusctl sy', 'synchronize'), ('octopusctl vault r', 'remove'),
           ('octopusctl vault remove x --er', '--erase-replicas'),
           ('octopusctl vault edit x --capture w', 'watch'), ('octopusctl status --wa', '--watch')]


def fish(line, environment):
    answer = subprocess.run(['fish', '-c', f'complete -C "{line}"'], capture_output=True, text=True, env=environment)
    return [text.split('\t')[0] for text in answer.stdout.splitlines()], answer.stderr


def zsh(line, environment):
    """zsh completes only in a terminal: what it makes of the line is printed by a key that accepts it."""
    script = ('autoload -Uz compinit && compinit -u -D\n'
              'zstyle ":completion:*" list-prompt ""\n'
              'show() { print -r -- "<<$BUFFER>>"; exit }\n'
              'zle -N show\nbindkey "^X" show\nbindkey "^I" complete-word\n')
    folder = tempfile.mkdtemp()
    with open(f'{folder}/.zshrc', 'w', encoding='utf-8') as file:
        file.write(script)
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe('zsh', ['zsh', '-i'], environment | {'ZDOTDIR': folder, 'TERM': 'dumb', 'PS1': '> '})
    time.sleep(2)
    os.write(terminal, line.encode() + b'\t')
    time.sleep(2)
    os.write(terminal, b'\x18')
    seen = b''
    while True:
        try:
            block = os.read(terminal, 4096)
        except OSError:
            break
        if not block:
            break
        seen += block
    os.waitpid(child, 0)
    return seen.decode(errors='replace').rsplit('<<', 1)[-1].split('>>')[0].split()[-1:], seen


def main():
    state = tempfile.mkdtemp()
    environment = os.environ | {'OCTOPUS_STATE': state}
    engine = subprocess.Popen(['octopusd', '--listen', '127.0.0.1:0', '--no-discovery'], env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    faults = 0
    try:
        engine.stdout.readline()
        for line, wanted in OFFERED:
            for shell in (fish, zsh):
                offered, seen = shell(line, environment)
                good = wanted in offered
                faults += not good
                print(f'{shell.__name__:5} {line!r}: {offered}' + ('' if good else f', not {wanted!r}: {seen!r}'))
    finally:
        engine.terminate()
        engine.wait()
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
