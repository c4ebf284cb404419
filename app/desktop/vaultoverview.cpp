#include "app/desktop/vaultoverview.h"

#include "app/desktop/icons.h"
#include "app/desktop/map/mapview.h"
#include "app/desktop/vaultview.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

QString mapKey()
{
    return QStringLiteral("vaults/map");
}

QString detailsKey()
{
    return QStringLiteral("vaults/details");
}

} // namespace

VaultOverview::VaultOverview(VaultModel &model, const HistoryBook &book,
                             const QList<QAction *> &actions, const QString &settingsFile)
    : m_settings(settingsFile),
      m_showTable(icon(QStringLiteral("table")), tr("&Table")),
      m_showMap(icon(QStringLiteral("map")), tr("&Map")),
      m_showDetails(icon(QStringLiteral("details")), tr("&Details")),
      m_pages(new QStackedWidget(this)),
      m_table(new VaultView(model, book, actions)),
      m_map(new MapView(model, actions)),
      m_chains(new QLabel(this))
{
    m_map->setSelectionModel(m_table->selectionModel());
    m_pages->addWidget(m_table);
    m_pages->addWidget(buildMap());
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(buildSwitch());
    layout->addWidget(m_pages, 1);
    connect(m_table, &VaultView::currentRowChanged, this, &VaultOverview::currentRowChanged);
    connect(m_map, &MapView::planned, this, &VaultOverview::showChains);
    for (QAbstractItemView *view :
         {static_cast<QAbstractItemView *>(m_table), static_cast<QAbstractItemView *>(m_map)}) {
        connect(view, &QAbstractItemView::doubleClicked, this, &VaultOverview::openDetails);
        // Not activated(): that is a single click with some styles.
        for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter})
            new QShortcut(key, view, this, &VaultOverview::openDetails, Qt::WidgetShortcut);
    }
    (m_settings.value(mapKey()).toBool() ? m_showMap : m_showTable).setChecked(true);
    m_showDetails.setChecked(m_settings.value(detailsKey(), true).toBool());
    showView();
    connect(&m_showMap, &QAction::toggled, this, [this](bool map) {
        showView();
        setFocus();
        m_settings.write({{mapKey(), map}});
    });
    connect(&m_showDetails, &QAction::toggled, this, [this](bool shown) {
        m_settings.write({{detailsKey(), shown}});
        Q_EMIT detailsShown(shown);
    });
}

void VaultOverview::openDetails()
{
    m_showDetails.setChecked(true);
    Q_EMIT detailsWanted();
}

QWidget *VaultOverview::buildSwitch()
{
    auto *group = new QActionGroup(this);
    group->addAction(&m_showTable);
    group->addAction(&m_showMap);
    auto *bar = new QWidget(this);
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    const auto describe = [](QAction &action, const QString &name, Qt::Key key,
                             const QString &tip) {
        action.setObjectName(name);
        action.setShortcut(QKeySequence(Qt::CTRL | key));
        action.setToolTip(tip);
        action.setStatusTip(tip);
    };
    describe(m_showTable, QStringLiteral("showTable"), Qt::Key_1,
             tr("Every vault in a line of a table"));
    describe(m_showMap, QStringLiteral("showMap"), Qt::Key_2,
             tr("The machines, and what is mirrored from where to where"));
    describe(m_showDetails, QStringLiteral("showDetails"), Qt::Key_I,
             tr("What there is to know of the selected vault"));
    for (QAction *action : viewActions()) {
        action->setCheckable(true);
        auto *button = new QToolButton(bar);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAutoRaise(true);
        if (action == &m_showDetails)
            layout->addStretch();
        layout->addWidget(button);
    }
    return bar;
}

QWidget *VaultOverview::buildMap()
{
    auto *page = new QWidget(this);
    m_chains->setObjectName(QStringLiteral("chains"));
    m_chains->setTextFormat(Qt::PlainText);
    m_chains->setWordWrap(true);
    m_chains->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_map, 1);
    layout->addWidget(m_chains);
    return page;
}

const VaultRow *VaultOverview::currentRow() const
{
    return m_table->currentRow();
}

void VaultOverview::choose(int row)
{
    m_table->choose(row);
}

void VaultOverview::setMachine(const QString &name)
{
    m_map->setMachine(name);
    showChains();
}

void VaultOverview::showView()
{
    m_pages->setCurrentIndex(showsMap() ? 1 : 0);
    setFocusProxy(showsMap() ? static_cast<QWidget *>(m_map) : m_table);
}

void VaultOverview::showChains()
{
    const QString text = m_map->chainText();
    m_chains->setText(text);
    m_chains->setVisible(!text.isEmpty());
}

} // namespace octopus::desktop
