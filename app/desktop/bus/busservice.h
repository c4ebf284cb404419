// BusService: org.octopusmirror.Octopus on the session bus: state and lag for desktop shells, and
// what they may ask for. resources/dbus has the interface. Without a bus, or while another instance
// has the name, it does nothing and that is no error. GUI thread.
#pragma once

#include "app/desktop/bus/busstate.h"
#include "app/desktop/vaultactions.h"

#include <QDBusConnection>
#include <QDBusContext>
#include <QTimer>

namespace octopus::desktop {

class BusService
    : public QObject
    , protected QDBusContext
{
    Q_OBJECT
    Q_PROPERTY(QString State READ state)
    Q_PROPERTY(qlonglong WorstLagMs READ worstLagMs)
    Q_PROPERTY(QList<QVariantMap> Vaults READ vaults)

public:
    // All outlive this.
    BusService(const VaultModel &model, const EngineLink &link, VaultActions &actions,
               QDBusConnection bus = QDBusConnection::sessionBus());
    ~BusService() override;

    [[nodiscard]] QString state() const { return m_state.state; }
    [[nodiscard]] qlonglong worstLagMs() const { return m_state.worstLagMs; }
    [[nodiscard]] QList<QVariantMap> vaults() const { return m_state.vaults; }

    // By the names that they have on the bus.
    void Show() { Q_EMIT windowWanted(); }
    void PauseAll();
    void ResumeAll();
    void SynchronizeAll();

Q_SIGNALS:
    void windowWanted();

private:
    void noticeChange();
    void tellChanges();
    void ask(void (VaultActions::*what)());

    const VaultModel &m_model;
    const EngineLink &m_link;
    VaultActions &m_actions;
    QDBusConnection m_bus;
    BusState m_state;
    QTimer m_pause; // runs while nothing may be told
    bool m_changed = false;
};

} // namespace octopus::desktop
