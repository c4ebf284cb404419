#include "engine/mirror/primaryrunner.h"

#include "engine/base/log.h"
#include "engine/capture/inotifysource.h"

#include <algorithm>

namespace octopus::mirror {

static constexpr int publishInterval = 250; // ms
static constexpr int leastInterval = 25;    // between two that a change of phase causes
static constexpr int sourceInterval = 5000; // no event tells that something is mounted over it

PrimaryRunner::PrimaryRunner(PrimarySettings settings, link::Network &network, FileSystem &files,
                             const Clock &clock)
    : m_settings(std::move(settings)),
      m_network(network),
      m_files(files),
      m_clock(clock),
      m_dialer(m_random),
      m_transports(m_settings.target.transports.value_or(m_settings.vault.transports)),
      m_failback(m_random),
      m_sourceRoot(m_settings.vault.sourceRoot),
      m_paused(m_settings.target.paused),
      m_founded(m_settings.target.founded),
      m_dialTimer(this),
      m_callTimer(this),
      m_failbackTimer(this),
      m_dueTimer(this),
      m_publishTimer(this),
      m_phaseTimer(this),
      m_sourceTimer(this),
      m_peerName(m_settings.peer.name),
      m_highestProtocol(m_settings.peer.highestProtocol)
{
    m_dialTimer.setSingleShot(true);
    m_callTimer.setSingleShot(true);
    m_failbackTimer.setSingleShot(true);
    if (m_transports.needNoAddress())
        m_dialer.needNoAddress();
    m_dueTimer.setSingleShot(true);
    m_dueTimer.setTimerType(Qt::PreciseTimer);
    m_publishTimer.setInterval(publishInterval);
    m_phaseTimer.setInterval(leastInterval);
    m_phaseTimer.setSingleShot(true);
    m_sourceTimer.setInterval(sourceInterval);
    connect(&m_dialTimer, &QTimer::timeout, this, &PrimaryRunner::dial);
    connect(&m_sourceTimer, &QTimer::timeout, this, &PrimaryRunner::watchOverSource);
    connect(&m_callTimer, &QTimer::timeout, this, [this] { call(m_waiting); });
    connect(&m_failbackTimer, &QTimer::timeout, this, &PrimaryRunner::tryBetter);
    connect(&m_dueTimer, &QTimer::timeout, this, &PrimaryRunner::pump);
    connect(&m_publishTimer, &QTimer::timeout, this, &PrimaryRunner::publish);
    connect(&m_phaseTimer, &QTimer::timeout, this, &PrimaryRunner::publish);
}

PrimaryRunner::~PrimaryRunner() = default;

void PrimaryRunner::start()
{
    setAddresses(m_settings.peer.addresses);
    open();
    m_publishTimer.start();
    m_sourceTimer.start();
    dial();
}

void PrimaryRunner::dismiss(const wire::Refusal &why)
{
    m_better.reset();
    if (m_channel)
        m_channel->refuse(why);
}

void PrimaryRunner::stop()
{
    m_publishTimer.stop();
    m_phaseTimer.stop();
    m_dialTimer.stop();
    m_callTimer.stop();
    m_dueTimer.stop();
    m_sourceTimer.stop();
    m_failbackTimer.stop();
    m_better.reset();
    m_channel.reset();
    closeSource();
}

// Opens the source anew. Whatever was known of the target is compared again.
void PrimaryRunner::open()
{
    closeSource();
    const auto opened = openSource();
    if (!opened) {
        closeSource();
        const Halt halt{
            HaltReason::RootGone, opened.error().detail, {m_settings.vault.sources.value(0)}};
        if (m_openHalt != halt)
            qCWarning(logMirror) << "cannot open the source:" << displayText(halt.detail);
        m_openHalt = halt;
        answerWaiting();
        return;
    }
    m_openHalt.reset();
    const Vault &vault = m_settings.vault;
    m_primary = std::make_unique<Primary>(*m_source, *m_changes, m_rules, m_clock, m_random,
                                          PrimaryOptions{vault.id, vault.name, vault.epoch,
                                                         m_settings.target.destination,
                                                         m_settings.target.adopt});
    m_primary->setPaused(m_paused);
    m_changes->setNotifier([this] { pump(); });
    for (Comparing &waiting : m_comparing)
        waiting.after = 0;
    for (Verifying &waiting : m_verifying) {
        waiting.after = 0;
        m_primary->verification().start(waiting.repair);
    }
}

Result<void> PrimaryRunner::openSource()
{
    const QByteArray path = m_settings.vault.sources.value(0);
    auto rules = RuleMatcher::compile(m_settings.vault.rules);
    OCTOPUS_TRY(rules);
    m_rules = *rules;
    auto root = m_files.openRoot(path);
    if (!root)
        return passOn(root);
    m_source = std::move(*root);
    const auto found = m_source->stat(RelPath());
    OCTOPUS_TRY(found);
    if (m_sourceRoot && plan::guardRoot(*m_sourceRoot, found->identity))
        return failure(ErrorCode::NotFound, "another folder stands in the place of the source");
    auto changes = capture::InotifySource::open(path, m_clock);
    if (!changes)
        return passOn(changes);
    m_changes = std::move(*changes);
    if (!m_sourceRoot) {
        m_sourceRoot = found->identity;
        Q_EMIT sourceIdentified(*m_sourceRoot);
    }
    return {};
}

void PrimaryRunner::closeSource()
{
    m_primary.reset();
    m_changes.reset();
    m_source.reset();
}

// A source that was unmounted, or that another folder hides, must not pass for one in sync; one that
// has come back is mirrored again.
void PrimaryRunner::watchOverSource()
{
    if (m_source && m_source->isInPlace())
        return;
    const bool wasOpen = m_source != nullptr;
    open();
    if (wasOpen)
        hangUp();
    else if (m_source)
        m_dialTimer.start(0);
    pumpLater();
}

void PrimaryRunner::onReceived(const wire::Message &message)
{
    if (std::holds_alternative<wire::MirrorClosed>(message) && !m_closing.empty()) {
        m_isClosed = true;
        if (m_eraseOnClose)
            setFounded(false);
        answerClosing({});
        return;
    }
    if (const auto *refusal = std::get_if<wire::Refusal>(&message))
        m_refusal = refusal->detail;
    else if (std::holds_alternative<wire::MirrorState>(message))
        m_offlineBecause.clear();
    if (!m_primary)
        return;
    if (const auto taken = m_primary->receive(message); !taken) {
        qCWarning(logMirror) << "closing the connection:" << taken.error().detail;
        m_refusal = taken.error().detail;
        hangUp();
        return;
    }
    pumpLater();
}

void PrimaryRunner::pumpLater()
{
    if (std::exchange(m_pumpQueued, true))
        return;
    QMetaObject::invokeMethod(this, &PrimaryRunner::pump, Qt::QueuedConnection);
}

void PrimaryRunner::pump()
{
    m_pumpQueued = false;
    if (!m_primary)
        return;
    if (m_connected)
        m_primary->setPace(m_channel->window());
    bool more = m_primary->work();
    while (m_connected && m_channel && m_channel->pendingBytes() < m_channel->window()) {
        auto message = m_primary->next();
        if (!message)
            break;
        m_channel->send(*message);
        more = true; // there is room again for what comes next
    }
    if (!m_closing.empty() && m_connected && !std::exchange(m_closeSent, true))
        m_channel->send(wire::Message(wire::CloseMirror{m_eraseOnClose}));
    answerWaiting();
    const bool full = m_channel && m_channel->pendingBytes() >= m_channel->window();
    if (more && !full)
        pumpLater();
    publishPhase();
    if (const auto due = m_primary->nextDue()) {
        const Nanoseconds wait = std::max(*due - m_clock.monotonic(), Nanoseconds(0));
        m_dueTimer.start(std::chrono::ceil<Milliseconds>(wait));
    }
}

MirrorStatus PrimaryRunner::currentStatus() const
{
    MirrorStatus status = m_primary ? m_primary->status() : MirrorStatus();
    status.peer = m_settings.peer.id;
    status.peerName = m_peerName;
    status.destination = m_settings.target.destination;
    status.offlineBecause = m_offlineBecause;
    if (m_connected) {
        status.via = m_channel->transport().shown();
        const link::Endpoint &endpoint = m_channel->endpoint();
        status.address = endpoint.host.isEmpty() ? QString() : endpoint.text();
    }
    status.sentBytes = m_sentBefore + (m_channel ? m_channel->sentBytes() : 0);
    status.receivedBytes = m_receivedBefore + (m_channel ? m_channel->receivedBytes() : 0);
    if (m_openHalt) {
        status.phase = Phase::Halted;
        status.halt = m_openHalt;
    }
    return status;
}

// Whoever waits for a phase, or for being in sync, hears of it at once.
void PrimaryRunner::publishPhase()
{
    const std::pair now(m_primary->phase(), m_primary->isInSync());
    if (now.first == Phase::Mirroring && !m_isClosed) // it was compared to the end
        setFounded(true);
    if (std::exchange(m_phase, now) == now || m_phaseTimer.isActive())
        return;
    publish();
    m_phaseTimer.start();
}

void PrimaryRunner::publish()
{
    const MirrorStatus status = currentStatus();
    if (m_published == status)
        return;
    m_published = status;
    Q_EMIT statusChanged(status);
}

void PrimaryRunner::setFounded(bool founded)
{
    if (std::exchange(m_founded, founded) != founded)
        Q_EMIT replicaFounded(founded);
}

void PrimaryRunner::setPaused(bool paused)
{
    m_paused = paused;
    if (m_primary)
        m_primary->setPaused(paused);
    publish();
    pumpLater();
}

void PrimaryRunner::resume(bool confirm)
{
    const auto halt = currentStatus().halt;
    const bool gone = halt && halt->reason == HaltReason::RootGone;
    const bool emptied = halt && halt->reason == HaltReason::RootEmptied;
    if (gone && confirm)
        m_sourceRoot.reset();
    if (halt && halt->reason == HaltReason::ReplicaGone && confirm)
        setFounded(false);
    if (!m_primary || gone || (emptied && !confirm))
        open();
    else
        m_primary->resume(confirm);
    hangUp(); // a refusal ended the exchange; the next connection begins anew
    m_dialer.hurry();
    m_dialTimer.start(0);
    pumpLater();
}

} // namespace octopus::mirror
