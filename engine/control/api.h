// Api: what a front end may ask of the engine. The composition root (engine/engine.h) implements
// it; Server brings it to the control socket. Everything runs on the engine's main thread and
// nothing blocks: handle() returns at once, the answer goes to the Responder, now or later.
// An answer is JSON as the command-line contract words it; json.h has the conversions.
#pragma once

#include "engine/control/command.h"
#include "engine/model/pairing.h"
#include "engine/model/status.h"

#include <QJsonValue>
#include <QObject>

#include <functional>
#include <memory>

namespace octopus::control {

// Why a command was not done.
struct Failure {
    Error error;             // error.detail: one English sentence that says what is wrong
    QList<QByteArray> paths; // those concerned (foreign entries, say); at most 100
    friend bool operator==(const Failure &, const Failure &) = default;
};

// Takes the answer to one command: any number of progress(), then exactly one finish() or fail();
// what comes later is ignored. Keep it as long as the command runs. A Responder that is destroyed
// unanswered fails with ErrorCode::Other.
class Responder
{
public:
    virtual ~Responder() = default;
    // Free fields; front ends know {done, total} (bytes), {compared}, {target} (a peer's name) and
    // {note} (a sentence for the user).
    virtual void progress(const QJsonObject &report) = 0;
    virtual void finish(const QJsonValue &answer = QJsonObject()) = 0;
    virtual void fail(const Failure &failure) = 0;
    // True once nobody waits for the answer any more (the client has gone or cancelled).
    [[nodiscard]] virtual bool isCancelled() const = 0;
    // `reaction` is called once, when that happens; at once if it already has.
    virtual void whenCancelled(std::function<void()> reaction) = 0;
};

struct MachineStatus {
    QString name;
    MachineId id;
    QString address;         // where it listens, "127.0.0.1:17290"
    QByteArray warning = {}; // what is wrong with its identity and what to do; empty: nothing
    friend bool operator==(const MachineStatus &, const MachineStatus &) = default;
};

// All that an engine says of itself.
struct EngineStatus {
    MachineStatus machine;
    QList<VaultStatus> vaults;     // mirrored from here
    QList<ReplicaStatus> replicas; // kept here
    QList<PairingStatus> pairings; // as of ListPairings
};

class Api : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual EngineStatus status() const = 0;
    // The answer of each command is named in command.h.
    virtual void handle(const Command &command, std::shared_ptr<Responder> responder) = 0;

Q_SIGNALS:
    // status() has changed; may be emitted as often as it does, the Server slows it down.
    void changed();
};

} // namespace octopus::control
