// Identity: a key and a self-signed certificate of any kind, for peers that are not as they should
// be. Values; any thread.
#pragma once

#include "engine/model/ids.h"

#include <QByteArray>
#include <QSsl>

namespace octopus::hostile {

struct Identity {
    QByteArray keyPem;
    QByteArray certificatePem;
    QSsl::KeyAlgorithm algorithm = QSsl::Ec;

    [[nodiscard]] MachineId id() const;

    // As Octopus makes its own.
    [[nodiscard]] static Identity ordinary();
    enum class Kind : quint8 { Rsa, P384, P521, Secp256k1, Ed25519 };
    [[nodiscard]] static Identity ofKind(Kind kind);
    // The same key with a certificate that ended in the year 2001.
    [[nodiscard]] Identity expired() const;
    // The same key with a certificate of about `bytes` bytes.
    [[nodiscard]] Identity bloated(qsizetype bytes) const;
};

// Kept in `folder`, so that a peer is the same one in every run of the program.
[[nodiscard]] Identity storedIdentity(const QByteArray &folder, const QByteArray &name);

} // namespace octopus::hostile
