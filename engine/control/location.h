// Where an instance keeps its state and where its control socket lies: --state, else
// OCTOPUS_STATE, else $XDG_STATE_HOME/octopus with the socket in $XDG_RUNTIME_DIR/octopus.
// Every program of ours decides it here, so that they find each other. Pure but for the current
// directory; any thread.
#pragma once

#include "engine/base/result.h"

#include <functional>

namespace octopus::control {

struct Location {
    QByteArray stateDirectory; // absolute, without a trailing slash
    QByteArray socket;         // where the engine serves; its folder holds nothing else
    QByteArray entrance;       // where front ends look: the socket, or a link to it within the
                               // state directory (their environment may differ from the engine's)
};

using Environment = std::function<QByteArray(const char *)>;

// `option`: the value of --state, empty when it was not given. Invalid: neither an option nor a
// home directory says where.
[[nodiscard]] Result<Location> locate(const QByteArray &option, const Environment &environment);
[[nodiscard]] Result<Location> locate(const QByteArray &option); // with this process's environment

} // namespace octopus::control
