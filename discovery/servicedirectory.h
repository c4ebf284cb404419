// ServiceDirectory: the system's DNS-SD: publishes this machine and tells of others.
//
// Its calls to the system can block, so it lives on a thread of its own, with an event loop.
#pragma once

#include "discovery/announcement.h"
#include "discovery/machine.h"
#include "discovery/state.h"

#include <QObject>

#include <memory>

namespace octopus::discovery {

class ServiceDirectory : public QObject
{
    Q_OBJECT

public:
    virtual void start() = 0;
    // Takes back what was published. The last call.
    virtual void stop() = 0;

Q_SIGNALS:
    // Once for each address of a service, and again now and then. Nothing was checked against our
    // links yet; a link-local address has the number of its interface as scope.
    void found(const octopus::discovery::Sighting &sighting);
    void lost(const QString &service);
    void lostAll();
    void stateChanged(const octopus::discovery::SourceState &state);
};

// Says that it is not available where the program was built without KDNSSD.
[[nodiscard]] std::unique_ptr<ServiceDirectory> systemServiceDirectory(const Announcement &self);

} // namespace octopus::discovery
