// Socks5: what is said to a SOCKS5 proxy, and what its answers mean (RFC 1928; RFC 1929 for user
// and password). Pure; single thread.
//
// The socket is its owner's: it sends what begin() and receive() return, and reads no byte beyond
// wanted(), since the first one after the exchange belongs to TLS. A name goes to the proxy as it
// is and is not looked up here.
#pragma once

#include "engine/link/endpoint.h"
#include "engine/model/transport.h"

namespace octopus::link {

class Socks5
{
public:
    Socks5(Transport proxy, Endpoint target);

    [[nodiscard]] QByteArray begin() const;
    // How many bytes are missing for the next step; 0: the proxy has connected.
    [[nodiscard]] qsizetype wanted() const { return m_wanted - m_received.size(); }
    [[nodiscard]] bool isDone() const { return m_step == Step::Done; }
    // At most wanted() bytes. What is to be sent now; may be empty. Refused: the proxy does not let
    // us in, or not there; Unreachable: the target cannot be reached from it; Corrupt: it is none.
    [[nodiscard]] Result<QByteArray> receive(QByteArrayView bytes);

private:
    enum class Step : quint8 { Method, Login, Reply, Kind, Address, Done };
    [[nodiscard]] Result<QByteArray> onMethod();
    [[nodiscard]] Result<QByteArray> onLogin();
    [[nodiscard]] Result<QByteArray> onReply();
    [[nodiscard]] Result<QByteArray> onKind();
    [[nodiscard]] Result<QByteArray> request();
    void expect(Step step, qsizetype bytes);

    const Transport m_proxy;
    const Endpoint m_target;
    QByteArray m_received; // of this step
    qsizetype m_wanted = 2;
    Step m_step = Step::Method;
};

} // namespace octopus::link
