// EmptyPage: what the window shows where there is no vault yet: what Octopus does and the ways to
// begin. GUI thread.
#pragma once

#include <QWidget>

class QPushButton;

namespace octopus::desktop {

class EmptyPage : public QWidget
{
    Q_OBJECT

public:
    // `canPractice`: whether a practice target can be started on this computer.
    explicit EmptyPage(bool canPractice);

Q_SIGNALS:
    void addWanted();
    void machinesWanted();
    void practiceWanted(bool ownFolder); // with a folder of the user's, or a sample

private:
    [[nodiscard]] QWidget *buildSteps();
    [[nodiscard]] QWidget *buildPractice();
};

} // namespace octopus::desktop
