// Operation: one thing a target must do, numbered. Both capture grades end in these.
//
// Doing an operation once or again from the state before it gives the same result as long as the
// operations follow in order. Immutable value; any thread.
#pragma once

#include "engine/base/digest.h"
#include "engine/base/fileio.h"
#include "engine/base/relpath.h"
#include "engine/model/ids.h"

#include <QList>

#include <optional>

namespace octopus {

enum class OperationKind : quint8 {
    MakeDirectory = 1, // path, attributes; a directory that is there keeps its entries
    PutFile,           // path gets a new content (a new object), attributes, size; stage or ranges
    WriteRanges,       // in the file at path: ranges written, holes punched, size set, attributes
    MakeSymlink,       // path, linkTarget, attributes (owner and mtime)
    MakeFifo,          // path, attributes
    Link,          // path becomes a further name of the file at `other`, replacing what was there
    Rename,        // the entry at `other` moves to path, replacing a non-directory
    Exchange,      // the entries at path and `other` swap
    Remove,        // the entry at path goes; a directory must be empty
    SetAttributes, // path, attributes
    Adopt,      // the entry that stands at path already, put there by nobody of ours, proved equal
                // (or may be replaced): it is own from now on
    Consistent, // every entry was compared: the replica equals the source as of here
};
// What stood at `other` stands at `path` afterwards.
[[nodiscard]] constexpr bool isMove(OperationKind kind)
{
    return kind == OperationKind::Rename || kind == OperationKind::Exchange;
}
// `other` is a part of it.
[[nodiscard]] constexpr bool hasOther(OperationKind kind)
{
    return isMove(kind) || kind == OperationKind::Link;
}

// What a replica reproduces besides content.
struct EntryAttributes {
    quint32 mode = 0; // 07777; ignored for symbolic links
    quint32 uid = 0;
    quint32 gid = 0;
    qint64 mtimeNs = 0;
    Xattrs xattrs;
    friend bool operator==(const EntryAttributes &, const EntryAttributes &) = default;
};

struct DataRange {
    quint64 offset = 0;
    QByteArray bytes;
    friend bool operator==(const DataRange &, const DataRange &) = default;
};

struct Operation {
    Sequence sequence{};
    OperationKind kind = OperationKind::SetAttributes;
    RelPath path;
    RelPath other;
    EntryAttributes attributes;
    quint64 size = 0;        // PutFile, WriteRanges: the size afterwards
    StageId stage{};         // PutFile, WriteRanges: the content was sent ahead under this id
    QList<DataRange> ranges; // PutFile, WriteRanges without a stage: the content; gaps of a
                             // PutFile are holes
    QList<Extent> holes;     // WriteRanges: to be punched, before the ranges are written
    FastDigest digest;       // PutFile, WriteRanges: see contentDigest()
    QByteArray linkTarget;   // MakeSymlink: 1..4095 bytes
    friend bool operator==(const Operation &, const Operation &) = default;
};

// Content sent ahead of its operation. Chunks of one stage come in ascending order and do not
// overlap; the operation that names the stage closes it.
struct StageChunk {
    StageId stage{};
    quint64 offset = 0;
    QByteArray bytes;
    friend bool operator==(const StageChunk &, const StageChunk &) = default;
};

// Comes before the first chunk of its stage. What the target has of it when the connection ends is
// kept; the next one may go on at `offset`, up to where the target has said that it holds it.
struct StageBegin {
    StageId stage{};
    StageToken token;
    quint64 offset = 0; // 0: from the start; what is held under this token is forgotten
    friend bool operator==(const StageBegin &, const StageBegin &) = default;
};
struct HeldStage {
    StageToken token;
    quint64 end = 0; // every chunk below this offset is there
    friend bool operator==(const HeldStage &, const HeldStage &) = default;
};

// The digest of an operation's content: over (offset, bytes) of each range in order, as inline
// ranges or as chunks of a stage, then the size. How the bytes are cut into ranges is part of it,
// unless the stage was begun by StageBegin: there a range that continues the one before counts as a
// part of that.
class ContentDigest
{
public:
    enum class Cuts : quint8 { Count, Joined };
    explicit ContentDigest(HashKey key, Cuts cuts = Cuts::Count) : m_hasher(key), m_cuts(cuts) {}
    void add(quint64 offset, QByteArrayView bytes);
    [[nodiscard]] FastDigest finish(quint64 size);

private:
    FastHasher m_hasher;
    Cuts m_cuts;
    std::optional<quint64> m_end; // of the last range
};

[[nodiscard]] FastDigest contentDigest(const QList<DataRange> &ranges, quint64 size, HashKey key);

// Bytes of content that the operation itself carries.
[[nodiscard]] quint64 inlineBytes(const Operation &operation);

} // namespace octopus
