#include "engine/link/call.h"

#include "engine/link/addressorder.h"

#include <QHostAddress>
#include <QHostInfo>

#include <algorithm>

namespace octopus::link {

Call::Call(SessionSettings settings, Destination destination, const QList<Endpoint> &endpoints,
           QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings)),
      m_destination(std::move(destination)),
      m_next(this),
      m_lookupLimit(this),
      m_failure{{ErrorCode::Unreachable, "no address of that machine is known", 0}, {}, {}, {}}
{
    QList<Endpoint> literals;
    for (const Endpoint &endpoint : endpoints)
        (isLiteral(endpoint) ? literals : m_names).append(endpoint);
    m_waiting = literals; // until start()
    m_next.setSingleShot(true);
    m_lookupLimit.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &Call::proceed);
    connect(&m_lookupLimit, &QTimer::timeout, this, [this] {
        for (const int lookup : std::as_const(m_lookups))
            QHostInfo::abortHostLookup(lookup);
        if (!m_lookups.isEmpty())
            note({{ErrorCode::TimedOut, "the name could not be looked up in time", 0}, {}, {}, {}});
        m_lookups.clear();
        concludeIfOver();
    });
}

Call::~Call()
{
    for (const int lookup : std::as_const(m_lookups))
        QHostInfo::abortHostLookup(lookup);
    dropAll();
}

void Call::start()
{
    m_lookupLimit.start(longestLookup);
    enqueue(std::exchange(m_waiting, {}));
    for (const Endpoint &name : std::as_const(m_names))
        lookUp(name);
    m_next.start(0); // nothing is told from within start()
}

void Call::lookUp(const Endpoint &named)
{
    const int lookup =
        QHostInfo::lookupHost(named.host, this, [this, named](const QHostInfo &found) {
            if (m_lookups.remove(found.lookupId()) && !m_ended)
                onLookedUp(named, found);
        });
    m_lookups.insert(lookup);
}

void Call::onLookedUp(const Endpoint &named, const QHostInfo &found)
{
    QList<Endpoint> addresses;
    for (const QHostAddress &address : found.addresses())
        addresses.append({address.toString(), named.port});
    if (addresses.isEmpty()) {
        note({{ErrorCode::NotFound, '"' + named.host.toUtf8() + "\" is not known here", 0},
              {},
              named,
              {}});
    }
    enqueue(addresses);
    if (m_running.isEmpty())
        proceed();
}

void Call::enqueue(const QList<Endpoint> &addresses)
{
    const QList<Endpoint> usable = inOrder(addresses, m_destination.network);
    if (usable.isEmpty() && !addresses.isEmpty()) {
        note({{ErrorCode::Unreachable, "it has no address of the kind that is asked for", 0},
              {},
              addresses.first(),
              {}});
    }
    QList<Endpoint> added;
    for (const Endpoint &one : usable) {
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
void Call::proceed()
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

void Call::tryNext()
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

void Call::onAdvanced(const Session &session)
{
    if (session.reached() == SessionState::Securing)
        m_sinceTcp.start();
    if (session.reached() <= m_furthest)
        return;
    m_furthest = session.reached();
    m_furthestAt = session.endpoint();
    Q_EMIT advanced(m_furthest);
}

void Call::onReady(Session *session, const wire::Hello &hello, quint32 protocol)
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

void Call::onClosed(Session *session, const Error &error)
{
    m_running.removeOne(session);
    session->deleteLater();
    if (m_ended)
        return;
    note({error, session->reached(), session->endpoint(), session->presented()});
    if (!m_waiting.isEmpty())
        m_next.start(0);
    else
        concludeIfOver();
}

// Keeps what tells most: another's key first, then how far it got; the first of equals.
void Call::note(const CallFailure &failure)
{
    const auto weight = [](const CallFailure &x) {
        return (x.error.code == ErrorCode::NotPaired ? 100 : 0) + int(x.reached);
    };
    const bool isFirst = m_failure.endpoint.host.isEmpty();
    if (isFirst || weight(failure) > weight(m_failure))
        m_failure = failure;
}

void Call::concludeIfOver()
{
    if (m_ended || !m_waiting.isEmpty() || !m_running.isEmpty() || !m_lookups.isEmpty())
        return;
    end(m_failure);
}

void Call::abandon()
{
    note({{ErrorCode::TimedOut, "the call was given up", 0}, m_furthest, m_furthestAt, {}});
    end(m_failure);
}

void Call::end(const CallFailure &failure)
{
    if (std::exchange(m_ended, true))
        return;
    m_next.stop();
    m_lookupLimit.stop();
    dropAll();
    Q_EMIT failed(failure);
}

// Those that are dropped are within none of their own signals.
void Call::dropAll()
{
    for (Session *session : std::exchange(m_running, {})) {
        session->disconnect(this);
        session->deleteLater();
    }
}

} // namespace octopus::link
