// FakeFaults: what goes wrong with the calls of an engine on a FakeFileSystem, and when its process
// dies. Deterministic, given the calls. One thread.
#pragma once

#include "engine/base/random.h"
#include "engine/base/result.h"

#include <functional>
#include <optional>
#include <vector>

namespace octopus::testing {

// The kinds of calls that faults can be aimed at. Those from MakeDirectory on change something.
enum class FakeCall : quint8 {
    Any,
    OpenRoot,
    Stat,
    List,
    Open,
    ReadSymlink,
    Xattrs,
    Space,
    FileStat,
    Read,
    NextData,
    MakeDirectory,
    MakePath,
    Create,
    OpenLocked,
    RemoveFile,
    RemoveDirectory,
    Rename,
    Link,
    MakeSymlink,
    MakeFifo,
    SetMode,
    SetOwner,
    SetTime,
    SetXattr,
    Write,
    Truncate,
    PunchHole,
    CopyFrom,
    CloneFrom,
    SyncData,
    SyncDirectory,
    SyncAll,
};

struct FakeFault {
    FakeCall call = FakeCall::Any;
    ErrorCode code = ErrorCode::InputOutput;
    int after = 0;    // that many matching calls succeed first
    int times = 1;    // then that many fail; -1: all of them
    QByteArray below; // only calls on this absolute path and what is below it; empty: anywhere
};

class FakeFaults
{
public:
    using Path = std::function<std::optional<QByteArray>()>;

    // One more fault; each counts on its own, the first that strikes wins.
    void add(FakeFault fault) { m_faults.push_back(std::move(fault)); }
    // Forgets all of them, chance included; not the crash point.
    void clear();
    // One call in `oneIn` fails with InputOutput or (if it changes something) NoSpace. `random` must
    // live until clear().
    void addChance(Random &random, quint64 oneIn);
    // Everything that changes something fails with ReadOnly.
    void setReadOnly(bool readOnly) { m_readOnly = readOnly; }

    // The crash point: `calls` more calls that change something (syncs are such) succeed; the next
    // has no effect and fails with Disconnected, as does every call after it.
    void dieAfter(quint64 calls) { m_callsUntilDeath = calls; }
    [[nodiscard]] bool isDead() const { return m_isDead; }
    // Alive again, without a crash point: a new process.
    void revive();
    // How many calls that change something were made so far.
    [[nodiscard]] quint64 mutatingCalls() const { return m_mutatingCalls; }

    // Asked before every call: the error that it meets instead, if any. `path` is only asked for
    // when a fault is aimed at one.
    [[nodiscard]] Result<void> meet(FakeCall call, const Path &path);

private:
    [[nodiscard]] Result<void> meetFault(FakeCall call, const Path &path);

    std::vector<FakeFault> m_faults;
    Random *m_chance = nullptr;
    quint64 m_chanceOneIn = 0;
    bool m_readOnly = false;
    bool m_isDead = false;
    std::optional<quint64> m_callsUntilDeath;
    quint64 m_mutatingCalls = 0;
};

// True if `path` is `folder` or below it; both absolute.
[[nodiscard]] bool isPathWithin(QByteArrayView path, QByteArrayView folder);

} // namespace octopus::testing
