// CrashRun: plays a script against an Applier on a FakeFileSystem, lets its process or the power die
// at a chosen call, opens the replica again without the primary, and compares it with the model.
//
// What must hold (I1, I6, I10): the tree equals the model after exactly applied() operations, and
// applied() is no lower than what was acknowledged as durable; every version that must be kept is
// there with its content; foreign entries are as before; and the rest of the script leads to the
// model's end. One thread.
#pragma once

#include "engine/apply/applier.h"
#include "tests/crash/script.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakefilesystem.h"

namespace octopus::crash {

enum class Death : quint8 { Kill, PowerLoss };

struct Crash {
    quint64 afterCalls = 0; // mutating calls after the replica was founded
    Death death = Death::Kill;
    quint64 seed = 1; // what a power loss leaves; likewise whether recovery is interrupted, too
};

class CrashRun
{
public:
    explicit CrashRun(const Script &script);

    // Plays all of the script without a crash. "" or what is wrong.
    [[nodiscard]] QByteArray playThrough();
    // How many mutating calls playThrough() made.
    [[nodiscard]] quint64 calls() const { return m_calls; }

    // The whole of it with one crash. "" or what is wrong.
    [[nodiscard]] QByteArray playWithCrash(const Crash &crash);

private:
    [[nodiscard]] QByteArray found();
    [[nodiscard]] QByteArray open();
    // From the operation after applied() on; stops without a complaint when the process died.
    [[nodiscard]] QByteArray play();
    [[nodiscard]] QByteArray playBatch(qsizetype from, qsizetype &next);
    [[nodiscard]] QByteArray sendContent(const Step &step, bool mayPart);
    [[nodiscard]] Result<quint64> beginStage(const Step &step);
    [[nodiscard]] QByteArray checkFailures(const QList<apply::FailedOperation> &failed,
                                           qsizetype from, qsizetype to) const;
    [[nodiscard]] QByteArray recover(const Crash &crash);
    void die(Death death, Random &random);
    [[nodiscard]] QByteArray compare();
    [[nodiscard]] QByteArray compareVersions(qsizetype applied);

    const Script &m_script;
    testing::FakeClock m_clock;
    testing::FakeFileSystem m_files;
    std::unique_ptr<Root> m_root;
    std::unique_ptr<apply::Applier> m_applier;
    quint64 m_calls = 0;
    Sequence m_durable{}; // acknowledged
};

} // namespace octopus::crash
