// The commands of the control socket as values, and their JSON. Pure; any thread.
//
// "peer" fields hold what the user typed: an id, a unique prefix of one, or a unique name; the
// engine resolves it. Vaults are named by their name. Each command says what its answer is and
// where that is defined (answer.h). status and its stream are not here: the Server serves them.
#pragma once

#include "engine/base/clock.h"
#include "engine/model/vault.h"

#include <QJsonObject>

#include <optional>
#include <variant>

namespace octopus::control {

// MachineIdentity.
struct GetIdentity {
    friend bool operator==(const GetIdentity &, const GetIdentity &) = default;
};
// An array of KnownPeer: the paired machines, then those that were found on the network.
struct ListPeers {
    quint64 discover = 0; // seconds, 0..60: ask the network first, and wait this long for answers
    friend bool operator==(const ListPeers &, const ListPeers &) = default;
};
// CheckReport, also when a stage fails; progress is the report as far as it is, after each stage.
// Within 10 s. Invalid: `address` is neither a name nor an address.
struct Check {
    QString address;        // "beta", "192.0.2.1:17290", "[fe80::1%eth0]:17290"
    QByteArray destination; // that shall be granted there; empty: any folder will do
    QString transport = QStringLiteral("auto"); // as Transports::parse() takes it, here and below
    friend bool operator==(const Check &, const Check &) = default;
};
// Ticket.
struct Invite {
    QByteArray grant; // absolute folder; empty: pairs only
    std::chrono::minutes lifetime{60};
    friend bool operator==(const Invite &, const Invite &) = default;
};
// PairedPeer. Unreachable, TimedOut, Refused (used up, expired), Invalid (not a ticket).
struct Pair {
    QString ticket;
    friend bool operator==(const Pair &, const Pair &) = default;
};
// PairingStatus, as soon as both machines show the digits; then both users confirm or decline.
// Unreachable, TimedOut; Busy: another pairing is going on; LimitReached: too many in ten minutes.
struct PairWith {
    QString address; // "192.0.2.1", "host.example:17290", …
    friend bool operator==(const PairWith &, const PairWith &) = default;
};
// An array of PairingStatus: the one that goes on, and those that ended within the last minute. The
// same list is in the status ("pairings").
struct ListPairings {
    friend bool operator==(const ListPairings &, const ListPairings &) = default;
};
// PairingStatus, Paired or (while the other machine's user has not confirmed) Waiting. NotFound:
// nothing is going on; Refused: the digits are others, which ends the pairing.
struct ConfirmPairing {
    QString digits;   // as the other machine shows them
    QByteArray grant; // absolute folder that the other machine may write below; empty: none
    friend bool operator==(const ConfirmPairing &, const ConfirmPairing &) = default;
};
// {}. NotFound: nothing is going on.
struct DeclinePairing {
    friend bool operator==(const DeclinePairing &, const DeclinePairing &) = default;
};
// An array of OpenTicket: the invitations that can still be used.
struct ListTickets {
    friend bool operator==(const ListTickets &, const ListTickets &) = default;
};
// {}. NotFound: no such invitation (used, expired or revoked already).
struct RevokeTicket {
    QString ticket; // an OpenTicket's id, or a unique beginning of it of 4 characters or more
    friend bool operator==(const RevokeTicket &, const RevokeTicket &) = default;
};
// {}. NotFound, here and below: no such peer or vault; Invalid: the peer is ambiguous.
struct Unpair {
    QString peer;
    friend bool operator==(const Unpair &, const Unpair &) = default;
};
// {}
struct Grant {
    QString peer;
    QByteArray folder; // absolute
    friend bool operator==(const Grant &, const Grant &) = default;
};
// {}
struct Revoke {
    QString peer;
    QByteArray folder; // absolute
    friend bool operator==(const Revoke &, const Revoke &) = default;
};

struct TargetChoice {
    QString peer;
    QByteArray destination; // absolute, or relative to a grant; empty: the vault's name
    friend bool operator==(const TargetChoice &, const TargetChoice &) = default;
};
// By which way one target is reached, instead of the vault's.
struct TargetTransport {
    QString peer;
    QString transport; // empty: the vault's
    friend bool operator==(const TargetTransport &, const TargetTransport &) = default;
};
// The vault as toJson(Vault). Exists; Refused with paths: the destination holds foreign entries.
struct AddVault {
    QString name;
    QList<QByteArray> sources; // absolute
    QList<TargetChoice> targets;
    Rules rules;
    CaptureGrade capture = CaptureGrade::Watch;
    AcknowledgeMode acknowledge = AcknowledgeMode::Async;
    QString transport = QStringLiteral("auto");
    QList<TargetTransport> targetTransports;
    quint64 limit = 0; // bytes a second; 0: none
    bool adopt = false;
    friend bool operator==(const AddVault &, const AddVault &) = default;
};
// An array of vaults.
struct ListVaults {
    friend bool operator==(const ListVaults &, const ListVaults &) = default;
};
// The vault.
struct ShowVault {
    QString vault;
    friend bool operator==(const ShowVault &, const ShowVault &) = default;
};
// The vault as it is now. What is not named stays; a list that is named replaces the former one. Of
// a proxy that is stored with the vault, *** stands for the password.
struct EditVault {
    QString vault;
    std::optional<QString> name;
    std::optional<QList<QByteArray>> sources;
    std::optional<QList<TargetChoice>> targets;
    std::optional<QList<QByteArray>> includes;
    std::optional<QList<QByteArray>> excludes;
    std::optional<CaptureGrade> capture;
    std::optional<AcknowledgeMode> acknowledge;
    std::optional<QString> transport;
    std::optional<QList<TargetTransport>> targetTransports; // those of other targets stay
    std::optional<quint64> limit;
    std::optional<bool> adopt;
    friend bool operator==(const EditVault &, const EditVault &) = default;
};
// {}. With eraseReplicas, finished when every target has erased its replica (Unreachable if not).
struct RemoveVault {
    QString vault;
    bool eraseReplicas = false;
    friend bool operator==(const RemoveVault &, const RemoveVault &) = default;
};

// {}
struct Pause {
    QString vault;
    QString target; // a peer; empty: every target
    friend bool operator==(const Pause &, const Pause &) = default;
};
// {}. Refused: it is halted and `confirm` is not set.
struct Resume {
    QString vault;
    QString target;
    bool confirm = false; // go on although the vault halted; the user has seen why
    friend bool operator==(const Resume &, const Resume &) = default;
};
// ComparisonReport. Refused: halted; Unreachable.
struct Synchronize {
    QString vault;
    bool deep = false;
    friend bool operator==(const Synchronize &, const Synchronize &) = default;
};
// VerificationReport. Refused: halted; Unreachable.
struct Verify {
    QString vault;
    friend bool operator==(const Verify &, const Verify &) = default;
};
// {}, when every target has applied all that was captured before. Refused: halted. Time-outs are
// the caller's: it cancels.
struct WaitInSync {
    QString vault;
    friend bool operator==(const WaitInSync &, const WaitInSync &) = default;
};

// An array of {peer, peerId, entries}: the last changes that each target has applied, the newest
// first, at most 100 each (ActivityEntry).
struct Activity {
    QString vault;
    friend bool operator==(const Activity &, const Activity &) = default;
};
// An array of {peer, peerId, reports}: what the last verifications of each target came to, the
// newest first, at most 5 each (VerificationRecord).
struct Verifications {
    QString vault;
    friend bool operator==(const Verifications &, const Verifications &) = default;
};

using Command =
    std::variant<GetIdentity, ListPeers, Check, Invite, Pair, Unpair, Grant, Revoke, AddVault,
                 ListVaults, ShowVault, EditVault, RemoveVault, Pause, Resume, Synchronize, Verify,
                 WaitInSync, PairWith, ListPairings, ConfirmPairing, DeclinePairing, ListTickets,
                 RevokeTicket, Activity, Verifications>;

// The stable name of a command on the socket ("vault-add").
[[nodiscard]] QString commandName(const Command &command);
[[nodiscard]] QJsonObject commandArguments(const Command &command);
// Unsupported: no such command; Invalid: an argument is missing, of the wrong type or out of bounds.
[[nodiscard]] Result<Command> decodeCommand(const QString &name, const QJsonObject &arguments);

} // namespace octopus::control
