#include "app/desktop/enginelink.h"

#include "engine/control/json.h"

#include <QPointer>

namespace octopus::desktop {

namespace {

constexpr Milliseconds retryInterval{1000};

} // namespace

EngineLink::EngineLink(control::Location location, Milliseconds patience)
    : m_location(std::move(location)),
      m_patience(patience)
{
    m_retryTimer.setSingleShot(true);
    m_retryTimer.setInterval(retryInterval);
    m_probeTimer.setInterval(patience / 2);
    connect(&m_retryTimer, &QTimer::timeout, this, &EngineLink::open);
    connect(&m_probeTimer, &QTimer::timeout, this, &EngineLink::probe);
    connect(&m_client, &control::Client::opened, this, &EngineLink::attach);
    connect(&m_client, &control::Client::ended, this, &EngineLink::lost);
}

void EngineLink::open()
{
    m_retryTimer.stop();
    m_client.open(m_location.entrance, m_patience);
}

void EngineLink::fail(const Error &error)
{
    setState(LinkState::Failed, error);
    if (error.code == ErrorCode::Busy)
        m_retryTimer.start();
}

void EngineLink::send(const control::Command &command, const QObject *context,
                      control::Client::Finished finished, control::Client::Progressed progressed)
{
    const QPointer guard(context);
    m_client.send(
        command,
        [guard, finished = std::move(finished)](const control::Answer &answer) {
            if (guard)
                finished(answer);
        },
        [guard, progressed = std::move(progressed)](const QJsonObject &report) {
            if (guard && progressed)
                progressed(report);
        });
}

void EngineLink::attach()
{
    m_probing = false;
    m_probeTimer.start();
    m_client.subscribe({}, [this](const QJsonObject &document) { take(document); }, {});
}

void EngineLink::take(const QJsonObject &document)
{
    const Result<control::EngineStatus> status = control::statusFromJson(document);
    if (!status)
        return setState(LinkState::Failed, status.error());
    setState(LinkState::Connected);
    Q_EMIT statusArrived(*status);
}

// A subscription alone cannot tell an idle engine from a stuck one.
void EngineLink::probe()
{
    if (m_probing)
        return;
    m_probing = true;
    m_client.requestStatus(
        {},
        [this](const control::Answer &answer) {
            m_probing = false;
            if (answer)
                take(answer->toObject());
            else if (m_client.isOpen())
                setState(LinkState::NotAnswering, answer.error().error);
        },
        m_patience);
}

void EngineLink::lost(const Error &error)
{
    m_probeTimer.stop();
    m_probing = false;
    if (error.code == ErrorCode::Unreachable) {
        setState(LinkState::Connecting);
        Q_EMIT engineMissing();
        return;
    }
    setState(error.code == ErrorCode::TimedOut ? LinkState::NotAnswering : LinkState::Failed,
             error);
    m_retryTimer.start();
}

void EngineLink::setState(LinkState state, const Error &reason)
{
    if (m_state == state && m_reason == reason)
        return;
    m_state = state;
    m_reason = reason;
    Q_EMIT stateChanged();
}

} // namespace octopus::desktop
