// TransportField: by which ways the targets are reached: presets and this machine's interfaces to
// choose from, or a list that is typed, checked as it is. GUI thread.
#pragma once

#include <QWidget>

class QComboBox;

namespace octopus::desktop {

class FieldNote;

class TransportField : public QWidget
{
    Q_OBJECT

public:
    TransportField();

    [[nodiscard]] QString text() const; // as Transports::parse() takes it, if it is valid
    void setText(const QString &text);
    [[nodiscard]] bool isValid() const;

private:
    void choose(int index);
    void check();

    QComboBox *m_combo;
    FieldNote *m_note;
};

} // namespace octopus::desktop
