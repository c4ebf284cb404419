// A machine that answers calls, and what a call came to.
#pragma once

#include "engine/link/call.h"
#include "tests/endtoend/link/machine.h"

#include <QHostAddress>

namespace octopus::testing {

using namespace octopus::link;

// What a call came to.
struct Outcome {
    explicit Outcome(Call &call)
    {
        QObject::connect(&call, &Call::won, &call, [this](Session *session) {
            winner = session->endpoint();
            over = session->transport();
        });
        QObject::connect(&call, &Call::failed, &call,
                         [this](const CallFailure &one) { failure = one; });
    }
    [[nodiscard]] bool isOver() const { return winner || failure; }
    std::optional<Endpoint> winner;
    Transport over;
    std::optional<CallFailure> failure;
};

// A machine that lets `friendly` in.
class House final : public QTcpServer
{
public:
    House(const Machine &machine, const MachineId &friendly, const char *address = "127.0.0.1")
        : m_machine(machine)
    {
        m_machine.directory->pair(friendly);
        m_open = listen(QHostAddress(QString::fromLatin1(address)), 0);
    }
    [[nodiscard]] bool isOpen() const { return m_open; }
    [[nodiscard]] Endpoint endpoint() const { return {serverAddress().toString(), serverPort()}; }
    QList<Session *> sessions;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        sessions.append(new Session(m_machine.settings, this));
        sessions.last()->accept(descriptor, m_machine.directory);
    }

private:
    Machine m_machine;
    bool m_open = false;
};

} // namespace octopus::testing
