#include "app/desktop/session/windowmemory.h"

#include "app/desktop/vaultview.h"

#include <QEvent>
#include <QFile>
#include <QHeaderView>
#include <QMainWindow>
#include <QSplitter>

namespace octopus::desktop {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 1s;

const QString geometryKey = QStringLiteral("window/geometry");
const QString openKey = QStringLiteral("window/open");
const QString mirrorKey = QStringLiteral("window/mirror");
const QString fittedKey = QStringLiteral("columns/activityFitted");
const QString splitterKey = QStringLiteral("splitters/");

// Other columns are another table.
QString columnsKey()
{
    return QStringLiteral("columns/of%1").arg(VaultModel::ColumnCount);
}

QString nameOf(const VaultRow *row)
{
    if (!row)
        return {};
    return QStringLiteral("%1 %2 %3")
        .arg(row->vault.text(), row->peer.text(),
             row->direction == Direction::Outgoing ? QStringLiteral("outgoing")
                                                   : QStringLiteral("incoming"));
}

} // namespace

WindowMemory::WindowMemory(QMainWindow &window, const QByteArray &stateDirectory)
    : m_window(window),
      m_view(window.findChild<VaultView *>()),
      m_settings(QFile::decodeName(stateDirectory) + QStringLiteral("/desktop.ini"))
{
    restore();
    m_timer.setSingleShot(true);
    m_timer.setInterval(patience);
    connect(&m_timer, &QTimer::timeout, this, [this] { write(m_window.isVisible()); });
    watch();
}

QList<QSplitter *> WindowMemory::splitters() const
{
    QList<QSplitter *> named;
    for (QSplitter *splitter : m_window.findChildren<QSplitter *>()) {
        if (!splitter->objectName().isEmpty())
            named.append(splitter);
    }
    return named;
}

void WindowMemory::restore()
{
    m_window.restoreGeometry(m_settings.value(geometryKey).toByteArray());
    m_wasOpen = m_settings.value(openKey, false).toBool();
    m_mirror = m_settings.value(mirrorKey).toString();
    m_mirrorIsDue = !m_mirror.isEmpty();
    for (QSplitter *splitter : splitters())
        splitter->restoreState(
            m_settings.value(splitterKey + splitter->objectName()).toByteArray());
    m_view->restoreColumns(m_settings.value(columnsKey()).toByteArray(),
                           m_settings.value(fittedKey, false).toBool());
}

void WindowMemory::watch()
{
    const auto later = [this] { m_timer.start(); };
    m_window.installEventFilter(this);
    for (const QSplitter *splitter : splitters())
        connect(splitter, &QSplitter::splitterMoved, this, later);
    connect(m_view->horizontalHeader(), &QHeaderView::sectionResized, this, later);
    connect(m_view, &VaultView::currentRowChanged, this, [this, later] {
        const QString now = nameOf(m_view->currentRow());
        if (m_mirrorIsDue || now.isEmpty() || now == m_mirror)
            return;
        m_mirror = now;
        later();
    });
    // After the view's own connection, which chooses the first row.
    connect(m_view->model(), &QAbstractItemModel::modelReset, this,
            &WindowMemory::chooseFormerMirror);
}

void WindowMemory::chooseFormerMirror()
{
    const auto *model = qobject_cast<const VaultModel *>(m_view->model());
    if (!m_mirrorIsDue || !model || model->rows().isEmpty())
        return;
    m_mirrorIsDue = false;
    for (int row = 0; row < model->rowCount(); ++row) {
        if (nameOf(&model->rows()[row]) == m_mirror)
            return m_view->choose(row);
    }
}

bool WindowMemory::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Show:
    case QEvent::Hide:
    case QEvent::Move:
    case QEvent::Resize:
    case QEvent::WindowStateChange: m_timer.start(); break;
    default: break;
    }
    return QObject::eventFilter(watched, event);
}

void WindowMemory::save()
{
    write(m_window.isVisible());
    m_settings.waitUntilWritten();
}

void WindowMemory::saveAsQuit()
{
    write(false);
    m_settings.waitUntilWritten();
}

void WindowMemory::write(bool open)
{
    m_timer.stop();
    QHash<QString, QVariant> values{
        {geometryKey, m_window.saveGeometry()}, {openKey, open}, {mirrorKey, m_mirror}};
    // What was never laid out has no sizes of its own yet.
    for (const QSplitter *splitter : splitters()) {
        if (splitter->sizes() != QList<int>(splitter->count(), 0))
            values.insert(splitterKey + splitter->objectName(), splitter->saveState());
    }
    if (m_view->isVisibleTo(&m_window)) {
        values.insert(columnsKey(), m_view->horizontalHeader()->saveState());
        values.insert(fittedKey, m_view->activityIsFitted());
    }
    m_settings.write(values);
}

} // namespace octopus::desktop
