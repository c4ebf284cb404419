#include "engine/apply/freshfiles.h"

#include <QHash>

#include <algorithm>
#include <mutex>
#include <thread>

namespace octopus::apply {

// Fewer are made sooner than another thread is awake.
static constexpr qsizetype worthAThread = 16;
static constexpr size_t longestRun = 64;

static Result<void> fill(File &file, const Operation &operation)
{
    quint64 end = 0;
    for (const DataRange &range : operation.ranges) {
        OCTOPUS_TRY(file.write(range.offset, range.bytes));
        end = range.offset + quint64(range.bytes.size());
    }
    if (end != operation.size)
        OCTOPUS_TRY(file.truncate(operation.size));
    return {};
}

Result<const Owner *> FreshFiles::ownerOfNew(File &file)
{
    if (!m_ownerOfNew) {
        const auto stat = file.stat();
        if (!stat)
            return passOn(stat);
        m_ownerOfNew = Owner{stat->uid, stat->gid};
    }
    return &*m_ownerOfNew;
}

Result<Loss> FreshFiles::make(const RelPath &path, const Operation &operation)
{
    auto file = m.root.open(path, OpenMode::CreateNew);
    if (!file)
        return passOn(file);
    if (auto filled = fill(**file, operation); !filled)
        return passOn(filled);
    const auto owner = ownerOfNew(**file);
    if (!owner)
        return passOn(owner);
    return setNewAttributes(**file, operation.attributes, **owner, m.root.canSetOwner());
}

// The first by this thread alone: from then on the owner is known. Two threads that make files in one
// directory wait for each other, so each takes a run of orders for one.
void FreshFiles::makeAll(std::span<Order> orders)
{
    std::mutex mutex;
    const auto takeRun = [&] {
        const std::lock_guard lock(mutex);
        size_t length = 0;
        while (length < std::min(longestRun, orders.size())
               && orders[length].directory == orders.front().directory)
            ++length;
        const std::span<Order> run = orders.first(length);
        orders = orders.subspan(length);
        return run;
    };
    const auto makeRun = [&](std::span<Order> run) {
        for (Order &order : run) {
            if (auto made = make(order.path, *order.operation))
                order.made = std::move(*made);
        }
        return !run.empty();
    };
    const qsizetype makers = std::min<qsizetype>(m_makers.value_or(m.root.makersAtOnce()),
                                                 qsizetype(orders.size()) / worthAThread);
    if (orders.empty())
        return;
    makeRun(orders.first(1));
    orders = orders.subspan(1);
    std::vector<std::jthread> others;
    for (qsizetype i = 1; m_ownerOfNew && i < makers; ++i)
        others.emplace_back([&] {
            while (makeRun(takeRun())) {}
        });
    while (makeRun(takeRun())) {}
}

namespace {

using Mentions = QHash<RelPath, int>;

// How often each path is one of an operation's own.
Mentions mentionsIn(const QList<JournalRecord> &group)
{
    Mentions mentions;
    mentions.reserve(group.size());
    for (const JournalRecord &record : group) {
        if (const auto *planned = std::get_if<PlannedOperation>(&record)) {
            ++mentions[planned->operation.path];
            if (!planned->operation.other.isRoot())
                ++mentions[planned->operation.other];
        }
    }
    return mentions;
}

// The directories that come to stand where nothing is, and that their owner may move with what is in
// them.
QHash<RelPath, Sequence> newDirectoriesIn(const QList<JournalRecord> &group,
                                          const Mentions &mentions, const Manifest &manifest)
{
    constexpr quint32 movable = 0300;
    QHash<RelPath, Sequence> made;
    for (const JournalRecord &record : group) {
        const auto *planned = std::get_if<PlannedOperation>(&record);
        if (!planned || planned->operation.kind != OperationKind::MakeDirectory)
            continue;
        const Operation &operation = planned->operation;
        if (!planned->borrow && !operation.path.isRoot() && mentions.value(operation.path) == 1
            && (operation.attributes.mode & movable) == movable && !manifest.find(operation.path))
            made.insert(operation.path, operation.sequence);
    }
    return made;
}

} // namespace

// A path that the group names again is made in its turn: what is there at that time is the business of
// the operations before it.
std::vector<FreshFiles::Order> FreshFiles::ordersOf(const QList<JournalRecord> &group)
{
    const Mentions mentions = mentionsIn(group);
    const auto made = newDirectoriesIn(group, mentions, *m.manifest);
    const auto directoryFor = [&](const RelPath &path) -> const Directory * {
        const auto sequence = made.find(path.parent());
        if (sequence == made.end() || mentions.value(path) != 1)
            return nullptr;
        if (const auto known = m_directories.find(*sequence); known != m_directories.end())
            return &known->second;
        const RelPath fresh = m.staging.freshPath();
        if (!m.root.makeDirectory(fresh, 0700))
            return nullptr;
        return &m_directories.emplace(*sequence, Directory{fresh}).first->second;
    };
    std::vector<Order> orders;
    for (const JournalRecord &record : group) {
        const auto *planned = std::get_if<PlannedOperation>(&record);
        if (!planned || planned->operation.kind != OperationKind::PutFile
            || planned->operation.stage != StageId{})
            continue;
        const RelPath &path = planned->operation.path;
        const Directory *directory = directoryFor(path);
        const auto inside =
            directory ? directory->path.child(path.name()) : Result<RelPath>(m.staging.freshPath());
        if (inside)
            orders.push_back({&planned->operation, *inside, directory, {}});
    }
    return orders;
}

void FreshFiles::makeAhead(const QList<JournalRecord> &group)
{
    if (group.size() == 1)
        return;
    std::vector<Order> orders = ordersOf(group);
    makeAll(orders);
    for (Order &order : orders) {
        if (order.made)
            m_ahead.emplace(
                order.operation->sequence,
                Ahead{{std::move(order.path), std::move(*order.made)}, order.directory});
        else
            (void)m.root.removeFile(order.path); // else it goes when the replica is opened again
    }
}

bool FreshFiles::placeDirectory(const Operation &operation)
{
    const auto known = m_directories.find(operation.sequence);
    if (known == m_directories.end())
        return false;
    Directory &directory = known->second;
    directory.isPlaced =
        m.root.rename(directory.path, operation.path, RenameMode::NoReplace).has_value();
    return directory.isPlaced;
}

Result<FreshFiles::Made> FreshFiles::take(const Operation &operation)
{
    if (const auto ahead = m_ahead.extract(operation.sequence)) {
        Ahead &mapped = ahead.mapped();
        if (mapped.directory && mapped.directory->isPlaced)
            return Made{operation.path, std::move(mapped.made.loss), true};
        return std::move(mapped.made);
    }
    const RelPath path = m.staging.freshPath();
    auto made = make(path, operation);
    if (!made) {
        (void)m.root.removeFile(path); // else it goes when the replica is opened again
        return passOn(made);
    }
    return Made{path, std::move(*made)};
}

void FreshFiles::removeUnused()
{
    for (const auto &[sequence, ahead] : std::exchange(m_ahead, {})) {
        if (!ahead.directory || !ahead.directory->isPlaced)
            (void)m.root.removeFile(ahead.made.path);
    }
    for (const auto &[sequence, directory] : std::exchange(m_directories, {})) {
        if (!directory.isPlaced)
            (void)m.root.removeDirectory(directory.path);
    }
}

} // namespace octopus::apply
