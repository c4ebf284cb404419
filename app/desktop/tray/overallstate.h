// OverallState: all vaults together in one word, for the tray: the worst that any of them is in.
#pragma once

#include "app/desktop/vaultmodel.h"

namespace octopus::desktop {

enum class OverallState : quint8 {
    Nothing, // no vault yet
    InSync,
    Working, // copying, comparing, or changes on their way
    Behind,  // the lag is over its limit
    Problem, // some files are not protected
    Halted,
    Offline, // a target cannot be reached, or the engine does not answer
    Paused,
};

[[nodiscard]] OverallState overallState(const VaultModel &model);
// "in-sync", …: also the names of the badges.
[[nodiscard]] const char *overallName(OverallState state);

// The icon for it, 16 to 64 pixels. States differ by shape, not by colour alone.
[[nodiscard]] QIcon trayPicture(OverallState state);

} // namespace octopus::desktop
