#include "app/cli/treecomparison.h"

#include "app/cli/posixtree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <set>

namespace octopus::cli {

namespace {

using Inode = std::pair<dev_t, ino_t>;

class Comparison
{
public:
    Comparison(QByteArray left, QByteArray right, qsizetype limit,
               const std::atomic<bool> &cancelled)
        : m_left(std::move(left)),
          m_right(std::move(right)),
          m_limit(limit),
          m_cancelled(cancelled)
    {}

    void compare(const QByteArray &path, const QByteArray &ignored);
    [[nodiscard]] TreeDifferences result() const { return m_result; }

private:
    void differ(const QByteArray &path, const char *what);
    void compareFolders(const QByteArray &path, const QByteArray &ignored);
    void compareAttributes(const QByteArray &path, const struct stat &left,
                           const struct stat &right);
    void compareFiles(const QByteArray &path);
    void compareLinks(const QByteArray &path, const struct stat &left, const struct stat &right);

    const QByteArray m_left;
    const QByteArray m_right;
    const qsizetype m_limit;
    const std::atomic<bool> &m_cancelled;
    TreeDifferences m_result;
    // Which file of the other side the first name of a file stood for: hard links must agree.
    std::map<Inode, Inode> m_pairs;
    std::map<Inode, Inode> m_reversePairs;
};

void Comparison::differ(const QByteArray &path, const char *what)
{
    ++m_result.count;
    if (m_result.differences.size() < m_limit)
        m_result.differences.append((path.isEmpty() ? QByteArray("/") : path) + ": " + what);
}

void Comparison::compare(const QByteArray &path, const QByteArray &ignored)
{
    struct stat left{};
    struct stat right{};
    const bool hasLeft = ::lstat((m_left + path).constData(), &left) == 0;
    const bool hasRight = ::lstat((m_right + path).constData(), &right) == 0;
    ++m_result.entries;
    if (!hasLeft || !hasRight)
        return differ(path, hasLeft ? "missing in the replica" : "only in the replica");
    if ((left.st_mode & S_IFMT) != (right.st_mode & S_IFMT))
        return differ(path, "kind");
    compareAttributes(path, left, right);
    compareLinks(path, left, right);
    if (S_ISDIR(left.st_mode)) {
        compareFolders(path, ignored);
    } else if (S_ISLNK(left.st_mode)) {
        if (symlinkTarget(m_left + path) != symlinkTarget(m_right + path))
            differ(path, "target of the symbolic link");
    } else if (S_ISREG(left.st_mode)) {
        if (left.st_size != right.st_size)
            differ(path, "size");
        else
            compareFiles(path);
    }
}

void Comparison::compareAttributes(const QByteArray &path, const struct stat &left,
                                   const struct stat &right)
{
    if (!S_ISLNK(left.st_mode) && left.st_mode != right.st_mode)
        differ(path, "mode");
    if (left.st_uid != right.st_uid || left.st_gid != right.st_gid)
        differ(path, "owner");
    if (left.st_mtim.tv_sec != right.st_mtim.tv_sec
        || left.st_mtim.tv_nsec != right.st_mtim.tv_nsec)
        differ(path, "modification time");
}

void Comparison::compareLinks(const QByteArray &path, const struct stat &left,
                              const struct stat &right)
{
    if (S_ISDIR(left.st_mode))
        return;
    const Inode leftInode{left.st_dev, left.st_ino};
    const Inode rightInode{right.st_dev, right.st_ino};
    // Not the number of links: the replica may keep an older version of a file as one more.
    const bool same = m_pairs.try_emplace(leftInode, rightInode).first->second == rightInode;
    const bool reverse =
        m_reversePairs.try_emplace(rightInode, leftInode).first->second == leftInode;
    if (!same || !reverse)
        differ(path, "hard links");
}

void Comparison::compareFolders(const QByteArray &path, const QByteArray &ignored)
{
    std::set<QByteArray> names;
    for (const QByteArray &name : namesIn(m_left + path))
        names.insert(name);
    for (const QByteArray &name : namesIn(m_right + path)) {
        if (name != ignored)
            names.insert(name);
    }
    for (const QByteArray &name : names) {
        if (m_cancelled)
            return;
        compare(path + '/' + name, {});
    }
}

void Comparison::compareFiles(const QByteArray &path)
{
    const std::optional<QByteArray> left = readWhole(m_left + path);
    const std::optional<QByteArray> right = readWhole(m_right + path);
    if (!left || !right)
        return differ(path, "cannot be read");
    m_result.bytes += quint64(left->size());
    if (*left != *right)
        differ(path, "content");
}

} // namespace

TreeDifferences compareTrees(const QByteArray &left, const QByteArray &right,
                             const QByteArray &ignored, qsizetype limit,
                             const std::atomic<bool> &cancelled)
{
    Comparison comparison(left, right, limit, cancelled);
    comparison.compare({}, ignored);
    return comparison.result();
}

} // namespace octopus::cli
