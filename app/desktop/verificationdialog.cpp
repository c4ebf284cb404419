#include "app/desktop/verificationdialog.h"

#include "app/desktop/details/differencetable.h"
#include "engine/control/json.h"

#include <QDialogButtonBox>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr QSize usualSize{620, 420};

} // namespace

VerificationDialog::VerificationDialog(const QString &vault, const QJsonArray &different,
                                       QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Differences in %1").arg(vault));
    auto *text =
        new QLabel(tr("%n entries differ between the source and the replica. Synchronizing copies "
                      "them anew; what is replaced is kept among the versions.",
                      nullptr, int(different.size())),
                   this);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *repair = buttons->addButton(tr("&Synchronize"), QDialogButtonBox::AcceptRole);
    repair->setObjectName(QStringLiteral("repair"));
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT repairWanted();
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(buildTable(different), 1);
    layout->addWidget(buttons);
    resize(usualSize);
}

QWidget *VerificationDialog::buildTable(const QJsonArray &different)
{
    QList<RecordedDifference> differences;
    for (const QJsonValue &one : different) {
        const QByteArray path = control::bytesFromJson(one[u"path"]).value_or(QByteArray());
        differences.append(
            {RelPath::parse(path).value_or(RelPath()), one[u"what"].toString().toLatin1()});
    }
    auto *table = new DifferenceTable(this);
    table->show(differences);
    return table;
}

} // namespace octopus::desktop
