#include "discovery/options.h"

namespace octopus::discovery {

Announcement selfOf(const DiscoveryOptions &options, quint64 instance)
{
    Announcement self;
    self.id = options.id;
    self.name = announceableName(options.name);
    self.version = isVersion(options.version) ? options.version : QString();
    self.port = options.port >= leastPort ? options.port : 0;
    self.leastProtocol = options.leastProtocol;
    self.mostProtocol = options.mostProtocol;
    self.instance = instance;
    return self;
}

} // namespace octopus::discovery
