#include "engine/plan/guards.h"

#include <algorithm>
#include <utility>

namespace octopus::plan {

static constexpr quint64 harmlessRemovals = 100;
static constexpr quint64 fewestForEmptied = 10;

std::optional<HaltReason> guardRoot(const FileIdentity &expected, const FileIdentity &found)
{
    const bool timed = found.birthNs != 0 && expected.birthNs != 0;
    const bool same = found.inode == expected.inode
        && (timed ? found.birthNs == expected.birthNs : found.device == expected.device);
    return same ? std::nullopt : std::optional(HaltReason::RootGone);
}

std::optional<HaltReason> guardRemovals(quint64 known, quint64 removed)
{
    if (known >= fewestForEmptied && removed >= known)
        return HaltReason::RootEmptied;
    if (removed > std::max(harmlessRemovals, known / 5)) // rounding down changes nothing here
        return HaltReason::MassDeletion;
    return std::nullopt;
}

std::optional<HaltReason> DeletionBrake::add(quint64 removals, MonotonicTime now, quint64 known)
{
    if (m_reason) {
        m_held = removals;
        return m_reason;
    }
    const quint64 counted = removals - allow(removals, now);
    while (!m_passed.empty() && now - m_passed.front().at >= m_window) {
        m_passedSum -= m_passed.front().removals;
        m_passed.pop_front();
    }
    if (counted == 0)
        return std::nullopt;
    // Measured by what there was when the window began, or many small steps would shrink the base.
    m_reason = guardRemovals(known + m_passedSum, m_passedSum + counted);
    if (m_reason) {
        m_held = removals;
        return m_reason;
    }
    if (m_passed.empty() || now - m_passed.back().at >= m_window / 100)
        m_passed.push_back(Lot{now, 0});
    m_passed.back().removals += counted;
    m_passedSum += counted;
    return std::nullopt;
}

// How many of these removals a confirmation covers.
quint64 DeletionBrake::allow(quint64 removals, MonotonicTime now)
{
    if (m_allowanceUsed && now - *m_allowanceUsed >= m_window)
        m_allowance = 0;
    const quint64 allowed = std::min(m_allowance, removals);
    m_allowance -= allowed;
    if (allowed > 0)
        m_allowanceUsed = now;
    return allowed;
}

void DeletionBrake::confirm()
{
    const quint64 lot = m_held;
    reset();
    m_allowance = lot;
}

void DeletionBrake::reset()
{
    m_passed.clear();
    m_passedSum = 0;
    m_reason.reset();
    m_held = 0;
    m_allowance = 0;
    m_allowanceUsed.reset();
}

} // namespace octopus::plan
