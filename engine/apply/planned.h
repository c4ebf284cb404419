// PlannedOperation: an operation with every decision that must be the same when it is redone after a
// crash, and its record in the journal (FORMAT.md). Values; pure; any thread.
#pragma once

#include "engine/apply/failures.h"
#include "engine/apply/manifest.h"
#include "engine/model/operation.h"

#include <variant>

namespace octopus::apply {

struct PlannedOperation {
    Operation operation;
    bool keepOld = false;       // what it replaces or removes becomes a version
    bool borrow = false;        // MakeDirectory: a directory is there that is not own
    Sequence heard{};           // the failure, known to the primary, of what it builds upon
    FileIdentity pathIdentity;  // Exchange: what was at path,
    FileIdentity otherIdentity; // and at other, before
    OwnEntry adopted;           // Adopt: what was there
    QList<Extent> staged;       // WriteRanges with a stage: the ranges in it
    friend bool operator==(const PlannedOperation &, const PlannedOperation &) = default;
};

// An operation that failed: a later record of an operation that was tried, or the only record of one
// that was refused before anything was done.
using JournalRecord = std::variant<PlannedOperation, FailedOperation>;

[[nodiscard]] qsizetype recordBound(const PlannedOperation &planned);
void encodeRecord(QByteArray &out, const PlannedOperation &planned);
void encodeRecord(QByteArray &out, const FailedOperation &failed);

// All records of one group. Corrupt: the bytes are none.
[[nodiscard]] Result<QList<JournalRecord>> decodeRecords(QByteArrayView group);

} // namespace octopus::apply
