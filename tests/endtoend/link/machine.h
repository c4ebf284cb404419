// Machines for tests of the link: an identity each, short time limits, and whom they trust.
#pragma once

#include "engine/link/session.h"
#include "engine/store/keypair.h"

#include <QMutex>
#include <QSet>
#include <QTcpServer>

#include <atomic>

namespace octopus::testing {

class FakeDirectory final : public link::PeerDirectory
{
public:
    void pair(const MachineId &machine)
    {
        const QMutexLocker lock(&m_mutex);
        m_paired.insert(machine);
    }
    void unpair(const MachineId &machine)
    {
        const QMutexLocker lock(&m_mutex);
        m_paired.remove(machine);
    }
    void setHighestProtocol(quint32 protocol) { m_highestProtocol = protocol; }
    void know(const QHostAddress &address) { m_known = address; }

    [[nodiscard]] bool isPaired(const MachineId &machine) const override
    {
        const QMutexLocker lock(&m_mutex);
        return m_paired.contains(machine);
    }
    [[nodiscard]] QList<QByteArray> grants(const MachineId &) const override { return {}; }
    [[nodiscard]] quint32 highestProtocol(const MachineId &) const override
    {
        return m_highestProtocol;
    }
    [[nodiscard]] bool knowsAddress(const QHostAddress &address) const override
    {
        return address == m_known;
    }

private:
    mutable QMutex m_mutex;
    QSet<MachineId> m_paired;
    QHostAddress m_known;
    std::atomic<quint32> m_highestProtocol{0};
};

class Machine
{
public:
    explicit Machine(const char *name)
        : keyPem(*store::newKeyPem()),
          certificatePem(*store::certificateFor(keyPem)),
          settings{*link::TlsIdentity::fromPem(certificatePem, keyPem), {}, {}}
    {
        settings.hello.name = QString::fromLatin1(name);
        settings.hello.version = QStringLiteral("test");
        settings.hello.instance = QByteArray(16, '\x42');
    }

    [[nodiscard]] const MachineId &id() const { return settings.identity.id(); }

    QByteArray keyPem;
    QByteArray certificatePem;
    link::SessionSettings settings;
    std::shared_ptr<FakeDirectory> directory = std::make_shared<FakeDirectory>();
};

// A listening socket that keeps the descriptors of what connects.
class Door final : public QTcpServer
{
public:
    Door() { m_open = listen(QHostAddress::LocalHost, 0); }
    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] link::Endpoint endpoint() const
    {
        return {QStringLiteral("127.0.0.1"), serverPort()};
    }
    QList<qintptr> descriptors;

protected:
    void incomingConnection(qintptr descriptor) override { descriptors.append(descriptor); }

private:
    bool m_open = false;
};

// What a session said, in order.
struct Record {
    explicit Record(link::Session &session)
    {
        QObject::connect(&session, &link::Session::ready, &session,
                         [this](const MachineId &machine, const wire::Hello &hello) {
                             ++readies;
                             peer = machine;
                             name = hello.name;
                         });
        QObject::connect(&session, &link::Session::pairRequested, &session,
                         [this](const MachineId &machine, const wire::PairRequest &request) {
                             peer = machine;
                             secrets.append(request.secret);
                         });
        QObject::connect(&session, &link::Session::received, &session,
                         [this](const wire::Message &message) { messages.append(message); });
        QObject::connect(&session, &link::Session::closed, &session,
                         [this](const Error &error) { errors.append(error); });
    }
    [[nodiscard]] bool isClosed() const { return !errors.isEmpty(); }

    int readies = 0;
    MachineId peer;
    QString name;
    QList<QByteArray> secrets;
    QList<wire::Message> messages;
    QList<Error> errors;
};

} // namespace octopus::testing
