// The frame around every message: eight bytes of header, then the payload (FORMAT.md, "Frames").
// Pure; any thread.
#pragma once

#include "engine/base/result.h"

#include <QByteArrayView>

namespace octopus::wire {

// Numbers on the wire; those from 64 on are bulk data, the others are control messages (CBOR).
enum class MessageType : quint8 {
    Hello = 1,
    PairRequest,
    PairAccepted,
    Refusal,
    OpenMirror,
    MirrorState,
    ListTree,
    TreeEnd,
    BlocksRequest,
    StageDrop,
    Acknowledgement,
    OperationFailed,
    Heartbeat,
    CloseMirror,
    MirrorClosed,
    StageBegin,
    PairCommit = 24,
    PairNonce,
    PairReveal,
    PairConfirm,
    GrantsRequest = 40,
    Grants,
    Operations = 64,
    TreeListing,
    BlockHashes,
    StageChunk,
};

inline constexpr qsizetype frameHeaderSize = 8;

// How the payload is carried (compression.h).
enum class Packing : quint8 { Plain, Compressed };

struct FrameHeader {
    MessageType type{};
    qsizetype length = 0; // of the payload
    Packing packing = Packing::Plain;
};

// The largest payload of a type; 0: there is no such type.
[[nodiscard]] qsizetype payloadCap(quint8 type);

// Writes the header over the first eight bytes of `frame`; what follows them is the payload.
void finishFrame(QByteArray &frame, MessageType type, Packing packing = Packing::Plain);

// `bytes` holds at least a header. Corrupt: unknown type or flags, or a control message that is
// compressed; TooLong: the payload exceeds `cap` or the cap of its type.
[[nodiscard]] Result<FrameHeader> readHeader(QByteArrayView bytes, qsizetype cap);

} // namespace octopus::wire
