#include "engine/model/pairing.h"

namespace octopus {

const char *pairingStateName(PairingState state)
{
    switch (state) {
    case PairingState::Comparing: return "comparing";
    case PairingState::Waiting: return "waiting";
    case PairingState::Paired: return "paired";
    case PairingState::Failed: return "failed";
    }
    return "failed";
}

} // namespace octopus
