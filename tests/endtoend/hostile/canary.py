"""What must not change, as a manifest: names, kinds, modes, owners, times, contents, attributes."""
import hashlib
import os
import stat


def describe(path, lasting):
    """`lasting`: also what changes when an entry is touched and put right again."""
    status = os.lstat(path)
    entry = {"kind": stat.S_IFMT(status.st_mode), "mode": stat.S_IMODE(status.st_mode),
             "owner": (status.st_uid, status.st_gid), "mtime": status.st_mtime_ns}
    if stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            entry["content"] = hashlib.sha256(file.read()).hexdigest()
    if stat.S_ISLNK(status.st_mode):
        entry["target"] = os.readlink(path)
    else:
        entry["attributes"] = {name: os.getxattr(path, name, follow_symlinks=False)
                               for name in os.listxattr(path, follow_symlinks=False)}
    if lasting:
        entry.update(ctime=status.st_ctime_ns, inode=status.st_ino, names=status.st_nlink)
    return entry


def manifest(root, skip=lambda path: False, fleeting=lambda path: False):
    """Everything at and below `root` by relative path; nothing below what is skipped."""
    found = {}

    def visit(path, relative):
        if skip(relative):
            return
        found[relative] = describe(path, not fleeting(relative))
        if found[relative]["kind"] == stat.S_IFDIR:
            for name in os.listdir(path):
                visit(os.path.join(path, name), f"{relative}/{name}".lstrip("/"))

    visit(root, "")
    return found


def differences(before, after):
    lines = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old is None or new is None:
            lines.append(f"{path!r}: {'new' if old is None else 'gone'}")
        elif old != new:
            changed = {key: (old.get(key), new.get(key)) for key in old.keys() | new.keys()
                       if old.get(key) != new.get(key)}
            lines.append(f"{path!r}: {changed}")
    return lines
