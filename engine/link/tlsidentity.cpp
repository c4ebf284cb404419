#include "engine/link/tlsidentity.h"

#include "engine/base/digest.h"

#include <QSslKey>
#include <QSslSocket>

#include <openssl/x509.h>

#include <memory>

namespace octopus::link {

Result<MachineId> machineIdOf(const QSslCertificate &certificate)
{
    // From the bytes that were presented: QSslKey would write the key anew, in its own way.
    const QByteArray der = certificate.toDer();
    auto at = reinterpret_cast<const unsigned char *>(der.constData());
    const std::unique_ptr<X509, decltype(&X509_free)> parsed(
        d2i_X509(nullptr, &at, long(der.size())), X509_free);
    if (!parsed)
        return failure(ErrorCode::Invalid, "no certificate was presented");
    unsigned char *key = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(parsed.get()), &key);
    if (size <= 0)
        return failure(ErrorCode::Invalid, "the certificate has no public key");
    const Sha256Digest digest = sha256({reinterpret_cast<const char *>(key), size});
    OPENSSL_free(key);
    return MachineId::fromBytes(digest.toByteArray());
}

Result<TlsIdentity> TlsIdentity::fromPem(const QByteArray &certificatePem, const QByteArray &keyPem)
{
    if (!QSslSocket::isProtocolSupported(QSsl::TlsV1_3))
        return failure(ErrorCode::Unsupported, "this system's TLS library has no TLS 1.3");
    const QSslCertificate certificate(certificatePem, QSsl::Pem);
    const QSslKey key(keyPem, QSsl::Ec, QSsl::Pem, QSsl::PrivateKey);
    if (certificate.isNull() || key.isNull())
        return failure(ErrorCode::Invalid,
                       "the certificate or the key of this machine is unusable");
    const Result<MachineId> id = machineIdOf(certificate);
    if (!id)
        return passOn(id);

    QSslConfiguration configuration;
    configuration.setProtocol(QSsl::TlsV1_3);
    configuration.setLocalCertificate(certificate);
    configuration.setPrivateKey(key);
    configuration.setCaCertificates({});
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    configuration.setAllowedNextProtocols({QByteArray(applicationProtocol)});
    // Each connection proves the key anew: nothing of an earlier one can be taken up.
    configuration.setSslOption(QSsl::SslOptionDisableSessionTickets, true);
    configuration.setSslOption(QSsl::SslOptionDisableSessionSharing, true);
    configuration.setSslOption(QSsl::SslOptionDisableSessionPersistence, true);
    configuration.setSslOption(QSsl::SslOptionDisableCompression, true);

    TlsIdentity identity;
    identity.m_id = *id;
    identity.m_configuration = configuration;
    return identity;
}

} // namespace octopus::link
