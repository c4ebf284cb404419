// BusState: all vaults as desktop shells are told of them on D-Bus: stable words, no translations.
// Pure.
#pragma once

#include "app/desktop/vaultmodel.h"

#include <QVariantMap>

namespace octopus::desktop {

struct BusState {
    QString state;          // overallName()
    qint64 worstLagMs = -1; // -1: nothing is mirrored, or the lag of any is unknown; 0: all in sync
    QList<QVariantMap> vaults;
    friend bool operator==(const BusState &, const BusState &) = default;
};

[[nodiscard]] BusState busStateOf(const VaultModel &model);

} // namespace octopus::desktop
