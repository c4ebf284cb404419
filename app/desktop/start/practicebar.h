// PracticeBar: the line across the window while a practice runs: what to do, its two folders, and
// its end. Hidden else. GUI thread.
#pragma once

#include "app/desktop/start/practice.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace octopus::desktop {

class PracticeBar : public QFrame
{
    Q_OBJECT

public:
    explicit PracticeBar(Practice &practice); // outlives the bar

Q_SIGNALS:
    void endWanted();

private:
    void refresh();

    Practice &m_practice;
    QLabel *m_text;
    QPushButton *m_source;
    QPushButton *m_replica;
    QPushButton *m_end;
};

} // namespace octopus::desktop
