#include "app/desktop/trayicon.h"

#include "app/desktop/icons.h"

#include <QPainter>

#include <algorithm>
#include <array>

namespace octopus::desktop {

namespace {

// What matters most is shown: the first of these that any vault is in.
constexpr std::array byUrgency{Phase::Halted,   Phase::Diverged, Phase::Offline,  Phase::Copying,
                               Phase::Checking, Phase::Paused,   Phase::Mirroring};

bool anyIn(const QList<VaultRow> &rows, Phase phase)
{
    return std::ranges::any_of(rows, [phase](const VaultRow &row) { return row.phase == phase; });
}

std::optional<Phase> mostUrgent(const VaultModel &model)
{
    if (model.isStale())
        return Phase::Offline;
    for (const Phase phase : byUrgency) {
        if (anyIn(model.rows(), phase))
            return phase;
    }
    return std::nullopt;
}

QIcon withBadge(std::optional<Phase> phase)
{
    QIcon result;
    for (const int size : {16, 22, 24, 32, 48, 64}) {
        QPixmap pixmap = applicationIcon().pixmap(QSize(size, size), 1.0);
        if (phase && *phase != Phase::Mirroring) {
            QPainter painter(&pixmap);
            const int badge = size * 5 / 8;
            phaseIcon(*phase).paint(&painter, size - badge, size - badge, badge, badge);
        }
        result.addPixmap(pixmap);
    }
    return result;
}

} // namespace

TrayIcon::TrayIcon(const VaultModel &model, const QList<QAction *> &menuActions) : m_model(model)
{
    QAction *show = m_menu.addAction(icon(QStringLiteral("window")), tr("&Show Octopus"));
    connect(show, &QAction::triggered, this, &TrayIcon::windowWanted);
    m_menu.addSeparator();
    m_menu.addActions(menuActions);
    m_icon.setContextMenu(&m_menu);
    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason != QSystemTrayIcon::Context)
                    Q_EMIT windowWanted();
            });
    connect(&model, &QAbstractItemModel::dataChanged, this, &TrayIcon::refresh);
    connect(&model, &QAbstractItemModel::modelReset, this, &TrayIcon::refresh);
    m_icon.setIcon(withBadge(std::nullopt));
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
    return behind == 0 ? tr("Octopus: everything is in sync")
                       : tr("Octopus: %n vault(s) not in sync", nullptr, int(behind));
}

void TrayIcon::refresh()
{
    const std::optional<Phase> phase = mostUrgent(m_model);
    if (phase != m_shown)
        m_icon.setIcon(withBadge(phase));
    m_shown = phase;
    if (const QString sentence = summary(m_model); sentence != m_sentence) {
        m_sentence = sentence;
        m_icon.setToolTip(sentence);
    }
}

} // namespace octopus::desktop
