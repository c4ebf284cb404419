// TransportField: by which ways targets are reached: presets and this machine's interfaces to
// choose from, or a list that is typed, checked as it is. Of one target it may be empty: it is
// reached as the vault's other targets are. GUI thread.
#pragma once

#include <QWidget>

class QComboBox;
class QLabel;

namespace octopus::desktop {

class FieldNote;

class TransportField : public QWidget
{
    Q_OBJECT

public:
    enum class Of : quint8 { Vault, Target };

    explicit TransportField(Of of);

    [[nodiscard]] QString text() const; // as Transports::parse() takes it, if it is valid
    void setText(const QString &text);
    void setTitle(const QString &title); // "&Network"
    [[nodiscard]] bool isValid() const;

Q_SIGNALS:
    void changed();

private:
    void choose(int index);
    void check();

    const Of m_of;
    QLabel *m_title;
    QComboBox *m_combo;
    FieldNote *m_note;
};

} // namespace octopus::desktop
