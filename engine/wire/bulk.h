// Bulk messages in plain binary: operations, tree listings, block hashes and content sent ahead.
// Pure; any thread.
#pragma once

#include "engine/wire/codec.h"

namespace octopus::wire {

// Each appends the payload of a frame to `out`.
void encodeBulk(QByteArray &out, const Operations &message);
void encodeBulk(QByteArray &out, const TreeListing &message);
void encodeBulk(QByteArray &out, const BlockHashes &message);
void encodeBulk(QByteArray &out, const StageChunk &message);

// A type from MessageType::Operations on. Corrupt.
[[nodiscard]] Result<Message> decodeBulk(MessageType type, QByteArrayView payload);

} // namespace octopus::wire
