#include "app/desktop/bus/busservice.h"

#include "app/desktop/busadaptor.h"

#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusMetaType>

#include <utility>

namespace octopus::desktop {

namespace {

using namespace std::chrono_literals;

constexpr auto leastInterval = 250ms; // between two signals

const QString serviceName = QStringLiteral("org.octopusmirror.Octopus");
const QString objectPath = QStringLiteral("/org/octopusmirror/Octopus");

} // namespace

BusService::BusService(const VaultModel &model, const EngineLink &link, VaultActions &actions,
                       QDBusConnection bus)
    : m_model(model),
      m_link(link),
      m_actions(actions),
      m_bus(std::move(bus)),
      m_state(busStateOf(model))
{
    qDBusRegisterMetaType<QList<QVariantMap>>();
    m_pause.setSingleShot(true);
    m_pause.setInterval(leastInterval);
    if (!m_bus.isConnected())
        return;
    new BusAdaptor(this);
    if (!m_bus.registerObject(objectPath, this))
        return;
    // Queued: it is ours once the instance that has it ends.
    m_bus.interface()->registerService(serviceName, QDBusConnectionInterface::QueueService,
                                       QDBusConnectionInterface::DontAllowReplacement);
    connect(&model, &QAbstractItemModel::dataChanged, this, &BusService::noticeChange);
    connect(&model, &QAbstractItemModel::modelReset, this, &BusService::noticeChange);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (std::exchange(m_changed, false))
            tellChanges();
    });
}

BusService::~BusService()
{
    if (!m_bus.isConnected())
        return;
    m_bus.unregisterService(serviceName);
    m_bus.unregisterObject(objectPath);
}

void BusService::PauseAll()
{
    ask(&VaultActions::pauseAll);
}

void BusService::ResumeAll()
{
    ask(&VaultActions::resumeAll);
}

void BusService::SynchronizeAll()
{
    ask(&VaultActions::synchronizeAll);
}

void BusService::noticeChange()
{
    m_changed = m_pause.isActive();
    if (!m_changed)
        tellChanges();
}

void BusService::tellChanges()
{
    const BusState former = std::exchange(m_state, busStateOf(m_model));
    QVariantMap changes;
    if (m_state.state != former.state)
        changes.insert(QStringLiteral("State"), m_state.state);
    if (m_state.worstLagMs != former.worstLagMs)
        changes.insert(QStringLiteral("WorstLagMs"), m_state.worstLagMs);
    if (m_state.vaults != former.vaults)
        changes.insert(QStringLiteral("Vaults"), QVariant::fromValue(m_state.vaults));
    if (changes.isEmpty())
        return;
    QDBusMessage signal =
        QDBusMessage::createSignal(objectPath, QStringLiteral("org.freedesktop.DBus.Properties"),
                                   QStringLiteral("PropertiesChanged"));
    signal << serviceName << changes << QStringList();
    m_bus.send(signal);
    m_pause.start();
}

void BusService::ask(void (VaultActions::*what)())
{
    if (m_link.state() == LinkState::Connected)
        (m_actions.*what)();
    else if (calledFromDBus())
        sendErrorReply(serviceName + QStringLiteral(".Error.NoEngine"),
                       QStringLiteral("the engine does not answer"));
}

} // namespace octopus::desktop
