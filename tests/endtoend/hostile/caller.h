// Caller: a blocking TLS connection whose owner decides about every byte. What arrives is cut into
// messages by the project's own decoder; heartbeats are skipped. One thread; no event loop needed.
#pragma once

#include "engine/wire/codec.h"
#include "tests/endtoend/hostile/identity.h"

#include <QElapsedTimer>
#include <QHostAddress>
#include <QSslSocket>

#include <memory>
#include <optional>

namespace octopus::hostile {

struct TlsChoice {
    QSsl::SslProtocol protocol = QSsl::TlsV1_3;
    QByteArray application = "octopus-mirror/1"; // empty: none is offered
    bool withCertificate = true;
};

// How a connection went on after something was sent.
struct Ending {
    bool closed = false;
    std::optional<wire::Refusal> refusal;
    int messages = 0; // of any kind but Heartbeat, before the end
    qint64 milliseconds = 0;
};

class Caller
{
public:
    // `source`: the local address, so that one program can be many machines of 127.0.0.0/8.
    Caller(const Identity &identity, QHostAddress source, const TlsChoice &choice = {});
    // Takes a descriptor in and waits for the other side's TLS, as its server.
    Caller(const Identity &identity, qintptr descriptor);

    [[nodiscard]] bool connectTo(const QHostAddress &host, quint16 port); // TCP only
    [[nodiscard]] bool secure();                                          // TLS, as the client
    [[nodiscard]] bool isEncrypted() const { return m_encrypted; }
    [[nodiscard]] QSslSocket &socket() { return m_socket; }

    // False: the other side has closed, or takes nothing for `patience` milliseconds.
    bool sendRaw(const QByteArray &bytes, int patience = 5000);
    bool send(const wire::Message &message) { return sendRaw(wire::encode(message)); }
    // The next message but Heartbeat; nullopt: none came in time, or the other side has closed.
    [[nodiscard]] std::optional<wire::Message> next(int milliseconds);
    // The next message of this type; others are dropped.
    template <typename T> [[nodiscard]] std::optional<T> await(int milliseconds)
    {
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < milliseconds) {
            const auto message = next(int(milliseconds - timer.elapsed()));
            if (!message)
                return std::nullopt;
            if (const auto *found = std::get_if<T>(&*message))
                return *found;
        }
        return std::nullopt;
    }
    // Takes everything until the other side closes or the time is over.
    [[nodiscard]] Ending ending(int milliseconds);
    [[nodiscard]] bool isClosed() const;
    void abort() { m_socket.abort(); }

private:
    void configure(const Identity &identity, const TlsChoice &choice);

    QSslSocket m_socket;
    QHostAddress m_source;
    wire::FrameReader m_reader;
    bool m_encrypted = false;
};

} // namespace octopus::hostile
