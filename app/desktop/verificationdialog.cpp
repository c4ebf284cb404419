#include "app/desktop/verificationdialog.h"

#include "app/desktop/wording.h"
#include "engine/control/json.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr qsizetype mostRows = 10'000;
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
    const qsizetype rows = std::min(different.size(), mostRows);
    auto *table = new QTableWidget(int(rows), 2, this);
    table->setObjectName(QStringLiteral("differences"));
    table->setAccessibleName(tr("Differences"));
    table->setHorizontalHeaderLabels({tr("Path"), tr("What differs")});
    table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    table->verticalHeader()->hide();
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setTabKeyNavigation(false);
    table->setTextElideMode(Qt::ElideMiddle);
    for (qsizetype row = 0; row < rows; ++row) {
        const QJsonValue one = different[row];
        const QByteArray path = control::bytesFromJson(one[u"path"]).value_or(QByteArray());
        auto *name =
            new QTableWidgetItem(path.isEmpty() ? tr("(the folder itself)") : Wording::shown(path));
        name->setToolTip(name->text());
        table->setItem(int(row), 0, name);
        table->setItem(int(row), 1,
                       new QTableWidgetItem(Wording::difference(one[u"what"].toString())));
    }
    return table;
}

} // namespace octopus::desktop
