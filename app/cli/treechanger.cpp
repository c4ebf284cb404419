#include "app/cli/treechanger.h"

#include "app/cli/posixtree.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace octopus::cli {

namespace {

constexpr quint64 fewestFiles = 100; // below that nothing is removed

std::unexpected<Error> systemError(const char *what, const QByteArray &path)
{
    return std::unexpected(systemFailure(errno, QByteArray("cannot ") + what + ' ' + path));
}

quint64 sizeOf(const QByteArray &path)
{
    struct stat status{};
    return ::lstat(path.constData(), &status) == 0 ? quint64(status.st_size) : 0;
}

} // namespace

TreeChanger::TreeChanger(QByteArray root, quint64 seed) : m_root(std::move(root)), m_random(seed)
{
    list(m_root);
}

void TreeChanger::list(const QByteArray &folder)
{
    m_folders.append(folder);
    for (const QByteArray &name : namesIn(folder)) {
        const QByteArray path = folder + '/' + name;
        struct stat status{};
        if (::lstat(path.constData(), &status) != 0)
            continue;
        if (S_ISDIR(status.st_mode))
            list(path);
        else if (S_ISREG(status.st_mode) && (status.st_mode & 0200))
            m_files.append(path);
    }
}

Result<void> TreeChanger::step()
{
    struct Choice {
        const char *name;
        quint64 weight;
        Change change;
    };
    static constexpr std::array choices{
        Choice{"edit", 25, &TreeChanger::edit},
        Choice{"append", 25, &TreeChanger::append},
        Choice{"create", 12, &TreeChanger::create},
        Choice{"save", 10, &TreeChanger::save},
        Choice{"rename", 8, &TreeChanger::rename},
        Choice{"rename folder", 1, &TreeChanger::renameFolder},
        Choice{"delete", 8, &TreeChanger::remove},
        Choice{"new folder", 3, &TreeChanger::makeFolder},
        Choice{"symbolic link", 2, &TreeChanger::makeSymlink},
        Choice{"hard link", 2, &TreeChanger::makeHardLink},
        Choice{"mode", 2, &TreeChanger::changeMode},
        Choice{"shorten", 2, &TreeChanger::shorten},
    };
    quint64 total = 0;
    for (const Choice &choice : choices)
        total += choice.weight;
    quint64 drawn = below(total);
    for (const Choice &choice : choices) {
        if (drawn < choice.weight) {
            ++m_counts[choice.name];
            return (this->*choice.change)();
        }
        drawn -= choice.weight;
    }
    return {};
}

quint64 TreeChanger::changes() const
{
    quint64 sum = 0;
    for (const auto &[name, count] : m_counts)
        sum += count;
    return sum;
}

QByteArray TreeChanger::content(quint64 atMost)
{
    QByteArray bytes(qsizetype(below(atMost) + 1), '\0');
    for (char &byte : bytes)
        byte = char(' ' + below(95));
    return bytes;
}

QByteArray TreeChanger::newPath()
{
    const QByteArray &folder = m_folders[qsizetype(below(quint64(m_folders.size())))];
    return folder + "/demo-" + QByteArray::number(++m_names);
}

Result<void> TreeChanger::edit()
{
    const QByteArray &path = anyFile();
    const quint64 size = sizeOf(path);
    return writeInto(path, size > 0 ? qint64(below(size)) : 0, content(512));
}

Result<void> TreeChanger::append()
{
    return writeInto(anyFile(), -1, content(2048));
}

Result<void> TreeChanger::create()
{
    const QByteArray path = newPath();
    m_files.append(path);
    // Now and then a large one.
    return writeWhole(path, content(below(20) == 0 ? 1024 * 1024 : 16 * 1024), 0644);
}

Result<void> TreeChanger::save()
{
    const QByteArray path = anyFile();
    const QByteArray temporary = path + ".new~";
    OCTOPUS_TRY(writeWhole(temporary, content(16 * 1024), 0644));
    if (::rename(temporary.constData(), path.constData()) != 0)
        return systemError("rename", temporary);
    return {};
}

Result<void> TreeChanger::rename()
{
    const qsizetype index = qsizetype(below(quint64(m_files.size())));
    const QByteArray to = newPath();
    if (::rename(m_files[index].constData(), to.constData()) != 0)
        return systemError("rename", m_files[index]);
    m_files[index] = to;
    return {};
}

Result<void> TreeChanger::renameFolder()
{
    if (m_folders.size() < 2)
        return {};
    const QByteArray from = m_folders[qsizetype(1 + below(quint64(m_folders.size()) - 1))];
    // Beside itself: a folder must not move into itself.
    const QByteArray to =
        from.left(from.lastIndexOf('/')) + "/folder-" + QByteArray::number(++m_names);
    if (::rename(from.constData(), to.constData()) != 0)
        return systemError("rename", from);
    for (QList<QByteArray> *list : {&m_files, &m_folders}) {
        for (QByteArray &path : *list) {
            if (path == from || path.startsWith(from + '/'))
                path.replace(0, from.size(), to);
        }
    }
    return {};
}

Result<void> TreeChanger::remove()
{
    if (quint64(m_files.size()) <= fewestFiles)
        return {};
    const QByteArray path = m_files.takeAt(qsizetype(below(quint64(m_files.size()))));
    if (::unlink(path.constData()) != 0)
        return systemError("delete", path);
    return {};
}

Result<void> TreeChanger::makeFolder()
{
    const QByteArray path = newPath();
    if (::mkdir(path.constData(), 0755) != 0)
        return systemError("make", path);
    m_folders.append(path);
    return {};
}

Result<void> TreeChanger::makeSymlink()
{
    const QByteArray path = newPath();
    const QByteArray target = "../" + QByteArray::number(below(1000));
    if (::symlink(target.constData(), path.constData()) != 0)
        return systemError("make", path);
    return {};
}

Result<void> TreeChanger::makeHardLink()
{
    const QByteArray path = newPath();
    if (::link(anyFile().constData(), path.constData()) != 0)
        return systemError("link", path);
    m_files.append(path);
    return {};
}

Result<void> TreeChanger::changeMode()
{
    const QByteArray &path = anyFile();
    if (::chmod(path.constData(), below(2) ? 0600 : 0755) != 0)
        return systemError("change the mode of", path);
    return {};
}

Result<void> TreeChanger::shorten()
{
    const QByteArray &path = anyFile();
    if (::truncate(path.constData(), off_t(sizeOf(path) / 2)) != 0)
        return systemError("shorten", path);
    return {};
}

} // namespace octopus::cli
