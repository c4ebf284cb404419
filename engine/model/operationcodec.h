// One operation as bytes: the body of wire batches and of the apply journal's records, described
// in engine/wire/FORMAT.md ("Operation"). Only the fields that belong to an operation's kind are
// encoded; the others decode as their defaults. One value has exactly one encoding. Pure; any thread.
#pragma once

#include "engine/model/bytes.h"
#include "engine/model/operation.h"

namespace octopus {

// Caps that every encoded operation respects; planners cut longer ones in pieces.
inline constexpr qsizetype maximumRanges = 65536; // of one operation; likewise its holes
inline constexpr qsizetype maximumXattrValue = 64 * 1024;
inline constexpr qsizetype maximumXattrBytes = 256 * 1024; // names and values of one entry
inline constexpr qsizetype maximumLinkTarget = 4095;

// TooLong: the extended attributes exceed their caps, so that a peer would refuse them and end the
// connection. Ask before they become part of an operation or a listing; the entry is a Problem.
[[nodiscard]] Result<void> checkAttributes(const EntryAttributes &attributes);

// Appends the encoding of `operation` to `out`.
void encodeOperation(QByteArray &out, const Operation &operation);

// At least the bytes that encodeOperation() will append, seldom more than 100 above it.
[[nodiscard]] qsizetype encodedBound(const Operation &operation);

// Decodes one operation and advances `in` past it. Corrupt: the bytes follow no operation; every
// path, name, length and count was checked against its cap before anything was allocated.
[[nodiscard]] Result<Operation> decodeOperation(QByteArrayView &in);

// The pieces that listings have in common with operations. Readers fail where bytes are invalid.
void writeAttributes(ByteWriter &writer, const EntryAttributes &attributes);
[[nodiscard]] qsizetype attributesBound(const EntryAttributes &attributes);
[[nodiscard]] EntryAttributes readAttributes(ByteReader &reader);
[[nodiscard]] RelPath readPath(ByteReader &reader);
[[nodiscard]] QByteArray readLinkTarget(ByteReader &reader);

} // namespace octopus
