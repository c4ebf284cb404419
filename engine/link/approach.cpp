#include "engine/link/approach.h"

#include "engine/link/addressorder.h"
#include "engine/link/interface.h"

#include <QHostAddress>
#include <QHostInfo>

#include <algorithm>

namespace octopus::link {

Approach::Approach(SessionSettings settings, Destination destination,
                   const QList<Endpoint> &endpoints, QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings)),
      m_destination(std::move(destination)),
      m_next(this),
      m_lookupLimit(this),
      m_failure{{ErrorCode::Unreachable, "no address of that machine is known", 0}, {}, {}, {}, {}}
{
    const auto kind = m_destination.transport.kind;
    if (kind == Transport::Kind::UnixSocket)
        m_waiting.append(Endpoint());
    for (const Endpoint &endpoint : endpoints) {
        if (kind == Transport::Kind::UnixSocket)
            break;
        const bool isName = !isLiteral(endpoint) && kind != Transport::Kind::Socks5;
        (isName ? m_names : m_waiting).append(endpoint); // until start()
    }
    m_failure.transport = m_destination.transport;
    m_next.setSingleShot(true);
    m_lookupLimit.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &Approach::proceed);
    connect(&m_lookupLimit, &QTimer::timeout, this, [this] {
        for (const int lookup : std::as_const(m_lookups))
            QHostInfo::abortHostLookup(lookup);
        if (!m_lookups.isEmpty())
            note({{ErrorCode::TimedOut, "the name could not be looked up in time", 0},
                  {},
                  {},
                  {},
                  {}});
        m_lookups.clear();
        concludeIfOver();
    });
}

Approach::~Approach()
{
    for (const int lookup : std::as_const(m_lookups))
        QHostInfo::abortHostLookup(lookup);
    dropAll();
}

void Approach::start()
{
    m_lookupLimit.start(longestLookup);
    if (const auto able = ready(); !able) {
        m_failure.error = able.error();
        m_failure.reached = SessionState::Connecting;
        m_waiting.clear();
        m_names.clear();
    }
    enqueue(std::exchange(m_waiting, {}));
    for (const Endpoint &name : std::as_const(m_names))
        lookUp(name);
    m_next.start(0); // nothing is told from within start()
}

Result<void> Approach::ready() const
{
    const Transport &transport = m_destination.transport;
    if (transport.kind != Transport::Kind::Interface)
        return {};
    const auto own = addressesOf(transport.interface);
    return own ? Result<void>() : passOn(own);
}

void Approach::lookUp(const Endpoint &named)
{
    const int lookup =
        QHostInfo::lookupHost(named.host, this, [this, named](const QHostInfo &found) {
            if (m_lookups.remove(found.lookupId()) && !m_ended)
                onLookedUp(named, found);
        });
    m_lookups.insert(lookup);
}

void Approach::onLookedUp(const Endpoint &named, const QHostInfo &found)
{
    QList<Endpoint> addresses;
    for (const QHostAddress &address : found.addresses())
        addresses.append({address.toString(), named.port});
    if (addresses.isEmpty()) {
        note({{ErrorCode::NotFound, '"' + named.host.toUtf8() + "\" is not known here", 0},
              {},
              named,
              {},
              {}});
    }
    enqueue(addresses);
    if (m_running.isEmpty())
        proceed();
}

// Those to which the transport can lead, in the order in which they are tried.
Result<QList<Endpoint>> Approach::usable(const QList<Endpoint> &addresses) const
{
    const Transport &transport = m_destination.transport;
    const auto isFor = [](const Endpoint &one, const QString &scope) {
        return !one.host.contains(u'%') || one.host.section(u'%', 1) == scope;
    };
    QList<Endpoint> reachable = addresses;
    switch (transport.kind) {
    case Transport::Kind::Automatic: return inOrder(addresses);
    case Transport::Kind::IPv4: return inOrder(addresses, QAbstractSocket::IPv4Protocol);
    case Transport::Kind::IPv6: return inOrder(addresses, QAbstractSocket::IPv6Protocol);
    case Transport::Kind::UnixSocket: return addresses;
    case Transport::Kind::Socks5: // an address of a link here says nothing there
        reachable.removeIf([&](const Endpoint &one) { return !isFor(one, {}); });
        return reachable;
    case Transport::Kind::Interface: break;
    }
    const auto own = addressesOf(transport.interface);
    if (!own)
        return passOn(own);
    reachable.removeIf([&](const Endpoint &one) { return !isFor(one, transport.interface); });
    return inOrder(reachable,
                   !own->has(QAbstractSocket::IPv6Protocol)       ? QAbstractSocket::IPv4Protocol
                       : !own->has(QAbstractSocket::IPv4Protocol) ? QAbstractSocket::IPv6Protocol
                                                                  : QAbstractSocket::AnyIPProtocol);
}

