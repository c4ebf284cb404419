// Identity: the key pair that makes this machine known to others.
//
// An ECDSA P-256 key and a self-signed certificate without an end and without personal data, in
// identity.key and identity.crt (PEM, 0600) of the state directory. The machine's id is the SHA-256
// of the DER SubjectPublicKeyInfo (RFC 5280, 4.1.2.7). A key that is there is never replaced: one
// that is broken or that others can read is an Error. Value; any thread.
#pragma once

#include "engine/base/fileio.h"
#include "engine/model/ids.h"

namespace octopus::store {

class Identity
{
public:
    // Reads the identity, or makes one where there is neither key nor certificate. A missing
    // certificate is made again from its key. Refused: the key belongs to another `user`, is
    // readable by others or is no regular file; Corrupt: key or certificate are broken or do not
    // belong together, or the key is missing. The detail says what to do.
    [[nodiscard]] static Result<Identity> loadOrCreate(Root &state, quint32 user);

    [[nodiscard]] const MachineId &id() const { return m_id; }
    [[nodiscard]] const QByteArray &keyPem() const { return m_keyPem; } // PKCS #8, not encrypted
    [[nodiscard]] const QByteArray &certificatePem() const { return m_certificatePem; }

private:
    MachineId m_id;
    QByteArray m_keyPem;
    QByteArray m_certificatePem;
};

} // namespace octopus::store
