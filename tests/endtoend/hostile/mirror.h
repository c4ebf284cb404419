// Mirror: a hostile peer's own mirror at the target under attack, as far as it is let. Scene: where
// everything is. One thread.
#pragma once

#include "tests/endtoend/hostile/caller.h"
#include "tests/endtoend/hostile/rawmessages.h"

namespace octopus::hostile {

struct Scene {
    QHostAddress host{QHostAddress::LocalHost};
    quint16 port = 0;
    Identity paired;        // has a grant for `grant`
    Identity ungranted;     // paired, without any grant
    QByteArray grant;       // absolute; another peer's replica lies in it, too
    QByteArray outside;     // absolute: a canary tree that nobody is granted
    QByteArray honest;      // the name of the other peer's replica, directly in `grant`
    QByteArray honestVault; // 16 bytes
    QHostAddress source;    // of the connections of this group
    QByteArray prefix;      // of the names that this group may use in the grant
    qint64 engine = 0;      // process id of the target under attack

    [[nodiscard]] std::unique_ptr<Caller> call(const Identity &identity,
                                               const TlsChoice &choice = {},
                                               const QHostAddress &from = {}) const;
    // TLS and both Hellos; null: it did not come to that.
    [[nodiscard]] std::unique_ptr<Caller> greet(const Identity &identity,
                                                const QHostAddress &from = {}) const;
};

[[nodiscard]] wire::Hello ordinaryHello();

class Mirror
{
public:
    // The destination is `prefix` + `name`, its vault made from that name.
    Mirror(const Scene &scene, const QByteArray &name);

    [[nodiscard]] wire::OpenMirror &request() { return m_request; }
    // Connects and sends OpenMirror; the state, or nullopt: see caller().ending().
    [[nodiscard]] std::optional<wire::MirrorState> open();
    // Opens and compares, so that operations may follow from sequence 1. An entry of each kind is
    // there afterwards: the directories "d" and "d/e", the files "f" and "d/g", the link "l".
    [[nodiscard]] bool prepare();
    [[nodiscard]] Caller &caller() { return *m_caller; }

    // Carries one operation out. nullopt: no acknowledgement came (the connection ended, say).
    struct Outcome {
        bool applied = false; // without OperationFailed
        ErrorCode code{};
        QByteArray detail;
    };
    [[nodiscard]] std::optional<Outcome> carryOut(Operation operation);
    [[nodiscard]] quint64 nextSequence() const { return m_sequence + 1; }
    // Lists what is at and below the path; nullopt: no end came.
    [[nodiscard]] std::optional<QList<wire::TreeEntry>> list(const RelPath &path);
    [[nodiscard]] std::optional<wire::BlockHashes> hashes(const RelPath &path);
    // True if the connection still does what it is for.
    [[nodiscard]] bool isAlive();

private:
    // The next message, with heartbeats while it is waited for.
    [[nodiscard]] std::optional<wire::Message> next();

    const Scene &m_scene;
    wire::OpenMirror m_request;
    std::unique_ptr<Caller> m_caller;
    quint64 m_sequence = 0;
    quint32 m_listing = 0;
};

// Operations with little in them.
[[nodiscard]] Operation makeDirectory(const QByteArray &path, quint32 mode = 0755);
[[nodiscard]] Operation putFile(const QByteArray &path, const QByteArray &content, HashKey key);
[[nodiscard]] Operation makeSymlink(const QByteArray &path, const QByteArray &target);
[[nodiscard]] Operation plain(OperationKind kind, const QByteArray &path,
                              const QByteArray &other = {});

} // namespace octopus::hostile
