// The messages of the Octopus protocol as values; FORMAT.md describes their bytes, codec.h turns
// one into the other. Immutable values; any thread.
#pragma once

#include "engine/model/operation.h"

#include <QString>

#include <optional>
#include <variant>

namespace octopus::wire {

inline constexpr quint32 lowestProtocol = 1;
inline constexpr quint32 highestProtocol = 3;

// First message in both directions, after TLS and the pin check.
struct Hello {
    quint32 lowest = lowestProtocol;
    quint32 highest = highestProtocol;
    QString name;        // 1..64 characters
    QString version;     // of the program
    QByteArray instance; // 16 random bytes of this run
    friend bool operator==(const Hello &, const Hello &) = default;
};

// Redeems a ticket. The only message that an unpaired peer may send besides Hello.
struct PairRequest {
    QByteArray secret; // 16..64 bytes
    QString name;
    friend bool operator==(const PairRequest &, const PairRequest &) = default;
};
struct PairAccepted {
    QString name;
    friend bool operator==(const PairAccepted &, const PairAccepted &) = default;
};

// Pairing by comparing digits, on a connection of its own (FORMAT.md, "Comparing digits"). Dialler to
// listener: a commitment to the nonce that follows in PairReveal. `port`: where the sender listens.
struct PairCommit {
    QByteArray commitment; // 32 bytes
    quint32 port = 0;      // 0..65535; 0: nowhere
    friend bool operator==(const PairCommit &, const PairCommit &) = default;
};
// Listener to dialler.
struct PairNonce {
    QByteArray nonce; // 32 bytes
    quint32 port = 0;
    friend bool operator==(const PairNonce &, const PairNonce &) = default;
};
struct PairReveal {
    QByteArray nonce; // 32 bytes
    friend bool operator==(const PairReveal &, const PairReveal &) = default;
};
// The sender's user has confirmed that both machines show the same digits.
struct PairConfirm {
    friend bool operator==(const PairConfirm &, const PairConfirm &) = default;
};

// Says why, before the connection or the mirror is closed.
struct Refusal {
    ErrorCode code = ErrorCode::Refused;
    QByteArray detail;
    QList<QByteArray> paths; // at most 100
    friend bool operator==(const Refusal &, const Refusal &) = default;
};

// Primary to target: this connection carries one mirror from now on.
struct OpenMirror {
    VaultId vault;
    QString vaultName;
    Epoch epoch{1};
    StreamId stream{};
    QByteArray destination;
    bool adopt = false;
    HashKey key;          // drawn by the primary for this stream
    bool founded = false; // there was a replica: NotFound if there is none, and none is made
    friend bool operator==(const OpenMirror &, const OpenMirror &) = default;
};

// Target to primary: where the replica stands, after everything received was applied.
struct MirrorState {
    Epoch epoch{};
    StreamId stream{};  // whose operations were applied last
    Sequence applied{}; // the last of them
    bool consistent = false;
    bool canSetOwner = false;
    QByteArray destination; // absolute
    quint64 credit = 0;     // content bytes that may be sent on this connection, in total
    // What it has of contents that were sent ahead in part, oldest first; nullopt: it keeps none, and
    // knows no StageBegin (before protocol 3).
    static constexpr qsizetype maximumHeld = 16;
    std::optional<QList<HeldStage>> held;
    friend bool operator==(const MirrorState &, const MirrorState &) = default;
};

// Primary to target: list what is at and below path. A listing marks the replica inconsistent
// until the operation Consistent, unless it is for verification only.
struct ListTree {
    quint32 request = 0;
    RelPath path;
    bool withContent = false; // SHA-256 of each file's content
    bool forVerification = false;
    friend bool operator==(const ListTree &, const ListTree &) = default;
};

struct TreeEntry {
    RelPath path;
    EntryKind kind = EntryKind::File;
    EntryAttributes attributes;
    quint64 size = 0;
    quint64 linkGroup = 0; // equal and not 0: names of the same file
    bool foreign = false;  // Octopus did not put it there
    bool inDoubt = false;  // the content may be a mixture, whatever size and time say
    QByteArray linkTarget;
    std::optional<Sha256Digest> content;
    friend bool operator==(const TreeEntry &, const TreeEntry &) = default;
};

// Entries in the order of RelPath; a directory comes before what is in it.
struct TreeListing {
    quint32 request = 0;
    QList<TreeEntry> entries;
    friend bool operator==(const TreeListing &, const TreeListing &) = default;
};
struct TreeEnd {
    quint32 request = 0;
    quint64 entries = 0;
    QList<QByteArray> unreadable; // paths that could not be listed; at most 100
    friend bool operator==(const TreeEnd &, const TreeEnd &) = default;
};

// Primary to target: hash the blocks of the file at path (blockHash() with the stream's key).
struct BlocksRequest {
    quint32 request = 0;
    RelPath path;
    quint32 blockSize = 0; // a power of two, 4 KiB..1 MiB
    friend bool operator==(const BlocksRequest &, const BlocksRequest &) = default;
};
struct BlockHashes {
    quint32 request = 0;
    quint64 size = 0;  // of the file; 0 and no hashes when it cannot be read
    bool last = false; // hashes come in order, in as many messages as needed
    QList<quint64> hashes;
    friend bool operator==(const BlockHashes &, const BlockHashes &) = default;
};

struct Operations {
    QList<Operation> operations; // ascending sequences
    friend bool operator==(const Operations &, const Operations &) = default;
};
struct StageDrop {
    StageId stage{};
    friend bool operator==(const StageDrop &, const StageDrop &) = default;
};

// Target to primary, cumulative; also the heartbeat of the target.
struct Acknowledgement {
    Sequence received{};
    Sequence durable{};
    Sequence applied{};
    quint64 credit = 0; // content bytes that may be sent on this connection, in total; only grows
    friend bool operator==(const Acknowledgement &, const Acknowledgement &) = default;
};
// One operation could not be applied; those after it went on.
struct OperationFailed {
    Sequence sequence{};
    ErrorCode code = ErrorCode::Other;
    QByteArray detail;
    friend bool operator==(const OperationFailed &, const OperationFailed &) = default;
};

struct Heartbeat {
    friend bool operator==(const Heartbeat &, const Heartbeat &) = default;
};
// Primary to target: the vault is removed; with erase, the replica's own entries too.
struct CloseMirror {
    bool erase = false;
    friend bool operator==(const CloseMirror &, const CloseMirror &) = default;
};
// Target to primary: CloseMirror is done.
struct MirrorClosed {
    friend bool operator==(const MirrorClosed &, const MirrorClosed &) = default;
};

// Dialler to listener, since protocol 2: what may I keep at yours? The answer is Grants.
struct GrantsRequest {
    friend bool operator==(const GrantsRequest &, const GrantsRequest &) = default;
};
// Listener to dialler. Lists of the same length, one item a folder that the dialler was granted.
struct Grants {
    static constexpr qsizetype maximumFolders = 100;
    static constexpr qsizetype maximumBytes = 6 * 1024; // of all paths together
    quint64 time = 0;                                   // ms since 1970 on the listener's clock
    QList<QByteArray> folders;                          // absolute
    QList<quint64> freeBytes;
    QList<quint64> faults; // 0: it can be written to; else the ErrorCode that says why not
    // False, and nothing added: no room is left.
    bool add(const QByteArray &folder, quint64 free, quint64 fault);
    friend bool operator==(const Grants &, const Grants &) = default;
};

using Message =
    std::variant<Hello, PairRequest, PairAccepted, Refusal, OpenMirror, MirrorState, ListTree,
                 TreeListing, TreeEnd, BlocksRequest, BlockHashes, Operations, StageChunk,
                 StageDrop, Acknowledgement, OperationFailed, Heartbeat, CloseMirror, MirrorClosed,
                 StageBegin, GrantsRequest, Grants, PairCommit, PairNonce, PairReveal, PairConfirm>;

} // namespace octopus::wire
