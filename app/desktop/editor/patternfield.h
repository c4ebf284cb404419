// PatternField: patterns, one a line, checked as they are typed. GUI thread.
#pragma once

#include <QByteArray>
#include <QList>
#include <QWidget>

class QPlainTextEdit;

namespace octopus::desktop {

class FieldNote;

class PatternField : public QWidget
{
    Q_OBJECT

public:
    // `label` with its key; `example`: shown while the field is empty.
    PatternField(const QString &label, const QString &example);

    [[nodiscard]] QList<QByteArray> patterns() const; // blank lines aside
    void setPatterns(const QList<QByteArray> &patterns);
    [[nodiscard]] bool isValid() const;

Q_SIGNALS:
    void changed();

private:
    void check();

    QPlainTextEdit *m_edit;
    FieldNote *m_note;
};

} // namespace octopus::desktop
