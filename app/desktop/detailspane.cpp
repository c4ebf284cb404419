#include "app/desktop/detailspane.h"

#include "app/desktop/charts/chartpane.h"
#include "app/desktop/details/activitypane.h"
#include "app/desktop/details/verificationpane.h"
#include "app/desktop/icons.h"
#include "app/desktop/problempane.h"
#include "app/desktop/wording.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QTabWidget>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr qsizetype shownPaths = 5;

QLabel *textLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText); // names and paths are not ours
    label->setWordWrap(true);
    if (parent->isRightToLeft()) // also a name in Latin letters begins where the others do
        label->setAlignment(Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

DetailsPane::DetailsPane(HistoryBook &book, EngineLink &link)
    : m_title(textLabel(this)),
      m_summary(textLabel(this)),
      m_haltBox(new QFrame(this)),
      m_haltSign(new QLabel(m_haltBox)),
      m_haltText(textLabel(m_haltBox)),
      m_haltHelp(new QPushButton(m_haltBox)),
      m_pages(new QTabWidget(this)),
      m_charts(new ChartPane(book)),
      m_problems(new ProblemPane),
      m_activity(new ActivityPane(link)),
      m_verification(new VerificationPane(link))
{
    setAccessibleName(tr("Details of the selected vault"));
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    buildHaltBox();
    buildPages();
    connect(m_problems, &ProblemPane::folderWanted, this, &DetailsPane::folderWanted);
    connect(m_problems, &ProblemPane::synchronizeWanted, this, &DetailsPane::synchronizeWanted);
    auto *layout = new QVBoxLayout(this); // its edges are those of the vaults above
    layout->setContentsMargins(0, layout->contentsMargins().top(), 0, 0);
    layout->addWidget(m_title);
    layout->addWidget(m_summary);
    layout->addWidget(m_haltBox);
    layout->addWidget(m_pages, 1);
    layout->addStretch(); // where no vault is selected the title stays on top
    show(nullptr, false);
}

// No proxy does this: Tab would go from the vaults to the pages, past the button of a halt.
void DetailsPane::takeFocus()
{
    m_pages->setFocus();
}

void DetailsPane::buildPages()
{
    auto *overview = new QWidget(m_pages);
    auto *layout = new QVBoxLayout(overview);
    const QMargins margins(0, layout->contentsMargins().top(), 0, 0);
    layout->setContentsMargins(margins);
    layout->addWidget(m_problems, 3);
    layout->addWidget(m_charts, 4);
    const auto page = [this, margins](QWidget *content) {
        auto *frame = new QWidget(m_pages);
        auto *inner = new QVBoxLayout(frame);
        inner->setContentsMargins(margins);
        inner->addWidget(content);
        return frame;
    };
    m_pages->setObjectName(QStringLiteral("details"));
    m_pages->setAccessibleName(accessibleName());
    m_pages->setDocumentMode(true);
    m_pages->addTab(overview, tr("&Overview"));
    m_pages->addTab(page(m_activity), tr("Ac&tivity"));
    m_pages->addTab(page(m_verification), tr("Verificatio&n"));
    // In the line of the tabs it stands above both charts, and takes no height from them.
    m_pages->setCornerWidget(m_charts->spanChoice());
    connect(m_pages, &QTabWidget::currentChanged, this,
            [this](int at) { m_charts->spanChoice()->setVisible(at == 0); });
    connect(m_verification, &VerificationPane::verifyWanted, this, &DetailsPane::verifyWanted);
    connect(m_verification, &VerificationPane::synchronizeWanted, this,
            &DetailsPane::synchronizeWanted);
}

void DetailsPane::buildHaltBox()
{
    m_haltBox->setFrameShape(QFrame::StyledPanel);
    m_haltText->setObjectName(QStringLiteral("haltText"));
    m_haltHelp->setObjectName(QStringLiteral("haltHelp"));
    connect(m_haltHelp, &QPushButton::clicked, this, &DetailsPane::help);
    auto *layout = new QHBoxLayout(m_haltBox);
    layout->addWidget(m_haltSign, 0, Qt::AlignTop);
    layout->addWidget(m_haltText, 1);
    layout->addWidget(m_haltHelp, 0, Qt::AlignBottom);
}

void DetailsPane::show(const VaultRow *row, bool stale)
{
    m_summary->setVisible(row);
    const bool isOffline = row && !stale && row->phase == Phase::Offline
        && row->direction == Direction::Outgoing && !row->halt;
    m_haltBox->setVisible(row && (row->halt || isOffline));
    m_haltHelp->setEnabled(!stale);
    m_pages->setVisible(row);
    m_title->setText(row ? Wording::shown(row->name) : tr("Select a vault to see its details."));
    if (!row) {
        m_problems->hide();
        return;
    }
    m_summary->setText(summary(*row, stale));
    if (row->halt)
        showHalt(*row);
    else if (isOffline)
        showOffline(*row);
    m_problems->show(*row);
    m_problems->setEnabled(!stale);
    m_charts->show(*row);
    // What a replica received its primary lists, and verifies.
    const bool ours = row->direction == Direction::Outgoing;
    for (const int page : {1, 2}) {
        if (m_pages->isTabVisible(page) != ours) // else it lays out and paints all the same
            m_pages->setTabVisible(page, ours);
    }
    if (!ours)
        return;
    m_activity->show(*row);
    m_verification->show(*row, !stale && row->runs());
}

void DetailsPane::showOffline(const VaultRow &row)
{
    m_reason.reset();
    m_peer = row.peerName;
    showSign(Phase::Offline);
    m_haltText->setText(Wording::phaseExplained(row));
    m_haltHelp->setVisible(true);
    m_haltHelp->setText(tr("Find Out Why…"));
}

void DetailsPane::showSign(Phase phase)
{
    const int size = style()->pixelMetric(QStyle::PM_LargeIconSize);
    m_haltSign->setPixmap(phaseIcon(phase).pixmap(QSize(size, size), devicePixelRatioF()));
    m_haltSign->setAccessibleName(Wording::phase(phase));
}

void DetailsPane::showHalt(const VaultRow &row)
{
    showSign(Phase::Halted);
    const Halt &halt = *row.halt;
    m_reason = halt.reason;
    QStringList lines{Wording::haltReason(halt.reason) + QLatin1Char('.')};
    if (const QString detail = Wording::haltDetail(halt); !detail.isEmpty())
        lines.append(detail);
    lines.append(Wording::haltAdvice(halt.reason));
    const qsizetype shown = std::min(halt.paths.size(), shownPaths);
    for (const QByteArray &path : halt.paths.first(shown))
        lines.append(QStringLiteral("    ") + Wording::shown(path));
    if (halt.paths.size() > shown)
        lines.append(tr("    and %n more", nullptr, int(halt.paths.size() - shown)));
    m_haltText->setText(lines.join(QLatin1Char('\n')));

    const bool canHelp =
        row.direction == Direction::Outgoing && halt.reason != HaltReason::EpochOutdated;
    m_haltHelp->setVisible(canHelp);
    m_haltHelp->setText(halt.reason == HaltReason::NotPaired         ? tr("Machines…")
                            : halt.reason == HaltReason::ForeignData ? tr("Change the Vault…")
                                                                     : tr("Resume…"));
}

void DetailsPane::help()
{
    if (!m_reason)
        return Q_EMIT diagnosisWanted(m_peer);
    switch (*m_reason) {
    case HaltReason::NotPaired: return Q_EMIT machinesWanted();
    case HaltReason::ForeignData: return Q_EMIT changeWanted();
    default: return Q_EMIT resumeWanted();
    }
}

QString DetailsPane::summary(const VaultRow &row, bool stale) const
{
    if (stale)
        return tr("The engine does not answer; what follows is how it was before.");
    QStringList parts;
    if (row.hasOnlyProblems())
        parts.append(tr("Everything is mirrored but for %n problem(s), listed below.", nullptr,
                        int(row.faults())));
    else if (row.phase != Phase::Offline || row.direction == Direction::Incoming)
        parts.append(Wording::phaseExplained(row)); // else in the box below
    if (row.direction == Direction::Incoming) {
        parts.append(tr("A replica kept here in %1 for %2.")
                         .arg(Wording::shown(row.destination), Wording::shown(row.peerName)));
    } else if (row.lastInSync && !row.inSync) {
        parts.append(tr("Last in sync: %1.").arg(Wording::time(*row.lastInSync)));
    }
    if (row.via == u"auto")
        parts.append(tr("Reached at %1.").arg(Wording::shown(row.address)));
    else if (!row.via.isEmpty() && row.address.isEmpty())
        parts.append(tr("Reached over %1.").arg(Wording::shown(row.via)));
    else if (!row.via.isEmpty())
        parts.append(
            tr("Reached over %1 at %2.").arg(Wording::shown(row.via), Wording::shown(row.address)));
    if (row.problems.isEmpty() && !row.halt)
        parts.append(tr("No problems."));
    return parts.join(QLatin1Char(' '));
}

} // namespace octopus::desktop
