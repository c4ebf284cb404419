#include "app/desktop/editor/contentpreview.h"

#include "app/desktop/wording.h"
#include "engine/base/nativefilesystem.h"

#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr Milliseconds typingPause{300};

} // namespace

ContentPreview::ContentPreview()
{
    m_summary = new QLabel(this);
    m_summary->setObjectName(QStringLiteral("previewSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_leftOut = new QListWidget(this);
    m_leftOut->setAccessibleName(tr("What the patterns leave out"));
    m_leftOut->setSelectionMode(QAbstractItemView::NoSelection);
    m_leftOut->setTextElideMode(Qt::ElideMiddle);
    m_leftOut->setUniformItemSizes(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_summary);
    layout->addWidget(m_leftOut, 1);
    layout->addStretch();
    m_delay.setSingleShot(true);
    m_delay.setInterval(typingPause);
    connect(&m_delay, &QTimer::timeout, this, &ContentPreview::begin);
    connect(&m_watcher, &QFutureWatcherBase::resultReadyAt, this,
            [this](int index) { show(m_watcher.resultAt(index)); });
    show({});
}

ContentPreview::~ContentPreview()
{
    stop();
}

void ContentPreview::ask(const QByteArray &folder, const Rules &rules)
{
    if (m_asked && folder == m_folder && rules == m_rules)
        return;
    m_asked = true;
    m_folder = folder;
    m_rules = rules;
    stop();
    if (folder.isEmpty()) {
        m_delay.stop();
        return show({});
    }
    m_delay.start();
}

void ContentPreview::stop()
{
    // The worker holds values of its own and soon sees that nobody waits.
    m_watcher.cancel();
    m_watcher.setFuture({});
}

void ContentPreview::begin()
{
    auto rules = RuleMatcher::compile(m_rules);
    if (!rules)
        return show({}); // the field beside says what is wrong
    show({});
    m_watcher.setFuture(QtConcurrent::run(
        [folder = m_folder, matcher = *std::move(rules)](QPromise<ContentCount> &promise) {
            NativeFileSystem files;
            countContent(promise, files, folder, matcher);
        }));
}

void ContentPreview::show(const ContentCount &count)
{
    m_count = count;
    m_summary->setText(summary(count));
    m_leftOut->setVisible(!count.leftOutPaths.isEmpty());
    if (m_leftOut->count() == count.leftOutPaths.size() && !count.complete)
        return;
    m_leftOut->clear();
    for (const QByteArray &path : count.leftOutPaths) {
        auto *item = new QListWidgetItem(Wording::shown(path), m_leftOut);
        item->setToolTip(item->text());
    }
    if (count.leftOut > quint64(count.leftOutPaths.size()))
        m_leftOut->addItem(tr("…and more"));
}

QString ContentPreview::summary(const ContentCount &count) const
{
    if (m_folder.isEmpty())
        return tr("Choose a folder to see how much is in it.");
    constexpr quint64 most = 1'000'000'000; // of what a plural form takes
    const QString files = tr("%n file(s)", nullptr, int(std::min(count.files, most)));
    QStringList lines{tr("In the vault: %1, %2").arg(files, Wording::size(count.bytes))};
    if (!count.complete)
        lines.first() = tr("Counting… %1, %2 so far").arg(files, Wording::size(count.bytes));
    if (count.leftOut > 0)
        lines.append(
            tr("Left out: %n file(s) or folder(s)", nullptr, int(std::min(count.leftOut, most))));
    if (count.unreadable > 0)
        lines.append(tr("Cannot be read: %n", nullptr, int(std::min(count.unreadable, most))));
    return lines.join(u'\n');
}

} // namespace octopus::desktop
