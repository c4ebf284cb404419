// Notifier: decides what the user is told of in passing: a lag over its limit, a halt, a problem, a
// target that is lost, an engine that does not answer; and once each when it is over. What comes and
// goes is told once, and is over only after a minute of calm. Times are handed in. GUI thread.
#pragma once

#include "app/desktop/vaultrow.h"

#include <QCoreApplication>

#include <map>

namespace octopus::desktop {

struct Notice {
    QString title;
    QString text;
    bool isOver = false; // good news
    friend bool operator==(const Notice &, const Notice &) = default;
};

class Notifier
{
    Q_DECLARE_TR_FUNCTIONS(octopus::desktop::Notifier)

public:
    // What to tell now. `stale`: the engine does not answer, the rows are old. `now`: milliseconds
    // of any monotonic clock.
    [[nodiscard]] QList<Notice> take(const QList<VaultRow> &rows, bool stale, Milliseconds now);

private:
    enum class Kind : quint8 { Lag, Halt, Problem, Lost, Engine };
    using Key = std::tuple<VaultId, MachineId, Kind>;
    struct Condition {
        std::optional<Milliseconds> since; // it holds
        std::optional<Milliseconds> calm;  // it does not hold any more
        bool told = false;
    };

    void observe(const Key &key, bool holds, Milliseconds now, const VaultRow &row);
    [[nodiscard]] static Milliseconds delayOf(Kind kind);
    [[nodiscard]] static Notice begun(Kind kind, const VaultRow &row);
    [[nodiscard]] static Notice over(Kind kind, const VaultRow &row);

    std::map<Key, Condition> m_conditions;
    QList<Notice> m_notices;
};

} // namespace octopus::desktop
