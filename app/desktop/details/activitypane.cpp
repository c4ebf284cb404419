#include "app/desktop/details/activitypane.h"

#include "app/desktop/roomystyle.h"
#include "engine/control/json.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr Milliseconds interval{1000};

} // namespace

ActivityPane::ActivityPane(EngineLink &link)
    : m_link(link),
      m_table(new QTableView(this)),
      m_nothing(new QLabel(tr("Nothing was mirrored since the engine started. What changes in the "
                              "source is listed here as soon as the target has it."),
                           this))
{
    buildTable();
    m_nothing->setObjectName(QStringLiteral("noActivity"));
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setWordWrap(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_nothing, 1);
    layout->addWidget(m_table, 1);
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &ActivityPane::ask);
    showEntries({});
}

void ActivityPane::buildTable()
{
    m_table->setObjectName(QStringLiteral("activity"));
    m_table->setModel(&m_model);
    RoomyStyle::giveList(*m_table);
    m_table->setAccessibleName(tr("Changes that were mirrored lately, the newest first"));
    QHeaderView *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(ActivityModel::Path, QHeaderView::Stretch);
}

void ActivityPane::show(const VaultRow &row)
{
    if (m_row && m_row->isSameMirror(row) && m_row->name == row.name)
        return; // asked once a second
    m_row = row;
    showEntries({});
    if (isVisible())
        ask();
}

void ActivityPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_timer.start();
    ask();
}

void ActivityPane::hideEvent(QHideEvent *event)
{
    m_timer.stop();
    QWidget::hideEvent(event);
}

void ActivityPane::ask()
{
    if (m_asking || !m_row || m_row->direction != Direction::Outgoing
        || m_link.state() != LinkState::Connected)
        return;
    m_asking = true;
    m_link.send(control::Activity{m_row->name}, this,
                [this, row = *m_row](const control::Answer &answer) {
                    m_asking = false;
                    const bool isMeant = m_row && m_row->isSameMirror(row);
                    if (answer && isMeant)
                        take(*answer);
                    else if (!isMeant && isVisible())
                        ask(); // another one was selected meanwhile
                });
}

void ActivityPane::take(const QJsonValue &answer)
{
    const QJsonArray mirrors = answer.toArray();
    for (const QJsonValue &mirror : mirrors) {
        if (mirror[u"peerId"].toString() != m_row->peer.text())
            continue;
        QList<ActivityEntry> entries;
        const QJsonArray list = mirror[u"entries"].toArray();
        for (const QJsonValue &one : list)
            entries.append(control::activityFromJson(one));
        showEntries(entries);
    }
}

// A line that was chosen stays chosen while others come above it.
void ActivityPane::showEntries(const QList<ActivityEntry> &entries)
{
    const quint64 chosen = m_model.numberAt(m_table->currentIndex().row());
    m_model.setEntries(entries);
    if (const int line = m_model.lineOf(chosen); line >= 0)
        m_table->setCurrentIndex(m_model.index(line, ActivityModel::Time));
    m_table->setVisible(!entries.isEmpty());
    m_nothing->setVisible(entries.isEmpty());
}

} // namespace octopus::desktop
