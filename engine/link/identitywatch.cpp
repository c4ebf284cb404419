#include "engine/link/identitywatch.h"

#include <algorithm>

namespace octopus::link {

static constexpr qsizetype mostMachines = 256;
static constexpr size_t mostEarlier = 16;

IdentityWatch::IdentityWatch(const Clock &clock, const MachineId &self, const QByteArray &instance)
    : m_clock(clock),
      m_self(self)
{
    m_machines[self].current = instance;
}

bool IdentityWatch::isDoubledNow(const Runs &runs) const
{
    return runs.doubledAt && m_clock.monotonic() - *runs.doubledAt < memory;
}

bool IdentityWatch::isDoubled(const MachineId &machine) const
{
    const QMutexLocker lock(&m_mutex);
    return isDoubledNow(m_machines.value(machine));
}

// True: this run was there before another one, which proves a second machine.
bool IdentityWatch::note(Runs &runs, const QByteArray &instance)
{
    if (instance == runs.current)
        return false;
    const bool isBack = std::ranges::contains(runs.earlier, instance);
    if (!runs.current.isEmpty() && !std::ranges::contains(runs.earlier, runs.current))
        runs.earlier.push_back(runs.current);
    if (runs.earlier.size() > mostEarlier)
        runs.earlier.pop_front();
    runs.current = instance;
    return isBack;
}

// Said to the other side as well: it names the machine, not "this one".
Result<void> IdentityWatch::judge(const MachineId &machine) const
{
    for (const MachineId &one : {m_self, machine}) {
        if (isDoubledNow(m_machines.value(one)))
            return failure(ErrorCode::NotPaired,
                           "two machines have the identity " + one.bytes().toHex().first(16)
                               + "…, one is a copy of the other; stop one of them, delete "
                                 "identity.key and identity.crt in its state folder, start it "
                                 "again and pair it anew");
    }
    return {};
}

Result<void> IdentityWatch::greeted(const MachineId &machine, const QByteArray &instance)
{
    const QMutexLocker lock(&m_mutex);
    const bool isOwn = machine == m_self;
    if (isOwn && m_machines[m_self].current == instance)
        return failure(ErrorCode::Refused,
                       "this machine itself answers there; use the address of the other one");
    if (!m_machines.contains(machine) && m_machines.size() >= mostMachines)
        return judge(machine); // strangers: there is nothing to end
    Runs &runs = m_machines[machine];
    const bool wasDoubled = isDoubledNow(runs);
    if (isOwn || note(runs, instance)) {
        runs.doubledAt = m_clock.monotonic();
        if (!wasDoubled)
            QMetaObject::invokeMethod(
                this, [this, machine] { Q_EMIT doubled(machine); }, Qt::QueuedConnection);
    }
    return judge(machine);
}

} // namespace octopus::link
