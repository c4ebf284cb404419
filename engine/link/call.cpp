#include "engine/link/call.h"

#include <algorithm>

namespace octopus::link {

Call::Call(SessionSettings settings, Destination destination, const QList<Endpoint> &endpoints,
           Transports transports, QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings)),
      m_destination(std::move(destination)),
      m_endpoints(endpoints),
      m_transports(std::move(transports)),
      m_plan(m_transports.size()),
      m_next(this)
{
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &Call::step);
}

Call::~Call()
{
    dropAll();
}

void Call::start()
{
    m_next.start(0); // nothing is told from within start()
}

void Call::step()
{
    while (!m_ended) {
        const auto now = m_clock.monotonic();
        const FirstAvailable::Step step = m_plan.next(now);
        switch (step.kind) {
        case FirstAvailable::Step::Kind::Begin: begin(step.transport); continue;
        case FirstAvailable::Step::Kind::Take: take(step.transport); return;
        case FirstAvailable::Step::Kind::Fail: end(); return;
        case FirstAvailable::Step::Kind::Wait: break;
        }
        if (step.until)
            m_next.start(std::chrono::ceil<Milliseconds>(*step.until - now));
        return;
    }
}

void Call::begin(qsizetype transport)
{
    Destination destination = m_destination;
    destination.transport = m_transports.list()[transport];
    auto *approach = new Approach(m_settings, destination, m_endpoints, this);
    m_approaches.append(approach);
    connect(approach, &Approach::resolved, this,
            [this, over = destination.transport](const QList<Endpoint> &added) {
                Q_EMIT resolved(added, over);
            });
    connect(approach, &Approach::advanced, this, [this, approach, transport](SessionState reached) {
        if (reached > m_furthest) {
            m_furthestAt = approach->furthest();
            m_furthestOver = m_transports.list()[transport];
        }
        onAdvanced(transport, reached);
    });
    connect(approach, &Approach::won, this,
            [this, transport](Session *session, const wire::Hello &hello, quint32 protocol) {
                session->setParent(this);
                onWon(transport, {session, hello, protocol});
            });
    connect(approach, &Approach::failed, this,
            [this, transport](const CallFailure &failure) { onFailed(transport, failure); });
    approach->start();
}

void Call::onAdvanced(qsizetype transport, SessionState reached)
{
    if (m_ended)
        return;
    if (reached >= SessionState::Securing)
        m_plan.connected(transport, m_clock.monotonic());
    if (reached <= m_furthest)
        return;
    m_furthest = reached;
    Q_EMIT advanced(reached);
}

// Kept while a better one may still come: nothing is read from it meanwhile.
void Call::onWon(qsizetype transport, const Winner &winner)
{
    winner.session->pause();
    connect(winner.session, &Session::closed, this,
            [this, transport, session = winner.session](const Error &error) {
                m_winners.erase(transport);
                session->deleteLater();
                onFailed(transport,
                         {error, session->reached(), session->endpoint(), session->presented(),
                          session->transport()});
            });
    m_winners.insert_or_assign(transport, winner);
    m_plan.ready(transport, m_clock.monotonic());
    step();
}

void Call::onFailed(qsizetype transport, const CallFailure &failure)
{
    m_failures.append(failure);
    m_plan.failed(transport);
    step();
}

void Call::take(qsizetype transport)
{
    m_ended = true;
    m_next.stop();
    const Winner winner = m_winners.extract(transport).mapped();
    winner.session->disconnect(this);
    dropAll();
    winner.session->resume();
    Q_EMIT won(winner.session, winner.hello, winner.protocol);
}

void Call::abandon()
{
    if (m_ended)
        return;
    const Error error{ErrorCode::TimedOut, "the call was given up", 0};
    m_failures.append({error, m_furthest, m_furthestAt, {}, m_furthestOver});
    end();
}

// Tells what got furthest, and of several transports what became of each.
void Call::end()
{
    m_ended = true;
    m_next.stop();
    dropAll();
    const auto furthest = std::ranges::max_element(m_failures, {}, &weight);
    CallFailure failure = *furthest;
    if (m_transports.size() > 1) {
        QByteArrayList all;
        for (const CallFailure &one : std::as_const(m_failures))
            all.append("over " + one.transport.shown().toUtf8() + ": " + one.error.detail);
        failure.error.detail = all.join("; ");
    }
    Q_EMIT failed(failure);
}

// Those that are dropped are within none of their own signals, or are let return from it.
void Call::dropAll()
{
    for (Approach *approach : std::exchange(m_approaches, {})) {
        approach->disconnect(this);
        approach->deleteLater();
    }
    for (const auto &[transport, winner] : std::exchange(m_winners, {})) {
        if (winner.session) {
            winner.session->disconnect(this);
            winner.session->deleteLater();
        }
    }
}

} // namespace octopus::link
