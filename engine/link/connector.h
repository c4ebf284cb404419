// Connector: brings a Session's socket as far as a connection, by its transport: straight, over one
// interface, through a proxy, or to a Unix socket. TLS begins after that, and is no different.
//
// One use. Belongs to the Session and its thread; the Session has the time limit and hears the
// socket's errors, for which explained() has words. Nothing is told from within start().
#pragma once

#include "engine/base/filedescriptor.h"
#include "engine/link/endpoint.h"
#include "engine/model/transport.h"

#include <QSocketNotifier>
#include <QSslSocket>

#include <memory>

namespace octopus::link {

class ProxyConnection;

class Connector : public QObject
{
    Q_OBJECT

public:
    Connector(QSslSocket &socket, Transport transport, Endpoint endpoint, QObject *parent);
    void start();
    void stop(); // nothing is told any more

    // What there is no answer from.
    [[nodiscard]] QByteArray awaited() const;
    [[nodiscard]] Error explained(const Error &error) const;

Q_SIGNALS:
    void advanced(); // half way: the time limit begins anew
    void connected();
    void failed(const octopus::Error &error);

private:
    void askProxy();
    void begin(Result<FileDescriptor> opened);
    void conclude();
    void hand(Result<FileDescriptor> connection);
    [[nodiscard]] QByteArray where() const;
    [[nodiscard]] Error openingFailure(int number) const;

    QSslSocket &m_socket;
    const Transport m_transport;
    const Endpoint m_endpoint;
    FileDescriptor m_opening;
    std::unique_ptr<QSocketNotifier> m_notifier;
    ProxyConnection *m_proxy = nullptr; // child
    bool m_isOver = false;
};

} // namespace octopus::link
