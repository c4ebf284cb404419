// EngineBench: an engine that does what the test says, and a link to it that is connected.
#pragma once

#include "app/desktop/enginelink.h"
#include "engine/control/server.h"
#include "tests/engine/control/fakeapi.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

namespace octopus::desktop {

class EngineBench
{
public:
    EngineBench() : m_server(api, QStringLiteral("1")), link(locationIn(folder))
    {
        api.current = control::exampleStatus();
        api.answer = [this](const control::Command &command,
                            const std::shared_ptr<control::Responder> &responder) {
            if (std::holds_alternative<control::ListPeers>(command))
                return responder->finish(peers);
            // The editor asks by itself.
            const auto *check = std::get_if<control::Check>(&command);
            if (check && !check->destination.isEmpty()) {
                checks.append(*check);
                return responder->finish(checkReply);
            }
            sent.append(command);
            if (refusal)
                responder->fail(*refusal);
            else
                responder->finish(reply);
        };
        if (m_server.listen(link.location()))
            link.open();
    }

    [[nodiscard]] bool isConnected()
    {
        return QTest::qWaitFor([this] { return link.state() == LinkState::Connected; });
    }
    // The last command but questions for the machines; it must be of this kind.
    template <typename One> [[nodiscard]] One last() const
    {
        const One *one = sent.isEmpty() ? nullptr : std::get_if<One>(&sent.last());
        return one ? *one : One();
    }

    QTemporaryDir folder;
    control::FakeApi api;

private:
    static control::Location locationIn(const QTemporaryDir &folder)
    {
        const QByteArray state = QFile::encodeName(folder.path()) + "/state";
        return {state, state + "/run/control.sock", state + "/run/control.sock"};
    }
    control::Server m_server;

public:
    EngineLink link;
    QJsonArray peers;                        // what ListPeers finds
    QList<control::Check> checks;            // of a folder on another machine
    QJsonObject checkReply;                  // what they find
    QList<control::Command> sent;            // all others
    std::optional<control::Failure> refusal; // instead of the reply
    QJsonValue reply = QJsonObject();
};

// As ListPeers tells of it.
[[nodiscard]] inline QJsonObject peerJson(char letter, const QString &name, bool paired)
{
    return {{QStringLiteral("id"), QString::fromLatin1(QByteArray(32, letter).toHex())},
            {QStringLiteral("name"), name},
            {QStringLiteral("addresses"), QJsonArray{QStringLiteral("192.0.2.1:17290")}},
            {QStringLiteral("grants"), QJsonArray{QStringLiteral("/srv/mirrors")}},
            {QStringLiteral("paired"), paired},
            {QStringLiteral("online"), paired},
            {QStringLiteral("discoveredBy"), QJsonArray{QStringLiteral("broadcast")}},
            {QStringLiteral("version"), QStringLiteral("0.1.0")}};
}

} // namespace octopus::desktop
