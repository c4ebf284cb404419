// Logging categories of the engine, one a room. English; paths through displayText(). Any thread.
#pragma once

#include <QLoggingCategory>

namespace octopus {

Q_DECLARE_LOGGING_CATEGORY(logCapture)
Q_DECLARE_LOGGING_CATEGORY(logMirror)
Q_DECLARE_LOGGING_CATEGORY(logApply)
Q_DECLARE_LOGGING_CATEGORY(logLink)
Q_DECLARE_LOGGING_CATEGORY(logStore)
Q_DECLARE_LOGGING_CATEGORY(logControl)

} // namespace octopus
