#!/usr/bin/env python3
"""Every text of the desktop has a translation: test_translations.py ROOT LUPDATE

Takes the texts from the sources anew, so that one that was added without its translations is found,
and looks at what stands in translations/: nothing unfinished, every plural form, the same places for
values (%1, %n), an access key where the original has one.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

PLACES = re.compile(r'%L?(\d+|n)')
KEY = re.compile(r'&(?=[^&\s])')


def faults_of(name, message, only_plurals):
    source = message.find('source').text
    translation = message.find('translation')
    texts = [form.text or '' for form in translation.findall('numerusform')] or [translation.text or '']
    if only_plurals and message.get('numerus') != 'yes':
        return
    if translation.get('type') or not all(text.strip() or text == source for text in texts):
        yield f'{name}: unfinished: {source!r}'
        return
    wanted = set(PLACES.findall(source))
    for text in texts:
        places = set(PLACES.findall(text))
        # A plural form may say its number in words.
        if places != wanted and places | {'n'} != wanted:
            yield f'{name}: other places for values: {source!r} -> {text!r}'
        if len(KEY.findall(source)) != len(KEY.findall(text)):
            yield f'{name}: an access key too many or too few: {source!r} -> {text!r}'


def main(root, lupdate):
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((root / 'translations').glob('octopus_*.ts')):
            copy = Path(folder) / path.name
            shutil.copy(path, copy)
            plurals = ['-pluralonly'] if path.stem == 'octopus_en' else []
            subprocess.run([lupdate, '-silent', '-no-obsolete', '-locations', 'none', '-I', str(root), *plurals,
                            str(root / 'app/desktop'), '-ts', str(copy)],
                           check=True, capture_output=True)
            messages = list(ElementTree.parse(copy).getroot().iter('message'))
            if len(messages) < (5 if plurals else 100):
                faults.append(f'{path.name}: only {len(messages)} texts were found')
            for message in messages:
                faults.extend(faults_of(path.name, message, bool(plurals)))
    print('\n'.join(faults))
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
