#include "app/desktop/vaultmodel.h"

#include "app/desktop/icons.h"
#include "app/desktop/wording.h"

#include <QGuiApplication>
#include <QLocale>

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr quint64 wholeShare = 1000;

QString joined(const QList<QByteArray> &paths)
{
    QStringList texts;
    for (const QByteArray &path : paths)
        texts.append(Wording::shown(path));
    return texts.join(VaultModel::tr(", ", "between words of a list"));
}

QVariant alignment(int column)
{
    const bool number = column == VaultModel::Lag || column == VaultModel::Problems;
    return QVariant((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

// Four times a second: what only Lag and Activity show.
bool hasMerelyMoved(const VaultRow &before, const VaultRow &now)
{
    VaultRow same = now;
    same.inSync = before.inSync;
    same.lag = before.lag;
    same.backlogOperations = before.backlogOperations;
    same.sentBytes = before.sentBytes;
    same.files = before.files;
    same.bytes = before.bytes;
    same.progress = before.progress;
    same.lastInSync = before.lastInSync;
    return same == before && now.isBehind() == before.isBehind();
}

} // namespace

void VaultModel::setRows(const QList<VaultRow> &rows)
{
    const bool sameMirrors = rows.size() == m_rows.size()
        && std::ranges::equal(rows, m_rows, [](const VaultRow &a, const VaultRow &b) {
                                 return a.isSameMirror(b);
                             });
    if (!sameMirrors) {
        beginResetModel();
        m_rows = rows;
        endResetModel();
        return;
    }
    // One change for all: whoever listens measures and paints the table for each.
    qsizetype first = rows.size();
    qsizetype last = 0;
    bool moved = true;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        if (rows[i] == m_rows[i])
            continue;
        moved = moved && hasMerelyMoved(m_rows[i], rows[i]);
        m_rows[i] = rows[i];
        first = std::min(first, i);
        last = i;
    }
    if (first < rows.size())
        Q_EMIT dataChanged(index(int(first), moved ? int(Lag) : 0),
                           index(int(last), moved ? int(Activity) : ColumnCount - 1));
}

void VaultModel::setStale(bool stale)
{
    if (std::exchange(m_stale, stale) == stale)
        return;
    if (!m_rows.isEmpty()) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    } else { // no values changed, but what is known of all together did
        beginResetModel();
        endResetModel();
    }
}

const VaultRow *VaultModel::rowAt(const QModelIndex &index) const
{
    return index.isValid() && index.row() < m_rows.size() ? &m_rows[index.row()] : nullptr;
}

int VaultModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int VaultModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant VaultModel::data(const QModelIndex &index, int role) const
{
    const VaultRow *row = rowAt(index);
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(*row, index.column());
    case Qt::DecorationRole: return decoration(*row, index.column());
    case Qt::ToolTipRole: return Wording::toolTip(toolTip(*row, index.column()));
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1: %2").arg(
            headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(),
            text(*row, index.column()));
    // Where the vaults are a list (on the map) this is all that is heard of one.
    case Qt::AccessibleDescriptionRole:
        return index.column() == Name ? accessibleText(*row) : QVariant();
    case Qt::TextAlignmentRole: return alignment(index.column());
    case ShareRole: return index.column() == Activity ? share(*row) : QVariant();
    default: return {};
    }
}

QVariant VaultModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Vault");
    case With: return tr("With");
    case Place: return tr("Replica");
    case State: return tr("State");
    case Lag: return tr("Lag");
    case Activity: return tr("Activity");
    case Verified: return tr("Verified");
    case Problems: return tr("Problems");
    default: return {};
    }
}

