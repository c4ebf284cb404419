// Logging category of discovery. English. Any thread.
#pragma once

#include <QLoggingCategory>

namespace octopus::discovery {

Q_DECLARE_LOGGING_CATEGORY(logDiscovery)

} // namespace octopus::discovery
