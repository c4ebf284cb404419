#include "tests/endtoend/hostile/caller.h"

#include <QNetworkProxy>
#include <QSslConfiguration>
#include <QSslKey>

#include <algorithm>

namespace octopus::hostile {

static constexpr int patience = 5000; // ms

Caller::Caller(const Identity &identity, QHostAddress source, const TlsChoice &choice)
    : m_source(std::move(source))
{
    configure(identity, choice);
}

Caller::Caller(const Identity &identity, qintptr descriptor)
{
    configure(identity, {});
    if (!m_socket.setSocketDescriptor(descriptor))
        return;
    m_socket.startServerEncryption();
    m_encrypted = m_socket.waitForEncrypted(patience);
}

void Caller::configure(const Identity &identity, const TlsChoice &choice)
{
    m_socket.setProxy(QNetworkProxy::NoProxy);
    QSslConfiguration configuration;
    configuration.setProtocol(choice.protocol);
    if (choice.withCertificate) {
        configuration.setLocalCertificate(QSslCertificate(identity.certificatePem, QSsl::Pem));
        QSslKey key(identity.keyPem, identity.algorithm, QSsl::Pem, QSsl::PrivateKey);
        configuration.setPrivateKey(key);
    }
    configuration.setCaCertificates({});
    // Whom it talks to is all the same to a hostile peer; as a server it asks for a certificate.
    configuration.setPeerVerifyMode(QSslSocket::QueryPeer);
    if (!choice.application.isEmpty())
        configuration.setAllowedNextProtocols({choice.application});
    m_socket.setSslConfiguration(configuration);
}

bool Caller::connectTo(const QHostAddress &host, quint16 port)
{
    if (!m_source.isNull() && !m_socket.bind(m_source))
        return false;
    m_socket.connectToHost(host, port);
    return m_socket.waitForConnected(patience);
}

bool Caller::secure()
{
    m_socket.startClientEncryption();
    m_encrypted = m_socket.waitForEncrypted(patience);
    return m_encrypted;
}

bool Caller::isClosed() const
{
    return m_socket.state() != QAbstractSocket::ConnectedState && m_socket.bytesAvailable() == 0;
}

bool Caller::sendRaw(const QByteArray &bytes, int milliseconds)
{
    if (m_socket.write(bytes) < 0)
        return false;
    m_socket.flush();
    while (m_socket.bytesToWrite() > 0 || m_socket.encryptedBytesToWrite() > 0) {
        if (!m_socket.waitForBytesWritten(milliseconds))
            return false;
    }
    return m_socket.state() == QAbstractSocket::ConnectedState;
}

std::optional<wire::Message> Caller::next(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    for (;;) {
        auto message = m_reader.next();
        if (!message)
            return std::nullopt;
        if (*message && !std::holds_alternative<wire::Heartbeat>(**message))
            return std::move(*message);
        if (*message)
            continue;
        if (const QByteArray bytes = m_socket.read(64 * 1024); !bytes.isEmpty()) {
            m_reader.append(bytes);
            continue;
        }
        const qint64 left = milliseconds - timer.elapsed();
        if (left <= 0 || isClosed())
            return std::nullopt;
        m_socket.waitForReadyRead(int(left));
    }
}

Ending Caller::ending(int milliseconds)
{
    Ending ending;
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < milliseconds) {
        const auto message = next(int(std::max<qint64>(1, milliseconds - timer.elapsed())));
        if (message)
            ++ending.messages;
        if (message && std::holds_alternative<wire::Refusal>(*message))
            ending.refusal = std::get<wire::Refusal>(*message);
        if (!message && isClosed())
            break;
    }
    ending.closed = isClosed();
    ending.milliseconds = timer.elapsed();
    return ending;
}

} // namespace octopus::hostile
