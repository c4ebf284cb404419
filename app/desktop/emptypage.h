// EmptyPage: what the window shows where there is no vault yet: what to do next. GUI thread.
#pragma once

#include <QWidget>

class QLabel;

namespace octopus::desktop {

class EmptyPage : public QWidget
{
    Q_OBJECT

public:
    EmptyPage();
    // `stateOption`: what octopusctl needs to find this engine, " --state DIR" or empty.
    void setStateOption(const QString &stateOption);

private:
    QLabel *m_commands;
};

} // namespace octopus::desktop
