#!/usr/bin/env python3
"""Rules of the design that the build itself cannot enforce.

    checks.py CHECK ROOT [--build FOLDER]

CHECK is one of the names in CHECKS below; ROOT is the folder to look at. Prints one line for each
violation and exits 1 if there is any. selftest.py shows for each rule that breaking it is noticed.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

# Which rooms a room may include, besides itself. A room that is missing here is a violation too: a new
# one is first given its arrows, in the design and in this table.
BASIC = {'engine/base', 'engine/model'}
ROOMS = ['model', 'store', 'capture', 'index', 'plan', 'wire', 'link', 'apply', 'archive', 'failover',
         'metrics', 'mirror', 'control']
ARROWS = {f'engine/{room}': set(BASIC) for room in ROOMS}
ARROWS.update({
    'engine/base': set(),
    'engine/model': {'engine/base'},
    'engine/apply': BASIC | {'engine/archive'},
    'engine/link': BASIC | {'engine/wire'},
    'engine/control': BASIC | {'engine/wire'},
    'engine/mirror': BASIC | {f'engine/{room}' for room in ROOMS if room != 'control'},
    'engine': BASIC | {f'engine/{room}' for room in ROOMS},  # engine/engine.*: the composition root
    'discovery': {'engine/base'},
    'app/process': {'engine/base'},
    'app/host': BASIC | {'engine', 'discovery', 'app/process'} | {f'engine/{room}' for room in ROOMS},
    'app/desktop': BASIC | {'engine/control', 'app/process'},
    'app/cli': BASIC | {'engine/control', 'app/process'},
    'app/daemon': BASIC | {'app/host', 'app/process'},
})
# Single files that may do what their room may not.
EXCEPTIONS = {
    'app/desktop/main.cpp': {'app/host'},  # hosts the engine when none runs; talks to it by control only
}

SOURCE_FOLDERS = ('engine', 'discovery', 'app')
CODE_FOLDERS = SOURCE_FOLDERS + ('tests',)
MAXIMUM_FILE_LINES = 500
MAXIMUM_FUNCTION_LINES = 60
MAXIMUM_CONTRACT_LINES = 12
FORMATTER_VERSION = 19
SKIPPED = 77  # CTest's SKIP_RETURN_CODE

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
GENERATED = re.compile(r'^(ui_\w+\.h|moc_\w+\.cpp|\w+\.moc)$')
SCREEN_HEADER = re.compile(
    r'^(Qt(Gui|Widgets|OpenGL|Svg|Quick|Qml)(/.*)?|Q(Gui)?Application|Q\w*Widget|Q\w*Window|Q\w*Dialog|Q\w*Layout|'
    r'Q\w*Painter\w*|QPaint\w+|QPixmap|QImage\w*|QIcon|QColor|QFont\w*|QAction\w*|QCursor|QClipboard|QPalette|'
    r'QMenu\w*|QLabel|Q\w*Button|QSystemTrayIcon|QScreen|QStyle\w*|QTree\w*|QTable\w*|QList(View|Widget)\w*)$')


def code_files(root, folders, suffixes=('.h', '.cpp')):
    for folder in folders:
        for path in sorted((root / folder).rglob('*')):
            if path.is_file() and path.suffix in suffixes:
                yield path.relative_to(root).as_posix()


def lines_of(root, name):
    return (root / name).read_text(encoding='utf-8', errors='surrogateescape').splitlines()


def room_of(name):
    """The room of a file or of an included path: 'engine/wire', 'engine', 'discovery', 'app/cli'."""
    parts = name.split('/')
    if parts[0] in ('engine', 'app') and len(parts) > 2:
        return '/'.join(parts[:2])
    return parts[0]


def includes_of(root, name):
    for number, line in enumerate(lines_of(root, name), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1], match[2]


def check_layering(root):
    for name in code_files(root, SOURCE_FOLDERS):
        room = room_of(name)
        if room not in ARROWS:
            yield f'{name}: room {room} has no arrows yet (ARROWS in tests/architecture/checks.py)'
            continue
        allowed = ARROWS[room] | {room} | EXCEPTIONS.get(name, set())
        for number, bracket, included in includes_of(root, name):
            ours = included.split('/')[0] in CODE_FOLDERS
            if ours and bracket == '<':
                yield f'{name}:{number}: what is ours is included in quotes: "{included}"'
            if ours and room_of(included) not in allowed:
                yield f'{name}:{number}: {room} may not include {room_of(included)} ("{included}")'
            if bracket == '"' and not ours and not GENERATED.match(included):
                yield f'{name}:{number}: includes are written from the repository\'s root: "{included}"'
            if bracket == '<' and room_of(name).startswith(('engine', 'discovery')) \
                    and SCREEN_HEADER.match(included):
                yield f'{name}:{number}: the engine draws nothing: <{included}>'
    yield from check_linked_rooms(root)


def check_linked_rooms(root):
    """The same arrows in the CMake lists, and no library that draws."""
    for path in sorted((root / 'engine').rglob('CMakeLists.txt')) + sorted((root / 'discovery').rglob('CMakeLists.txt')):
        name = path.relative_to(root).as_posix()
        text = re.sub(r'#.*', '', path.read_text(encoding='utf-8'))
        for library in re.findall(r'Qt6?::(Gui|Widgets|OpenGL\w*|Svg\w*|Quick\w*|Qml)\b', text):
            yield f'{name}: the engine draws nothing: Qt6::{library}'
        for room, body in re.findall(r'octopus_room\s*\(\s*(\w+)([^)]*)\)', text):
            allowed = ARROWS.get(f'engine/{room}', BASIC)
            words = re.split(r'\b(?:SOURCES|LIBRARIES)\b', body.partition('DEPENDS')[2])[0].split()
            for depend in words:
                if f'engine/{depend}' not in allowed:
                    yield f'{name}: {room} may not depend on {depend}'


def check_wording(root):
    """Texts for people are translated in app/; below it nothing is."""
    for name in code_files(root, ('engine', 'discovery')):
        for number, line in enumerate(lines_of(root, name), 1):
            if re.search(r'\b(tr|QT_TR_NOOP|QT_TRANSLATE_NOOP|Q_DECLARE_TR_FUNCTIONS)\s*\(', line.split('//')[0]):
                yield f'{name}:{number}: the engine speaks codes; translated texts belong to app/'
    for name in code_files(root, SOURCE_FOLDERS, ('.h',)):
        lines = lines_of(root, name)
        length = next((i for i, line in enumerate(lines) if not line.startswith('//')), len(lines))
        if not 1 <= length <= MAXIMUM_CONTRACT_LINES:
            yield f'{name}: a header opens with a contract of 1 to {MAXIMUM_CONTRACT_LINES} lines, this one has {length}'
        if '#pragma once' not in lines:
            yield f'{name}: no #pragma once'


def check_sizes(root):
    for name in code_files(root, CODE_FOLDERS):
        lines = lines_of(root, name)
        if len(lines) > MAXIMUM_FILE_LINES:
            yield f'{name}: {len(lines)} lines, at most {MAXIMUM_FILE_LINES} are allowed'
        for start, length in functions_of(lines):
            if length > MAXIMUM_FUNCTION_LINES:
                yield f'{name}:{start}: a function of {length} lines, at most {MAXIMUM_FUNCTION_LINES} are allowed'


def functions_of(lines):
    """(line number, lines of the body). The format puts the braces of a function, and of a class, on
    lines of their own at the same indentation; a class closes with '};'."""
    open_at = {}
    for number, line in enumerate(lines, 1):
        body = line.strip()
        indentation = len(line) - len(line.lstrip())
        if body == '{':
            open_at[indentation] = number
        elif body in ('}', '};') and indentation in open_at:
            start = open_at.pop(indentation)
            if body == '}':
                yield start, number - start - 1


def check_registration(root, build):
    """Every test there is on disk is compiled and known to CTest."""
    compiled = compiled_sources(build)
    listing = subprocess.run(['ctest', '--show-only=json-v1', '--test-dir', str(build)], check=True,
                             capture_output=True, text=True).stdout
    tests = json.loads(listing)['tests']
    arguments = {word for test in tests for word in test.get('command', [])}
    programs = {Path(word).name for word in arguments}
    for test in tests:
        if any(p['name'] == 'DISABLED' and p['value'] for p in test.get('properties', [])):
            yield f'test {test["name"]} is disabled'
        if not test.get('command'):
            yield f'test {test["name"]} has no program: it was not built'
    for path in sorted((root / 'tests').rglob('*')):
        name = path.relative_to(root).as_posix()
        if re.search(r'/(tst_\w+|\w+_test)\.cpp$', name):
            target = compiled.get(str(path.resolve()))
            if target is None:
                yield f'{name}: no target compiles it'
            elif target not in programs:
                yield f'{name}: its program {target} is no test of CTest'
        elif re.search(r'/(test_\w+|\w+_test)\.(py|sh)$', name) and str(path.resolve()) not in arguments:
            yield f'{name}: no test of CTest runs it'


def compiled_sources(build):
    """Source file -> target, from Ninja's own file."""
    compiled = {}
    rule = re.compile(r'^build (?:\S*/)?CMakeFiles/([^/]+)\.dir/\S+: CXX_COMPILER__\S+ ((?:\$ |\S)+)')
    for line in (build / 'build.ninja').read_text(encoding='utf-8').splitlines():
        match = rule.match(line)
        if match:
            compiled[str(Path(match[2].replace('$ ', ' ')).resolve())] = match[1]
    return compiled


