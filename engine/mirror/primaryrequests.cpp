// What front ends ask of a mirror, and when they are answered.
#include "engine/mirror/primaryrunner.h"

namespace octopus::mirror {

Result<void> PrimaryRunner::ready() const
{
    const MirrorStatus status = currentStatus();
    if (status.halt)
        return failure(ErrorCode::Refused,
                       "the mirror is halted (" + QByteArray(haltName(status.halt->reason))
                           + "): " + haltAdvice(status.halt->reason));
    if (!m_connected)
        return failure(ErrorCode::Unreachable,
                       "the target cannot be reached; check that it runs and is connected");
    return {};
}

void PrimaryRunner::synchronize(bool replaceForeign, ComparisonAnswer answer)
{
    if (const auto able = ready(); !able)
        return answer(passOn(able));
    m_primary->synchronize(replaceForeign);
    m_comparing.push_back({m_primary->comparisons(), currentStatus().sentBytes, std::move(answer)});
    pumpLater();
}

void PrimaryRunner::verify(bool repair, VerificationAnswer answer)
{
    if (const auto able = ready(); !able)
        return answer(passOn(able));
    m_verifying.push_back({m_primary->verification().finished(), repair, std::move(answer)});
    m_primary->verification().start(repair);
    pumpLater();
}

QList<ActivityEntry> PrimaryRunner::activity() const
{
    return m_primary ? m_primary->activity().latest() : QList<ActivityEntry>();
}

void PrimaryRunner::awaitInSync(Answer answer)
{
    if (const auto halt = currentStatus().halt)
        return answer(
            failure(ErrorCode::Refused, "the mirror is halted: " + haltAdvice(halt->reason)));
    if (m_primary)
        m_primary->takeAllChanges();
    m_awaiting.push_back({m_clock.monotonic(), std::move(answer)});
    pumpLater();
}

Result<void> PrimaryRunner::canClose() const
{
    if (m_isClosed || (m_connected && m_primary))
        return {};
    const auto able = ready(); // it says why not
    return able ? failure(ErrorCode::Unreachable, "the target cannot be reached") : able;
}

void PrimaryRunner::closeMirror(bool erase, Answer answer)
{
    const auto able = canClose();
    if (m_isClosed || !able)
        return answer(able);
    m_primary->setPaused(true);
    m_eraseOnClose = erase;
    m_closing.push_back(std::move(answer));
    pumpLater();
}

void PrimaryRunner::answerClosing(const Result<void> &outcome)
{
    for (const Answer &answer : std::exchange(m_closing, {}))
        answer(outcome);
}

// There must be a source.
bool PrimaryRunner::isApplied(MonotonicTime barrier) const
{
    const auto oldest = m_primary->oldestPending();
    return m_connected && m_primary->isCertain() && (!oldest || *oldest > barrier);
}

// Answers those who wait for something that has come true, or cannot any more.
void PrimaryRunner::answerWaiting()
{
    const auto answerAll = [](auto &waiting, const auto &isDone, const auto &value) {
        for (qsizetype i = 0; i < qsizetype(waiting.size());) {
            if (!isDone(waiting[size_t(i)])) {
                ++i;
                continue;
            }
            auto done = std::move(waiting[size_t(i)]);
            waiting.erase(waiting.begin() + i);
            if (auto result = value(done))
                done.answer(std::move(*result));
        }
    };
    const auto halted = ready();
    const bool isHalted = !halted && halted.error().code == ErrorCode::Refused;
    if (isHalted && m_primary && !m_verifying.empty())
        m_primary->verification().cancel();
    answerAll(
        m_comparing,
        [&](const Comparing &x) { return isHalted || m_primary->comparisons() > x.after; },
        [&](const Comparing &x) -> std::optional<Result<ComparisonReport>> {
            if (isHalted)
                return passOn(halted);
            ComparisonReport report = m_primary->lastComparison();
            report.bytesSent = currentStatus().sentBytes - x.sentBefore;
            return report;
        });
    answerAll(
        m_verifying,
        [&](const Verifying &x) {
            return isHalted || m_primary->verification().finished() > x.after;
        },
        [&](Verifying &x) -> std::optional<Result<VerificationReport>> {
            if (isHalted)
                return passOn(halted);
            VerificationReport report = m_primary->verification().report();
            if (!report.complete)
                return failure(ErrorCode::Disconnected,
                               "the connection was lost during the verification");
            if (!x.repair || report.different.isEmpty())
                return report;
            // The repair counts as done when the target has applied it.
            m_awaiting.push_back(
                {m_clock.monotonic(), [report, answer = x.answer](const Result<void> &done) {
                     if (done)
                         answer(report);
                     else
                         answer(passOn(done));
                 }});
            return std::nullopt;
        });
    answerAll(
        m_awaiting, [&](const Awaiting &x) { return isHalted || isApplied(x.barrier); },
        [&](const Awaiting &) -> std::optional<Result<void>> {
            return isHalted ? halted : Result<void>();
        });
}

} // namespace octopus::mirror
