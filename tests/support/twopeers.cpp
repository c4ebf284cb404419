#include "tests/support/twopeers.h"

#include "tests/support/messagetext.h"

namespace octopus::testing {

static constexpr const char *sourcePath = "/source";
static constexpr const char *replicaPath = "/replica";
static constexpr qsizetype pipeBytes = 1024 * 1024;

TwoPeers::TwoPeers(quint64 seed, bool adopt)
    : m_random(seed),
      m_adopt(adopt),
      m_sourceFiles(m_clock),
      m_replicaFiles(m_clock),
      m_user(m_sourceFiles.bypass(sourcePath)),
      m_viewer(m_replicaFiles.bypass(replicaPath)),
      m_vault(*VaultId::fromBytes(QByteArray(16, 'v'))),
      m_machine(*MachineId::fromBytes(QByteArray(32, 'm')))
{
    m_sourceFiles.settle();
    m_replicaFiles.settle();
    m_sourceFiles.observe(sourcePath, [this](const FakeEvent &event) { tell(event); });
    openPrimary();
}

TwoPeers::~TwoPeers() = default;

void TwoPeers::say(const char *what) const
{
    say(what, QByteArray());
}

template <typename Thing> void TwoPeers::say(const char *what, const Thing &thing) const
{
    if (!m_trace)
        return;
    QByteArray line =
        QByteArray::number(m_clock.monotonic().sinceStart.count() / 1000) + "  " + what;
    if constexpr (std::is_same_v<Thing, QByteArray>)
        line += thing;
    else
        line += text(thing);
    m_trace(line);
}

void TwoPeers::tell(const FakeEvent &event)
{
    say("source: ", event);
    switch (event.kind) {
    case FakeEventKind::Changed: m_changes->push(ChangeKind::Entry, event.path); return;
    case FakeEventKind::Created:
        m_changes->push(event.isDirectory ? ChangeKind::Subtree : ChangeKind::Entry, event.path);
        return;
    case FakeEventKind::Removed:
        if (event.isDirectory)
            m_changes->pushRemoval(event.path);
        else
            m_changes->push(ChangeKind::Entry, event.path);
        return;
    case FakeEventKind::Moved:
        if (event.isDirectory) {
            m_changes->pushMove(event.from, event.path);
        } else {
            m_changes->push(ChangeKind::Entry, event.from);
            m_changes->push(ChangeKind::Entry, event.path);
        }
        return;
    }
}

void TwoPeers::openPrimary()
{
    say("the primary starts");
    m_primary.reset();
    m_changes = std::make_unique<ScriptedSource>(m_clock);
    m_changes->setSelective(true);
    m_sourceRoot = std::move(*m_sourceFiles.openRoot(sourcePath));
    m_primary = std::make_unique<mirror::Primary>(
        *m_sourceRoot, *m_changes, m_rules, m_clock, m_random,
        mirror::PrimaryOptions{m_vault, QStringLiteral("vault"), Epoch{1}, replicaPath, m_adopt});
    m_promised = {};
}

void TwoPeers::openTarget()
{
    auto root = m_replicaFiles.openRoot(replicaPath);
    if (!root)
        return;
    say("the target opens its replica");
    auto applier = apply::Applier::open(**root, m_clock,
                                        {.vault = m_vault, .primary = m_machine, .adopt = m_adopt});
    if (!applier) {
        // Out of space or a failing disk is met again later; anything else is a fault of ours.
        const ErrorCode code = applier.error().code;
        if (code != ErrorCode::NoSpace && code != ErrorCode::InputOutput)
            broken(applier.error());
        return;
    }
    m_replicaRoot = std::move(*root);
    m_target =
        std::make_unique<mirror::Target>(*m_replicaRoot, std::move(*applier), m_clock, replicaPath);
    check(*m_target);
}

// What was promised to be durable has survived.
void TwoPeers::check(const mirror::Target &target)
{
    const apply::Applier &applier = target.applier();
    if (applier.record().stream == m_promisedStream && applier.applied() < m_promised)
        broken({ErrorCode::Corrupt,
                "recovery ended at " + QByteArray::number(number(applier.applied())) + " although "
                    + QByteArray::number(number(m_promised)) + " was promised to be durable",
                0});
}

void TwoPeers::broken(const Error &error)
{
    if (m_failure.isEmpty())
        m_failure = QByteArray(errorName(error.code)) + ": " + error.detail;
}

void TwoPeers::connect()
{
    if (m_connected)
        return;
    m_toTarget.cut();
    m_toPrimary.cut();
    if (!m_target)
        openTarget();
    if (!m_target)
        return;
    say("connected");
    m_connected = true;
    m_greeted = false;
    // A line of any rate: what is sent is cut, and compressed, accordingly.
    m_primary->setPace(qint64(1) << (11 + m_random.below(10)));
    m_toTarget.setCompression(int(m_random.below(3)));
    m_toPrimary.setCompression(int(m_random.below(3)));
    m_primary->connected();
}

void TwoPeers::cut()
{
    if (!m_connected)
        return;
    say("the connection is cut");
    m_toTarget.carry(qsizetype(m_random.below(quint64(m_toTarget.waiting()) + 1)));
    while (deliverToTarget(0)) {}
    if (!m_connected)
        return;
    m_toTarget.cut();
    m_toPrimary.cut();
    m_connected = false;
    m_primary->disconnected();
    if (m_target)
        m_target->disconnected();
}

void TwoPeers::dropTarget()
{
    if (m_connected) {
        m_connected = false;
        m_toTarget.cut();
        m_toPrimary.cut();
        m_primary->disconnected();
    }
    m_target.reset();
    m_replicaRoot.reset();
}

void TwoPeers::crashTarget(bool powerLoss)
{
    say(powerLoss ? "the target loses power" : "the target's process is killed");
    // The process ends first: its last thoughts must not reach the disk.
    m_replicaFiles.faults().dieAfter(0);
    dropTarget();
    if (powerLoss)
        m_replicaFiles.crash(m_random);
    else
        m_replicaFiles.kill();
    m_replicaFiles.faults().revive();
}

void TwoPeers::restartPrimary()
{
    if (m_connected) {
        cut();
    }
    m_sourceFiles.kill();
    openPrimary();
}

bool TwoPeers::pumpPrimary()
{
    bool busy = m_primary->work();
    while (m_connected && m_toTarget.waiting() < pipeBytes) {
        const auto message = m_primary->next();
        if (!message)
            break;
        say("primary sends: ", *message);
        m_toTarget.send(*message);
        busy = true;
    }
    return busy;
}

bool TwoPeers::pumpTarget()
{
    if (!m_target)
        return false;
    const auto more = m_target->work();
    if (!more) {
        say("the target stops: ", more.error().detail);
        dropTarget(); // as after a failing disk: opened and recovered at the next connection
        return true;
    }
    bool busy = *more;
    while (m_connected && m_toPrimary.waiting() < pipeBytes) {
        const auto message = m_target->next();
        if (!message)
            break;
        say("target sends: ", *message);
        m_toPrimary.send(*message);
        busy = true;
    }
    return busy;
}

bool TwoPeers::deliverToTarget(qsizetype most)
{
    m_toTarget.carry(most);
    auto message = m_toTarget.receive();
    if (!message) {
        broken(message.error());
        return false;
    }
    if (!*message)
        return most > 0 && m_toTarget.waiting() > 0;
    if (!m_greeted) {
        m_greeted = true;
        m_target->connected(std::get<wire::OpenMirror>(**message));
        return true;
    }
    say("arrives: ", **message);
    if (const auto *begun = std::get_if<StageBegin>(&**message))
        m_resumed += begun->offset;
    if (const auto taken = m_target->receive(std::move(**message)); !taken)
        broken(taken.error());
    return true;
}

bool TwoPeers::deliverToPrimary(qsizetype most)
{
    m_toPrimary.carry(most);
    const auto message = m_toPrimary.receive();
    if (!message) {
        broken(message.error());
        return false;
    }
    if (!*message)
        return most > 0 && m_toPrimary.waiting() > 0;
    say("arrives: ", **message);
    if (const auto *promise = std::get_if<wire::Acknowledgement>(&**message)) {
        m_promised = promise->durable;
        m_promisedStream = m_target->applier().record().stream;
    }
    if (const auto taken = m_primary->receive(**message); !taken)
        broken(taken.error());
    return true;
}

void TwoPeers::step()
{
    m_clock.advance(std::chrono::microseconds(1 + m_random.below(2000)));
    switch (m_random.below(4)) {
    case 0: pumpPrimary(); return;
    case 1: pumpTarget(); return;
    case 2:
        if (m_connected)
            deliverToTarget(qsizetype(m_random.below(65536)));
        return;
    default:
        if (m_connected)
            deliverToPrimary(qsizetype(m_random.below(4096)));
        return;
    }
}

bool TwoPeers::settle(int steps)
{
    int idle = 0;
    for (int i = 0; i < steps && m_failure.isEmpty(); ++i) {
        m_clock.advance(std::chrono::microseconds(500));
        if (!m_connected)
            connect();
        bool busy = pumpPrimary();
        if (m_connected)
            busy = deliverToTarget(1 << 20) || busy;
        busy = pumpTarget() || busy;
        if (m_connected)
            busy = deliverToPrimary(1 << 20) || busy;
        if (m_primary->status().inSync && !busy)
            return true;
        idle = busy ? 0 : idle + 1;
        if (idle > 20) // nothing to do now: time passes until something is due
            m_clock.advance(std::chrono::milliseconds(100));
        if (idle > 5000)
            return false;
    }
    return false;
}

} // namespace octopus::testing
