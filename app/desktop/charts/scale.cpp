#include "app/desktop/charts/scale.h"

#include <array>
#include <cmath>

namespace octopus::desktop {

namespace {

constexpr int mostTicks = 4; // beside zero
constexpr double second = 1000;
constexpr double minute = 60 * second;
constexpr double hour = 60 * minute;

Scale scaleBy(double step, double largest)
{
    Scale scale;
    const int count = std::max(1, int(std::ceil(largest / step)));
    for (int i = 0; i <= count; ++i)
        scale.ticks.append(i * step);
    scale.top = count * step;
    return scale;
}

} // namespace

Scale timeScale(double largest)
{
    constexpr std::array steps{1.0,         2.0,        5.0,         10.0,        20.0,
                               50.0,        100.0,      200.0,       500.0,       1 * second,
                               2 * second,  5 * second, 10 * second, 15 * second, 30 * second,
                               1 * minute,  2 * minute, 5 * minute,  10 * minute, 15 * minute,
                               30 * minute, 1 * hour,   2 * hour,    3 * hour,    6 * hour};
    for (const double step : steps) {
        if (step * mostTicks >= largest)
            return scaleBy(step, std::max(largest, 4.0));
    }
    const double step = std::ceil(largest / mostTicks / (12 * hour)) * 12 * hour;
    return scaleBy(step, largest);
}

Scale rateScale(double largest)
{
    constexpr double least = 1024; // an idle line is no noise
    double step = least / 2;
    while (step * mostTicks < largest)
        step *= 2;
    return scaleBy(step, std::max(largest, least));
}

} // namespace octopus::desktop
