// What is typed and must not be seen: one line of a terminal without echo, or of whatever standard
// input is. Blocks until it is there; main thread.
#pragma once

#include "engine/base/result.h"

namespace octopus::cli {

// Without the end of the line. Of a terminal echo is off meanwhile and as it was afterwards. Invalid:
// nothing came, it was broken off (Ctrl+C), or the line is longer than 4096 bytes.
[[nodiscard]] Result<QByteArray> readSecret(int descriptor);

} // namespace octopus::cli
