#include "app/desktop/details/verificationpane.h"

#include "app/desktop/details/differencetable.h"
#include "app/desktop/icons.h"
#include "app/desktop/roomystyle.h"
#include "app/desktop/wording.h"
#include "engine/control/json.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

enum Column { When, Result, Entries, Took, ColumnCount };

} // namespace

VerificationPane::VerificationPane(EngineLink &link)
    : m_link(link),
      m_reports(new QTableWidget(0, ColumnCount, this)),
      m_differences(new DifferenceTable(this)),
      m_text(new QLabel(this)),
      m_repair(new QPushButton(icon(QStringLiteral("synchronize")), tr("Synchronize"), this)),
      m_verify(new QPushButton(icon(QStringLiteral("verify")), tr("Verify Now"), this))
{
    buildReports();
    m_differences->setObjectName(QStringLiteral("reportDifferences"));
    m_text->setObjectName(QStringLiteral("verificationText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_repair->setObjectName(QStringLiteral("verificationRepair"));
    m_verify->setObjectName(QStringLiteral("verifyNow"));
    connect(m_repair, &QPushButton::clicked, this, &VerificationPane::synchronizeWanted);
    connect(m_verify, &QPushButton::clicked, this, &VerificationPane::verifyWanted);
    auto *tables = new QHBoxLayout;
    tables->addWidget(m_reports, 1);
    tables->addWidget(m_differences, 1);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_text, 1);
    foot->addWidget(m_repair);
    foot->addWidget(m_verify);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(tables, 1);
    layout->addLayout(foot);
}

void VerificationPane::buildReports()
{
    m_reports->setObjectName(QStringLiteral("reports"));
    RoomyStyle::give(*m_reports);
    m_reports->setAccessibleName(tr("Reports of verifications, the newest first"));
    m_reports->setHorizontalHeaderLabels({tr("When"), tr("Result"), tr("Identical"), tr("Took")});
    m_reports->verticalHeader()->hide();
    m_reports->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    QHeaderView *header = m_reports->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(Result, QHeaderView::Stretch);
    m_reports->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_reports->setSelectionMode(QAbstractItemView::SingleSelection);
    m_reports->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_reports->setTabKeyNavigation(false);
    m_reports->setShowGrid(false);
    connect(m_reports, &QTableWidget::currentCellChanged, this, &VerificationPane::showDifferences);
}

void VerificationPane::show(const VaultRow &row, bool usable)
{
    const bool same = m_row && m_row->isSameMirror(row) && m_row->name == row.name
        && m_row->lastVerified == row.lastVerified;
    m_row = row;
    m_verify->setEnabled(usable);
    m_repair->setEnabled(usable);
    if (same)
        return;
    m_due = true;
    m_records.clear();
    showReports();
    if (isVisible())
        ask();
}

void VerificationPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    ask();
}

void VerificationPane::ask()
{
    if (!m_due || !m_row || m_row->direction != Direction::Outgoing
        || m_link.state() != LinkState::Connected)
        return;
    m_due = false;
    m_link.send(control::Verifications{m_row->name}, this,
                [this, row = *m_row](const control::Answer &answer) {
                    if (!m_row || !m_row->isSameMirror(row))
                        return; // another one was selected meanwhile, and asked for
                    if (answer)
                        take(*answer);
                    else
                        m_due = true;
                });
}

void VerificationPane::take(const QJsonValue &answer)
{
    m_records.clear();
    const QJsonArray mirrors = answer.toArray();
    for (const QJsonValue &mirror : mirrors) {
        if (mirror[u"peerId"].toString() != m_row->peer.text())
            continue;
        const QJsonArray reports = mirror[u"reports"].toArray();
        for (const QJsonValue &report : reports)
            m_records.append(control::verificationFromJson(report));
    }
    showReports();
}

void VerificationPane::showReports()
{
    m_reports->setRowCount(int(m_records.size()));
    for (int at = 0; at < m_records.size(); ++at) {
        const LastVerification &summary = m_records[at].summary;
        const bool differs = summary.different > 0;
        auto *result = new QTableWidgetItem(summary.different == 0 ? tr("Identical", "both sides")
                                                                   : Wording::outcome(summary));
        result->setIcon(differs && !summary.repaired ? icon(QStringLiteral("warning"))
                                                     : phaseIcon(Phase::Mirroring));
        result->setToolTip(
            tr("Digest of everything compared: %1").arg(Wording::shown(summary.digest)));
        m_reports->setItem(at, When, new QTableWidgetItem(Wording::time(summary.at)));
        m_reports->setItem(at, Result, result);
        m_reports->setItem(at, Entries,
                           new QTableWidgetItem(QLocale().toString(summary.identical)));
        m_reports->setItem(at, Took, new QTableWidgetItem(Wording::duration(summary.duration)));
    }
    m_reports->setVisible(!m_records.isEmpty());
    if (!m_records.isEmpty())
        m_reports->setCurrentCell(0, When);
    showDifferences();
}

void VerificationPane::showDifferences()
{
    const int at = m_reports->currentRow();
    const bool any = at >= 0 && at < m_records.size();
    const VerificationRecord record = any ? m_records[at] : VerificationRecord();
    const auto listed = quint64(record.differences.size());
    m_differences->show(record.differences);
    m_differences->setVisible(listed > 0);
    m_repair->setVisible(at == 0 && record.summary.different > 0 && !record.summary.repaired);
    if (!m_row || (!any && m_row->lastVerified))
        m_text->clear(); // they are on their way
    else if (!any)
        m_text->setText(tr("Never verified. Verifying reads every byte on both sides and says "
                           "what differs; nothing is changed."));
    else if (record.summary.different > listed)
        m_text->setText(
            tr("The first %1 of %2 differences are listed. Synchronizing copies anew "
               "what differs.")
                .arg(QLocale().toString(listed), QLocale().toString(record.summary.different)));
    else if (record.summary.different > 0)
        m_text->setText(tr("Synchronizing copies anew what differs; what is replaced is kept "
                           "among the versions."));
    else
        m_text->setText(tr("Both sides were identical, byte by byte."));
}

} // namespace octopus::desktop
