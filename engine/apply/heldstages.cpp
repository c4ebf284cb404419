#include "engine/apply/heldstages.h"

#include "engine/apply/layout.h"
#include "engine/base/log.h"
#include "engine/model/bytes.h"

#include <algorithm>

namespace octopus::apply {

static constexpr char prefix = 'k';
static constexpr qsizetype digits = 2 * StageToken::size;
static constexpr qsizetype lengthDigits = 16;
static constexpr quint64 longestLength = quint64(1) << 50; // so that sums fit
static constexpr qsizetype nameSize = 1 + digits + 1 + lengthDigits;

qint64 Held::bytes() const
{
    qint64 total = 0;
    for (const Extent &extent : extents)
        total += qint64(extent.length);
    return total;
}

RelPath HeldStages::pathOf(const StageToken &token, quint64 durable)
{
    const QByteArray length = QByteArray::number(durable, 16).rightJustified(lengthDigits, '0');
    return *layout::staging().child(prefix + token.bytes().toHex() + '-' + length);
}

bool HeldStages::isName(QByteArrayView name)
{
    return name.startsWith(prefix);
}

// Only one that is durable from its start: what lies behind holes is not known any more.
std::optional<Held> HeldStages::read(const QByteArray &name) const
{
    if (name.size() != nameSize)
        return std::nullopt;
    const auto token = StageToken::fromBytes(QByteArray::fromHex(name.sliced(1, digits)));
    bool isNumber = false;
    const quint64 length = name.last(lengthDigits).toULongLong(&isNumber, 16);
    if (!token || !isNumber || length == 0 || length > longestLength
        || pathOf(*token, length).name() != name)
        return std::nullopt;
    const auto stat = m_root.stat(pathOf(*token, length));
    if (!stat || stat->kind != EntryKind::File || stat->size < length)
        return std::nullopt;
    return Held{*token, {{0, length}}, length, length, {stat->mtimeNs}, std::nullopt};
}

void HeldStages::open()
{
    m_held.clear();
    const auto entries = m_root.list(layout::staging());
    if (!entries)
        return;
    for (const DirectoryEntry &entry : *entries) {
        if (!isName(entry.name))
            continue;
        auto found = read(entry.name);
        const bool isKnown = found && std::ranges::contains(m_held, found->token, &Held::token);
        if (found && !isKnown)
            m_held.push_back(std::move(*found));
        else if (const auto path = layout::staging().child(entry.name))
            (void)m_root.removeFile(*path);
    }
    std::ranges::stable_sort(m_held, {}, &Held::since);
    prune();
}

void HeldStages::keep(Held stage)
{
    drop(stage.token);
    stage.since = m_clock.wall();
    m_held.push_back(std::move(stage));
    prune();
}

std::optional<Held> HeldStages::take(const StageToken &token)
{
    const auto found = std::ranges::find(m_held, token, &Held::token);
    if (found == m_held.end())
        return std::nullopt;
    Held stage = std::move(*found);
    m_held.erase(found);
    return stage;
}

void HeldStages::drop(const StageToken &token)
{
    if (const auto stage = take(token))
        remove(*stage);
}

void HeldStages::dropAll()
{
    for (const Held &stage : std::exchange(m_held, {}))
        remove(stage);
}

void HeldStages::forgetDigests()
{
    for (Held &stage : m_held)
        stage.digest.reset();
}

QList<HeldStage> HeldStages::list() const
{
    QList<HeldStage> stages;
    for (const Held &stage : m_held)
        stages.append({stage.token, stage.end});
    return stages;
}

void HeldStages::prune()
{
    const auto space = m_root.space();
    qint64 surplus = 0; // over what is free on the disk
    for (const Held &stage : m_held)
        surplus += stage.bytes();
    surplus -= space ? qint64(std::min<quint64>(space->freeBytes, maximumFileSize)) : surplus;
    const auto isTooOld = [&](const Held &stage) {
        return m_clock.wall().nanoseconds - stage.since.nanoseconds > longest.count();
    };
    while (!m_held.empty()
           && (qsizetype(m_held.size()) > cap || isTooOld(m_held.front()) || surplus > 0)) {
        surplus -= 2 * m_held.front().bytes(); // of which as many are free then
        remove(m_held.front());
        m_held.erase(m_held.begin());
    }
}

// If that fails, the next start tries again.
void HeldStages::remove(const Held &stage)
{
    if (const auto removed = m_root.removeFile(pathOf(stage.token, stage.durable)); !removed)
        qCInfo(logApply) << "content sent ahead cannot be removed:" << removed.error().detail;
}

} // namespace octopus::apply
