#include "app/cli/demoview.h"

#include <algorithm>

namespace octopus::cli {

namespace {

constexpr qint64 lineInterval = 1000; // ms, where lines cannot be drawn over
constexpr qint64 rateWindow = 2000;   // ms
constexpr int barWidth = 30;

QString bar(double share)
{
    const int filled = int(std::clamp(share, 0.0, 1.0) * barWidth);
    return QString(filled, u'#') + QString(barWidth - filled, u'.');
}

QString padded(const QString &text, int width)
{
    return text.rightJustified(width);
}

} // namespace

bool DemoView::isDue()
{
    const qint64 now = m_clock.elapsed();
    if (!m_terminal.draws() && m_lastLine >= 0 && now - m_lastLine < lineInterval)
        return false;
    m_lastLine = now;
    return true;
}

void DemoView::showCopy(const MirrorStatus &mirror)
{
    const Sample rate = rates({m_clock.elapsed(), 0, mirror.sentBytes, mirror.operations});
    if (!isDue())
        return;
    const Progress &progress = mirror.progress;
    const double share = progress.total > 0 ? double(progress.done) / double(progress.total) : 0;
    QString line = QStringLiteral("first copy  [%1] %2 %  %3 files  %4 sent  %5")
                       .arg(bar(share))
                       .arg(int(share * 100), 3)
                       .arg(countText(mirror.files), sizeText(mirror.sentBytes),
                            rateText(double(rate.sentBytes)));
    if (progress.remaining)
        line += QStringLiteral("  %1 left").arg(durationText(*progress.remaining));
    m_terminal.draw({line});
}

void DemoView::showLive(const MirrorStatus &mirror, quint64 changes, bool live)
{
    if (live && mirror.lag)
        m_lags.append(mirror.lag->count());
    const Sample rate = rates({m_clock.elapsed(), changes, mirror.sentBytes, mirror.operations});
    if (!isDue())
        return;
    const QString header =
        QStringLiteral("%1  %2  %3  %4  %5  %6  %7  %8  %9")
            .arg(QStringLiteral("PHASE").leftJustified(10), padded(QStringLiteral("LAG"), 8),
                 padded(QStringLiteral("BACKLOG"), 8), padded(QStringLiteral("CHANGES"), 8),
                 padded(QStringLiteral("/s"), 6), padded(QStringLiteral("OPERATIONS"), 10),
                 padded(QStringLiteral("/s"), 6), padded(QStringLiteral("SENT"), 10),
                 padded(QStringLiteral("RATE"), 12));
    const QString values =
        QStringLiteral("%1  %2  %3  %4  %5  %6  %7  %8  %9")
            .arg(QString::fromLatin1(phaseName(mirror.phase)).leftJustified(10),
                 padded(lagText(mirror.lag), 8), padded(countText(mirror.backlogOperations), 8),
                 padded(countText(changes), 8), padded(countText(rate.changes), 6),
                 padded(countText(mirror.operations), 10), padded(countText(rate.operations), 6),
                 padded(sizeText(mirror.sentBytes), 10),
                 padded(rateText(double(rate.sentBytes)), 12));
    if (m_terminal.draws() || !std::exchange(m_headed, true))
        m_terminal.draw({m_terminal.coloured(header, Colour::Faint), values});
    else
        m_terminal.draw({values});
}

void DemoView::beginPhase()
{
    m_terminal.keepFrame();
    m_lastLine = -1;
    m_recent.clear();
}

DemoView::Sample DemoView::rates(const Sample &now)
{
    m_recent.append(now);
    while (m_recent.size() > 2 && now.at - m_recent[1].at >= rateWindow)
        m_recent.removeFirst();
    const Sample &then = m_recent.first();
    const double seconds = double(now.at - then.at) / 1000;
    if (seconds <= 0)
        return {};
    const auto perSecond = [seconds](quint64 from, quint64 to) {
        return quint64(double(to - std::min(from, to)) / seconds);
    };
    return {now.at, perSecond(then.changes, now.changes), perSecond(then.sentBytes, now.sentBytes),
            perSecond(then.operations, now.operations)};
}

Milliseconds DemoView::medianLag() const
{
    QList<qint64> sorted = m_lags;
    std::ranges::sort(sorted);
    return Milliseconds(sorted.isEmpty() ? 0 : sorted[sorted.size() / 2]);
}

Milliseconds DemoView::worstLag() const
{
    return Milliseconds(m_lags.isEmpty() ? 0 : std::ranges::max(m_lags));
}

} // namespace octopus::cli
