#include "app/desktop/tray/trayicon.h"

#include "app/desktop/icons.h"
#include "app/desktop/wording.h"

#include <algorithm>

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

QString TrayIcon::summary(const VaultModel &model)
{
    if (model.isStale())
        return tr("Octopus: the engine does not answer");
    const QList<VaultRow> &rows = model.rows();
    if (rows.isEmpty())
        return tr("Octopus: nothing is mirrored yet");
    if (const auto halted = std::ranges::count(rows, Phase::Halted, &VaultRow::phase))
        return tr("Octopus: %n vault(s) halted", nullptr, int(halted));
    const auto behind =
        std::ranges::count_if(rows, [](const VaultRow &row) { return !row.inSync; });
    if (behind > 0)
        return tr("Octopus: %n vault(s) not in sync", nullptr, int(behind));
    const auto paused = std::ranges::count(rows, Phase::Paused, &VaultRow::phase);
    return paused > 0 ? tr("Octopus: %n vault(s) paused", nullptr, int(paused))
                      : tr("Octopus: everything is in sync");
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
            tr("%1: %2, lag %3")
                .arg(Wording::shown(row.name), Wording::phase(row.phase), Wording::lag(row.lag)));
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
        const QString state = m_model.isStale() ? tr("unknown") : Wording::phase(vault.phase);
        QString name = Wording::shown(vault.name);
        name.replace(u'&', QStringLiteral("&&")); // no key of a menu
        QAction *entry = m_menu.addAction(
            m_model.index(row, VaultModel::State).data(Qt::DecorationRole).value<QIcon>(),
            tr("%1: %2", "a vault and its state").arg(name, state));
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
