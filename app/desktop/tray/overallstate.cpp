#include "app/desktop/tray/overallstate.h"

#include "app/desktop/icons.h"

#include <QPainter>

#include <algorithm>

namespace octopus::desktop {

namespace {

bool isWorking(const VaultRow &row)
{
    return row.phase == Phase::Copying || row.phase == Phase::Checking
        || (row.phase == Phase::Mirroring && !row.inSync);
}

// The octopus, pale where nothing is mirrored, with the badge in a gap of its own.
QPixmap paint(OverallState state, int size)
{
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool pale = state == OverallState::Offline || state == OverallState::Paused
        || state == OverallState::Nothing;
    const QIcon body = icon(pale ? QStringLiteral("tray-pale") : QStringLiteral("tray"));
    body.paint(&painter, 0, 0, size, size);
    const QIcon badge = icon(QStringLiteral("badge-") + QLatin1StringView(overallName(state)));
    if (badge.isNull())
        return pixmap;
    const int side = size * 10 / 16;
    const QRect place(size - side, size - side, side, side);
    painter.setCompositionMode(QPainter::CompositionMode_Clear);
    painter.setBrush(Qt::black);
    painter.setPen(Qt::NoPen);
    const double gap = size / 16.0;
    painter.drawRoundedRect(QRectF(place).adjusted(-gap, -gap, gap, gap), side / 2.0, side / 2.0);
    painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
    badge.paint(&painter, place);
    return pixmap;
}

} // namespace

OverallState overallState(const VaultModel &model)
{
    const QList<VaultRow> &rows = model.rows();
    if (model.isStale())
        return OverallState::Offline;
    if (rows.isEmpty())
        return OverallState::Nothing;
    const auto any = [&rows](auto is) { return std::ranges::any_of(rows, is); };
    if (any(&VaultRow::isHalted))
        return OverallState::Halted;
    if (any([](const VaultRow &row) { return row.faults() > 0; }))
        return OverallState::Problem;
    if (any([](const VaultRow &row) { return row.phase == Phase::Offline; }))
        return OverallState::Offline;
    if (any([](const VaultRow &row) { return row.isBehind(); }))
        return OverallState::Behind;
    if (any(isWorking))
        return OverallState::Working;
    if (any([](const VaultRow &row) { return row.phase == Phase::Paused; }))
        return OverallState::Paused;
    return any([](const VaultRow &row) { return !row.inSync; }) ? OverallState::Working
                                                                : OverallState::InSync;
}

const char *overallName(OverallState state)
{
    switch (state) {
    case OverallState::Nothing: return "nothing";
    case OverallState::InSync: return "in-sync";
    case OverallState::Working: return "working";
    case OverallState::Behind: return "behind";
    case OverallState::Problem: return "problem";
    case OverallState::Halted: return "halted";
    case OverallState::Offline: return "offline";
    case OverallState::Paused: return "paused";
    }
    return "nothing";
}

QIcon trayPicture(OverallState state)
{
    QIcon picture;
    for (const int size : {16, 20, 22, 24, 32, 44, 48, 64})
        picture.addPixmap(paint(state, size));
    return picture;
}

} // namespace octopus::desktop
