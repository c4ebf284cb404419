#include "app/desktop/editor/patternfield.h"

#include "app/desktop/editor/draftcheck.h"
#include "app/desktop/fieldnote.h"
#include "app/process/rawtext.h"

#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTextOption>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

// The field paints it in the direction of the language, whatever its own is.
QString readFromTheLeft(const QString &example)
{
    if (!QGuiApplication::isRightToLeft())
        return example;
    constexpr QChar leftToRightIsolate(0x2066);
    constexpr QChar endOfIsolate(0x2069);
    QStringList lines = example.split(u'\n');
    for (QString &line : lines)
        line = leftToRightIsolate + line + endOfIsolate;
    return lines.join(u'\n');
}

} // namespace

PatternField::PatternField(const QString &label, const QString &example)
{
    auto *title = new QLabel(label, this);
    m_edit = new QPlainTextEdit(this);
    m_edit->setPlaceholderText(readFromTheLeft(example));
    m_edit->setTabChangesFocus(true);
    m_edit->setLayoutDirection(Qt::LeftToRight); // as paths are read, with Arabic names, too
    QTextOption lines = m_edit->document()->defaultTextOption();
    lines.setTextDirection(Qt::LeftToRight);
    m_edit->document()->setDefaultTextOption(lines);
    m_edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_edit->setAccessibleDescription(tr("One pattern on each line"));
    m_edit->setMinimumHeight(fontMetrics().lineSpacing() * 3 + 12);
    title->setBuddy(m_edit);
    m_note = new FieldNote(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(title);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_note);
    setFocusProxy(m_edit);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        check();
        Q_EMIT changed();
    });
}

QList<QByteArray> PatternField::patterns() const
{
    QList<QByteArray> patterns;
    const QStringList lines = m_edit->toPlainText().split(u'\n');
    for (const QString &line : lines) {
        if (!line.trimmed().isEmpty())
            patterns.append(process::rawFromText(line));
    }
    return patterns;
}

void PatternField::setPatterns(const QList<QByteArray> &patterns)
{
    QStringList lines;
    for (const QByteArray &pattern : patterns)
        lines.append(process::textFromRaw(pattern));
    m_edit->setPlainText(lines.join(u'\n'));
}

bool PatternField::isValid() const
{
    return !m_note->isFault();
}

void PatternField::check()
{
    m_note->showFault(DraftCheck::patterns(patterns()));
}

} // namespace octopus::desktop
