// Which protocol version two machines speak. Pure; any thread.
#pragma once

#include "engine/wire/message.h"

namespace octopus::wire {

// The highest version that both know. `highestSeen`: the highest that was ever agreed on with this
// peer, 0 if none. VersionMismatch: they have none in common. Refused: a downgrade - the peer
// offers less than it once did, although this machine still knows more.
[[nodiscard]] Result<quint32> negotiate(const Hello &ours, const Hello &theirs,
                                        quint32 highestSeen);

} // namespace octopus::wire
