#include "app/cli/text.h"

#include "engine/base/relpath.h"

#include <QDateTime>

#include <array>

namespace octopus::cli {

namespace {

constexpr qint64 nanosecondsPerMillisecond = 1'000'000;

QString twoDigits(qint64 number)
{
    return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0'));
}

} // namespace

QString sizeText(quint64 bytes)
{
    static constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024)
        return QStringLiteral("%1 B").arg(bytes);
    double value = double(bytes);
    size_t unit = 0;
    // 1023.95 would be shown as 1024.0.
    while (value >= 1023.95 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    return QStringLiteral("%1 %2")
        .arg(value, 0, 'f', value < 99.95 ? 1 : 0)
        .arg(QLatin1StringView(units[unit]));
}

QString rateText(double bytesPerSecond)
{
    return sizeText(quint64(std::max(bytesPerSecond, 0.0))) + QStringLiteral("/s");
}

QString countText(quint64 count)
{
    QString text = QString::number(count);
    for (qsizetype i = text.size() - 3; i > 0; i -= 3)
        text.insert(i, u' ');
    return text;
}

QString durationText(Milliseconds duration)
{
    const qint64 milliseconds = duration.count();
    if (milliseconds < 1000)
        return QStringLiteral("%1 ms").arg(milliseconds);
    if (milliseconds < 59'950)
        return QStringLiteral("%1 s").arg(double(milliseconds) / 1000, 0, 'f', 1);
    const qint64 seconds = (milliseconds + 500) / 1000;
    if (seconds < 3600)
        return QStringLiteral("%1 min %2 s").arg(seconds / 60).arg(twoDigits(seconds % 60));
    const qint64 minutes = seconds / 60;
    return QStringLiteral("%1 h %2 min").arg(minutes / 60).arg(twoDigits(minutes % 60));
}

QString lagText(std::optional<Milliseconds> lag)
{
    return lag ? durationText(*lag) : QStringLiteral("unknown");
}

QString timeText(WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(time.nanoseconds / nanosecondsPerMillisecond)
        .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString shown(const QString &text)
{
    return displayText(text.toUtf8());
}

QString shown(const QByteArray &bytes)
{
    return displayText(bytes);
}

std::optional<quint64> parseRate(const QString &text)
{
    static constexpr std::array suffixes{u'K', u'M', u'G', u'T'};
    QString digits = text;
    double factor = 1;
    for (const char16_t suffix : suffixes) {
        if (factor *= 1024; text.endsWith(suffix, Qt::CaseInsensitive)) {
            digits = text.chopped(1);
            break;
        }
    }
    if (digits.size() == text.size())
        factor = 1;
    bool valid = false;
    const double value = digits.toDouble(&valid) * factor;
    const bool inRange = value >= 0 && value < 1e18; // false for what is no number too
    if (!valid || !inRange)
        return std::nullopt;
    return quint64(value);
}

Table::Table(const QStringList &titles)
{
    QList<Cell> header;
    for (const QString &title : titles) {
        m_right.append(title.startsWith(u'>'));
        header.append({title.mid(m_right.last() ? 1 : 0), Colour::Faint});
    }
    m_rows.append(header);
}

void Table::addRow(const QList<Cell> &cells)
{
    m_rows.append(cells);
}

QStringList Table::lines(const Terminal &terminal) const
{
    QList<qsizetype> widths(m_right.size(), 0);
    for (const QList<Cell> &row : m_rows) {
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].text.size());
    }
    QStringList lines;
    for (const QList<Cell> &row : m_rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i) {
            const QString room(widths[i] - row[i].text.size(), u' ');
            const QString text = terminal.coloured(row[i].text, row[i].colour);
            line += m_right[i] ? room + text : i + 1 < row.size() ? text + room : text;
            if (i + 1 < row.size())
                line += QStringLiteral("  ");
        }
        lines.append(line);
    }
    return lines;
}

} // namespace octopus::cli
