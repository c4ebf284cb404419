#!/usr/bin/env python3
"""An installation has all files, and they are valid: test_installation.py CMAKE SOURCE BUILD VALIDATE
APPSTREAMCLI

VALIDATE is desktop-file-validate. Installs both components below a temporary folder.
"""

import configparser
import gzip
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

cmake, source, build, validate, appstreamcli = (Path(word) for word in sys.argv[1:6])
ID = 'org.octopusmirror.Octopus'
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
DAEMON = ['bin/octopusd', 'bin/octopusctl', 'lib/systemd/user/octopusd.service', 'lib/sysctl.d/60-octopus.conf',
          'share/man/man1/octopusd.1.gz', 'share/man/man1/octopusctl.1.gz',
          'share/bash-completion/completions/octopusctl', 'share/fish/vendor_completions.d/octopusctl.fish',
          'share/doc/octopusd/changelog.gz', 'share/doc/octopusd/copyright']
DESKTOP = ['bin/octopus-mirror', f'share/applications/{ID}.desktop', f'share/metainfo/{ID}.metainfo.xml',
           f'share/dbus-1/interfaces/{ID}.xml', f'share/icons/hicolor/scalable/apps/{ID}.svg',
           f'share/icons/hicolor/symbolic/apps/{ID}-symbolic.svg', 'share/man/man1/octopus-mirror.1.gz',
           'share/doc/octopus-mirror/changelog.gz', 'share/doc/octopus-mirror/copyright',
           *(f'share/icons/hicolor/{size}x{size}/apps/{ID}.png' for size in SIZES)]


def prefix():
    return re.search(r'^CMAKE_INSTALL_PREFIX:PATH=/(.*)$', (build / 'CMakeCache.txt').read_text(), re.M)[1]


class Installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.roots = {}
        for component in ('Daemon', 'Desktop'):
            root = Path(cls.folder.name) / component
            subprocess.run([cmake, '--install', build, '--component', component], check=True, capture_output=True,
                           env=os.environ | {'DESTDIR': str(root)})
            cls.roots[component] = root / prefix()
        cls.daemon, cls.desktop = cls.roots['Daemon'], cls.roots['Desktop']

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def testEachComponentHasItsFilesAndNoOthers(self):
        def files(component):
            root = Path(self.folder.name) / component
            return {path.relative_to(self.roots[component]).as_posix() if self.roots[component] in path.parents
                    else '/' + path.name for path in root.rglob('*') if path.is_file()}
        daemon = {name for name in files('Daemon') if 'zsh/' not in name and 'ufw' not in name and name != '/octopus-mirror'}
        self.assertEqual(daemon, set(DAEMON))
        self.assertEqual(files('Desktop'), set(DESKTOP))
        root = Path(self.folder.name) / 'Daemon'
        self.assertEqual(len(list(root.rglob('zsh/*/_octopusctl'))), 1)
        self.assertEqual(len(list(root.rglob('etc/ufw/applications.d/octopus-mirror'))), 1)

    def testMenuEntryAndAutostartAreValid(self):
        for entry in (self.desktop / f'share/applications/{ID}.desktop', source / 'resources/desktop/autostart.desktop'):
            result = subprocess.run([validate, '--warn-kde', entry], capture_output=True, text=True)
            self.assertEqual((result.returncode, result.stdout + result.stderr), (0, ''))
            parser = configparser.ConfigParser(interpolation=None, strict=True)
            parser.optionxform = str
            parser.read(entry, encoding='utf-8')
            for key in ('Name', 'Comment'):
                for language in ('de', 'ar'):
                    self.assertIn(f'{key}[{language}]', parser['Desktop Entry'])

    def testTheMetainfoIsValid(self):
        # There is no page on the web yet that could be named.
        result = subprocess.run([appstreamcli, 'validate', '--no-net', '--override=url-homepage-missing=info',
                                 self.desktop / f'share/metainfo/{ID}.metainfo.xml'], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def testTheMetainfoIsInEveryLanguage(self):
        tree = ElementTree.parse(self.desktop / f'share/metainfo/{ID}.metainfo.xml')
        for tag in ('summary', 'description/p', 'description/ul/li'):
            languages = [item.get('{http://www.w3.org/XML/1998/namespace}lang', 'en') for item in tree.findall(tag)]
            for language in ('en', 'de', 'ar'):
                self.assertEqual(languages.count(language), len(languages) / 3, tag)

    def testIconsHaveTheirSizesAndAreNotEmpty(self):
        for size in SIZES:
            picture = (self.desktop / f'share/icons/hicolor/{size}x{size}/apps/{ID}.png').read_bytes()
            self.assertEqual(picture[:8], b'\x89PNG\r\n\x1a\n')
            self.assertEqual(struct.unpack('>II', picture[16:24]), (size, size))
            self.assertGreater(len(picture), 100 + 8 * size)

    def testTheServiceStartsWhatIsInstalled(self):
        unit = configparser.ConfigParser(interpolation=None, strict=True)
        unit.optionxform = str
        unit.read(self.daemon / 'lib/systemd/user/octopusd.service')
        self.assertEqual(unit['Service']['ExecStart'], f'/{prefix()}/bin/octopusd')
        self.assertEqual(unit['Service']['Type'], 'notify')
        self.assertEqual(unit['Install']['WantedBy'], 'default.target')

    def testFirewallAndWatchesAreNamedRight(self):
        profile = configparser.ConfigParser(strict=True)
        profile.read(next(Path(self.folder.name).rglob('etc/ufw/applications.d/octopus-mirror')))
        self.assertEqual(profile['Octopus']['ports'], '17290/tcp|17290/udp')
        lines = (self.daemon / 'lib/sysctl.d/60-octopus.conf').read_text().splitlines()
        self.assertEqual([line for line in lines if not line.startswith('#')], ['fs.inotify.max_user_watches = 1048576'])

    def testCompressedFilesAreTheSameFromEachBuild(self):
        for root in self.roots.values():
            for path in root.rglob('*.gz'):
                self.assertEqual(path.read_bytes()[3:8], bytes(5), f'{path}: a name or a time is in it')
                self.assertTrue(gzip.decompress(path.read_bytes()))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
