// The version of these programs, "0.1.0".
#pragma once

#include <QString>

namespace octopus::process {

[[nodiscard]] QString programVersion();

} // namespace octopus::process
