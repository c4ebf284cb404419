// JsonLines: one JSON object a line over a connected local socket, in both directions, within
// caps: a longer line, anything that is not an object, a peer that does not read what waits for it
// end the connection. Used by both ends. Belongs to its socket's thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <QJsonObject>
#include <QLocalSocket>
#include <QTimer>

#include <memory>

namespace octopus::control {

struct LineCaps {
    qsizetype incoming = 1024 * 1024;              // bytes of one line
    qsizetype waiting = 16 * 1024 * 1024;          // bytes that the peer has not read yet
    Milliseconds stall = std::chrono::seconds(30); // how long it may read nothing of them
};

class JsonLines : public QObject
{
    Q_OBJECT

public:
    // Takes over a socket that is connected.
    JsonLines(std::unique_ptr<QLocalSocket> socket, const LineCaps &caps);
    ~JsonLines() override;

    // Queues one object; nothing after the end.
    void send(const QJsonObject &object);
    // Sends what waits, as far as the peer takes it at once, and ends the connection.
    void close();
    [[nodiscard]] qint64 waiting() const; // bytes not yet taken by the kernel

Q_SIGNALS:
    void received(const QJsonObject &object);
    void drained(); // nothing waits any more
    // The connection has ended, once. Disconnected, TooLong, Invalid, LimitReached, TimedOut.
    void ended(const octopus::Error &error);

private:
    void read();
    [[nodiscard]] bool take(QByteArrayView line);
    void end(const Error &error);

    const std::unique_ptr<QLocalSocket> m_socket;
    const LineCaps m_caps;
    QByteArray m_buffer; // the line that is not complete
    QTimer m_stall;
    bool m_ended = false;
};

} // namespace octopus::control
