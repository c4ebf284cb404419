#include "app/desktop/bus/busstate.h"

#include "app/desktop/tray/overallstate.h"

#include <algorithm>

namespace octopus::desktop {

namespace {

// Of one row; -1 while it is unknown. "0" is only said where it is also in sync.
qint64 lagOf(const VaultRow &row, bool isStale)
{
    if (isStale || !row.lag || (row.lag->count() == 0 && !row.inSync))
        return -1;
    return row.lag->count();
}

QVariantMap mapOf(const VaultRow &row, bool isStale)
{
    return {{QStringLiteral("name"), row.name},
            {QStringLiteral("peer"), row.peerName},
            {QStringLiteral("direction"),
             row.direction == Direction::Outgoing ? QStringLiteral("outgoing")
                                                  : QStringLiteral("incoming")},
            {QStringLiteral("phase"),
             isStale ? QStringLiteral("unknown") : QString::fromLatin1(phaseName(row.phase))},
            {QStringLiteral("inSync"), row.inSync && !isStale},
            {QStringLiteral("lagMs"), lagOf(row, isStale)},
            {QStringLiteral("problems"), int(row.problems.size())}};
}

} // namespace

BusState busStateOf(const VaultModel &model)
{
    BusState state;
    state.state = QString::fromLatin1(overallName(overallState(model)));
    const bool isStale = model.isStale();
    QList<qint64> lags;
    for (const VaultRow &row : model.rows()) {
        state.vaults.append(mapOf(row, isStale));
        lags.append(lagOf(row, isStale));
    }
    if (!lags.isEmpty() && !lags.contains(-1))
        state.worstLagMs = *std::ranges::max_element(lags);
    return state;
}

} // namespace octopus::desktop