def formatter():
    for program in (f'clang-format-{FORMATTER_VERSION}', 'clang-format'):
        try:
            answer = subprocess.run([program, '--version'], capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            continue
        if re.search(rf'version {FORMATTER_VERSION}\.', answer):
            return program
    return None


def check_format(root):
    program = formatter()
    if program is None:
        print(f'no clang-format {FORMATTER_VERSION} here; other versions lay out differently')
        sys.exit(SKIPPED)
    names = list(code_files(root, CODE_FOLDERS))
    for start in range(0, len(names), 100):
        result = subprocess.run([program, '--dry-run', '--ferror-limit=1', *names[start:start + 100]],
                                cwd=root, capture_output=True, text=True)
        if result.returncode != 0:
            yield f'{program} failed: {result.stderr}'
        badly = sorted({m[1] for m in re.finditer(r'^(\S+?):\d+:\d+: ', result.stderr, re.M)})
        yield from (f'{name}: not formatted (clang-format -i {name})' for name in badly)


CHECKS = {'layering': check_layering, 'wording': check_wording, 'sizes': check_sizes,
          'registration': check_registration, 'format': check_format}


def main():
    parser = argparse.ArgumentParser(description='Checks rules of the design.')
    parser.add_argument('check', choices=CHECKS)
    parser.add_argument('root', type=Path)
    parser.add_argument('--build', type=Path, help='the build folder, for registration')
    options = parser.parse_args()
    root = options.root.resolve()
    extra = [options.build.resolve()] if options.check == 'registration' else []
    violations = list(CHECKS[options.check](root, *extra))
    for violation in violations:
        print(violation)
    sys.exit(1 if violations else 0)


if __name__ == '__main__':
    main()
