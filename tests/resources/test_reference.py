#!/usr/bin/env python3
"""Manual pages and completions name each command and option that --help names: test_reference.py
PROGRAMS MADE

PROGRAMS is the folder of the programs, MADE the one of the pages and scripts. Where there is a tool
that formats manual pages, or a shell besides bash, it must have nothing to complain of.
"""

import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

programs, made = Path(sys.argv[1]), Path(sys.argv[2])
SECTIONS = ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'EXIT STATUS', 'ENVIRONMENT', 'FILES', 'EXAMPLES', 'SEE ALSO']
OF_QT = {'--help-all'}
PAGES = ['octopusctl.1', 'octopusd.1', 'octopus-mirror.1']


def output(*command):
    # Libraries that draw keep some memory to the end; that is not looked for here.
    environment = os.environ | {'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'}
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True,
                          env=environment).stdout


def options_of(help_text):
    """The long names before the description, one or more a line."""
    found = set()
    for line in help_text.splitlines():
        if re.match(r'\s+-', line):
            found.update(re.findall(r'(?<!\S)--[a-z][a-z-]*', line.strip().split('  ')[0]))
    return found - OF_QT


def commands():
    """name -> the options of its own"""
    general = output(programs / 'octopusctl', '--help')
    listed = general.split('Commands:\n')[1].split('\n\n')[0]
    common = options_of(general)
    names = [re.split(r'\s{2,}', line.strip())[0] for line in listed.splitlines()]
    return {name: options_of(output(programs / 'octopusctl', *name.split(), '--help')) - common for name in names}, common


def shown(page):
    """The page's text as it is read, without the language that sets it."""
    text = (made / page).read_text(encoding='utf-8')
    text = re.sub(r'\\f[A-Z]|\\&|^\.[A-Z]+ ?', '', text, flags=re.M)
    for escape, character in ((r'\-', '-'), (r'\(aq', "'"), (r'\(ti', '~'), (r'\(->', '→'), (r'\e', '\\')):
        text = text.replace(escape, character)
    return text


class Reference(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.commands, cls.common = commands()

    def testThereIsSomethingToCompare(self):
        self.assertGreater(len(self.commands), 15)
        self.assertEqual(self.common, {'--state', '--json', '--help', '--version'})
        self.assertIn('--erase-replicas', self.commands['vault remove'])
        self.assertIn('--no-discovery', options_of(output(programs / 'octopusd', '--help')))

    def testThePageOfTheCommandLineHasEveryCommandWithItsOptions(self):
        text = shown('octopusctl.1')
        parts = dict(re.findall(r'^(.+)\n((?:octopusctl .*\n)(?:.*\n)*?)(?=\S+(?: \S+)?\noctopusctl |EXIT STATUS)',
                                text.split('\nCOMMANDS\n')[1], re.M))
        for name, options in self.commands.items():
            self.assertIn(name, parts)
            for option in options:
                with self.subTest(f'{name} {option}'):
                    self.assertRegex(parts[name], rf'(?m)^{option}\b')
        for option in self.common:
            self.assertRegex(text.split('\nCOMMANDS\n')[0], rf'(?m)^{option}\b')
        for code in ('0', '1', '2', '3', '4', '5'):
            self.assertRegex(text.split('\nEXIT STATUS\n')[1], rf'(?m)^{code}$')

    def testThePagesOfTheOthersHaveEveryOption(self):
        for program in ('octopusd', 'octopus-mirror'):
            text = shown(f'{program}.1').split('\nOPTIONS\n')[1]
            for option in options_of(output(programs / program, '--help')):
                with self.subTest(f'{program} {option}'):
                    self.assertRegex(text, rf'(?m)^(-\w, )?{option}\b')

    def testEachPageHasTheUsualSections(self):
        for page in PAGES:
            text = (made / page).read_text(encoding='utf-8')
            headings = re.findall(r'^\.SH (.+)$', text, re.M)
            for section in SECTIONS:
                with self.subTest(f'{page} {section}'):
                    self.assertIn(section, headings)
            self.assertEqual(text.count('\n.RS'), text.count('\n.RE'), page)
            self.assertEqual(text.count('\n.EX'), text.count('\n.EE'), page)
            self.assertNotRegex(text, r'@[A-Z_]+@')

    def testFormattersHaveNothingToComplainOf(self):
        for page in PAGES:
            if shutil.which('groff'):
                result = subprocess.run(['groff', '-K', 'utf8', '-man', '-Tutf8', '-ww', '-z', made / page],
                                        capture_output=True, text=True)
                self.assertEqual((result.returncode, result.stderr), (0, ''), page)
            if shutil.which('mandoc'):
                result = subprocess.run(['mandoc', '-T', 'lint', '-W', 'error', made / page], capture_output=True, text=True)
                self.assertEqual((result.returncode, result.stdout), (0, ''), page)

    def testCompletionsNameEveryCommandAndOption(self):
        bash = (made / 'octopusctl.bash').read_text(encoding='utf-8')
        zsh = (made / 'octopusctl.zsh').read_text(encoding='utf-8')
        fish = (made / 'octopusctl.fish').read_text(encoding='utf-8')
        for name, options in self.commands.items():
            cases = re.search(rf"^        '{name}'\)\n(.*?);;", bash, re.S | re.M)[1]
            specs = re.search(rf"^        \('{name}'\)\n(.*?);;", zsh, re.S | re.M)[1]
            last = name.split()[-1]
            self.assertRegex(zsh, rf"(?m)^        '{last}:")
            self.assertRegex(fish, rf"(?m)^complete -c octopusctl -n '__octopusctl_uses .*' -a {last} -d ")
            for option in options:
                with self.subTest(f'{name} {option}'):
                    self.assertRegex(cases, rf"'{option}['=]")
                    self.assertRegex(specs, rf"'\*{option}[\[=]")
                    self.assertRegex(fish, rf"(?m)^complete -c octopusctl -n '__octopusctl_uses \\'{name}\\'' -l {option[2:]} ")
        for option in self.common:
            self.assertIn(f"'{option}", bash)
            self.assertIn(f'{option}[', zsh.replace('=[', '['))
            self.assertRegex(fish, rf'(?m)^complete -c octopusctl -l {option[2:]} ')

    def testWaysToATargetAreOfferedByEachShell(self):
        for shell, one, other in (('bash', "'--transport=way'", "'--transport=target-way'"),
                                  ('zsh', ':_octopusctl_ways', ':_octopusctl_target_ways'),
                                  ('fish', "'(__octopusctl_ways)'", "'(__octopusctl_target_ways)'")):
            text = (made / f'octopusctl.{shell}').read_text(encoding='utf-8')
            with self.subTest(shell):
                self.assertEqual(text.count(one), 1)  # check
                self.assertEqual(text.count(other), 2)  # vault add, vault edit
                for way in ('auto', 'ipv4', 'ipv6', 'socks5://', 'unix:/', '/sys/class/net/'):
                    self.assertIn(way, text)

    def testTheShellsReadTheirScripts(self):
        for shell in ('bash', 'zsh', 'fish'):
            if shutil.which(shell):
                subprocess.run([shell, '-n', made / f'octopusctl.{shell}'], check=True)
        self.assertTrue(shutil.which('bash'))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
