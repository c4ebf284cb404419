#!/usr/bin/env python3
"""Shows that each check of checks.py lets a clean tree pass and notices each violation of its rule."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import checks

CONTRACT = '// A thing. Pure; any thread.\n#pragma once\n'
CLEAN = {
    '.clang-format': (Path(__file__).parents[2] / '.clang-format').read_text(encoding='utf-8'),
    'engine/base/bytes.h': CONTRACT,
    'engine/model/ids.h': CONTRACT + '\n#include "engine/base/bytes.h"\n\n#include <QByteArray>\n',
    'engine/wire/codec.cpp': '#include "engine/model/ids.h"\n',
    'engine/wire/CMakeLists.txt': 'octopus_room(wire SOURCES codec.cpp DEPENDS base model LIBRARIES Qt6::Core)\n',
    'engine/mirror/primary.cpp': '#include "engine/wire/codec.h"\n',
    'app/desktop/main.cpp': '#include "app/host/host.h"\n#include "engine/control/client.h"\n',
    'tests/engine/wire/tst_codec.cpp': '#include "engine/wire/codec.h"\n',
}
LONG_FUNCTION = 'void longer()\n{\n' + '    step();\n' * 61 + '}\n'
LONGEST_FUNCTION = 'void longest()\n{\n' + '    step();\n' * 60 + '}\n'

# (check, file, its content instead of a clean one, what the complaint names)
VIOLATIONS = [
    ('layering', 'engine/base/bytes.h', CONTRACT + '#include "engine/model/ids.h"\n', 'engine/base may not include engine/model'),
    ('layering', 'engine/model/ids.h', CONTRACT + '#include "engine/wire/codec.h"\n', 'engine/model may not include'),
    ('layering', 'engine/wire/codec.cpp', '#include "engine/link/session.h"\n', 'engine/wire may not include'),
    ('layering', 'engine/apply/applier.cpp', '#include "engine/wire/codec.h"\n', 'engine/apply may not include'),
    ('layering', 'engine/mirror/primary.cpp', '#include "engine/control/api.h"\n', 'engine/mirror may not include'),
    ('layering', 'engine/link/session.cpp', '#include "engine/engine.h"\n', 'engine/link may not include engine '),
    ('layering', 'engine/engine.cpp', '#include "discovery/browser.h"\n', 'engine may not include discovery'),
    ('layering', 'discovery/browser.cpp', '#include "engine/model/ids.h"\n', 'discovery may not include'),
    ('layering', 'app/desktop/window.cpp', '#include "app/host/host.h"\n', 'app/desktop may not include app/host'),
    ('layering', 'app/cli/main.cpp', '#include "engine/engine.h"\n', 'app/cli may not include engine '),
    ('layering', 'app/daemon/main.cpp', '#include "engine/control/api.h"\n', 'app/daemon may not include'),
    ('layering', 'engine/wire/codec.cpp', '#include "tests/support/clock.h"\n', 'may not include tests'),
    ('layering', 'engine/wire/codec.cpp', '#  include <engine/base/bytes.h>\n', 'in quotes'),
    ('layering', 'engine/wire/codec.cpp', '#include "codec.h"\n', 'from the repository\'s root'),
    ('layering', 'engine/wire/codec.cpp', '#include <QWidget>\n', 'draws nothing'),
    ('layering', 'discovery/browser.cpp', '#include <QtGui/QImage>\n', 'draws nothing'),
    ('layering', 'engine/helpers/x.cpp', '\n', 'has no arrows'),
    ('layering', 'engine/wire/CMakeLists.txt', 'octopus_room(wire\n DEPENDS base link\n LIBRARIES x)\n', 'may not depend on link'),
    ('layering', 'engine/wire/CMakeLists.txt', 'octopus_room(wire LIBRARIES Qt6::Gui)\n', 'Qt6::Gui'),
    ('wording', 'engine/wire/codec.cpp', 'auto text = tr("lost");\n', 'codec.cpp:1'),
    ('wording', 'engine/model/ids.h', '#pragma once\n', 'opens with a contract'),
    ('wording', 'engine/model/ids.h', '// x\n' * 13 + '#pragma once\n', 'has 13'),
    ('wording', 'engine/model/ids.h', '// A contract.\n', 'no #pragma once'),
    ('sizes', 'engine/wire/codec.cpp', '// x\n' * 501, '501 lines'),
    ('sizes', 'tests/engine/wire/tst_codec.cpp', '// x\n' * 501, '501 lines'),
    ('sizes', 'engine/wire/codec.cpp', LONGEST_FUNCTION + LONG_FUNCTION, 'codec.cpp:65: a function of 61'),
    ('format', 'engine/wire/codec.cpp', 'int  x;\n', 'not formatted'),
    ('format', 'tests/engine/wire/tst_codec.cpp', '#include <vector>\n#include <QList>\n', 'not formatted'),
]


def plant(folder, files):
    for name, content in files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding='utf-8')
    return Path(folder).resolve()


def complaints(check, *arguments):
    return list(checks.CHECKS[check](*arguments))


class Checks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def require(self, check):
        if check == 'format' and checks.formatter() is None:
            self.skipTest('no clang-format of the right version')

    def testACleanTreePasses(self):
        root = plant(self.folder, CLEAN | {'engine/index/long.cpp': LONGEST_FUNCTION.replace('void', 'int')})
        for check in ('layering', 'wording', 'sizes', 'format'):
            with self.subTest(check):
                self.require(check)
                self.assertEqual(complaints(check, root), [])

    def testEachViolationIsNoticed(self):
        for number, (check, name, content, expected) in enumerate(VIOLATIONS):
            with self.subTest(f'{check} {expected}'):
                self.require(check)
                root = plant(Path(self.folder) / str(number), CLEAN | {name: content})
                found = complaints(check, root)
                self.assertEqual(len(found), 1, found)
                self.assertIn(expected, found[0])
                self.assertIn(name, found[0])

    def testATestThatNothingRunsIsNoticed(self):
        listed = ('cmake_minimum_required(VERSION 3.25)\nproject(fixture LANGUAGES CXX)\nenable_testing()\n'
                  'add_executable(tst_listed tests/tst_listed.cpp)\nadd_test(NAME tst_listed COMMAND tst_listed)\n')
        files = {'CMakeLists.txt': listed, 'tests/tst_listed.cpp': 'int main() { }\n'}
        root = plant(self.folder, files)
        self.assertEqual(self.registration(root), [])

        plant(root, {'tests/deep/tst_forgotten.cpp': 'int main() { }\n', 'tests/test_script.py': '\n'})
        self.assertEqual(self.registration(root), [
            'tests/deep/tst_forgotten.cpp: no target compiles it',
            'tests/test_script.py: no test of CTest runs it'])

        plant(root, {'CMakeLists.txt': listed + 'add_executable(forgotten tests/deep/tst_forgotten.cpp)\n'
                     'add_test(NAME script COMMAND python3 ${CMAKE_SOURCE_DIR}/tests/test_script.py)\n'
                     'set_tests_properties(tst_listed PROPERTIES DISABLED ON)\n'})
        self.assertEqual(self.registration(root), [
            'test tst_listed is disabled',
            'tests/deep/tst_forgotten.cpp: its program forgotten is no test of CTest'])

    def registration(self, root):
        build = root / 'build'
        for command in (['cmake', '-G', 'Ninja', '-S', root, '-B', build], ['cmake', '--build', build]):
            result = subprocess.run(command, capture_output=True, text=True)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return complaints('registration', root, build)

    def testTheCommandLineTellsByItsExitCode(self):
        script = Path(checks.__file__)
        clean = plant(Path(self.folder) / 'clean', CLEAN)
        broken = plant(Path(self.folder) / 'broken', CLEAN | {'engine/base/bytes.h': '\n'})
        for root, code in ((clean, 0), (broken, 1)):
            self.assertEqual(subprocess.run([sys.executable, script, 'wording', root],
                                            capture_output=True).returncode, code)


if __name__ == '__main__':
    unittest.main()
