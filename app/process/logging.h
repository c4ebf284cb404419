// Logging of the programs that host an engine: one line a message on standard error, with time,
// level and category; whatever is not printable is escaped, so that a file name can neither forge
// a line nor command a terminal.
#pragma once

#include <QString>

#include <optional>

namespace octopus::process {

enum class LogLevel : quint8 { Error = 1, Warning, Info, Debug };

// "error", "warning", "info", "debug".
[[nodiscard]] std::optional<LogLevel> logLevelFromName(const QString &name);

// From now on messages below `level` are dropped and the others written as said above.
void installLogging(LogLevel level);

// The line for one message, without its end. Pure.
[[nodiscard]] QByteArray logLine(QtMsgType type, const QByteArray &time, const QByteArray &category,
                                 const QString &message);

} // namespace octopus::process
