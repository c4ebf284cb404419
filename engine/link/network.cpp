#include "engine/link/network.h"

#include "engine/link/call.h"
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
                                       const Destination &destination,
                                       const QList<Endpoint> &endpoints,
                                       const Transports &transports)
{
    const auto line = std::make_shared<Line>();
    auto channel = std::make_unique<Channel>(line);
    auto *call = new Call(settings, destination, endpoints, transports);
    line->setCall(call);
    const Place &place = m_places[m_next++ % m_places.size()];
    QObject::connect(
        call, &QObject::destroyed, place.context,
        [line] {
            line->setCall(nullptr);
            line->end({ErrorCode::Disconnected, "this machine's network was shut down", 0});
        },
        Qt::DirectConnection);
    QObject::connect(call, &Call::won, call,
                     [call, line, context = place.context](
                         Session *session, const wire::Hello &hello, quint32 protocol) {
                         session->setParent(context);
                         QObject::connect(session, &Session::closed, session,
                                          &QObject::deleteLater);
                         auto *port = new SessionPort(*session, line, SessionPort::Origin::Dialled);
                         port->introduce(hello, protocol);
                         call->disconnect(context);
                         line->setCall(nullptr);
                         call->deleteLater();
                     });
    QObject::connect(call, &Call::failed, call, [call, line](const CallFailure &failure) {
        line->end(failure.error);
        call->deleteLater();
    });
    call->moveToThread(place.thread.get());
    QMetaObject::invokeMethod(
        call,
        [call, context = place.context] {
            call->setParent(context);
            call->start();
        },
        Qt::QueuedConnection);
    return channel;
}

} // namespace octopus::link
