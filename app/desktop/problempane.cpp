#include "app/desktop/problempane.h"

#include "app/desktop/roomystyle.h"
#include "app/desktop/wording.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr int shownLines = 3; // at least, and none of them cut

} // namespace

ProblemPane::ProblemPane()
    : m_table(new QTableView(this)),
      m_advice(new QLabel(this)),
      m_help(new QPushButton(this))
{
    buildTable();
    m_advice->setObjectName(QStringLiteral("problemAdvice"));
    m_advice->setTextFormat(Qt::PlainText);
    m_advice->setWordWrap(true);
    m_help->setObjectName(QStringLiteral("problemHelp"));
    connect(m_help, &QPushButton::clicked, this, &ProblemPane::help);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_advice, 1);
    foot->addWidget(m_help);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table, 1);
    layout->addLayout(foot);
}

void ProblemPane::buildTable()
{
    m_table->setObjectName(QStringLiteral("problems"));
    m_table->setModel(&m_model);
    RoomyStyle::giveList(*m_table);
    m_table->setAccessibleName(tr("Problems of the selected vault"));
    QHeaderView *header = m_table->horizontalHeader();
    m_table->setMinimumHeight(header->sizeHint().height() + 2 * m_table->frameWidth()
                              + shownLines * m_table->verticalHeader()->defaultSectionSize());
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(ProblemModel::Path, QHeaderView::Stretch);
    header->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ProblemPane::advise);
}

void ProblemPane::show(const VaultRow &row)
{
    const int current = m_row && m_row->isSameMirror(row) ? m_table->currentIndex().row() : 0;
    m_row = row;
    m_model.setProblems(row.problems);
    setVisible(!row.problems.isEmpty());
    if (!row.problems.isEmpty() && m_table->currentIndex().row() != current)
        m_table->setCurrentIndex(m_model.index(std::clamp(current, 0, m_model.rowCount() - 1), 0));
    advise();
}

void ProblemPane::advise()
{
    const int at = m_table->currentIndex().row();
    if (!m_row || at < 0 || at >= m_row->problems.size()) {
        m_advice->clear();
        m_help->hide();
        return;
    }
    const ProblemCode code = m_row->problems[at].code;
    m_advice->setText(Wording::problemAdvice(code));
    const Help help = helpFor(code);
    m_help->setVisible(help != Help::None);
    m_help->setText(help == Help::Synchronize ? tr("Synchronize") : tr("Show the Folder"));
}

ProblemPane::Help ProblemPane::helpFor(ProblemCode code) const
{
    if (m_row->direction != Direction::Outgoing)
        return Help::None; // the primary has to act
    switch (code) {
    case ProblemCode::NotMirrored:
    case ProblemCode::ReservedName:
    case ProblemCode::CannotRead:
    case ProblemCode::Unstable: return Help::ShowFolder;
    case ProblemCode::CannotApply:
    case ProblemCode::NoSpace:
    case ProblemCode::ForeignEntry:
    case ProblemCode::Different: return Help::Synchronize;
    case ProblemCode::NotWatched:
    case ProblemCode::LostAttributes: return Help::None;
    }
    return Help::None;
}

void ProblemPane::help()
{
    const int at = m_table->currentIndex().row();
    if (!m_row || at < 0 || at >= m_row->problems.size())
        return;
    const Problem &problem = m_row->problems[at];
    if (helpFor(problem.code) == Help::Synchronize)
        return Q_EMIT synchronizeWanted();
    const QByteArray parent = problem.path.parent().bytes();
    const QByteArray source = m_row->sources.value(0);
    Q_EMIT folderWanted(parent.isEmpty() ? source : source + '/' + parent);
}

} // namespace octopus::desktop
