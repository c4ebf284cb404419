// ProxyConnection: a TCP connection to a target through a SOCKS5 proxy, which Qt asks for it
// (QNetworkProxy; RFC 1928, RFC 1929). A name is looked up by the proxy, not here.
//
// Once the connection stands it is taken out of Qt's hands: those would keep up to 128 KiB more in
// a buffer that nothing overtakes, and hide the descriptor with its options. One use; belongs to a
// thread with an event loop. It has no time limit.
#pragma once

#include "engine/base/filedescriptor.h"
#include "engine/link/endpoint.h"
#include "engine/model/transport.h"

#include <QTcpSocket>

namespace octopus::link {

class ProxyConnection : public QObject
{
    Q_OBJECT

public:
    ProxyConnection(Transport proxy, Endpoint target, QObject *parent = nullptr);
    void start();

    // What there is no answer from.
    [[nodiscard]] QByteArray awaited() const;
    // Within stands(). Corrupt: something has been said over it already; Unsupported: Qt does not
    // let it go.
    [[nodiscard]] Result<FileDescriptor> take();

Q_SIGNALS:
    void reached(); // the proxy: it is being asked
    void stands();
    // Refused: the proxy does not let us in, or not there; Unreachable: it cannot be reached, or
    // the target not from it; Corrupt: it is none.
    void failed(const octopus::Error &error);

private:
    void onError(QAbstractSocket::SocketError error);

    const Transport m_proxy;
    const Endpoint m_target;
    QTcpSocket m_socket;
    bool m_isReached = false;
};

} // namespace octopus::link
