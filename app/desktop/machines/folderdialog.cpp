#include "app/desktop/machines/folderdialog.h"

#include "app/desktop/fieldnote.h"
#include "app/process/rawtext.h"
#include "engine/base/relpath.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace octopus::desktop {

FolderField::FolderField(bool mayBeEmpty)
    : m_mayBeEmpty(mayBeEmpty),
      m_path(new QLineEdit(this)),
      m_note(new FieldNote(this))
{
    m_path->setObjectName(QStringLiteral("folderPath"));
    m_path->setAccessibleName(tr("Folder"));
    m_path->setLayoutDirection(Qt::LeftToRight);
    m_path->setPlaceholderText(QDir::homePath() + tr("/mirrors"));
    auto *browse = new QPushButton(tr("&Browse…"), this);
    browse->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->addWidget(m_path, 1);
    row->addWidget(browse);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(row);
    layout->addWidget(m_note);
    setFocusProxy(m_path);
    connect(browse, &QPushButton::clicked, this, &FolderField::browse);
    connect(m_path, &QLineEdit::textChanged, this, &FolderField::check);
}

QByteArray FolderField::folder() const
{
    QByteArray path = process::rawFromText(m_path->text());
    while (path.size() > 1 && path.endsWith('/'))
        path.chop(1);
    return path;
}

bool FolderField::isValid() const
{
    const QByteArray path = folder();
    if (path.isEmpty())
        return m_mayBeEmpty;
    return path.startsWith('/') && path != "/"
        && RelPath::parse(QByteArrayView(path).sliced(1)).has_value();
}

void FolderField::check()
{
    m_note->showFault(isValid() || m_path->text().isEmpty()
                          ? QString()
                          : tr("Type the whole path of a folder, from the first slash on; the root "
                               "itself cannot be allowed."));
    Q_EMIT changed();
}

void FolderField::browse()
{
    auto *dialog = new QFileDialog(this, tr("Choose a folder"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_path, &QLineEdit::setText);
    dialog->open();
}

FolderDialog::FolderDialog(const QString &title, const QString &question, const QString &button,
                           QWidget *parent)
    : QDialog(parent),
      m_field(new FolderField(false))
{
    setWindowTitle(title);
    auto *text = new QLabel(question, this);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setMinimumWidth(fontMetrics().averageCharWidth() * 60);
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *go = buttons->addButton(button, QDialogButtonBox::AcceptRole);
    go->setObjectName(QStringLiteral("accept"));
    go->setEnabled(false);
    buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_field, &FolderField::changed, go, [this, go] { go->setEnabled(m_field->isValid()); });
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(m_field);
    layout->addStretch();
    layout->addWidget(buttons);
    m_field->setFocus();
}

} // namespace octopus::desktop
