// Numbers, times and names as octopusctl shows them to people, and tables of them. English, plain,
// printable. Pure.
#pragma once

#include "app/cli/terminal.h"
#include "engine/base/clock.h"

#include <QList>
#include <QString>

#include <optional>

namespace octopus::cli {

[[nodiscard]] QString sizeText(quint64 bytes);         // "3.9 MiB"
[[nodiscard]] QString rateText(double bytesPerSecond); // "3.9 MiB/s"
[[nodiscard]] QString countText(quint64 count);        // "12 345"
[[nodiscard]] QString durationText(
    Milliseconds duration); // "7 ms", "1.5 s", "2 min 03 s", "3 h 07 min"
[[nodiscard]] QString lagText(std::optional<Milliseconds> lag); // "unknown" without one
[[nodiscard]] QString timeText(WallTime time);                  // local, "2026-11-22 12:00:00"
[[nodiscard]] QString shown(const QString &text);               // escaped as displayText()
[[nodiscard]] QString shown(const QByteArray &bytes);

// "500", "64K", "1.5M", "2G" (powers of 1024) in bytes a second; nullopt: it is none of these.
[[nodiscard]] std::optional<quint64> parseRate(const QString &text);

// A table with aligned columns, one text a cell.
class Table
{
public:
    struct Cell {
        QString text;
        Colour colour = Colour::Plain;
    };

    // A title that begins with '>' makes its column right-aligned.
    explicit Table(const QStringList &titles);
    void addRow(const QList<Cell> &cells);
    [[nodiscard]] QStringList lines(const Terminal &terminal) const;

private:
    QList<bool> m_right;
    QList<QList<Cell>> m_rows;
};

} // namespace octopus::cli
