#include "engine/addresscheck.h"

#include <algorithm>

namespace octopus {

namespace {

constexpr Milliseconds longest{9'500}; // of all stages together
constexpr Milliseconds connectTime{3'000};
constexpr Milliseconds authenticateTime{3'000};

link::SessionSettings impatient(link::SessionSettings settings)
{
    settings.timings.connect = connectTime;
    settings.timings.authenticate = authenticateTime;
    return settings;
}

link::Destination anybody()
{
    link::Destination destination;
    destination.purpose = link::Destination::Purpose::Probe;
    return destination;
}

void appendAll(const QStringList &addresses, QList<link::Endpoint> &endpoints)
{
    for (const QString &address : addresses) {
        const auto endpoint = link::Endpoint::parse(address);
        if (endpoint && !endpoints.contains(*endpoint))
            endpoints.append(*endpoint);
    }
}

} // namespace

std::optional<QList<link::Endpoint>> AddressCheck::endpointsOf(const QString &address,
                                                               const Known &known)
{
    QList<link::Endpoint> endpoints;
    const auto typed = link::Endpoint::parse(address);
    if (typed)
        endpoints.append(*typed);
    // The name under which a machine is listed will do as well.
    const auto isMeant = [&](const QString &name) {
        return name.compare(address, Qt::CaseInsensitive) == 0;
    };
    for (const Peer &peer : known.peers) {
        if (isMeant(peer.name))
            appendAll(peer.addresses, endpoints);
    }
    for (const FoundMachine &machine : known.found) {
        if (isMeant(machine.name))
            appendAll(machine.addresses, endpoints);
    }
    if (endpoints.isEmpty())
        return std::nullopt;
    return endpoints;
}

AddressCheck::AddressCheck(control::Check command, Known known, link::SessionSettings settings,
                           const Clock &clock, QObject *parent)
    : QObject(parent),
      m_command(std::move(command)),
      m_known(std::move(known)),
      m_self(settings.identity.id()),
      m_clock(clock),
      m_call(impatient(std::move(settings)), anybody(),
             endpointsOf(m_command.address, m_known).value_or(QList<link::Endpoint>()),
             Transports::parse(m_command.transport).value_or(Transports())),
      m_limit(this)
{
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, &AddressCheck::onLimit);
    connect(&m_call, &link::Call::resolved, this, &AddressCheck::onResolved);
    connect(&m_call, &link::Call::advanced, this, &AddressCheck::onAdvanced);
    connect(&m_call, &link::Call::failed, this, &AddressCheck::onFailed);
    connect(&m_call, &link::Call::won, this, &AddressCheck::onWon);
}

void AddressCheck::start()
{
    m_limit.start(longest);
    m_call.start();
}

bool AddressCheck::has(const char *stage) const
{
    return std::ranges::contains(m_report.stages, stage, &control::CheckStage::stage);
}

void AddressCheck::add(const control::CheckStage &stage)
{
    if (m_ended || has(stage.stage.constData()))
        return;
    m_report.stages.append(stage);
    Q_EMIT progressed(m_report);
    if (stage.ok && stage.stage != "clock")
        return;
    m_ended = true;
    m_limit.stop();
    if (m_session)
        m_session->close();
    Q_EMIT finished(m_report);
}

void AddressCheck::onResolved(const QList<link::Endpoint> &addresses, const Transport &over)
{
    add(stages::resolved(m_command.address, addresses, over));
}

// The stages before Ready are told when they are passed; where, is known at the end.
void AddressCheck::onAdvanced(link::SessionState reached)
{
    if (reached >= link::SessionState::Securing)
        add(stages::reached(m_call.furthest(), m_call.furthestOver()));
    if (reached >= link::SessionState::Greeting)
        add(stages::secured());
}

void AddressCheck::onFailed(const link::CallFailure &failure)
{
    if (failure.reached >= link::SessionState::Securing)
        add(stages::reached(failure.endpoint, failure.transport));
    if (failure.presented == m_self)
        add(stages::secured());
    if (failure.reached == link::SessionState::Greeting && failure.presented != m_self) {
        m_report.id = failure.presented;
        m_report.address = failure.endpoint.text();
        add(stages::identified(failure.presented, {}, peerAt(m_report.address)));
    }
    add(stages::notReached(m_command.address, failure, m_self));
}

// The peer that had this address so far, unless it is known by several.
std::optional<Peer> AddressCheck::peerAt(const QString &address) const
{
    const auto peer = std::ranges::find_if(
        m_known.peers, [&](const Peer &x) { return x.addresses.contains(address); });
    if (peer == m_known.peers.end())
        return std::nullopt;
    return *peer;
}

void AddressCheck::onWon(link::Session *session, const wire::Hello &hello, quint32 protocol)
{
    m_session = session;
    session->setParent(this);
    connect(session, &link::Session::received, this, &AddressCheck::onAnswer);
    connect(session, &link::Session::closed, this,
            [this](const Error &error) { add(stages::notAnswered(m_report.name, error)); });
    connect(session, &link::Session::closed, session, &QObject::deleteLater);
    const auto known = std::ranges::find(m_known.peers, session->peer(), &Peer::id);
    m_report.id = session->peer();
    m_report.name = hello.name;
    m_report.version = hello.version;
    m_report.address = session->endpoint().text();
    m_report.paired = known != m_known.peers.end();
    add(stages::reached(session->endpoint(), session->transport()));
    add(stages::secured());
    // A paired machine may have taken over the address of another one: that is no impostor.
    add(stages::identified(session->peer(), hello.name,
                           m_report.paired ? std::nullopt : peerAt(m_report.address)));
    add(stages::versioned(hello, protocol, m_report.paired ? known->highestProtocol : 0));
    if (!m_report.paired)
        add(stages::notPairedHere(hello.name));
    // Not from within its own signal: by then it has left its greeting behind.
    QMetaObject::invokeMethod(this, &AddressCheck::ask, Qt::QueuedConnection);
}

void AddressCheck::ask()
{
    if (m_ended || !m_session)
        return;
    m_asked.start();
    m_session->send(wire::encode(wire::GrantsRequest{}));
}

void AddressCheck::onAnswer(const wire::Message &message)
{
    if (const auto *grants = std::get_if<wire::Grants>(&message)) {
        onGrants(*grants);
    } else if (const auto *refusal = std::get_if<wire::Refusal>(&message)) {
        m_report.paired = m_report.paired && refusal->code != ErrorCode::NotPaired;
        add(stages::notAnswered(m_report.name, {refusal->code, refusal->detail, 0}));
    } else {
        add(stages::notAnswered(m_report.name, {ErrorCode::Corrupt, "it answered nonsense", 0}));
    }
}

void AddressCheck::onGrants(const wire::Grants &grants)
{
    constexpr qint64 nanosecondsEach = 1'000'000;
    for (qsizetype i = 0; i < grants.folders.size(); ++i)
        m_report.grants.append({grants.folders[i], grants.freeBytes[i], grants.faults[i] == 0});
    add(stages::paired(m_report.name));
    const stages::GrantFound found = stages::granted(m_report.name, grants, m_command.destination);
    add(found.stage);
    if (found.folder)
        add(stages::spaced(grants, *found.folder));
    // It told its time half way between question and answer.
    const qint64 here = m_clock.wall().nanoseconds / nanosecondsEach - m_asked.elapsed() / 2;
    const qint64 most = std::numeric_limits<qint64>::max() / nanosecondsEach;
    const qint64 there = qint64(std::min(grants.time, quint64(most)));
    add(stages::clocked(Milliseconds(there - here)));
}

void AddressCheck::onLimit()
{
    if (m_session)
        add(stages::notAnswered(m_report.name, {ErrorCode::TimedOut, "no answer in time", 0}));
    else
        m_call.abandon();
}

} // namespace octopus
