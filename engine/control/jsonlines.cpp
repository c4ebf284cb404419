#include "engine/control/jsonlines.h"

#include <QJsonDocument>

namespace octopus::control {

JsonLines::JsonLines(std::unique_ptr<QLocalSocket> socket, const LineCaps &caps)
    : m_socket(std::move(socket)),
      m_caps(caps)
{
    m_socket->setReadBufferSize(caps.incoming);
    m_stall.setSingleShot(true);
    m_stall.setInterval(caps.stall);
    connect(&m_stall, &QTimer::timeout, this,
            [this] { end({ErrorCode::TimedOut, "the other side does not read", 0}); });
    connect(m_socket.get(), &QLocalSocket::readyRead, this, &JsonLines::read);
    connect(m_socket.get(), &QLocalSocket::disconnected, this,
            [this] { end({ErrorCode::Disconnected, "the connection has ended", 0}); });
    connect(m_socket.get(), &QLocalSocket::bytesWritten, this, [this] {
        if (waiting() > 0) {
            m_stall.start();
        } else {
            m_stall.stop();
            Q_EMIT drained();
        }
    });
    // What came before this object was made.
    QMetaObject::invokeMethod(this, &JsonLines::read, Qt::QueuedConnection);
}

JsonLines::~JsonLines()
{
    m_socket->disconnect(this);
}

void JsonLines::send(const QJsonObject &object)
{
    if (m_ended)
        return;
    m_socket->write(QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
    if (waiting() > m_caps.waiting)
        end({ErrorCode::LimitReached, "the other side reads too slowly", 0});
    else if (waiting() > 0 && !m_stall.isActive())
        m_stall.start();
}

void JsonLines::close()
{
    m_socket->flush();
    end({ErrorCode::Disconnected, "the connection was closed", 0});
}

qint64 JsonLines::waiting() const
{
    return m_socket->bytesToWrite();
}

void JsonLines::read()
{
    while (!m_ended && m_socket->bytesAvailable() > 0) {
        const QByteArray bytes = m_socket->read(m_caps.incoming);
        qsizetype begin = 0;
        for (qsizetype newline = bytes.indexOf('\n'); newline >= 0 && !m_ended;
             newline = bytes.indexOf('\n', begin)) {
            m_buffer.append(QByteArrayView(bytes).sliced(begin, newline - begin));
            begin = newline + 1;
            const QByteArray line = std::exchange(m_buffer, {});
            if (!take(line))
                return;
        }
        m_buffer.append(QByteArrayView(bytes).sliced(begin));
        if (m_buffer.size() > m_caps.incoming)
            end({ErrorCode::TooLong, "a line is longer than allowed", 0});
    }
}

bool JsonLines::take(QByteArrayView line)
{
    if (line.size() > m_caps.incoming) {
        end({ErrorCode::TooLong, "a line is longer than allowed", 0});
        return false;
    }
    const QJsonDocument document = QJsonDocument::fromJson(line.toByteArray());
    if (!document.isObject()) {
        end({ErrorCode::Invalid, "a line is not a JSON object", 0});
        return false;
    }
    Q_EMIT received(document.object());
    return true;
}

void JsonLines::end(const Error &error)
{
    if (m_ended)
        return;
    m_ended = true;
    m_stall.stop();
    m_socket->abort();
    Q_EMIT ended(error);
}

} // namespace octopus::control
