// DemoEngine: one octopusd of the demonstration's own, and the connection to it. The process ends
// with this object, and with octopusctl whatever happens to it.
#pragma once

#include "engine/control/client.h"
#include "engine/control/location.h"

#include <QProcess>

namespace octopus::cli {

class DemoEngine : public QObject
{
    Q_OBJECT

public:
    // `state`: a folder that does not exist yet.
    DemoEngine(QString name, QByteArray state);
    ~DemoEngine() override;

    void start(const QString &program); // ready() or failed() follows
    void stop();                        // stopped() follows, within some seconds
    [[nodiscard]] control::Client &client() { return m_client; }
    [[nodiscard]] const QString &name() const { return m_name; }
    [[nodiscard]] const QString &address() const { return m_address; }

Q_SIGNALS:
    void ready();
    void failed(const QString &reason); // it could not start, or ended on its own
    void stopped();

private:
    void readOutput();
    void processEnded();
    void fail(const QString &reason);

    const QString m_name;
    const control::Location m_location;
    QString m_address;
    QProcess m_process;
    control::Client m_client;
    QTimer m_patience;
    bool m_stopping = false;
    bool m_failed = false;
};

} // namespace octopus::cli
