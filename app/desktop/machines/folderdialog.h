// FolderDialog: asks for a folder of this machine, typed or picked; it need not exist. open() it.
#pragma once

#include <QByteArray>
#include <QDialog>

class QLineEdit;
class QPushButton;

namespace octopus::desktop {

class FieldNote;

// A line for a folder with a button that lets the user pick one.
class FolderField : public QWidget
{
    Q_OBJECT

public:
    // `mayBeEmpty`: then nothing is wrong with an empty one.
    explicit FolderField(bool mayBeEmpty);
    [[nodiscard]] QByteArray folder() const;
    [[nodiscard]] bool isValid() const;

Q_SIGNALS:
    void changed();

private:
    void browse();
    void check();

    const bool m_mayBeEmpty;
    QLineEdit *m_path;
    FieldNote *m_note;
};

class FolderDialog : public QDialog
{
    Q_OBJECT

public:
    FolderDialog(const QString &title, const QString &question, const QString &button,
                 QWidget *parent);
    [[nodiscard]] QByteArray folder() const { return m_field->folder(); }

private:
    FolderField *m_field;
};

} // namespace octopus::desktop
