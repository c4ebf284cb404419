#include "engine/link/sessionerrors.h"

#include <cerrno>

namespace octopus::link {

bool isMatterOfAuthorities(const QSslError &error)
{
    switch (error.error()) {
    case QSslError::SelfSignedCertificate:
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::CertificateUntrusted:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::HostNameMismatch:
    case QSslError::CertificateExpired:
    case QSslError::CertificateNotYetValid: return true;
    default: return false;
    }
}

Error errorOf(QAbstractSocket::SocketError error, bool connecting, const QString &text)
{
    const QByteArray detail = text.toUtf8();
    switch (error) {
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError: return {ErrorCode::Refused, "TLS: " + detail, 0};
    case QAbstractSocket::SocketTimeoutError: return {ErrorCode::TimedOut, detail, 0};
    case QAbstractSocket::SocketResourceError: return {ErrorCode::LimitReached, detail, 0};
    case QAbstractSocket::ConnectionRefusedError:
        return {ErrorCode::Unreachable, detail, ECONNREFUSED};
    default: return {connecting ? ErrorCode::Unreachable : ErrorCode::Disconnected, detail, 0};
    }
}

} // namespace octopus::link