void Approach::enqueue(const QList<Endpoint> &addresses)
{
    if (addresses.isEmpty())
        return;
    const auto usable = this->usable(addresses);
    if (!usable)
        note({usable.error(), SessionState::Connecting, addresses.first(), {}, {}});
    else if (usable->isEmpty())
        note({{ErrorCode::Unreachable, "it has no address of the kind that is asked for", 0},
              {},
              addresses.first(),
              {},
              {}});
    QList<Endpoint> added;
    for (const Endpoint &one : usable.value_or(QList<Endpoint>())) {
        if (m_known.size() >= mostAddresses || m_known.contains(one.text()))
            continue;
        m_known.insert(one.text());
        added.append(one);
    }
    m_waiting += added;
    if (!added.isEmpty())
        Q_EMIT resolved(added);
}

// The next attempt, unless one that has got further may still make it.
void Approach::proceed()
{
    const bool isConnected = std::ranges::any_of(
        m_running, [](const Session *x) { return x->reached() >= SessionState::Securing; });
    if (isConnected && m_sinceTcp.durationElapsed() < patience) {
        m_next.start(stagger);
        return;
    }
    if (!m_waiting.isEmpty())
        tryNext();
    concludeIfOver();
}

void Approach::tryNext()
{
    Destination destination = m_destination;
    destination.endpoint = m_waiting.takeFirst();
    auto *session = new Session(m_settings, this);
    m_running.append(session);
    connect(session, &Session::advanced, this, [this, session] { onAdvanced(*session); });
    connect(session, &Session::ready, this,
            [this, session](const MachineId &, const wire::Hello &hello, quint32 protocol) {
                onReady(session, hello, protocol);
            });
    connect(session, &Session::closed, this,
            [this, session](const Error &error) { onClosed(session, error); });
    session->connectTo(destination);
    m_next.start(stagger);
}

void Approach::onAdvanced(const Session &session)
{
    if (session.reached() == SessionState::Securing)
        m_sinceTcp.start();
    if (session.reached() <= m_furthest)
        return;
    m_furthest = session.reached();
    m_furthestAt = session.endpoint();
    Q_EMIT advanced(m_furthest);
}

void Approach::onReady(Session *session, const wire::Hello &hello, quint32 protocol)
{
    if (std::exchange(m_ended, true))
        return;
    m_next.stop();
    m_lookupLimit.stop();
    session->disconnect(this);
    m_running.removeOne(session);
    dropAll();
    Q_EMIT won(session, hello, protocol);
}

void Approach::onClosed(Session *session, const Error &error)
{
    m_running.removeOne(session);
    session->deleteLater();
    if (m_ended)
        return;
    note({error, session->reached(), session->endpoint(), session->presented(), {}});
    if (!m_waiting.isEmpty())
        m_next.start(0);
    else
        concludeIfOver();
}

int weight(const CallFailure &failure)
{
    return (failure.error.code == ErrorCode::NotPaired ? 100 : 0) + int(failure.reached);
}

// Keeps what tells most; the first of equals.
void Approach::note(const CallFailure &failure)
{
    const bool isFirst = m_failure.endpoint.host.isEmpty();
    if (!isFirst && weight(failure) <= weight(m_failure))
        return;
    m_failure = failure;
    m_failure.transport = m_destination.transport;
}

void Approach::concludeIfOver()
{
    if (m_ended || !m_waiting.isEmpty() || !m_running.isEmpty() || !m_lookups.isEmpty())
        return;
    end(m_failure);
}

void Approach::abandon()
{
    note({{ErrorCode::TimedOut, "the call was given up", 0}, m_furthest, m_furthestAt, {}, {}});
    end(m_failure);
}

void Approach::end(const CallFailure &failure)
{
    if (std::exchange(m_ended, true))
        return;
    m_next.stop();
    m_lookupLimit.stop();
    dropAll();
    Q_EMIT failed(failure);
}

// Those that are dropped are within none of their own signals.
void Approach::dropAll()
{
    for (Session *session : std::exchange(m_running, {})) {
        session->disconnect(this);
        session->deleteLater();
    }
}

} // namespace octopus::link
