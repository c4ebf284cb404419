// DemoEngine: one octopusd of the demonstration's own, and the connection to it. The process ends
// with this object, and with octopusctl whatever happens to it.
#pragma once

#include "app/process/engineprocess.h"
#include "engine/control/client.h"
#include "engine/control/location.h"

namespace octopus::cli {

class DemoEngine : public QObject
{
    Q_OBJECT

public:
    // `state`: a folder that does not exist yet.
    DemoEngine(const QString &name, const QByteArray &state);

    void start(const QString &program); // ready() or failed() follows
    void stop();                        // stopped() follows, within some seconds
    [[nodiscard]] control::Client &client() { return m_client; }
    [[nodiscard]] const QString &name() const { return m_process.name(); }
    [[nodiscard]] const QString &address() const { return m_process.address(); }

Q_SIGNALS:
    void ready();
    void failed(const QString &reason); // it could not start, or ended on its own
    void stopped();

private:
    const control::Location m_location;
    process::EngineProcess m_process;
    control::Client m_client;
    bool m_stopping = false;
};

} // namespace octopus::cli
