// TreeChanger: the person at the keyboard of the demonstration. Changes a tree at random, one thing
// a step; the same seed on the same tree makes the same changes. Not thread-safe; blocking, briefly.
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QList>

#include <map>
#include <random>

namespace octopus::cli {

class TreeChanger
{
public:
    // Lists the tree at `root` (absolute).
    TreeChanger(QByteArray root, quint64 seed);

    // One change. An error is of the file system, or somebody else changed the tree.
    [[nodiscard]] Result<void> step();
    // How often each kind of change was made: "edit", "append", …
    [[nodiscard]] const std::map<QByteArray, quint64> &counts() const { return m_counts; }
    [[nodiscard]] quint64 changes() const;

private:
    using Change = Result<void> (TreeChanger::*)();

    void list(const QByteArray &folder);
    [[nodiscard]] quint64 below(quint64 bound) { return m_random() % bound; }
    [[nodiscard]] QByteArray content(quint64 atMost);
    [[nodiscard]] QByteArray newPath(); // in some folder, of an unused name
    [[nodiscard]] const QByteArray &anyFile()
    {
        return m_files[qsizetype(below(quint64(m_files.size())))];
    }

    [[nodiscard]] Result<void> edit();
    [[nodiscard]] Result<void> append();
    [[nodiscard]] Result<void> create();
    [[nodiscard]] Result<void> save(); // a new file renamed over an old one, as editors do
    [[nodiscard]] Result<void> rename();
    [[nodiscard]] Result<void> renameFolder();
    [[nodiscard]] Result<void> remove();
    [[nodiscard]] Result<void> makeFolder();
    [[nodiscard]] Result<void> makeSymlink();
    [[nodiscard]] Result<void> makeHardLink();
    [[nodiscard]] Result<void> changeMode();
    [[nodiscard]] Result<void> shorten();

    const QByteArray m_root;
    std::mt19937_64 m_random;
    QList<QByteArray> m_files;   // absolute
    QList<QByteArray> m_folders; // absolute, the root first
    quint64 m_names = 0;
    std::map<QByteArray, quint64> m_counts;
};

} // namespace octopus::cli
