#include "discovery/log.h"

namespace octopus::discovery {

Q_LOGGING_CATEGORY(logDiscovery, "octopus.discovery", QtInfoMsg)

} // namespace octopus::discovery
