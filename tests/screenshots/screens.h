// The screens of the desktop: each is set up in front of an engine that plays a part, and handed to
// a camera under a name.
#pragma once

#include <QList>
#include <QString>

#include <functional>

class QWidget;

namespace octopus::screenshots {

using Camera = std::function<void(const QString &name, QWidget &widget)>;

struct Screen {
    const char *name;
    std::function<void(const QString &name, const Camera &camera)> show;
};

[[nodiscard]] const QList<Screen> &screens();

} // namespace octopus::screenshots
