// EndQuestion: asked before a practice ends whose target the user's own vaults mirror to, too: which
// these are, what becomes of them, and whether those that have no other target go with it. open()
// it; it deletes itself. GUI thread.
#pragma once

#include "app/desktop/start/practiceusers.h"

#include <QMessageBox>

namespace octopus::desktop {

class EndQuestion : public QMessageBox
{
    Q_OBJECT

public:
    EndQuestion(const PracticeUsers &users, QWidget *parent);

Q_SIGNALS:
    void confirmed(PracticeUsers::Fate fate);

private:
    void addButtons(bool offersRemoval);
};

} // namespace octopus::desktop
