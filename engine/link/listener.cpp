#include "engine/link/listener.h"

#include "engine/base/log.h"
#include "engine/link/line.h"
#include "engine/link/sessionport.h"
#include "engine/link/socketoptions.h"

#include <QNetworkProxy>
#include <QTimer>

#include <unistd.h>

#include <algorithm>

namespace octopus::link {

static constexpr int backlog = 64;
static constexpr Milliseconds restAfterFailure{1'000};

Listener::Listener(Network &network, const Clock &clock, SessionSettings settings,
                   std::shared_ptr<const PeerDirectory> directory, AdmissionLimits limits,
                   QObject *parent)
    : QTcpServer(parent),
      m_network(network),
      m_clock(clock),
      m_settings(std::move(settings)),
      m_directory(std::move(directory)),
      m_admission(limits),
      m_pairAttempts(limits.pairAttemptsPerMinute)
{
    setProxy(QNetworkProxy::NoProxy);
    setListenBacklogSize(backlog);
    // Out of descriptors, for instance: QTcpServer stops accepting for good unless told otherwise.
    connect(this, &QTcpServer::acceptError, this, [this] {
        qCWarning(logLink, "cannot accept connections now: %s", qUtf8Printable(errorString()));
        pauseAccepting();
        QTimer::singleShot(restAfterFailure, this, &QTcpServer::resumeAccepting);
    });
}

Listener::~Listener()
{
    close();
    for (const auto &[number, visitor] : m_visitors) {
        if (visitor.counted)
            visitor.line->toSession([](SessionPort &port) { port.session().close(); });
    }
}

Result<void> Listener::start(const QHostAddress &address, quint16 port)
{
    if (listen(address, port))
        return {};
    const QByteArray detail =
        Endpoint{address.toString(), port}.text().toUtf8() + ": " + errorString().toUtf8();
    if (serverError() == QAbstractSocket::AddressInUseError)
        return failure(ErrorCode::Busy, detail);
    if (serverError() == QAbstractSocket::SocketAccessError)
        return failure(ErrorCode::PermissionDenied, detail);
    return failure(ErrorCode::Other, detail);
}

void Listener::incomingConnection(qintptr descriptor)
{
    Visitor visitor;
    visitor.address = peerAddress(descriptor);
    visitor.known = m_directory->knowsAddress(visitor.address);
    if (!m_admission.enter(visitor.address, visitor.known)) {
        ::close(int(descriptor));
        return;
    }
    visitor.line = std::make_shared<Line>();
    auto *session = new Session(m_settings);
    new SessionPort(*session, visitor.line, SessionPort::Origin::Accepted); // a child of it
    const quint64 visit = ++m_lastNumber;
    connect(session, &Session::ready, this,
            [this, visit](const MachineId &peer, const wire::Hello &hello, quint32 protocol) {
                onReady(visit, peer, hello, protocol);
            });
    connect(session, &Session::pairRequested, this,
            [this, visit](const MachineId &peer, const wire::PairRequest &request) {
                onPairRequested(visit, peer, request);
            });
    connect(session, &Session::compared, this,
            [this, visit](const MachineId &peer, const wire::Hello &hello, quint32 protocol,
                          const wire::Message &message) {
                onCompared(visit, {visit, peer, hello, protocol, {}, message});
            });
    connect(session, &Session::closed, this,
            [this, visit](const Error &error) { onClosed(visit, error); });
    m_visitors.emplace(visit, std::move(visitor));
    m_network.start(session, [descriptor, directory = m_directory](Session &self) {
        self.accept(descriptor, directory);
    });
}

qsizetype Listener::sessionsOf(const MachineId &machine) const
{
    return std::ranges::count_if(
        m_visitors, [&](const auto &entry) { return entry.second.machine == machine; });
}

void Listener::onReady(quint64 visit, const MachineId &peer, const wire::Hello &hello,
                       quint32 protocol)
{
    const auto found = m_visitors.find(visit);
    if (found == m_visitors.end())
        return;
    Visitor &visitor = found->second;
    release(visitor);
    visitor.machine = peer;
    visitor.instance = hello.instance;
    dropOtherRuns(peer, hello.instance);
    // Asked again: it may have been unpaired since the session looked.
    if (!m_directory->isPaired(peer)) {
        refuse(visitor, {ErrorCode::NotPaired, "this machine is not paired with yours", {}});
    } else if (sessionsOf(peer) > m_admission.limits().sessionsPerPeer) {
        refuse(visitor, {ErrorCode::LimitReached, "too many connections from this machine", {}});
    } else {
        Q_EMIT arrived({peer, hello, protocol, visitor.address, visitor.line});
    }
}

void Listener::onPairRequested(quint64 visit, const MachineId &peer,
                               const wire::PairRequest &request)
{
    const auto found = m_visitors.find(visit);
    if (found == m_visitors.end())
        return;
    if (!m_pairAttempts.attempt(m_clock.monotonic())) {
        answerPairing(visit,
                      failure(ErrorCode::LimitReached, "too many attempts; try again in a minute"));
        return;
    }
    Q_EMIT pairingRequested({visit, peer, request.name, request.secret, found->second.address});
}

void Listener::answerPairing(quint64 attempt, const Result<QString> &answer)
{
    const auto found = m_visitors.find(attempt);
    if (found == m_visitors.end())
        return;
    found->second.line->toSession(
        [answer](SessionPort &port) { port.session().answerPairing(answer); });
}

void Listener::onCompared(quint64 visit, Comparison comparison)
{
    const auto found = m_visitors.find(visit);
    if (found == m_visitors.end())
        return;
    found->second.compares = true;
    comparison.address = found->second.address;
    Q_EMIT compared(comparison);
}

void Listener::say(quint64 visit, const wire::Message &message)
{
    const auto found = m_visitors.find(visit);
    if (found == m_visitors.end())
        return;
    if (const auto *refusal = std::get_if<wire::Refusal>(&message))
        refuse(found->second, *refusal);
    else
        found->second.line->toSession(
            [frame = wire::encode(message)](SessionPort &port) { port.session().send(frame); });
}

void Listener::welcome(quint64 visit, Milliseconds lifetime)
{
    if (const auto found = m_visitors.find(visit); found != m_visitors.end())
        found->second.line->toSession(
            [lifetime](SessionPort &port) { port.session().extend(lifetime); });
}

void Listener::hangUp(quint64 visit)
{
    if (const auto found = m_visitors.find(visit); found != m_visitors.end())
        found->second.line->toSession([](SessionPort &port) { port.session().close(); });
}

void Listener::disconnectPeer(const MachineId &machine, const wire::Refusal &why)
{
    for (const auto &[visit, visitor] : m_visitors) {
        if (visitor.machine == machine)
            refuse(visitor, why);
    }
}

// The machine was started again; what its earlier run left is dead. If it is not, it comes back and
// is known for a copy (IdentityWatch).
void Listener::dropOtherRuns(const MachineId &machine, const QByteArray &instance)
{
    for (const auto &[visit, visitor] : m_visitors) {
        if (visitor.machine == machine && visitor.instance != instance)
            refuse(visitor, {ErrorCode::Busy, "this machine has connected from another run", {}});
    }
}

void Listener::refuse(const Visitor &visitor, const wire::Refusal &refusal)
{
    visitor.line->toSession([refusal](SessionPort &port) { port.session().refuse(refusal); });
}

void Listener::onClosed(quint64 visit, const Error &error)
{
    const auto found = m_visitors.find(visit);
    if (found == m_visitors.end())
        return;
    if (found->second.counted) {
        qCDebug(logLink, "connection from %s came to nothing: %s",
                qUtf8Printable(found->second.address.toString()), error.detail.constData());
    }
    const bool compared = found->second.compares;
    release(found->second);
    m_visitors.erase(found);
    if (compared)
        Q_EMIT comparisonEnded(visit, error);
}

void Listener::release(Visitor &visitor)
{
    if (visitor.counted)
        m_admission.leave(visitor.address, visitor.known);
    visitor.counted = false;
}

} // namespace octopus::link
