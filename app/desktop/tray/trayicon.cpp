#include "app/desktop/tray/trayicon.h"

#include "app/desktop/icons.h"
#include "app/desktop/wording.h"

#include <algorithm>
#include <functional>

namespace octopus::desktop {

namespace {

constexpr qsizetype shownVaults = 12; // in the menu
constexpr qsizetype shownLines = 6;   // in the tool tip
constexpr qsizetype shownNotices = 3;
constexpr Milliseconds newsInterval{1000};

std::optional<Milliseconds> worstLag(const QList<VaultRow> &rows)
{
    std::optional<Milliseconds> worst;
    for (const VaultRow &row : rows) {
        if (row.lag && (!worst || *row.lag > *worst))
            worst = row.lag;
    }
    return worst;
}

bool isAway(const VaultRow &row)
{
    return row.phase == Phase::Offline;
}

// Of the vaults or machines of which this is so, each once.
template <typename Is>
QStringList namesOf(const QList<VaultRow> &rows, Is is, QString VaultRow::*name)
{
    QStringList names;
    for (const VaultRow &row : rows) {
        if (std::invoke(is, row))
            names.append(Wording::shown(row.*name));
    }
    names.removeDuplicates();
    return names;
}

} // namespace

TrayIcon::TrayIcon(const VaultModel &model, const QList<QAction *> &allActions,
                   const QList<QAction *> &endActions)
    : m_model(model),
      m_allActions(allActions),
      m_endActions(endActions),
      m_show(icon(QStringLiteral("window")), tr("&Open Octopus"))
{
    connect(&m_show, &QAction::triggered, this, &TrayIcon::windowWanted);
    connect(&m_menu, &QMenu::aboutToShow, this, &TrayIcon::fillMenu);
    m_icon.setContextMenu(&m_menu);
    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason != QSystemTrayIcon::Context)
                    Q_EMIT windowWanted();
            });
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &TrayIcon::windowWanted);
    connect(&model, &QAbstractItemModel::dataChanged, this, &TrayIcon::refresh);
    connect(&model, &QAbstractItemModel::modelReset, this, &TrayIcon::refresh);
    m_clock.start();
    m_newsTimer.setInterval(newsInterval);
    connect(&m_newsTimer, &QTimer::timeout, this, &TrayIcon::tellNews);
    m_newsTimer.start();
    fillMenu();
    refresh();
    m_icon.show(); // appears by itself should a tray come later
}

bool TrayIcon::isReachable() const
{
    return QSystemTrayIcon::isSystemTrayAvailable() && m_icon.isVisible();
}

void TrayIcon::notify(const QString &title, const QString &text)
{
    if (isReachable() && QSystemTrayIcon::supportsMessages())
        m_icon.showMessage(title, text, applicationIcon());
}

// As the look of the icon is chosen, with the name of the one that it is about.
QString TrayIcon::summary(const VaultModel &model)
{
    if (model.isStale())
        return tr("Octopus: the engine does not answer");
    const QList<VaultRow> &rows = model.rows();
    switch (overallState(model)) {
    case OverallState::Nothing: return tr("Octopus: nothing is mirrored yet");
    case OverallState::Halted: {
        const QStringList halted = namesOf(rows, &VaultRow::isHalted, &VaultRow::name);
        return halted.size() == 1 ? tr("Octopus: %1 has halted").arg(halted.first())
                                  : tr("Octopus: %n vault(s) halted", nullptr, int(halted.size()));
    }
    case OverallState::Problem: {
        const QStringList with = namesOf(rows, &VaultRow::faults, &VaultRow::name);
        return with.size() == 1
            ? tr("Octopus: %1 has problems").arg(with.first())
            : tr("Octopus: %n vault(s) with problems", nullptr, int(with.size()));
    }
    case OverallState::Offline: {
        const QStringList away = namesOf(rows, isAway, &VaultRow::peerName);
        return away.size() == 1
            ? tr("Octopus: %1 cannot be reached").arg(away.first())
            : tr("Octopus: %n machine(s) cannot be reached", nullptr, int(away.size()));
    }
    case OverallState::Behind:
    case OverallState::Working:
        if (const auto behind = std::ranges::count(rows, false, &VaultRow::inSync); behind > 0)
            return tr("Octopus: %n vault(s) not in sync", nullptr, int(behind));
        break; // what is in sync is compared once more
    case OverallState::Paused:
        return tr("Octopus: %n vault(s) paused", nullptr,
                  int(std::ranges::count(rows, Phase::Paused, &VaultRow::phase)));
    case OverallState::InSync: break;
    }
    return tr("Octopus: everything is in sync");
}

