// Network: the threads on which sessions live. Outlives every Listener and Channel that uses it;
// its end closes all sessions and joins the threads. Made and destroyed on one thread; dial() and
// start() are safe on any.
#pragma once

#include "engine/link/channel.h"

#include <QThread>

#include <atomic>
#include <functional>
#include <vector>

namespace octopus::link {

class Network
{
public:
    explicit Network(int threads = 2);
    ~Network();
    Q_DISABLE_COPY_MOVE(Network)

    // Calls a machine over the first of these transports that is available, at whichever of these
    // addresses answers first (those of `destination` are not used). The Channel belongs to the calling thread, which needs an event loop; its ready() or
    // closed() tells how it went.
    [[nodiscard]] std::unique_ptr<Channel> dial(const SessionSettings &settings,
                                                const Destination &destination,
                                                const QList<Endpoint> &endpoints,
                                                const Transports &transports = {});

    // Takes a session that was not started yet, moves it to one of the threads and calls `begin`
    // there. It deletes itself when it is closed.
    void start(Session *session, std::function<void(Session &)> begin);

private:
    struct Place {
        std::unique_ptr<QThread> thread;
        QObject *context = nullptr; // lives on `thread`, deleted when it ends
    };
    std::vector<Place> m_places;
    std::atomic<quint32> m_next{0};
};

} // namespace octopus::link
