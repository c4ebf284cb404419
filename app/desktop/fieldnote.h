// FieldNote: the line beside an input field: what is wrong with what stands in it, or a hint. Takes
// no room while it has nothing to say. GUI thread.
#pragma once

#include <QWidget>

class QLabel;

namespace octopus::desktop {

class FieldNote : public QWidget
{
    Q_OBJECT

public:
    explicit FieldNote(QWidget *parent);

    // Texts are plain; empty: nothing to say.
    void showFault(const QString &text);
    void showHint(const QString &text);
    [[nodiscard]] QString text() const;
    [[nodiscard]] bool isFault() const { return m_fault; }

private:
    void show(const QString &text, bool fault);

    QLabel *m_sign;
    QLabel *m_text;
    bool m_fault = false;
};

} // namespace octopus::desktop
