// FailureWording: why the engine did not do something, in the user's language: what happened, what
// it means, what to do. The engine speaks codes and English; of its own words only those are shown
// that name a path, an address or a system error, as a detail. Pure but for the locale; GUI thread.
#pragma once

#include "engine/control/api.h"
#include "engine/control/command.h"

#include <QCoreApplication>

namespace octopus::desktop {

class FailureWording
{
    Q_DECLARE_TR_FUNCTIONS(octopus::desktop::FailureWording)

public:
    // `command`: the one that was not done; only its kind matters.
    [[nodiscard]] static QString text(const control::Failure &failure,
                                      const control::Command &command);
    // Of the engine itself, or of what this window does.
    [[nodiscard]] static QString text(const Error &error);
    // Of a pairing that has failed.
    [[nodiscard]] static QString text(const PairingStatus &pairing);
    // What a code means in general. Never empty.
    [[nodiscard]] static QString general(ErrorCode code);

private:
    [[nodiscard]] static QString ofDisk(ErrorCode code);
    [[nodiscard]] static QString ofMachine(ErrorCode code);
    // What a code means for a command; empty: nothing else than in general.
    [[nodiscard]] static QString ofTicket(ErrorCode code);
    [[nodiscard]] static QString ofPairing(ErrorCode code);
    [[nodiscard]] static QString ofDigits(ErrorCode code);
    [[nodiscard]] static QString ofFolder(ErrorCode code, bool namesFolder);
    [[nodiscard]] static QString ofVault(ErrorCode code, bool namesEntries);
    [[nodiscard]] static QString ofComparison(ErrorCode code);
    [[nodiscard]] static QString ordinary(const Error &error);
    [[nodiscard]] static QString withDetail(const QString &sentence, const Error &error);
};

} // namespace octopus::desktop
