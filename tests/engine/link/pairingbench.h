// Two machines that pair by comparing digits, without a network: contexts, and a desk for each.
#pragma once

#include "engine/link/pairingdesk.h"
#include "tests/support/fakeclock.h"
#include "tests/support/seededrandom.h"

namespace octopus::testing {

using namespace octopus::link;
using Role = DigitPairing::Role;

inline MachineId machine(quint64 number)
{
    return *MachineId::fromBytes(sha256(QByteArray::number(number)).toByteArray());
}

inline PairContext between(const MachineId &initiator, const MachineId &responder)
{
    return {initiator, responder, {1, 1}, {1, 1}};
}

inline PairingPartner partner(const MachineId &id)
{
    return {id,
            QStringLiteral("partner"),
            QStringLiteral("192.0.2.9"),
            {QStringLiteral("192.0.2.9:17290")},
            1};
}

} // namespace octopus::testing
