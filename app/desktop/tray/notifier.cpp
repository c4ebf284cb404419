#include "app/desktop/tray/notifier.h"

#include "app/desktop/wording.h"

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr Milliseconds calmTime{60'000};

} // namespace

// So long it must last before anybody is told: what passes at once is no news.
Milliseconds Notifier::delayOf(Kind kind)
{
    switch (kind) {
    case Kind::Lag: // the limit is a minute already
    case Kind::Halt: return Milliseconds(0);
    case Kind::Problem: return Milliseconds(5'000);
    case Kind::Lost: return Milliseconds(30'000);
    case Kind::Engine: return Milliseconds(10'000);
    }
    return Milliseconds(0);
}

QList<Notice> Notifier::take(const QList<VaultRow> &rows, bool stale, Milliseconds now)
{
    m_notices.clear();
    observe({VaultId(), MachineId(), Kind::Engine}, stale, now, {});
    if (!stale) {
        // What is gone needs no more news.
        std::erase_if(m_conditions, [&rows](const auto &entry) {
            const Key &key = entry.first;
            return std::get<Kind>(key) != Kind::Engine
                && std::ranges::none_of(rows, [&key](const VaultRow &row) {
                       return row.vault == std::get<VaultId>(key)
                           && row.peer == std::get<MachineId>(key);
                   });
        });
        for (const VaultRow &row : rows) {
            const auto see = [&](Kind kind, bool holds) {
                observe({row.vault, row.peer, kind}, holds, now, row);
            };
            const bool lost = row.phase == Phase::Offline;
            see(Kind::Halt, row.isHalted());
            see(Kind::Lost, lost);
            see(Kind::Lag, row.isBehind() && !lost && row.phase != Phase::Paused);
            see(Kind::Problem, row.faults() > 0);
        }
    }
    return std::exchange(m_notices, {});
}

void Notifier::observe(const Key &key, bool holds, Milliseconds now, const VaultRow &row)
{
    Condition &condition = m_conditions[key];
    const Kind kind = std::get<Kind>(key);
    if (holds) {
        condition.calm.reset();
        if (!condition.since)
            condition.since = now;
        if (!condition.told && now - *condition.since >= delayOf(kind)) {
            condition.told = true;
            m_notices.append(begun(kind, row));
        }
        return;
    }
    condition.since.reset();
    if (!condition.told)
        return;
    if (!condition.calm)
        condition.calm = now;
    if (now - *condition.calm >= calmTime) {
        condition = {};
        m_notices.append(over(kind, row));
    }
}

Notice Notifier::begun(Kind kind, const VaultRow &row)
{
    const QString name = Wording::shown(row.name);
    const QString peer = Wording::shown(row.peerName);
    switch (kind) {
    case Kind::Lag:
        return {tr("%1 is behind").arg(name),
                tr("The replica on %1 lags by %2.").arg(peer, Wording::lag(row.lag)), false};
    case Kind::Halt:
        return {tr("%1 has halted").arg(name),
                row.halt
                    ? tr("%1. Open Octopus to decide.").arg(Wording::haltReason(row.halt->reason))
                    : tr("Open Octopus to decide."),
                false};
    case Kind::Problem:
        return {tr("%1 has problems").arg(name),
                tr("%n file(s) or folder(s) are not protected now.", nullptr, int(row.faults())),
                false};
    case Kind::Lost:
        return {tr("%1 cannot be reached").arg(peer),
                tr("Changes of %1 are kept in mind and caught up when it is back.").arg(name),
                false};
    case Kind::Engine: break;
    }
    return {tr("The engine does not answer"), tr("Whether changes are mirrored is unknown."),
            false};
}

Notice Notifier::over(Kind kind, const VaultRow &row)
{
    const QString name = Wording::shown(row.name);
    switch (kind) {
    case Kind::Lag: return {tr("%1 has caught up").arg(name), {}, true};
    case Kind::Halt: return {tr("%1 goes on").arg(name), {}, true};
    case Kind::Problem: return {tr("%1 has no problems any more").arg(name), {}, true};
    case Kind::Lost:
        return {tr("%1 is back").arg(Wording::shown(row.peerName)), tr("%1 goes on.").arg(name),
                true};
    case Kind::Engine: break;
    }
    return {tr("The engine answers again"), {}, true};
}

} // namespace octopus::desktop
