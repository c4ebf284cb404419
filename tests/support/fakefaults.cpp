#include "tests/support/fakefaults.h"

#include <QByteArrayView>

namespace octopus::testing {

static bool isMutating(FakeCall call)
{
    return call >= FakeCall::MakeDirectory;
}

static bool isSync(FakeCall call)
{
    return call >= FakeCall::SyncData;
}

bool isPathWithin(QByteArrayView path, QByteArrayView folder)
{
    return path.startsWith(folder)
        && (path.size() == folder.size() || folder == "/" || path[folder.size()] == '/');
}

void FakeFaults::clear()
{
    m_faults.clear();
    m_chance = nullptr;
}

void FakeFaults::addChance(Random &random, quint64 oneIn)
{
    m_chance = &random;
    m_chanceOneIn = oneIn;
}

void FakeFaults::revive()
{
    m_isDead = false;
    m_callsUntilDeath.reset();
}

Result<void> FakeFaults::meetFault(FakeCall call, const Path &path)
{
    for (FakeFault &fault : m_faults) {
        if (fault.times == 0 || (fault.call != FakeCall::Any && fault.call != call))
            continue;
        if (!fault.below.isEmpty() && !isPathWithin(path().value_or(QByteArray()), fault.below))
            continue;
        if (fault.after > 0) {
            --fault.after;
            continue;
        }
        if (fault.times > 0)
            --fault.times;
        return failure(fault.code, "injected fault");
    }
    if (m_chance && m_chance->below(m_chanceOneIn) == 0) {
        const bool full = isMutating(call) && m_chance->below(2) == 0;
        return failure(full ? ErrorCode::NoSpace : ErrorCode::InputOutput, "fault by chance");
    }
    return {};
}

Result<void> FakeFaults::meet(FakeCall call, const Path &path)
{
    if (m_isDead)
        return failure(ErrorCode::Disconnected, "the process is dead");
    OCTOPUS_TRY(meetFault(call, path));
    if (!isMutating(call))
        return {};
    if (m_readOnly && !isSync(call))
        return failure(ErrorCode::ReadOnly, "the fake disk is read-only");
    if (m_callsUntilDeath && *m_callsUntilDeath == 0) {
        m_isDead = true;
        return failure(ErrorCode::Disconnected, "the process dies here");
    }
    if (m_callsUntilDeath)
        --*m_callsUntilDeath;
    ++m_mutatingCalls;
    return {};
}

} // namespace octopus::testing
