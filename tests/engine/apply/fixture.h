// What the tests of the applier share: a replica on a FakeFileSystem or a real folder, operations in
// one line, and a stream that numbers them. One thread.
#pragma once

#include "engine/apply/applier.h"
#include "engine/base/nativefilesystem.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakefilesystem.h"
#include "tests/support/resultcheck.h"
#include "tests/support/seededrandom.h"
#include "tests/support/treebuilder.h"

#include <QTemporaryDir>

namespace octopus::apply {

inline constexpr HashKey testKey{42};

[[nodiscard]] inline RelPath at(const QByteArray &path)
{
    return *RelPath::parse(path);
}

[[nodiscard]] inline EntryAttributes attributes(quint32 mode, qint64 seconds = 1'700'000'000)
{
    EntryAttributes out;
    out.mode = mode;
    out.mtimeNs = seconds * 1'000'000'000;
    return out;
}

[[nodiscard]] inline Operation operation(OperationKind kind, const QByteArray &path,
                                         const QByteArray &other = {})
{
    Operation out;
    out.kind = kind;
    out.path = at(path);
    out.other = at(other);
    out.attributes = attributes(kind == OperationKind::MakeDirectory ? 0755 : 0644);
    return out;
}

[[nodiscard]] inline Operation put(const QByteArray &path, const QByteArray &content)
{
    Operation out = operation(OperationKind::PutFile, path);
    if (!content.isEmpty())
        out.ranges.append({0, content});
    out.size = quint64(content.size());
    out.digest = contentDigest(out.ranges, out.size, testKey);
    return out;
}

[[nodiscard]] inline Operation ranges(const QByteArray &path, quint64 offset,
                                      const QByteArray &content, quint64 size)
{
    Operation out = operation(OperationKind::WriteRanges, path);
    out.ranges.append({offset, content});
    out.size = size;
    out.digest = contentDigest(out.ranges, size, testKey);
    return out;
}

[[nodiscard]] inline Operation makeDirectory(const QByteArray &path, quint32 mode = 0755)
{
    Operation out = operation(OperationKind::MakeDirectory, path);
    out.attributes = attributes(mode);
    return out;
}

[[nodiscard]] inline Operation makeSymlink(const QByteArray &path, const QByteArray &target)
{
    Operation out = operation(OperationKind::MakeSymlink, path);
    out.linkTarget = target;
    return out;
}

[[nodiscard]] inline Operation removal(const QByteArray &path)
{
    return operation(OperationKind::Remove, path);
}

[[nodiscard]] inline Operation renaming(const QByteArray &from, const QByteArray &to)
{
    return operation(OperationKind::Rename, to, from);
}

[[nodiscard]] inline Operation linking(const QByteArray &existing, const QByteArray &path)
{
    return operation(OperationKind::Link, path, existing);
}

[[nodiscard]] inline OpenOptions openOptions(bool adopt = false)
{
    OpenOptions options;
    options.vault = *VaultId::fromBytes(QByteArray(16, 'v'));
    options.primary = *MachineId::fromBytes(QByteArray(32, 'p'));
    options.adopt = adopt;
    return options;
}

// Of what failed, in order.
[[nodiscard]] inline QList<ErrorCode> codes(const Result<QList<FailedOperation>> &failed)
{
    QList<ErrorCode> out;
    for (const FailedOperation &one : failed.value_or(QList<FailedOperation>()))
        out.append(one.error.code);
    return out;
}

// A replica in memory. The tree before it is founded: see `tree()`.
class FakeReplica
{
public:
    FakeReplica() : files(clock), tree(files.bypass("/replica")) {}

    // Opens it (again), with a stream if it has none.
    [[nodiscard]] Result<void> open(const OpenOptions &options = openOptions())
    {
        applier.reset();
        auto opened = files.openRoot("/replica");
        if (!opened)
            return passOn(opened);
        root = std::move(*opened);
        auto started = Applier::open(*root, clock, options);
        if (!started)
            return passOn(started);
        applier = std::move(*started);
        if (applier->record().stream != StreamId{})
            return {};
        return applier->beginStream(Epoch{1}, StreamId{1}, testKey);
    }

    // Numbers and applies them.
    [[nodiscard]] Result<QList<FailedOperation>> apply(QList<Operation> operations)
    {
        Sequence sequence = applier->applied();
        for (Operation &one : operations)
            one.sequence = sequence = next(sequence);
        return applier->apply(operations);
    }

    // "" or the content at a path.
    [[nodiscard]] QByteArray content(const QByteArray &path)
    {
        return testing::readFile(*tree, at(path)).value_or(QByteArray());
    }

    [[nodiscard]] bool exists(const QByteArray &path) { return tree->stat(at(path)).has_value(); }

    testing::FakeClock clock;
    testing::FakeFileSystem files;
    std::unique_ptr<testing::FakeRoot> tree; // as everybody else sees it
    std::unique_ptr<Root> root;
    std::unique_ptr<Applier> applier;
};

} // namespace octopus::apply
