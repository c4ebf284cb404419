#include "tests/simulation/simulation.h"

#include "engine/base/digest.h"
#include "tests/simulation/workload.h"
#include "tests/support/treebuilder.h"
#include "tests/support/treesnapshot.h"
#include "tests/support/twopeers.h"

#include <algorithm>

namespace octopus::testing {

namespace {

constexpr const char *foreignName = "foreign";

class History
{
public:
    History(quint64 seed, int operations, std::function<void(const QByteArray &)> trace)
        : m_peers(seed, true),
          m_random(seed ^ 0x5eed),
          m_operations(operations),
          m_workload(
              m_peers.source(), m_random.fork(), [this] { return namesAreKnown(); }, seed % 2 == 0)
    {
        m_peers.setTrace(std::move(trace));
    }

    SimulationResult run();

private:
    [[nodiscard]] bool namesAreKnown();
    void disturb();
    void check();
    void checkContents();
    void checkForeign();
    void checkLabel();
    void checkEnd();
    void fail(const QByteArray &what)
    {
        if (m_failure.isEmpty())
            m_failure = what;
    }

    TwoPeers m_peers;
    SeededRandom m_random;
    const int m_operations;
    Workload m_workload;
    QByteArray m_foreign = "nobody of ours put this here";
    bool m_held = false;
    QByteArray m_failure;
};

SimulationResult History::run()
{
    // Something stands at the destination that is not Octopus's (I6).
    (void)writeFile(m_peers.replica(), RelPath::of(foreignName), m_foreign);
    m_peers.replicaFiles().settle();
    const int before = int(m_random.below(20));
    for (int i = 0; i < before; ++i)
        m_workload.change();
    for (int i = 0; i < m_operations && m_failure.isEmpty(); ++i) {
        m_workload.change();
        const quint64 steps = m_random.below(60);
        for (quint64 s = 0; s < steps; ++s)
            m_peers.step();
        disturb();
        check();
    }
    // Peace (I12).
    m_peers.replicaFiles().faults().clear();
    m_peers.sourceFiles().faults().clear();
    m_peers.replicaFiles().configure({});
    m_peers.changes().setHeld(false);
    m_peers.primary().resume(true);
    if (m_failure.isEmpty())
        checkEnd();
    SimulationResult result;
    result.failure = m_failure.isEmpty() ? m_peers.failure() : m_failure;
    result.operations = m_peers.primary().status().operations;
    result.resumedBytes = m_peers.resumedBytes();
    result.fingerprint =
        QByteArray::number(m_peers.bytesToTarget()) + '/' + QByteArray::number(result.operations);
    return result;
}

bool History::namesAreKnown()
{
    if (m_held)
        return false;
    m_peers.primary().work();
    return m_peers.primary().status().inSync;
}

void History::disturb()
{
    if (!m_peers.isConnected()) {
        if (m_random.below(3) == 0)
            m_peers.connect();
        return;
    }
    switch (m_random.below(60)) {
    case 0:
    case 1:
    case 2: m_peers.cut(); return;
    case 3: m_peers.crashTarget(false); return;
    case 4: m_peers.crashTarget(true); return;
    case 5:
        m_peers.restartPrimary();
        m_held = false;
        return;
    case 6: m_peers.changes().lose(); return;
    case 7:
        m_held = !m_held;
        m_peers.changes().setHeld(m_held);
        return;
    case 8: {
        FakeSettings full;
        full.capacity = m_random.below(400'000);
        m_peers.replicaFiles().configure(full);
        return;
    }
    case 9: m_peers.replicaFiles().configure({}); return;
    case 10:
        m_peers.replicaFiles().faults().add({.call = FakeCall::Any,
                                             .code = ErrorCode::InputOutput,
                                             .after = int(m_random.below(50)),
                                             .times = 1,
                                             .below = {}});
        return;
    case 11:
        m_peers.sourceFiles().faults().add({.call = FakeCall::Read,
                                            .code = ErrorCode::InputOutput,
                                            .after = int(m_random.below(10)),
                                            .times = 1,
                                            .below = {}});
        return;
    default: return;
    }
}

void History::check()
{
    if (!m_peers.failure().isEmpty())
        fail(m_peers.failure());
    checkForeign();
    checkLabel();
    if (m_random.below(8) == 0)
        checkContents();
}

// I6: what Octopus did not put there is as it was.
void History::checkForeign()
{
    const auto content = readFile(m_peers.replica(), RelPath::of(foreignName));
    if (!content || *content != m_foreign)
        fail("I6: a foreign file was changed");
}

// I1, I10: each file at the target is a content that this source had at one moment, unless the target
// knows that it is not: a change in place that its disk broke off, which is sent anew.
void History::checkContents()
{
    if (!m_peers.target())
        return; // after a crash the replica is what it is until recovery
    const auto paths = listTree(m_peers.replica());
    if (!paths)
        return fail("the replica cannot be listed");
    for (const QByteArray &line : *paths) {
        const auto path = RelPath::parse(line.endsWith('/') ? line.chopped(1) : line);
        if (!path || path->isWithin(RelPath::of(".octopus")) || *path == RelPath::of(foreignName))
            continue;
        const auto stat = m_peers.replica().stat(*path);
        if (!stat || stat->kind != EntryKind::File)
            continue;
        const auto isInDoubt = [&](const apply::FailedOperation &failed) {
            return failed.path == *path && failed.inDoubt;
        };
        if (std::ranges::any_of(m_peers.target()->applier().failures(), isInDoubt))
            continue;
        const auto content = readFile(m_peers.replica(), *path);
        if (content && !m_workload.contents().contains(checksum(*content)))
            fail("I1: " + path->bytes() + " holds a content that the source never had ("
                 + QByteArray::number(content->size()) + " bytes)");
    }
}

// I2, I4: in sync is said only when both sides are equal; lag 0 only when nothing is on its way.
void History::checkLabel()
{
    const MirrorStatus status = m_peers.primary().status();
    if (status.lag && *status.lag == Milliseconds(0) && status.backlogOperations > 0)
        fail("I4: lag 0 with a backlog");
    if (!status.inSync || m_held)
        return;
    m_peers.primary().work(); // what the kernel has told by now
    if (!m_peers.primary().status().inSync)
        return;
    const auto source = takeSnapshot(m_peers.source());
    auto replica = takeSnapshot(m_peers.replica());
    replica->entries.erase(RelPath::of(foreignName));
    if (*source != *replica)
        fail("I2: in sync is claimed although the sides differ:\n"
             + differences(*source, *replica, 5).toUtf8());
}

void History::checkEnd()
{
    bool settled = m_peers.settle();
    // The source may have been emptied on purpose, as nobody but a person can know.
    if (const auto halt = m_peers.primary().status().halt;
        !settled && halt && halt->reason == HaltReason::RootEmptied) {
        m_peers.primary().resume(true);
        settled = m_peers.settle();
    }
    if (!settled) {
        const MirrorStatus status = m_peers.primary().status();
        QByteArray why = "I12: not in sync in the end: " + QByteArray(phaseName(status.phase))
            + " backlog " + QByteArray::number(status.backlogOperations);
        for (const Problem &problem : status.problems)
            why += "\n  " + problem.path.bytes() + ": " + problemName(problem.code) + " "
                + problem.detail;
        if (status.halt)
            why += "\n  halted: " + QByteArray(haltName(status.halt->reason)) + " "
                + status.halt->detail;
        return fail(m_peers.failure().isEmpty() ? why : m_peers.failure());
    }
    const SnapshotOptions exact{
        .excludedName = ".octopus", .directoryTimes = true, .rootAttributes = true};
    const auto source = takeSnapshot(m_peers.source(), exact);
    auto replica = takeSnapshot(m_peers.replica(), exact);
    replica->entries.erase(RelPath::of(foreignName));
    if (*source != *replica)
        fail("the trees differ in the end:\n" + differences(*source, *replica, 10).toUtf8());
    checkForeign();
}

} // namespace

SimulationResult simulate(quint64 seed, int operations,
                          std::function<void(const QByteArray &)> trace)
{
    return History(seed, operations, std::move(trace)).run();
}

} // namespace octopus::testing
