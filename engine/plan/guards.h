// Guards: when a mirror halts instead of carrying removals to its target (design, I6). Pure; the
// caller counts. An entry that moved is no removal. DeletionBrake belongs to one thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/fileidentity.h"
#include "engine/model/status.h"

#include <deque>
#include <optional>

namespace octopus::plan {

// RootGone: the source's root is not the directory it was. The device counts only where a birth time
// is not known: plugged in again, the same disk may have another number.
[[nodiscard]] std::optional<HaltReason> guardRoot(const FileIdentity &expected,
                                                  const FileIdentity &found);

// Of `known` entries, `removed` are gone at once. RootEmptied: all, and there were at least 10.
// MassDeletion: more than 100 and more than 20 %.
[[nodiscard]] std::optional<HaltReason> guardRemovals(quint64 known, quint64 removed);

// Counts the removals that pass and halts when too many come at once: in one scan (one call), or
// within `window` of live changes. What it refuses, the caller holds back and asks for again, all of
// it at once, after confirm().
class DeletionBrake
{
public:
    explicit DeletionBrake(Milliseconds window = std::chrono::seconds(10)) : m_window(window) {}

    // May `removals` entries be removed now, of the `known` that the target still has? A reason:
    // none of these, and the brake holds all that follows until confirm().
    [[nodiscard]] std::optional<HaltReason> add(quint64 removals, MonotonicTime now, quint64 known);

    [[nodiscard]] std::optional<HaltReason> reason() const { return m_reason; }
    // What was refused last; asking again while the brake is closed brings it up to date.
    [[nodiscard]] quint64 held() const { return m_held; }

    // A person let the present lot through: as many removals as are held pass without being
    // counted, and no more than those. What is left of that allowance ends when none of it was used for `window`.
    void confirm();
    // The present lot is no more (the removed came back, a new comparison begins).
    void reset();

private:
    struct Lot {
        MonotonicTime at;
        quint64 removals = 0;
    };
    [[nodiscard]] quint64 allow(quint64 removals, MonotonicTime now);

    Milliseconds m_window;
    std::deque<Lot> m_passed; // within the window; lots of the same 1/100 of it are one
    quint64 m_passedSum = 0;
    std::optional<HaltReason> m_reason;
    quint64 m_held = 0;
    quint64 m_allowance = 0;
    std::optional<MonotonicTime> m_allowanceUsed;
};

} // namespace octopus::plan
