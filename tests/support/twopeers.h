// TwoPeers: two machines in one thread, the cores of a primary and of a target on file systems in
// memory, joined by a link that carries real frames and can be cut after any byte. Nothing happens
// but by step(): one seed, one history. The test changes the source through source(), and breaks
// things: cut(), crashTarget(), restartPrimary(), the file systems' own faults.
#pragma once

#include "engine/apply/applier.h"
#include "engine/mirror/primary.h"
#include "engine/mirror/target.h"
#include "engine/wire/codec.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakefilesystem.h"
#include "tests/support/loopbacklink.h"
#include "tests/support/scriptedsource.h"
#include "tests/support/seededrandom.h"

#include <functional>

namespace octopus::testing {

class TwoPeers
{
public:
    explicit TwoPeers(quint64 seed, bool adopt = false);
    ~TwoPeers();

    [[nodiscard]] FakeRoot &source() { return *m_user; }    // as the user's programs see it
    [[nodiscard]] FakeRoot &replica() { return *m_viewer; } // likewise
    [[nodiscard]] FakeFileSystem &sourceFiles() { return m_sourceFiles; }
    [[nodiscard]] FakeFileSystem &replicaFiles() { return m_replicaFiles; }
    [[nodiscard]] mirror::Primary &primary() { return *m_primary; }
    [[nodiscard]] mirror::Target *target() { return m_target.get(); }
    [[nodiscard]] ScriptedSource &changes() { return *m_changes; }
    [[nodiscard]] FakeClock &clock() { return m_clock; }
    [[nodiscard]] SeededRandom &random() { return m_random; }

    // One thing happens somewhere, by chance; time passes a little.
    void step();
    // Everything that can be done is done, until both sides rest or `steps` are used up.
    [[nodiscard]] bool settle(int steps = 200'000);

    void connect();
    void cut(); // what is on its way is lost after a random byte
    [[nodiscard]] bool isConnected() const { return m_connected; }
    void crashTarget(bool powerLoss); // and opens it again, when it is next connected
    void restartPrimary();
    // The highest sequence that the primary was told to be durable, on this stream.
    [[nodiscard]] Sequence promised() const { return m_promised; }
    // What went wrong with the cores themselves: a protocol error, a promise that was not kept.
    [[nodiscard]] const QByteArray &failure() const { return m_failure; }
    [[nodiscard]] quint64 bytesToTarget() const { return m_toTarget.carried(); }
    // Content that did not have to be sent again, because the target held it.
    [[nodiscard]] quint64 resumedBytes() const { return m_resumed; }
    // One line for each thing that happens; for finding out why a seed fails.
    void setTrace(std::function<void(const QByteArray &)> trace) { m_trace = std::move(trace); }

private:
    void openTarget();
    void dropTarget();
    void openPrimary();
    void tell(const FakeEvent &event);
    bool pumpPrimary();
    bool pumpTarget();
    bool deliverToTarget(qsizetype most);
    bool deliverToPrimary(qsizetype most);
    void check(const mirror::Target &target);
    void broken(const Error &error);
    void say(const char *what) const;
    template <typename Thing> void say(const char *what, const Thing &thing) const;

    SeededRandom m_random;
    const bool m_adopt;
    FakeClock m_clock;
    FakeFileSystem m_sourceFiles;
    FakeFileSystem m_replicaFiles;
    std::unique_ptr<FakeRoot> m_user;
    std::unique_ptr<FakeRoot> m_viewer;
    RuleMatcher m_rules;
    VaultId m_vault;
    MachineId m_machine;
    std::unique_ptr<Root> m_sourceRoot;
    std::unique_ptr<ScriptedSource> m_changes;
    std::unique_ptr<mirror::Primary> m_primary;
    std::unique_ptr<Root> m_replicaRoot;
    std::unique_ptr<mirror::Target> m_target;
    bool m_connected = false;
    bool m_greeted = false; // the target has been given this connection's first message
    LoopbackLink m_toTarget;
    LoopbackLink m_toPrimary;
    quint64 m_resumed = 0;
    Sequence m_promised{};
    StreamId m_promisedStream{};
    QByteArray m_failure;
    std::function<void(const QByteArray &)> m_trace;
};

} // namespace octopus::testing
