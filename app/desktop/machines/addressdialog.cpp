#include "app/desktop/machines/addressdialog.h"

#include "app/desktop/failurewording.h"
#include "app/desktop/fieldnote.h"
#include "app/desktop/machines/stagelist.h"
#include "app/desktop/wording.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace octopus::desktop {

AddressDialog::AddressDialog(EngineLink &link, const QString &address, QWidget *parent)
    : QDialog(parent),
      m_link(link),
      m_address(new QLineEdit(address, this)),
      m_note(new FieldNote(this)),
      m_stages(new StageList(this))
{
    setWindowTitle(tr("Pair by name or address"));
    m_address->setObjectName(QStringLiteral("address"));
    m_address->setLayoutDirection(Qt::LeftToRight);
    m_address->setPlaceholderText(QStringLiteral("192.0.2.17"));
    buildLayout();
    connect(m_check, &QPushButton::clicked, this, &AddressDialog::check);
    connect(m_pair, &QPushButton::clicked, this, &AddressDialog::pair);
    connect(m_address, &QLineEdit::textChanged, this, [this] {
        const bool any = !m_address->text().trimmed().isEmpty();
        m_check->setEnabled(any);
        m_pair->setEnabled(any);
        m_note->showFault({});
    });
    m_check->setEnabled(!address.isEmpty());
    m_pair->setEnabled(!address.isEmpty());
    resize(fontMetrics().averageCharWidth() * 84, fontMetrics().height() * 22);
}

void AddressDialog::buildLayout()
{
    auto *label = new QLabel(tr("&Name or address of the other machine"), this);
    label->setBuddy(m_address);
    m_check = new QPushButton(tr("&Check"), this);
    m_check->setObjectName(QStringLiteral("check"));
    m_check->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->addWidget(m_address, 1);
    row->addWidget(m_check);
    auto *buttons = new QDialogButtonBox(this);
    m_pair = buttons->addButton(tr("&Pair with Six Digits"), QDialogButtonBox::ActionRole);
    m_pair->setObjectName(QStringLiteral("pairWith"));
    m_pair->setDefault(true);
    m_close = buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(label);
    layout->addLayout(row);
    layout->addWidget(m_note);
    layout->addWidget(m_stages, 1);
    layout->addWidget(buttons);
}

void AddressDialog::diagnose(const QString &name)
{
    setWindowTitle(tr("Why %1 cannot be reached").arg(Wording::shown(name)));
    m_pair->hide();
    m_check->setText(tr("&Check Again"));
    m_close->setText(tr("Close"));
    m_address->setText(name); // the engine knows where it was so far
    check();
}

void AddressDialog::check()
{
    const QString address = m_address->text().trimmed();
    m_stages->clear();
    m_check->setEnabled(false);
    m_note->showHint(tr("Checking…"));
    m_link.send(
        control::Check{address}, this,
        [this, address](const control::Answer &answer) { conclude(answer, address); },
        [this](const QJsonObject &report) { m_stages->show(report); });
}

void AddressDialog::conclude(const control::Answer &answer, const QString &checked)
{
    m_check->setEnabled(true);
    if (!answer)
        return m_note->showFault(FailureWording::text(answer.error(), control::Check{}));
    const QJsonObject report = answer->toObject();
    m_stages->show(report);
    if (report[u"ok"].toBool())
        m_note->showHint(tr("Everything is in order at %1.").arg(Wording::shown(checked)));
    else if (!report[u"paired"].toBool() && !report[u"id"].isNull())
        m_note->showHint(tr("%1 runs Octopus and is not paired with this machine yet.")
                             .arg(Wording::shown(report[u"name"].toString())));
    else
        m_note->showHint(tr("See what failed, and what to do about it, below."));
}

void AddressDialog::pair()
{
    m_pair->setEnabled(false);
    m_note->showHint(tr("Calling the other machine…"));
    m_link.send(control::PairWith{m_address->text().trimmed()}, this,
                [this](const control::Answer &answer) {
                    m_pair->setEnabled(true);
                    if (answer)
                        return accept(); // the digits have a dialog of their own
                    m_note->showFault(FailureWording::text(answer.error(), control::PairWith{}));
                });
}

} // namespace octopus::desktop
