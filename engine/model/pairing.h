// PairingStatus: a pairing by comparing digits, from its beginning until a minute after its end.
// Value; any thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/model/ids.h"

#include <QByteArray>
#include <QString>

namespace octopus {

enum class PairingState : quint8 {
    Comparing = 1, // both machines show the digits; this one waits for its user
    Waiting,       // confirmed here, not yet on the other machine
    Paired,
    Failed, // see detail
};

[[nodiscard]] const char *pairingStateName(PairingState state); // "comparing"

struct PairingStatus {
    MachineId peer;         // proved by TLS; whether it is the right machine only people can tell
    QString name;           // as it calls itself; to be shown as plain text
    QString address;        // "192.0.2.1:17290"
    QString digits;         // six; empty once it is over
    bool askedHere = false; // by this machine's user; else by the other machine
    bool confirmedThere = false;
    PairingState state = PairingState::Comparing;
    WallTime expires;                  // whole seconds, when it ends by itself
    Milliseconds left{0};              // until then, when this was asked for
    QByteArray detail;                 // of Failed: why, and what to do
    ErrorCode code = ErrorCode::Other; // of Failed: of what kind that is
    friend bool operator==(const PairingStatus &, const PairingStatus &) = default;
};

} // namespace octopus
