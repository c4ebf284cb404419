#include "app/desktop/machines/digitsdialog.h"

#include "app/desktop/failurewording.h"
#include "app/desktop/fieldnote.h"
#include "app/desktop/machines/folderdialog.h"
#include "app/desktop/wording.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

QLabel *paragraph(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText); // names of others
    label->setWordWrap(true);
    return label;
}

} // namespace

DigitsDialog::DigitsDialog(EngineLink &link, const PairingStatus &pairing, QWidget *parent)
    : QDialog(parent),
      m_link(link),
      m_question(paragraph({}, this)),
      m_digits(new QLabel(this)),
      m_grant(new QWidget(this)),
      m_folder(new FolderField(true)),
      m_note(new FieldNote(this))
{
    setWindowTitle(tr("Pair two machines"));
    QFont large = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    large.setPointSizeF(font().pointSizeF() * 2.6);
    m_digits->setFont(large);
    m_digits->setAlignment(Qt::AlignCenter);
    m_digits->setLayoutDirection(Qt::LeftToRight);
    m_digits->setObjectName(QStringLiteral("digits"));
    auto *folder = new QLabel(tr("&Folder here below which it may keep replicas (may be empty)"));
    folder->setBuddy(m_folder);
    auto *grant = new QVBoxLayout(m_grant);
    grant->setContentsMargins(0, 0, 0, 0);
    grant->addWidget(folder);
    grant->addWidget(m_folder);
    auto *buttons = new QDialogButtonBox(this);
    m_same = buttons->addButton(tr("They Are the &Same"), QDialogButtonBox::AcceptRole);
    m_same->setObjectName(QStringLiteral("same"));
    m_differ = buttons->addButton(tr("They &Differ"), QDialogButtonBox::RejectRole);
    m_differ->setObjectName(QStringLiteral("differ"));
    m_differ->setDefault(true); // a hasty Return pairs nobody
    connect(buttons, &QDialogButtonBox::accepted, this, &DigitsDialog::confirm);
    connect(buttons, &QDialogButtonBox::rejected, this, &DigitsDialog::reject);
    connect(m_folder, &FolderField::changed, this,
            [this] { m_same->setEnabled(m_folder->isValid()); });
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(m_question);
    layout->addWidget(m_digits);
    layout->addWidget(m_grant);
    layout->addWidget(m_note);
    layout->addStretch();
    layout->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 64);
    show(pairing);
}

void DigitsDialog::show(const PairingStatus &pairing)
{
    m_pairing = pairing;
    m_question->setText(question());
    m_digits->setVisible(!pairing.digits.isEmpty());
    m_digits->setText(pairing.digits.first(std::min<qsizetype>(3, pairing.digits.size())) + u' '
                      + pairing.digits.sliced(std::min<qsizetype>(3, pairing.digits.size())));
    m_digits->setAccessibleName(tr("The digits: %1").arg(m_digits->text()));
    const bool comparing = pairing.state == PairingState::Comparing;
    m_grant->setVisible(comparing);
    m_same->setVisible(comparing);
    m_differ->setText(isOver() ? tr("Close") : comparing ? tr("They &Differ") : tr("Cancel"));
    if (pairing.state == PairingState::Waiting)
        m_note->showHint(tr("Confirmed here. Now confirm on the other machine, too."));
    else if (pairing.state == PairingState::Failed)
        m_note->showFault(FailureWording::text(pairing));
    else if (comparing)
        m_note->showHint(
            tr("It ends by itself in %n second(s).", nullptr, int(pairing.left.count() / 1000)));
    else
        m_note->showHint({});
    QDialog::show();
}

bool DigitsDialog::isOver() const
{
    return m_pairing.state == PairingState::Paired || m_pairing.state == PairingState::Failed;
}

QString DigitsDialog::question() const
{
    const QString name = Wording::shown(m_pairing.name);
    const QString address = Wording::shown(m_pairing.address);
    switch (m_pairing.state) {
    case PairingState::Paired: return tr("This machine and %1 are paired.").arg(name);
    case PairingState::Failed: return tr("This machine and %1 are not paired.").arg(name);
    case PairingState::Comparing:
    case PairingState::Waiting: break;
    }
    const QString compare = tr("Does the other machine show the same digits? If not, somebody may "
                               "stand between the two.");
    return m_pairing.askedHere
        ? tr("Pairing with %1 at %2.").arg(name, address) + u' ' + compare
        : tr("%1 at %2 asks to be paired with this machine.").arg(name, address) + u' ' + compare;
}

void DigitsDialog::confirm()
{
    m_same->setEnabled(false);
    m_link.send(control::ConfirmPairing{m_pairing.digits, m_folder->folder()}, this,
                [this](const control::Answer &answer) {
                    m_same->setEnabled(true);
                    if (!answer)
                        m_note->showFault(
                            FailureWording::text(answer.error(), control::ConfirmPairing{}));
                });
}

void DigitsDialog::reject()
{
    if (!isOver())
        m_link.send(control::DeclinePairing{}, &m_link, [](const control::Answer &) {});
    QDialog::reject();
}

} // namespace octopus::desktop
