// TargetCheck: whether the chosen machines can keep a replica where it is wanted: asks the engine for
// a staged check of each as soon as nobody types any more, and says in one line what came of it.
// GUI thread.
#pragma once

#include "app/desktop/enginelink.h"
#include "app/desktop/machines/machine.h"

#include <QHash>
#include <QJsonObject>
#include <QTimer>

namespace octopus::desktop {

class TargetCheck : public QObject
{
    Q_OBJECT

public:
    struct Wanted {
        MachineId peer;
        QString name;
        QString address;
        QByteArray destination; // that shall be granted there
        QString transport;      // the ways to it
        friend bool operator==(const Wanted &, const Wanted &) = default;
    };
    explicit TargetCheck(EngineLink &link); // outlives the check

    // From now on these; what was checked already and is wanted still is not asked for again.
    void want(const QList<Wanted> &targets);
    // A line for each machine that something is known of; empty: nothing.
    [[nodiscard]] QString text() const;
    [[nodiscard]] bool isFault() const; // one of them cannot keep the replica

Q_SIGNALS:
    void changed();

private:
    struct State {
        Wanted wanted;
        QJsonObject report;
        bool asked = false;
        bool ended = false;
    };
    void ask();
    void take(const Wanted &wanted, const QJsonObject &report, bool ended);
    [[nodiscard]] static QString lineOf(const State &state);
    [[nodiscard]] static bool isFault(const State &state);

    EngineLink &m_link;
    QTimer m_pause;
    QList<State> m_states;
};

} // namespace octopus::desktop
