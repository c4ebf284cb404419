// IdentityWatch: notices that two machines use the same identity (a copied state folder, a cloned
// virtual machine), and says who is not to be talked to until that is over.
//
// Every session reports the run of the program (Hello::instance) that greeted it, after TLS has proved
// the identity. A run that comes back after another one of the same machine was there has not been
// restarted: there are two. So has this machine if its own identity greets from another run. Safe on
// any thread; signals come on the thread that made it.
#pragma once

#include "engine/base/clock.h"
#include "engine/model/ids.h"

#include <QHash>
#include <QMutex>
#include <QObject>

#include <deque>
#include <optional>

namespace octopus::link {

class IdentityWatch : public QObject
{
    Q_OBJECT

public:
    // After the last sign of a second machine, this long.
    static constexpr std::chrono::minutes memory{10};

    // `clock` outlives it. `instance`: of this run.
    IdentityWatch(const Clock &clock, const MachineId &self, const QByteArray &instance);

    // A machine that is known here, or this one, has greeted. Refused, with what to do: this very program answers itself. NotPaired:
    // two machines have this identity, or this machine's own.
    [[nodiscard]] Result<void> greeted(const MachineId &machine, const QByteArray &instance);
    [[nodiscard]] bool isDoubled(const MachineId &machine) const;

Q_SIGNALS:
    // It has just been noticed; its connections are to be ended.
    void doubled(const octopus::MachineId &machine);

private:
    struct Runs {
        QByteArray current;
        std::deque<QByteArray> earlier;
        std::optional<MonotonicTime> doubledAt;
    };
    [[nodiscard]] bool isDoubledNow(const Runs &runs) const;
    [[nodiscard]] Result<void> judge(const MachineId &machine) const;
    [[nodiscard]] bool note(Runs &runs, const QByteArray &instance);

    const Clock &m_clock;
    const MachineId m_self;
    mutable QMutex m_mutex;
    QHash<MachineId, Runs> m_machines;
};

} // namespace octopus::link
