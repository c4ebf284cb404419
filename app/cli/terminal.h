// Terminal: where octopusctl writes, and asks for what must not be seen. Data goes to standard output,
// messages to standard error; colour and drawing in place only where a person looks (a terminal, and
// NO_COLOR not set). Text must be printable already (displayText()). Main thread.
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QJsonValue>
#include <QStringList>

#include <functional>

namespace octopus::cli {

enum class Colour : quint8 { Plain, Good, Busy, Bad, Faint };

class Terminal
{
public:
    using Sink = std::function<void(const QByteArray &)>;
    using Source = std::function<Result<QByteArray>()>; // of one line that must not be seen

    struct Abilities {
        bool drawsOutput = false;   // standard output is a terminal
        bool drawsMessages = false; // standard error is one
        bool colour = false;
        int columns = 80;
    };

    Terminal(Sink output, Sink messages, Source secrets, const Abilities &abilities);
    [[nodiscard]] static Terminal ofProcess();

    void print(const QString &line);
    void printJson(const QJsonValue &document); // one line
    // "octopusctl: " and the text, on standard error.
    void complain(const QString &text);
    // One line of standard input; where a person looks, after the question and without echo. Blocks.
    [[nodiscard]] Result<QByteArray> askSecret(const QString &question);
    // Shows passing news on standard error, in place; nothing where nobody looks.
    void report(const QString &text);
    // Replaces the lines of the last frame by these, where output can be drawn in place; prints
    // them one after the other elsewhere.
    void draw(const QStringList &lines);
    // The last frame stays; the next one begins below it.
    void keepFrame() { m_frame = 0; }

    [[nodiscard]] bool draws() const { return m_abilities.drawsOutput; }
    [[nodiscard]] QString coloured(const QString &text, Colour colour) const;

private:
    void clearReport();
    [[nodiscard]] QString clipped(const QString &line) const;

    Sink m_output;
    Sink m_messages;
    Source m_secrets;
    Abilities m_abilities;
    qsizetype m_frame = 0; // lines
    bool m_reported = false;
};

} // namespace octopus::cli
