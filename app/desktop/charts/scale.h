// Scales: a round upper end of an axis and its ticks, for times and for rates. Pure.
#pragma once

#include <QList>

namespace octopus::desktop {

struct Scale {
    double top = 1;      // the value at the upper end, at least the largest
    QList<double> ticks; // from 0 to top
};

// Milliseconds: ticks at 1, 2, 5, 10 … ms, then at seconds, minutes, hours.
[[nodiscard]] Scale timeScale(double largest);
// Bytes a second: by powers of two within KiB, MiB, GiB.
[[nodiscard]] Scale rateScale(double largest);

} // namespace octopus::desktop
