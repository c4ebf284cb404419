// ContentPreview: how much of the chosen folder the rules let in, counted on a worker while the
// user types; each new question drops the former. GUI thread.
#pragma once

#include "app/desktop/editor/contentcount.h"

#include <QFutureWatcher>
#include <QTimer>
#include <QWidget>

class QLabel;
class QListWidget;

namespace octopus::desktop {

class ContentPreview : public QWidget
{
    Q_OBJECT

public:
    ContentPreview();
    ~ContentPreview() override;

    // Counts soon. An empty folder: there is nothing to count.
    void ask(const QByteArray &folder, const Rules &rules);
    [[nodiscard]] const ContentCount &count() const { return m_count; }

private:
    void begin();
    void stop();
    void show(const ContentCount &count);
    [[nodiscard]] QString summary(const ContentCount &count) const;

    QLabel *m_summary;
    QListWidget *m_leftOut;
    QTimer m_delay;
    QByteArray m_folder;
    Rules m_rules;
    bool m_asked = false;
    ContentCount m_count;
    QFutureWatcher<ContentCount> m_watcher;
};

} // namespace octopus::desktop
