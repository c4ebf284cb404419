#include "app/desktop/editor/sourcefield.h"

#include "app/desktop/editor/draftcheck.h"
#include "app/desktop/fieldnote.h"
#include "app/desktop/icons.h"
#include "app/process/rawtext.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QDir>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalBlocker>
#include <QTreeView>
#include <QUrl>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr int sortingTime = 150; // ms

QByteArray cleaned(QByteArray path)
{
    if (path == "~" || path.startsWith("~/"))
        path.replace(0, 1, QFile::encodeName(QDir::homePath()));
    while (path.size() > 1 && path.endsWith('/'))
        path.chop(1);
    return path;
}

} // namespace

SourceField::SourceField()
{
    auto *label = new QLabel(tr("&Folder to mirror"), this);
    m_path = new QLineEdit(this);
    m_path->setObjectName(QStringLiteral("sourcePath"));
    m_path->setAcceptDrops(false); // drops are for the whole dialog
    m_path->setClearButtonEnabled(true);
    m_path->setLayoutDirection(Qt::LeftToRight);
    auto *completer = new QCompleter(this);
    completer->setModel(&m_folders.files());
    m_path->setCompleter(completer);
    label->setBuddy(m_path);
    m_note = new FieldNote(this);
    m_tree = new QTreeView(this);
    m_tree->setObjectName(QStringLiteral("folderTree"));
    m_tree->setAccessibleName(tr("Folders of this machine"));
    m_tree->setModel(&m_folders);
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    layout->addWidget(m_path);
    layout->addWidget(m_note);
    layout->addWidget(m_tree, 1);
    setFocusProxy(m_path);

    connect(m_path, &QLineEdit::textChanged, this, [this](const QString &text) {
        take(text.isEmpty() ? QList<QByteArray>()
                            : QList<QByteArray>{cleaned(process::rawFromText(text))},
             true);
    });
    connect(&m_folders, &FolderModel::sourcesChosen, this, [this](const QList<QByteArray> &chosen) {
        const QSignalBlocker quiet(m_path);
        m_path->setText(chosen.size() == 1 ? process::textFromRaw(chosen.first()) : QString());
        take(chosen, false);
    });
    connect(&m_folders, &FolderModel::folderChosen, this, &SourceField::folderChosen);
    // Not at once: the offers are made after the text has changed, or the folder was read.
    connect(m_path, &QLineEdit::textEdited, this, &SourceField::hideNeedlessOffer,
            Qt::QueuedConnection);
    connect(&m_folders.files(), &QFileSystemModel::directoryLoaded, this,
            &SourceField::hideNeedlessOffer, Qt::QueuedConnection);
    m_settled.setSingleShot(true);
    m_settled.setInterval(sortingTime);
    connect(&m_folders.files(), &QFileSystemModel::directoryLoaded, &m_settled,
            qOverload<>(&QTimer::start));
    connect(&m_settled, &QTimer::timeout, this, &SourceField::revealAgain);
    connect(m_tree, &QTreeView::pressed, this, [this] { m_revealing = false; });
    m_path->setPlaceholderText(tr("Type a folder, check one below, or drop it here"));
    reveal();
}

void SourceField::setSources(const QList<QByteArray> &sources)
{
    const QSignalBlocker quiet(m_path);
    m_path->setText(sources.size() == 1 ? process::textFromRaw(sources.first()) : QString());
    take(sources, true);
}

void SourceField::setRules(const Rules &rules)
{
    m_folders.setRules(rules);
    m_tree->viewport()->update();
}

bool SourceField::check()
{
    m_note->showFault(DraftCheck::sources(m_sources));
    return !m_note->isFault();
}

QList<QByteArray> SourceField::localPaths(const QMimeData &data)
{
    QList<QByteArray> paths;
    const QList<QUrl> urls = data.urls();
    for (const QUrl &url : urls) {
        // Not toLocalFile(): bytes that are no UTF-8 would not survive it.
        if (url.isLocalFile())
            paths.append(
                cleaned(QByteArray::fromPercentEncoding(url.path(QUrl::FullyEncoded).toLatin1())));
    }
    return paths;
}

void SourceField::take(const QList<QByteArray> &sources, bool shouldReveal)
{
    m_sources = sources;
    m_folders.setSources(sources);
    m_tree->viewport()->update();
    if (shouldReveal) {
        m_revealing = true;
        reveal();
    }
    check();
    Q_EMIT changed();
}

// What stands in the field already.
void SourceField::hideNeedlessOffer()
{
    const QCompleter *completer = m_path->completer();
    const auto typed = cleaned(process::rawFromText(m_path->text()));
    if (completer->completionCount() == 1
        && cleaned(process::rawFromText(completer->currentCompletion())) == typed)
        completer->popup()->hide();
}

// Brings the chosen folder into view; without one, the home folder.
void SourceField::reveal()
{
    const QByteArray path =
        m_sources.isEmpty() ? QFile::encodeName(QDir::homePath()) : m_sources.first();
    const QModelIndex index = m_folders.indexOf(path);
    if (!index.isValid())
        return;
    // The home folder is where to begin: it is not chosen.
    m_tree->selectionModel()->setCurrentIndex(
        index,
        m_sources.isEmpty() ? QItemSelectionModel::Clear : QItemSelectionModel::ClearAndSelect);
    m_tree->expand(m_sources.isEmpty() ? index : index.parent());
    m_tree->scrollTo(index, QAbstractItemView::PositionAtCenter);
}

// Folders are read on another thread: what lies deeper finds its place only later.
void SourceField::revealAgain()
{
    if (m_revealing)
        reveal();
}

} // namespace octopus::desktop
