#include "engine/apply/freshfiles.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace octopus::apply {

// Fewer are made sooner than another thread is awake.
static constexpr qsizetype worthAThread = 16;

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

// The first by this thread alone: from then on the owner is known.
void FreshFiles::makeAll(std::span<Order> orders)
{
    std::atomic<size_t> next = 0;
    const auto makeNext = [&] {
        const size_t at = next++;
        if (at >= orders.size())
            return false;
        if (auto made = make(orders[at].path, *orders[at].operation))
            orders[at].made = std::move(*made);
        return true;
    };
    makeNext();
    if (!m_ownerOfNew)
        return;
    const qsizetype makers = std::min<qsizetype>(m_makers.value_or(m.root.makersAtOnce()),
                                                 qsizetype(orders.size()) / worthAThread);
    std::vector<std::jthread> others;
    for (qsizetype i = 1; i < makers; ++i)
        others.emplace_back([&] {
            while (makeNext()) {}
        });
    while (makeNext()) {}
}

void FreshFiles::makeAhead(const QList<JournalRecord> &group)
{
    if (group.size() == 1)
        return;
    std::vector<Order> orders;
    for (const JournalRecord &record : group) {
        const auto *planned = std::get_if<PlannedOperation>(&record);
        if (planned && planned->operation.kind == OperationKind::PutFile
            && planned->operation.stage == StageId{})
            orders.push_back({&planned->operation, m.staging.freshPath(), {}});
    }
    makeAll(orders);
    for (Order &order : orders) {
        if (order.made)
            m_ahead.emplace(order.operation->sequence,
                            Made{std::move(order.path), std::move(*order.made)});
        else
            (void)m.root.removeFile(order.path); // else it goes when the replica is opened again
    }
}

Result<FreshFiles::Made> FreshFiles::take(const Operation &operation)
{
    if (const auto ahead = m_ahead.extract(operation.sequence))
        return std::move(ahead.mapped());
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
    for (const auto &[sequence, made] : std::exchange(m_ahead, {}))
        (void)m.root.removeFile(made.path);
}

} // namespace octopus::apply
