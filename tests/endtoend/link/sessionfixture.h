// SessionFixture: two machines, a door between them, and what both ends of a session report.
#pragma once

#include "tests/endtoend/link/machine.h"
#include "tests/support/resultcheck.h"

#include <QSslKey>
#include <QTest>

namespace octopus::testing {

using namespace octopus::link;

inline wire::Message openMirror()
{
    wire::OpenMirror open;
    open.vault = *VaultId::fromBytes(QByteArray(16, '\x01'));
    open.vaultName = QStringLiteral("docs");
    open.stream = StreamId(1);
    open.destination = "docs";
    return open;
}

inline wire::Message chunk(quint64 number, qsizetype size)
{
    return StageChunk{StageId(1), number, QByteArray(size, char(number))};
}

inline void trustAnybody(QSslSocket &socket)
{
    QObject::connect(&socket, &QSslSocket::sslErrors, &socket,
                     [&socket] { socket.ignoreSslErrors(); });
}

inline quint64 numberOf(const wire::Message &message)
{
    return std::get<StageChunk>(message).offset;
}

class SessionFixture : public QObject
{
    Q_OBJECT

protected:
    void prepare();
    void answer(const Machine &machine, const std::function<void()> &call);
    void connectBoth();
    std::unique_ptr<QSslSocket> rawClient(const QSslConfiguration &configuration);
    void greetRaw(QSslSocket &raw);
    QSslConfiguration configurationOf(const Machine &machine) const;

    Machine m_alpha{"alpha"};
    Machine m_beta{"beta"};
    std::unique_ptr<Door> m_door;
    std::unique_ptr<Session> m_caller;
    std::unique_ptr<Session> m_answerer;
    std::unique_ptr<Record> m_atCaller;
    std::unique_ptr<Record> m_atAnswerer;
    Destination m_toBeta;
};

inline void SessionFixture::prepare()
{
    m_caller.reset();
    m_answerer.reset();
    for (Machine *machine : {&m_alpha, &m_beta}) {
        machine->directory = std::make_shared<FakeDirectory>();
        machine->settings.timings = {};
    }
    m_beta.directory->pair(m_alpha.id());
    m_door = std::make_unique<Door>();
    QVERIFY(m_door->isOpen());
    m_toBeta = {m_door->endpoint(), m_beta.id()};
}

// `call` connects to the door; beta (or whoever) answers with a Session.
inline void SessionFixture::answer(const Machine &machine, const std::function<void()> &call)
{
    call();
    QTRY_VERIFY(!m_door->descriptors.isEmpty());
    m_answerer = std::make_unique<Session>(machine.settings);
    m_atAnswerer = std::make_unique<Record>(*m_answerer);
    m_answerer->accept(m_door->descriptors.takeFirst(), machine.directory);
}

inline void SessionFixture::connectBoth()
{
    m_caller = std::make_unique<Session>(m_alpha.settings);
    m_atCaller = std::make_unique<Record>(*m_caller);
    answer(m_beta, [this] { m_caller->connectTo(m_toBeta); });
}

inline QSslConfiguration SessionFixture::configurationOf(const Machine &machine) const
{
    return machine.settings.identity.configuration();
}

// A client that does not follow our rules.
inline std::unique_ptr<QSslSocket> SessionFixture::rawClient(const QSslConfiguration &configuration)
{
    auto raw = std::make_unique<QSslSocket>();
    raw->setSslConfiguration(configuration);
    trustAnybody(*raw);
    answer(m_beta,
           [&] { raw->connectToHostEncrypted(m_door->endpoint().host, m_door->endpoint().port); });
    return raw;
}

inline void SessionFixture::greetRaw(QSslSocket &raw)
{
    QTRY_VERIFY(raw.isEncrypted());
    raw.write(wire::encode(m_alpha.settings.hello));
}

} // namespace octopus::testing