QString VaultModel::text(const VaultRow &row, int column) const
{
    switch (column) {
    case Name: return Wording::shown(row.name);
    case With:
        return row.direction == Direction::Outgoing
            ? tr("to %1").arg(Wording::shown(row.peerName))
            : tr("from %1").arg(Wording::shown(row.peerName));
    case Place: return Wording::shown(row.destination);
    case State: return stateText(row);
    case Lag: return m_stale || !row.lag ? tr("Unknown") : Wording::duration(*row.lag);
    case Activity: return m_stale ? QString() : activityText(row);
    case Verified: return Wording::verified(row, SystemClock().wall());
    case Problems: {
        const qsizetype faults = row.faults();
        return faults > 0 ? QLocale().toString(faults) : QStringLiteral("–");
    }
    default: return {};
    }
}

QString VaultModel::accessibleText(const VaultRow &row) const
{
    return QStringList{text(row, With), text(row, State), tr("Lag: %1").arg(text(row, Lag)),
                       text(row, Activity)}
        .join(tr(", ", "between words of a list"));
}

QString VaultModel::stateText(const VaultRow &row) const
{
    return m_stale ? tr("Unknown") : Wording::phase(row.phase);
}

QString VaultModel::activityText(const VaultRow &row) const
{
    if (const QVariant done = share(row); done.isValid()) {
        QString percent = tr("%1 %").arg(done.toInt() * 100 / int(wholeShare));
        if (row.progress.remaining)
            return tr("%1, %2 left").arg(percent, Wording::duration(*row.progress.remaining));
        return percent;
    }
    if (row.halt)
        return Wording::haltReason(row.halt->reason);
    if (row.direction == Direction::Incoming) {
        if (!row.inSync)
            return tr("Not complete yet");
        return row.lastInSync ? tr("As of %1").arg(Wording::time(*row.lastInSync)) : QString();
    }
    if (row.backlogOperations > 0)
        return tr("%n change(s) waiting", nullptr,
                  int(std::min<quint64>(row.backlogOperations, 1'000'000'000)));
    if (row.inSync && row.phase == Phase::Mirroring)
        return tr("In sync, %1 in %2")
            .arg(Wording::size(row.bytes),
                 tr("%n file(s)", nullptr, int(std::min<quint64>(row.files, 1'000'000'000))));
    if (row.lastInSync && !row.inSync)
        return tr("Last in sync: %1").arg(Wording::time(*row.lastInSync));
    return {};
}

QString VaultModel::toolTip(const VaultRow &row, int column) const
{
    switch (column) {
    case Name: // they may be too long for their columns
        return row.sources.isEmpty()
            ? text(row, Name)
            : text(row, Name) + u'\n' + tr("Mirrors %1").arg(joined(row.sources));
    case With: return text(row, With) + u'\n' + row.peer.text();
    case State: return m_stale ? tr("The engine does not answer.") : Wording::phaseExplained(row);
    case Lag: return tr("The age of the oldest change that the target has not applied yet");
    case Verified:
        return tr("When both sides were last compared byte by byte, and what came of it");
    default: return text(row, column);
    }
}

QVariant VaultModel::decoration(const VaultRow &row, int column) const
{
    switch (column) {
    case With:
        // Out is where reading goes.
        return icon((row.direction == Direction::Outgoing) != QGuiApplication::isRightToLeft()
                        ? QStringLiteral("outgoing")
                        : QStringLiteral("incoming"));
    case State: return stateIcon(row, m_stale);
    case Verified:
        return row.lastVerified && row.lastVerified->different > 0 && !row.lastVerified->repaired
            ? QVariant(icon(QStringLiteral("warning")))
            : QVariant();
    case Problems: return row.faults() > 0 ? QVariant(icon(QStringLiteral("warning"))) : QVariant();
    default: return {};
    }
}

QVariant VaultModel::share(const VaultRow &row) const
{
    if (m_stale || row.phase != Phase::Copying || row.progress.total == 0)
        return {};
    const double share =
        double(std::min(row.progress.done, row.progress.total)) / double(row.progress.total);
    return int(share * double(wholeShare));
}

} // namespace octopus::desktop
