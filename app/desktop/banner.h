// Banner: one line across the window about something that does not pass by itself, with a button
// to do about it where there is something. Hidden while there is nothing. GUI thread.
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace octopus::desktop {

class Banner : public QFrame
{
    Q_OBJECT

public:
    Banner();
    // An empty `button`: the banner can only be dismissed.
    void show(const QString &text, const QString &button = {});
    void clear();
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void pressed();

private:
    QLabel *m_text;
    QPushButton *m_button;
};

} // namespace octopus::desktop
