#include "tests/simulation/workload.h"

#include "engine/base/digest.h"
#include "tests/support/treebuilder.h"

namespace octopus::testing {

// Few, so that changes meet each other.
static constexpr const char *names[] = {"a", "b", "c", "d", "\xff\nx"};

RelPath Workload::anyPath()
{
    RelPath path;
    const quint64 depth = 1 + m_random.below(3);
    for (quint64 i = 0; i < depth; ++i)
        path = *path.child(names[m_random.below(std::size(names))]);
    return path;
}

QByteArray Workload::anyContent()
{
    const quint64 kind = m_random.below(20);
    const quint64 size = kind == 0 ? 0
        : kind < 17                ? m_random.below(3000)
                                   : 130'000 + m_random.below(200'000);
    QByteArray content(qsizetype(size), char('A' + m_random.below(26)));
    for (int i = 0; i < 8 && size > 0; ++i)
        content[qsizetype(m_random.below(size))] = char(m_random.below(256));
    return content;
}

void Workload::remember(const RelPath &path)
{
    if (const auto content = readFile(m_root, path))
        m_contents.insert(checksum(*content));
}

bool Workload::mayChangeInPlace(const RelPath &path)
{
    const auto stat = m_root.stat(path);
    return !stat || stat->kind == EntryKind::Directory || stat->links < 2 || m_namesAreKnown();
}

void Workload::put(const RelPath &path)
{
    if (!mayChangeInPlace(path))
        return;
    // Made at once with its content: each state in between is one that the file had, too.
    auto file = m_root.open(path, OpenMode::CreateNew);
    if (!file)
        file = m_root.open(path, OpenMode::ReadWrite);
    if (!file)
        return;
    remember(path);
    const QByteArray content = anyContent();
    if (!(*file)->truncate(0))
        return;
    remember(path);
    if ((*file)->write(0, content))
        remember(path);
}

void Workload::save(const RelPath &path)
{
    const auto temporary = path.parent().child(".save~");
    if (!temporary)
        return;
    put(*temporary);
    (void)m_root.rename(*temporary, path, RenameMode::Replace);
}

void Workload::append(const RelPath &path)
{
    const auto stat = m_root.stat(path);
    const auto file = m_root.open(path, OpenMode::ReadWrite);
    if (!stat || !file || stat->size > 1'000'000 || !mayChangeInPlace(path))
        return;
    if ((*file)->write(stat->size, anyContent().left(500)))
        remember(path);
}

void Workload::rewrite(const RelPath &path)
{
    const auto stat = m_root.stat(path);
    const auto file = m_root.open(path, OpenMode::ReadWrite);
    if (!stat || !file || stat->size == 0 || !mayChangeInPlace(path))
        return;
    for (int i = 0; i < 3; ++i) {
        if ((*file)->write(m_random.below(stat->size), QByteArray(1, char(m_random.below(256)))))
            remember(path);
    }
    if (m_random.below(4) == 0 && (*file)->truncate(m_random.below(stat->size)))
        remember(path);
}

void Workload::touch(const RelPath &path)
{
    if (!mayChangeInPlace(path))
        return;
    switch (m_random.below(3)) {
    case 0: (void)m_root.setMode(path, quint32(0600 + m_random.below(0200))); return;
    case 1:
        (void)m_root.setModificationTime(path, qint64(m_random.below(1'000'000'000'000)));
        return;
    default: (void)m_root.setXattr(path, "user.note", anyContent().left(20)); return;
    }
}

// As from an archive: a directory with files and perhaps a directory in it.
void Workload::unpack(const RelPath &path)
{
    constexpr quint32 modes[] = {0755, 0700, 0555, 02755};
    if (!m_root.makeDirectory(path, modes[m_random.below(std::size(modes))]))
        return;
    for (const char *name : names) {
        const RelPath inside = *path.child(name);
        const quint64 kind = m_random.below(8);
        if (kind < 5)
            put(inside);
        else if (kind == 5 && path.depth() < 4)
            unpack(inside);
        else if (kind == 6)
            (void)m_root.link(*path.child(names[0]), inside);
    }
}

void Workload::change()
{
    if (m_unpacks && m_random.below(12) == 0) {
        unpack(anyPath());
        return;
    }
    const RelPath one = anyPath();
    const RelPath two = anyPath();
    switch (m_random.below(18)) {
    case 0:
    case 1:
    case 2: put(one); return;
    case 3:
    case 4: save(one); return;
    case 5: append(one); return;
    case 6:
    case 7: rewrite(one); return;
    case 8:
    case 9: (void)m_root.makeDirectory(one, 0755); return;
    case 10: touch(one); return;
    case 11:
    case 12: (void)m_root.rename(one, two, RenameMode::Replace); return;
    case 13: (void)m_root.rename(one, two, RenameMode::Exchange); return;
    case 14: (void)m_root.link(one, two); return;
    case 15: (void)m_root.makeSymlink(anyPath().bytes(), one); return;
    case 16:
        if (m_random.below(4) == 0)
            (void)m_root.makeFifo(one, 0644);
        else
            (void)removeTree(m_root, one);
        return;
    default:
        if (!m_root.removeFile(one))
            (void)m_root.removeDirectory(one);
        return;
    }
}

} // namespace octopus::testing
