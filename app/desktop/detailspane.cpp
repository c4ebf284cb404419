#include "app/desktop/detailspane.h"

#include "app/desktop/icons.h"
#include "app/desktop/wording.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QStyle>
#include <QTableView>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr qsizetype shownPaths = 8;

QLabel *textLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText); // names and paths are not ours
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

QTableView *problemView(QAbstractItemModel *model, QWidget *parent)
{
    auto *view = new QTableView(parent);
    view->setObjectName(QStringLiteral("problems"));
    view->setModel(model);
    view->setAccessibleName(DetailsPane::tr("Problems of the selected vault"));
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setTabKeyNavigation(false);
    view->setShowGrid(false);
    view->setWordWrap(false);
    view->setTextElideMode(Qt::ElideMiddle);
    view->verticalHeader()->hide();
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setSectionResizeMode(ProblemModel::Path, QHeaderView::Stretch);
    view->horizontalHeader()->setSectionResizeMode(ProblemModel::What,
                                                   QHeaderView::ResizeToContents);
    view->horizontalHeader()->setSectionResizeMode(ProblemModel::Since,
                                                   QHeaderView::ResizeToContents);
    view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    return view;
}

} // namespace

DetailsPane::DetailsPane()
{
    setAccessibleName(tr("Details of the selected vault"));
    m_title = textLabel(this);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_summary = textLabel(this);

    m_haltBox = new QFrame(this);
    m_haltBox->setFrameShape(QFrame::StyledPanel);
    auto *haltIcon = new QLabel(m_haltBox);
    const int size = style()->pixelMetric(QStyle::PM_LargeIconSize);
    haltIcon->setPixmap(phaseIcon(Phase::Halted).pixmap(size, size));
    haltIcon->setAccessibleName(tr("Halted"));
    m_haltText = textLabel(m_haltBox);
    m_haltText->setObjectName(QStringLiteral("haltText"));
    auto *haltLayout = new QHBoxLayout(m_haltBox);
    haltLayout->addWidget(haltIcon, 0, Qt::AlignTop);
    haltLayout->addWidget(m_haltText, 1);

    m_noProblems = textLabel(this);
    m_noProblems->setText(tr("No problems."));
    m_noProblems->setEnabled(false);
    m_problemView = problemView(&m_problems, this);

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_title);
    layout->addWidget(m_summary);
    layout->addWidget(m_haltBox);
    layout->addWidget(m_noProblems);
    layout->addWidget(m_problemView, 1);
    layout->addStretch();
    show(nullptr, false);
}

void DetailsPane::show(const VaultRow *row, bool stale)
{
    m_summary->setVisible(row);
    m_haltBox->setVisible(row && row->halt);
    m_noProblems->setVisible(row && row->problems.isEmpty() && !row->halt && !stale);
    m_problemView->setVisible(row && !row->problems.isEmpty());
    m_problems.setProblems(row ? row->problems : QList<Problem>());
    m_title->setText(row ? Wording::shown(row->name) : tr("Select a vault to see its details."));
    if (!row)
        return;
    m_summary->setText(summary(*row, stale));
    if (row->halt)
        showHalt(*row);
}

void DetailsPane::showHalt(const VaultRow &row)
{
    const Halt &halt = *row.halt;
    QStringList lines{Wording::haltReason(halt.reason) + QLatin1Char('.')};
    if (!halt.detail.isEmpty())
        lines.append(Wording::shown(halt.detail));
    lines.append(Wording::haltAdvice(halt.reason));
    const qsizetype shown = std::min(halt.paths.size(), shownPaths);
    for (const QByteArray &path : halt.paths.first(shown))
        lines.append(QStringLiteral("    ") + Wording::shown(path));
    if (halt.paths.size() > shown)
        lines.append(tr("    and %n more", nullptr, int(halt.paths.size() - shown)));
    m_haltText->setText(lines.join(QLatin1Char('\n')));
}

QString DetailsPane::summary(const VaultRow &row, bool stale) const
{
    if (stale)
        return tr("The engine does not answer; what follows is how it was before.");
    QStringList parts{Wording::phaseExplained(row)};
    if (row.direction == Direction::Incoming) {
        parts.append(tr("A replica kept here in %1 for %2.")
                         .arg(Wording::shown(row.destination), Wording::shown(row.peerName)));
    } else if (row.lastInSync && !row.inSync) {
        parts.append(tr("Last in sync: %1.").arg(Wording::time(*row.lastInSync)));
    }
    return parts.join(QLatin1Char(' '));
}

} // namespace octopus::desktop
