// EngineLink: the desktop's way to the engine, the same whether it runs in this process or in
// another: the control socket. Connects, subscribes to the status, notices when the engine falls
// silent, and connects again when it has gone. GUI thread.
#pragma once

#include "engine/control/client.h"
#include "engine/control/location.h"

#include <QTimer>

namespace octopus::desktop {

enum class LinkState : quint8 {
    Connecting,   // nothing is known yet
    Connected,    // the last status is true
    NotAnswering, // connected, but the engine does not speak: nothing is known
    Failed,       // no engine; reason() says why
};

class EngineLink : public QObject
{
    Q_OBJECT

public:
    // How long the engine may take to answer before it counts as silent.
    explicit EngineLink(control::Location location,
                        Milliseconds patience = std::chrono::seconds(6));

    void open();
    // There is no engine and none could be started. Busy: one runs already, so it is tried again.
    void fail(const Error &error);
    [[nodiscard]] LinkState state() const { return m_state; }
    [[nodiscard]] const Error &reason() const { return m_reason; }
    [[nodiscard]] const control::Location &location() const { return m_location; }

    // `finished` is called once, later, `progressed` any number of times before; neither once
    // `context` is gone.
    void send(const control::Command &command, const QObject *context,
              control::Client::Finished finished, control::Client::Progressed progressed = {});

Q_SIGNALS:
    void stateChanged();
    void statusArrived(const octopus::control::EngineStatus &status);
    // Nobody serves this state directory: somebody may start an engine and call open(), or fail().
    void engineMissing();

private:
    void attach();
    void take(const QJsonObject &document);
    void probe();
    void lost(const Error &error);
    void setState(LinkState state, const Error &reason = {});

    const control::Location m_location;
    const Milliseconds m_patience;
    control::Client m_client;
    QTimer m_probeTimer;
    QTimer m_retryTimer;
    bool m_probing = false;
    LinkState m_state = LinkState::Connecting;
    Error m_reason;
};

} // namespace octopus::desktop
