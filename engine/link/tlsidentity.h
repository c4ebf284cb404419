// TlsIdentity: this machine's key and certificate as a TLS configuration, and whose a certificate
// is. TLS 1.3 only, both sides present a certificate, ALPN "octopus-mirror/1" (or, asked for by the
// caller, "octopus-pairing/1"), no tickets and no resumption. Certificate authorities play no part: the caller compares machineIdOf() with its pin.
// Value; any thread.
#pragma once

#include "engine/model/ids.h"

#include <QSslCertificate>
#include <QSslConfiguration>

namespace octopus::link {

inline constexpr const char *applicationProtocol = "octopus-mirror/1";
// Of connections that serve to pair by comparing digits and nothing else.
inline constexpr const char *pairingProtocol = "octopus-pairing/1";

class TlsIdentity
{
public:
    // Invalid: one of the two is not PEM, or the key is not usable. Unsupported: no TLS 1.3 here.
    [[nodiscard]] static Result<TlsIdentity> fromPem(const QByteArray &certificatePem,
                                                     const QByteArray &keyPem);

    [[nodiscard]] const MachineId &id() const { return m_id; }
    [[nodiscard]] const QSslConfiguration &configuration() const { return m_configuration; }

private:
    MachineId m_id;
    QSslConfiguration m_configuration;
};

// SHA-256 of the certificate's SubjectPublicKeyInfo as it was presented. Invalid: no certificate.
[[nodiscard]] Result<MachineId> machineIdOf(const QSslCertificate &certificate);

} // namespace octopus::link
