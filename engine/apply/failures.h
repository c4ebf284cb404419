// Failures: the operations that failed and whose paths have not been put right since. A move that
// failed is open at both its paths, as what comes to one of them afterwards does not put the other right.
//
// They outlive checkpoints and restarts, so that a primary hears of each even if the connection or
// the target died before it was told. While the content at a path is in doubt and the primary may have
// sent more before it heard, operations that build upon it are refused; afterwards the doubt stays
// until the path is put right. Renames carry it along. At most `cap`; one thread.
#pragma once

#include "engine/model/bytes.h"
#include "engine/model/operation.h"

#include <map>
#include <utility>

namespace octopus::apply {

struct FailedOperation {
    Sequence sequence{};
    RelPath path;
    RelPath other; // of a move, until it is open at both its paths; else the root
    Error error;   // Corrupt: the path must be sent whole
    // The operation was carried out, but the target cannot store some attribute of it.
    bool applied = false;
    // A MakeDirectory got as far as making it: it is ours.
    bool made = false;
    // What is at the path is not what the operation should have left there.
    bool inDoubt = false;
    // The primary knows that; what it sends now takes it into account.
    bool heard = false;
    friend bool operator==(const FailedOperation &, const FailedOperation &) = default;
};

// The failure of `operation`. `applied`: it was carried out but for an attribute.
[[nodiscard]] FailedOperation failureOf(const Operation &operation, const Error &error,
                                        bool applied = false);

class Failures
{
public:
    static constexpr qsizetype cap = 10000;

    void add(const FailedOperation &failed);
    // `operation` was carried out: what it settled is forgotten, what it moved has moved.
    void settle(const Operation &operation);
    bool forget(const RelPath &path); // false: there was none
    // The primary learns what is at `path`, or everywhere: only doubts about contents stay.
    void hear(const RelPath &path);
    void hearAll();

    // Non-null if `operation` builds upon content that is in doubt.
    [[nodiscard]] const FailedOperation *obstacle(const Operation &operation) const;
    // The failure behind a doubt that `operation` builds upon and that the primary knows of; 0: none.
    [[nodiscard]] Sequence heardBy(const Operation &operation) const;
    // When `operation` is redone: the primary knew of this failure.
    void hear(const Operation &operation, Sequence failure);
    [[nodiscard]] bool isInDoubt(const RelPath &path) const;
    [[nodiscard]] QList<FailedOperation> all() const; // ascending sequences
    [[nodiscard]] qsizetype size() const { return qsizetype(m_failed.size()); }
    [[nodiscard]] bool takeChanged() { return std::exchange(m_changed, false); }

    void encode(ByteWriter &writer) const;
    void decode(ByteReader &reader); // fails the reader where the bytes are none

private:
    using Map = std::map<RelPath, FailedOperation>;
    [[nodiscard]] Map::const_iterator doubtUnder(const Operation &operation) const;
    void open(FailedOperation failed);
    void move(const RelPath &from, const RelPath &to);

    Map m_failed;
    bool m_changed = false;
};

void encodeFailure(ByteWriter &writer, const FailedOperation &failed);
[[nodiscard]] FailedOperation decodeFailure(ByteReader &reader);

} // namespace octopus::apply
