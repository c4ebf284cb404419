#include "engine/link/network.h"

#include "engine/link/line.h"
#include "engine/link/sessionport.h"

#include <algorithm>

namespace octopus::link {

Network::Network(int threads)
{
    for (int i = 0; i < std::max(1, threads); ++i) {
        Place place{std::make_unique<QThread>(), new QObject};
        place.thread->setObjectName(QStringLiteral("network-%1").arg(i));
        place.context->moveToThread(place.thread.get());
        QObject::connect(place.thread.get(), &QThread::finished, place.context,
                         &QObject::deleteLater);
        place.thread->start();
        m_places.push_back(std::move(place));
    }
}

Network::~Network()
{
    for (const Place &place : m_places) {
        // Whatever was started before has arrived on its thread when this returns.
        QMetaObject::invokeMethod(place.context, [] {}, Qt::BlockingQueuedConnection);
        place.thread->quit();
        place.thread->wait();
    }
}

void Network::start(Session *session, std::function<void(Session &)> begin)
{
    const Place &place = m_places[m_next++ % m_places.size()];
    session->moveToThread(place.thread.get());
    QObject::connect(session, &Session::closed, session, &QObject::deleteLater);
    QMetaObject::invokeMethod(
        session,
        [session, context = place.context, begin = std::move(begin)] {
            session->setParent(context);
            begin(*session);
        },
        Qt::QueuedConnection);
}

std::unique_ptr<Channel> Network::dial(const SessionSettings &settings,
                                       const Destination &destination)
{
    const auto line = std::make_shared<Line>();
    auto channel = std::make_unique<Channel>(line);
    auto *session = new Session(settings);
    new SessionPort(*session, line, SessionPort::Origin::Dialled); // a child of the session
    start(session, [destination](Session &self) { self.connectTo(destination); });
    return channel;
}

} // namespace octopus::link
