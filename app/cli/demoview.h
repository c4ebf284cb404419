// DemoView: what the demonstration shows: the progress of the first copy, then lag, rates, backlog
// and counts, in place on a terminal and as lines elsewhere. Remembers what the summary needs.
#pragma once

#include "app/cli/text.h"
#include "engine/model/status.h"

#include <QElapsedTimer>

#include <map>

namespace octopus::cli {

class DemoView
{
public:
    explicit DemoView(Terminal &terminal) : m_terminal(terminal) { m_clock.start(); }

    void showCopy(const MirrorStatus &mirror);
    // `changes` so far; `live`: they are being made now, and this sample counts for the lag.
    void showLive(const MirrorStatus &mirror, quint64 changes, bool live);
    // The next phase begins below what is shown.
    void beginPhase();

    [[nodiscard]] Milliseconds medianLag() const;
    [[nodiscard]] Milliseconds worstLag() const;
    [[nodiscard]] qsizetype lagSamples() const { return m_lags.size(); }

private:
    struct Sample {
        qint64 at = 0; // ms
        quint64 changes = 0;
        quint64 sentBytes = 0;
        quint64 operations = 0;
    };

    [[nodiscard]] bool isDue();
    [[nodiscard]] Sample rates(const Sample &now); // a second, over the last seconds

    Terminal &m_terminal;
    QElapsedTimer m_clock;
    qint64 m_lastLine = -1;
    bool m_headed = false;
    QList<Sample> m_recent;
    QList<qint64> m_lags; // ms
};

} // namespace octopus::cli
