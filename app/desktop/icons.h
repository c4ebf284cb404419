// The icons of the desktop: drawn from our own SVG files in the colours of the palette that holds
// when they are painted, so that they can be read in light and dark. GUI thread.
#pragma once

#include "app/desktop/vaultrow.h"

#include <QIcon>

namespace octopus::desktop {

// `name`: a file of resources/icons without its ending; an empty icon if there is none.
[[nodiscard]] QIcon icon(const QString &name);
[[nodiscard]] QIcon phaseIcon(Phase phase);
// Of a mirror as it is: its phase, or what is amiss while it runs. Stale: what is not known.
[[nodiscard]] QIcon stateIcon(const VaultRow &row, bool stale);
[[nodiscard]] QIcon applicationIcon();

} // namespace octopus::desktop
