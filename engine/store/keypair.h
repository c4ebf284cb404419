// The key and certificate of a machine as OpenSSL makes and reads them: ECDSA over P-256 (FIPS
// 186-5), X.509 v3 (RFC 5280), PKCS #8 (RFC 5958), all as PEM. Pure but for randomness; any thread.
#pragma once

#include "engine/model/ids.h"

namespace octopus::store {

[[nodiscard]] Result<QByteArray> newKeyPem();

// Self-signed; valid from 2000 to 9999 (trust is the pinned key, and clocks can be wrong); the
// common name is the machine id. Corrupt: not a P-256 private key.
[[nodiscard]] Result<QByteArray> certificateFor(const QByteArray &keyPem);

// SHA-256 of the DER SubjectPublicKeyInfo. Corrupt: either is broken, or not P-256, or the
// certificate is for another key.
[[nodiscard]] Result<MachineId> machineIdOf(const QByteArray &keyPem,
                                            const QByteArray &certificatePem);

} // namespace octopus::store