// What matters most about it, in a few words.
QString TrayIcon::reason(const VaultRow &row)
{
    if (row.halt)
        return tr("%1 (%2)", "a state and why")
            .arg(Wording::phase(row.phase), Wording::haltReason(row.halt->reason));
    if (isAway(row))
        return tr("%1 cannot be reached").arg(Wording::shown(row.peerName));
    if (const qsizetype faults = row.faults(); faults > 0)
        return tr("%1, %n problem(s)", nullptr, int(faults)).arg(Wording::phase(row.phase));
    return Wording::phase(row.phase);
}

QString TrayIcon::toolTip(const VaultModel &model)
{
    QStringList lines{summary(model)};
    if (model.isStale())
        return lines.first();
    if (const auto worst = worstLag(model.rows()))
        lines.append(tr("Worst lag: %1").arg(Wording::duration(*worst)));
    for (const VaultRow &row : model.rows()) {
        if (row.phase == Phase::Mirroring && row.inSync && row.faults() == 0)
            continue;
        if (lines.size() > shownLines) {
            lines.append(QStringLiteral("…"));
            break;
        }
        lines.append(
            tr("%1: %2, lag %3").arg(Wording::shown(row.name), reason(row), Wording::lag(row.lag)));
    }
    return lines.join(u'\n');
}

void TrayIcon::refresh()
{
    const OverallState state = overallState(m_model);
    if (m_shown == state)
        return; // the text follows once a second: each goes to the desktop with all pictures
    m_shown = state;
    m_icon.setIcon(trayPicture(state));
    refreshToolTip();
}

void TrayIcon::refreshToolTip()
{
    if (const QString text = toolTip(m_model); text != m_toolTip) {
        m_toolTip = text;
        m_icon.setToolTip(text);
    }
}

// Anew each time: the vaults and their states are others.
void TrayIcon::fillMenu()
{
    m_menu.clear();
    m_menu.addAction(&m_show);
    m_menu.addSeparator();
    const QList<VaultRow> &rows = m_model.rows();
    for (int row = 0; row < std::min(rows.size(), shownVaults); ++row) {
        const VaultRow &vault = rows[row];
        const QString state = m_model.isStale() ? tr("unknown") : reason(vault);
        QString text = tr("%1: %2", "a vault and its state").arg(Wording::shown(vault.name), state);
        text.replace(u'&', QStringLiteral("&&")); // no key of a menu
        QAction *entry = m_menu.addAction(
            m_model.index(row, VaultModel::State).data(Qt::DecorationRole).value<QIcon>(), text);
        connect(entry, &QAction::triggered, this, [this, row] { Q_EMIT vaultWanted(row); });
    }
    if (rows.size() > shownVaults) {
        QAction *more = m_menu.addAction(tr("%n more…", nullptr, int(rows.size() - shownVaults)));
        connect(more, &QAction::triggered, this, &TrayIcon::windowWanted);
    }
    m_menu.addSeparator();
    m_menu.addActions(m_allActions);
    m_menu.addSeparator();
    m_menu.addActions(m_endActions);
}

void TrayIcon::tellNews()
{
    refreshToolTip();
    const QList<Notice> news =
        m_notifier.take(m_model.rows(), m_model.isStale(), Milliseconds(m_clock.elapsed()));
    for (const Notice &notice : news.first(std::min(news.size(), shownNotices)))
        notify(notice.title, notice.text);
    if (news.size() > shownNotices) {
        notify(tr("Octopus"),
               tr("%n more message(s): see the window.", nullptr, int(news.size() - shownNotices)));
    }
}

} // namespace octopus::desktop
