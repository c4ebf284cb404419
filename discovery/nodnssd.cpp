// The directory of a program that was built without KDNSSD.
#include "discovery/servicedirectory.h"

namespace octopus::discovery {

namespace {

class NoDnsSd final : public ServiceDirectory
{
public:
    void start() override
    {
        Q_EMIT stateChanged({Availability::NotAvailable, QStringLiteral("built without DNS-SD")});
    }
    void stop() override { Q_EMIT stateChanged({}); }
};

} // namespace

std::unique_ptr<ServiceDirectory> systemServiceDirectory(const Announcement &)
{
    return std::make_unique<NoDnsSd>();
}

} // namespace octopus::discovery
