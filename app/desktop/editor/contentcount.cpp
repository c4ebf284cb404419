#include "app/desktop/editor/contentcount.h"

#include <QElapsedTimer>

namespace octopus::desktop {

namespace {

constexpr qsizetype shownPaths = 100;
constexpr qint64 reportInterval = 150; // ms

class Walk
{
public:
    Walk(QPromise<ContentCount> &promise, Root &root, const RuleMatcher &rules)
        : m_promise(promise),
          m_root(root),
          m_rules(rules)
    {
        m_sinceReport.start();
    }

    // False: cancelled.
    bool run()
    {
        QList<RelPath> waiting{RelPath()};
        while (!waiting.isEmpty()) {
            const RelPath folder = waiting.takeLast();
            const auto entries = m_root.list(folder);
            if (!entries) {
                ++count.unreadable;
                continue;
            }
            for (const DirectoryEntry &entry : *entries) {
                if (m_promise.isCanceled())
                    return false;
                take(folder, entry, waiting);
            }
            report();
        }
        return true;
    }

    ContentCount count;

private:
    void take(const RelPath &folder, const DirectoryEntry &entry, QList<RelPath> &waiting)
    {
        const auto path = folder.child(entry.name);
        if (!path) {
            ++count.unreadable;
            return;
        }
        const bool isFolder = entry.kind == EntryKind::Directory;
        if (!m_rules.includes(*path, entry.kind))
            return leaveOut(*path, isFolder);
        if (isFolder) {
            ++count.folders;
            waiting.append(*path);
            return;
        }
        if (entry.kind != EntryKind::File && entry.kind != EntryKind::Symlink)
            return; // a socket or device is not carried whatever the rules say
        const auto stat = m_root.stat(*path);
        if (!stat) {
            ++count.unreadable;
            return;
        }
        ++count.files;
        count.bytes += stat->size;
        report();
    }

    void leaveOut(const RelPath &path, bool isFolder)
    {
        ++count.leftOut;
        if (count.leftOutPaths.size() < shownPaths)
            count.leftOutPaths.append(isFolder ? path.bytes() + '/' : path.bytes());
    }

    void report()
    {
        if (m_sinceReport.elapsed() < reportInterval)
            return;
        m_sinceReport.start();
        m_promise.addResult(count);
    }

    QPromise<ContentCount> &m_promise;
    Root &m_root;
    const RuleMatcher &m_rules;
    QElapsedTimer m_sinceReport;
};

} // namespace

void countContent(QPromise<ContentCount> &promise, FileSystem &files, const QByteArray &folder,
                  const RuleMatcher &rules)
{
    const auto root = files.openRoot(folder);
    if (!root) {
        ContentCount nothing;
        nothing.unreadable = 1;
        nothing.complete = true;
        promise.addResult(nothing);
        return;
    }
    Walk walk(promise, **root, rules);
    if (!walk.run())
        return;
    walk.count.complete = true;
    promise.addResult(walk.count);
}

} // namespace octopus::desktop
