// EngineProcess: an octopusd of one's own, on loopback and a free port, for demonstrations. Ends
// with this object, and with the program whatever happens to it. Has an event loop's thread.
#pragma once

#include <QProcess>
#include <QTimer>

namespace octopus::process {

class EngineProcess : public QObject
{
    Q_OBJECT

public:
    // `state`: its state folder; need not exist.
    EngineProcess(QString name, QByteArray state);
    ~EngineProcess() override;

    void start(const QString &program); // serving() or failed() follows
    void stop();                        // stopped() follows, within some seconds
    [[nodiscard]] const QString &name() const { return m_name; }
    [[nodiscard]] const QString &address() const { return m_address; } // once it serves
    // The octopusd beside this program; empty: there is none.
    [[nodiscard]] static QString programBeside();

Q_SIGNALS:
    void serving();
    // Once: it could not start, or ended on its own. English, with what it wrote last.
    void failed(const QString &reason);
    void stopped();

private:
    void readOutput();
    void processEnded();
    void fail(const QString &reason);

    const QString m_name;
    const QByteArray m_state;
    QString m_address;
    QProcess m_process;
    QTimer m_patience;
    bool m_stopping = false;
    bool m_failed = false;
};

} // namespace octopus::process
