#include "app/desktop/removedialog.h"

#include "app/desktop/wording.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

QString placesOf(const QList<VaultRow> &targets)
{
    QStringList places;
    for (const VaultRow &row : targets) {
        places.append(RemoveDialog::tr("%1 on %2")
                          .arg(Wording::shown(row.destination), Wording::shown(row.peerName)));
    }
    return places.join(QLatin1Char('\n'));
}

} // namespace

RemoveDialog::RemoveDialog(const QList<VaultRow> &targets, QWidget *parent)
    : QDialog(parent),
      m_targets(targets)
{
    setWindowTitle(tr("Remove vault"));
    auto *question =
        new QLabel(tr("Stop mirroring \"%1\"?\nThe source folder on this machine is not touched.")
                       .arg(Wording::shown(targets.first().name)),
                   this);
    question->setTextFormat(Qt::PlainText);
    m_keep = new QRadioButton(tr("&Keep the replica"), this);
    m_erase = new QRadioButton(tr("&Erase the replica"), this);
    m_keep->setChecked(true);
    m_explanation = new QLabel(this);
    m_explanation->setTextFormat(Qt::PlainText);
    m_explanation->setWordWrap(true);
    m_explanation->setMinimumWidth(fontMetrics().averageCharWidth() * 60);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_remove = buttons->addButton(QString(), QDialogButtonBox::DestructiveRole);
    m_remove->setObjectName(QStringLiteral("removeButton"));
    buttons->button(QDialogButtonBox::Cancel)->setText(tr("Cancel"));
    buttons->button(QDialogButtonBox::Cancel)->setDefault(true);
    connect(m_remove, &QPushButton::clicked, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_erase, &QRadioButton::toggled, this, &RemoveDialog::explain);

    auto *layout = new QVBoxLayout(this);
    layout->setSizeConstraint(QLayout::SetFixedSize);
    for (QWidget *widget : {static_cast<QWidget *>(question), static_cast<QWidget *>(m_keep),
                            static_cast<QWidget *>(m_erase), static_cast<QWidget *>(m_explanation),
                            static_cast<QWidget *>(buttons)})
        layout->addWidget(widget);
    explain();
}

bool RemoveDialog::erasesReplicas() const
{
    return m_erase->isChecked();
}

void RemoveDialog::explain()
{
    const QString places = placesOf(m_targets);
    if (erasesReplicas()) {
        m_remove->setText(tr("Remove and Erase"));
        m_explanation->setText(
            tr("Everything that Octopus put there is deleted for good, older versions of files and "
               "deleted files among it:\n%1\nEntries that Octopus did not put there stay. The "
               "machine must be reachable.")
                .arg(places));
    } else {
        m_remove->setText(tr("Remove"));
        m_explanation->setText(
            tr("The replica stays as it is now, whole or not, and receives no more changes:\n%1")
                .arg(places));
    }
    setAccessibleDescription(m_explanation->text());
}

} // namespace octopus::desktop
