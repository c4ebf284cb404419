#include "app/cli/terminal.h"

#include "app/cli/secretinput.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace octopus::cli {

namespace {

constexpr char16_t escape = u'\x1b';

void writeTo(FILE *file, const QByteArray &bytes)
{
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), file);
    std::fflush(file);
}

const char16_t *codeOf(Colour colour)
{
    switch (colour) {
    case Colour::Good: return u"32";
    case Colour::Busy: return u"33";
    case Colour::Bad: return u"1;31";
    case Colour::Faint: return u"2";
    case Colour::Plain: break;
    }
    return u"0";
}

int columnsOf(int descriptor)
{
    winsize size{};
    return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

QByteArray compact(const QJsonValue &value)
{
    if (value.isArray())
        return QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact);
    return QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
}

} // namespace

Terminal::Terminal(Sink output, Sink messages, Source secrets, const Abilities &abilities)
    : m_output(std::move(output)),
      m_messages(std::move(messages)),
      m_secrets(std::move(secrets)),
      m_abilities(abilities)
{}

Terminal Terminal::ofProcess()
{
    Abilities abilities;
    const bool capable = qgetenv("TERM") != "dumb";
    abilities.drawsOutput = capable && ::isatty(STDOUT_FILENO);
    abilities.drawsMessages = capable && ::isatty(STDERR_FILENO);
    // https://no-color.org: any value but an empty one.
    abilities.colour = abilities.drawsOutput && qEnvironmentVariableIsEmpty("NO_COLOR");
    abilities.columns = columnsOf(STDOUT_FILENO);
    return Terminal([](const QByteArray &bytes) { writeTo(stdout, bytes); },
                    [](const QByteArray &bytes) { writeTo(stderr, bytes); },
                    [] { return readSecret(STDIN_FILENO); }, abilities);
}

void Terminal::print(const QString &line)
{
    clearReport();
    m_output(line.toUtf8() + '\n');
}

void Terminal::printJson(const QJsonValue &document)
{
    clearReport();
    m_output(compact(document) + '\n');
}

void Terminal::complain(const QString &text)
{
    clearReport();
    m_messages("octopusctl: " + text.toUtf8() + '\n');
}

Result<QByteArray> Terminal::askSecret(const QString &question)
{
    clearReport();
    if (m_abilities.drawsMessages)
        m_messages(question.toUtf8());
    const auto line = m_secrets();
    if (m_abilities.drawsMessages)
        m_messages("\n"); // the one that was typed is not shown
    return line;
}

void Terminal::report(const QString &text)
{
    if (!m_abilities.drawsMessages)
        return;
    m_messages("\r\x1b[K" + clipped(text).toUtf8());
    m_reported = true;
}

void Terminal::draw(const QStringList &lines)
{
    clearReport();
    QByteArray bytes;
    if (m_abilities.drawsOutput && m_frame > 0)
        bytes += "\x1b[" + QByteArray::number(m_frame) + "A\r\x1b[J";
    for (const QString &line : lines)
        bytes += (m_abilities.drawsOutput ? clipped(line) : line).toUtf8() + '\n';
    m_frame = lines.size();
    m_output(bytes);
}

QString Terminal::coloured(const QString &text, Colour colour) const
{
    if (!m_abilities.colour || colour == Colour::Plain || text.isEmpty())
        return text;
    return QStringLiteral("\x1b[%1m%2\x1b[0m").arg(QStringView(codeOf(colour)), text);
}

void Terminal::clearReport()
{
    if (std::exchange(m_reported, false))
        m_messages("\r\x1b[K");
}

// No longer than the terminal is wide: a line that wraps cannot be drawn over.
QString Terminal::clipped(const QString &line) const
{
    QString clipped;
    int width = 0;
    for (qsizetype i = 0; i < line.size(); ++i) {
        if (line[i] == escape) { // a colour, which takes no room
            const qsizetype end = line.indexOf(u'm', i);
            if (end < 0)
                break;
            clipped += QStringView(line).sliced(i, end - i + 1);
            i = end;
        } else if (width < m_abilities.columns - 1) {
            clipped += line[i];
            ++width;
        }
    }
    return clipped;
}

} // namespace octopus::cli
