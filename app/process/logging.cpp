#include "app/process/logging.h"

#include "engine/base/relpath.h"

#include <QDateTime>
#include <QLoggingCategory>

#include <cstdio>

namespace octopus::process {

namespace {

const char *levelName(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg: return "debug";
    case QtInfoMsg: return "info";
    case QtWarningMsg: return "warning";
    case QtCriticalMsg: return "error";
    case QtFatalMsg: return "fatal";
    }
    return "error";
}

void write(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    const QByteArray time = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toLatin1();
    const QByteArray line = logLine(type, time, context.category, message) + '\n';
    // One call: lines of several threads do not mix.
    std::fwrite(line.constData(), 1, size_t(line.size()), stderr);
}

} // namespace

std::optional<LogLevel> logLevelFromName(const QString &name)
{
    if (name == u"error")
        return LogLevel::Error;
    if (name == u"warning")
        return LogLevel::Warning;
    if (name == u"info")
        return LogLevel::Info;
    if (name == u"debug")
        return LogLevel::Debug;
    return std::nullopt;
}

void installLogging(LogLevel level)
{
    const auto rule = [level](const char *type, LogLevel needed) {
        const char *value = level >= needed ? "true" : "false";
        return QStringLiteral("octopus.*.%1=%2\n")
            .arg(QLatin1StringView(type), QLatin1StringView(value));
    };
    QString rules = rule("debug", LogLevel::Debug) + rule("info", LogLevel::Info)
        + rule("warning", LogLevel::Warning) + rule("critical", LogLevel::Error);
    if (level < LogLevel::Warning)
        rules += QStringLiteral("*.warning=false\n");
    QLoggingCategory::setFilterRules(rules);
    qInstallMessageHandler(write);
}

QByteArray logLine(QtMsgType type, const QByteArray &time, const QByteArray &category,
                   const QString &message)
{
    return time + ' ' + levelName(type) + ' ' + category + ": "
        + displayText(message.toUtf8()).toUtf8();
}

} // namespace octopus::process
