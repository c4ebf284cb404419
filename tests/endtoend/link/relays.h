// Ways to a machine that are not straight: a SOCKS5 proxy of our own with faults to choose, and the
// Unix socket of a tunnel. Both lead to one fixed endpoint, whatever is asked for.
#pragma once

#include "engine/link/endpoint.h"

#include <QHostAddress>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTcpServer>
#include <QTcpSocket>

namespace octopus::testing {

// Copies between the two until either ends.
inline void join(QIODevice &one, QTcpSocket &other)
{
    const auto copy = [](QIODevice &from, QIODevice &to) { to.write(from.readAll()); };
    QObject::connect(&one, &QIODevice::readyRead, &other,
                     [&one, &other, copy] { copy(one, other); });
    QObject::connect(&other, &QIODevice::readyRead, &one,
                     [&one, &other, copy] { copy(other, one); });
    copy(one, other);
    copy(other, one);
}

class TunnelSocket final : public QLocalServer
{
public:
    TunnelSocket(const QString &path, const link::Endpoint &end)
    {
        listen(path);
        QObject::connect(this, &QLocalServer::newConnection, this, [this, end] {
            QLocalSocket *near = nextPendingConnection();
            auto *far = new QTcpSocket(near);
            QObject::connect(far, &QTcpSocket::connected, near, [near, far] { join(*near, *far); });
            QObject::connect(far, &QTcpSocket::disconnected, near, &QLocalSocket::abort);
            far->connectToHost(end.host, end.port);
            ++connections;
        });
    }
    [[nodiscard]] bool isOpen() const { return isListening(); }
    int connections = 0;
};

class ProxyServer final : public QTcpServer
{
public:
    explicit ProxyServer(const link::Endpoint &end) : m_end(end)
    {
        listen(QHostAddress(QHostAddress::LocalHost), 0);
        QObject::connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *client = nextPendingConnection();
            QObject::connect(client, &QTcpSocket::readyRead, this,
                             [this, client] { converse(*client); });
        });
    }
    [[nodiscard]] bool isOpen() const { return isListening(); }
    // "socks5://127.0.0.1:4711" with this login ("joe:secret@") in it.
    [[nodiscard]] QString text(const char *as = "") const
    {
        return QStringLiteral("socks5://") + QLatin1StringView(as) + QStringLiteral("127.0.0.1:")
            + QString::number(serverPort());
    }

    char version = 5;         // of the protocol
    QByteArray login;         // "joe:secret": is asked for
    char reply = 0;           // to a request
    bool isSilent = false;    // says nothing at all
    bool hangsUp = false;     // when it has got the request
    QByteArray afterwards;    // what it says before the target does
    QList<QByteArray> asked;  // hosts, as they came
    QList<QByteArray> logins; // "joe:secret"

private:
    enum class Step : quint8 { Methods, Login, Request, Joined };
    void converse(QTcpSocket &client)
    {
        const auto step = Step(client.property("step").toInt());
        if (isSilent || step == Step::Joined)
            return;
        const QByteArray bytes = client.readAll(); // on loopback each step comes in one piece
        if (step == Step::Methods) {
            const bool offered = bytes.sliced(2).contains(login.isEmpty() ? '\0' : '\2');
            client.write(QByteArray(1, version)
                         + (!offered              ? '\xff'
                                : login.isEmpty() ? '\0'
                                                  : '\2'));
            client.setProperty("step", int(login.isEmpty() ? Step::Request : Step::Login));
        } else if (step == Step::Login) {
            const qsizetype length = quint8(bytes[1]);
            logins.append(bytes.mid(2, length) + ':' + bytes.sliced(2 + length + 1));
            client.write(QByteArray("\x01") + (logins.last() == login ? '\0' : '\1'));
            client.setProperty("step", int(Step::Request));
        } else {
            takeRequest(client, bytes);
        }
    }
    void takeRequest(QTcpSocket &client, const QByteArray &bytes)
    {
        asked.append(bytes[3] == 3 ? bytes.mid(5, quint8(bytes[4])) : bytes.sliced(4).chopped(2));
        client.setProperty("step", int(Step::Joined));
        if (hangsUp)
            return client.disconnectFromHost();
        const QByteArray answer = QByteArray("\x05") + reply + QByteArray(1, '\0');
        const QByteArray from("\x01\x7f\x00\x00\x01\x00\x50", 7);
        if (reply != 0) {
            client.write(answer + from);
            return;
        }
        auto *far = new QTcpSocket(&client);
        QObject::connect(far, &QTcpSocket::connected, &client,
                         [far, &client, first = answer + from + afterwards] {
                             client.write(first);
                             join(client, *far);
                         });
        far->connectToHost(m_end.host, m_end.port);
    }

    const link::Endpoint m_end;
};

} // namespace octopus::testing
