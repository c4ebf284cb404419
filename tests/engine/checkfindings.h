// Everything that a check can find: what is in the way, and what is in order.
#pragma once

#include "engine/checkstages.h"

#include <cerrno>
#include <tuple>

namespace octopus::checkfindings {

using control::CheckStage;
using link::CallFailure;
using link::SessionState;

inline MachineId machine(char byte)
{
    return *MachineId::fromBytes(QByteArray(32, byte));
}

inline const QString beta = QStringLiteral("beta");

inline CallFailure failure(ErrorCode code, SessionState reached, int number = 0)
{
    return {{code, "why", number}, reached, {QStringLiteral("192.0.2.7"), 17290}, {}, {}};
}

inline CheckStage ended(const CallFailure &failure)
{
    return stages::notReached(beta, failure, machine('s'));
}

inline Transport over(const char *transport)
{
    return Transports::parse(QString::fromLatin1(transport))->list().first();
}

inline CheckStage endedOver(const char *transport, const char *why)
{
    CallFailure vain = failure(ErrorCode::Unreachable, SessionState::Connecting, ECONNREFUSED);
    vain.error.detail = why;
    vain.transport = over(transport);
    if (vain.transport.kind == Transport::Kind::Interface)
        vain.endpoint = {};
    return ended(vain);
}

inline wire::Hello hello(const char *version)
{
    wire::Hello hello;
    hello.name = beta;
    hello.version = QString::fromLatin1(version);
    return hello;
}

inline wire::Grants grants(quint64 free, ErrorCode fault = ErrorCode{})
{
    return {0, {"/srv/a", "/srv/b"}, {free, free}, {quint64(fault), quint64(fault)}};
}

inline Peer peer(char byte)
{
    Peer peer;
    peer.id = machine(byte);
    peer.name = QStringLiteral("gamma");
    return peer;
}

inline CheckStage ownMachine()
{
    CallFailure own = failure(ErrorCode::Refused, SessionState::Securing);
    own.presented = machine('s');
    return ended(own);
}

// What it is, the stage, its name, and words that its English sentence holds.
inline QList<std::tuple<const char *, CheckStage, const char *, const char *>> obstacles()
{
    constexpr auto timedOut = ErrorCode::TimedOut;
    constexpr auto unreachable = ErrorCode::Unreachable;
    return {
        {"wrong name", ended(failure(ErrorCode::NotFound, SessionState::Idle)), "resolve",
         "no machine is called"},
        {"slow name server", ended(failure(timedOut, SessionState::Idle)), "resolve",
         "looked up in time"},
        {"port closed", ended(failure(unreachable, SessionState::Connecting, ECONNREFUSED)),
         "reach", "nothing listens"},
        {"host down, or dropped", ended(failure(timedOut, SessionState::Connecting)), "reach",
         "nothing answers"},
        {"no route", ended(failure(unreachable, SessionState::Connecting)), "reach",
         "cannot be reached"},
        {"something else listens", ended(failure(ErrorCode::Refused, SessionState::Securing)),
         "tls", "is not Octopus"},
        {"something silent", ended(failure(timedOut, SessionState::Securing)), "tls",
         "is not Octopus"},
        {"hung up", ended(failure(ErrorCode::Disconnected, SessionState::Securing)), "tls",
         "hung up"},
        {"this machine", ownMachine(), "identity", "this very machine"},
        {"another machine", stages::identified(machine('x'), beta, peer('y')), "identity",
         "another machine"},
        {"no common version", ended(failure(ErrorCode::VersionMismatch, SessionState::Greeting)),
         "version", "no common version"},
        {"proxy that is not there", endedOver("socks5://proxy", "no proxy"), "reach", "no proxy"},
        {"tunnel that is not there", endedOver("unix:/run/x", "no socket"), "reach", "no socket"},
        {"interface that is not there", endedOver("eth7", "no eth7"), "reach", "no eth7"},
        {"mute", ended(failure(timedOut, SessionState::Greeting)), "version", "introduce itself"},
        {"too old", stages::versioned(hello("0.1"), 1, 0), "version", "too old"},
        {"older than before", stages::versioned(hello("0.1"), 1, 2), "version", "than was spoken"},
        {"not paired here", stages::notPairedHere(beta), "pairing", "is not paired"},
        {"not paired there", stages::notAnswered(beta, {ErrorCode::NotPaired, "x", 0}), "pairing",
         "no longer paired"},
        {"no answer", stages::notAnswered(beta, {timedOut, "x", 0}), "pairing", "did not say"},
        {"nothing granted", stages::granted(beta, {}, {}).stage, "grant",
         "granted this machine no"},
        {"not granted there", stages::granted(beta, grants(1), "/home/x").stage, "grant",
         "below no folder"},
        {"disk full", stages::spaced(grants(1 << 20), 0), "space", "full"},
        {"folder gone", stages::spaced(grants(0, ErrorCode::NotFound), 0), "space", "missing"},
        {"read-only", stages::spaced(grants(0, ErrorCode::PermissionDenied), 0), "space",
         "may not write"},
        {"broken disk", stages::spaced(grants(0, ErrorCode::InputOutput), 0), "space",
         "cannot be used"},
        {"clock ahead", stages::clocked(std::chrono::minutes(2)), "clock", "120.0 s ahead"},
        {"clock behind", stages::clocked(std::chrono::minutes(-2)), "clock", "120.0 s behind"},
    };
}

inline QList<std::pair<const char *, CheckStage>> passes()
{
    const link::Endpoint endpoint{QStringLiteral("192.0.2.7"), 17290};
    return {{"resolve", stages::resolved(beta, {endpoint}, {})},
            {"resolve", stages::resolved(endpoint.text(), {endpoint}, {})},
            {"resolve", stages::resolved(beta, {endpoint}, over("socks5://proxy"))},
            {"resolve", stages::resolved(beta, {link::Endpoint()}, over("unix:/run/x"))},
            {"reach", stages::reached(endpoint, {})},
            {"reach", stages::reached(endpoint, over("eth0"))},
            {"reach", stages::reached(link::Endpoint(), over("unix:/run/x"))},
            {"tls", stages::secured()},
            {"identity", stages::identified(machine('x'), beta, peer('x'))},
            {"version", stages::versioned(hello("1.0"), 2, 2)},
            {"pairing", stages::paired(beta)},
            {"grant", stages::granted(beta, grants(1), {}).stage},
            {"space", stages::spaced(grants(quint64(1) << 40), 0)},
            {"clock", stages::clocked(Milliseconds(-1500))}};
}

} // namespace octopus::checkfindings
