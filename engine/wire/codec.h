// Bytes of the wire: framing and messages, pure. Every length is checked against its cap before
// anything is allocated; what does not follow FORMAT.md to the letter is Corrupt and ends the
// connection. A FrameReader belongs to one thread.
#pragma once

#include "engine/wire/compression.h"
#include "engine/wire/frame.h"
#include "engine/wire/message.h"

namespace octopus::wire {

inline constexpr qsizetype controlFrameCap = 1024 * 1024;
inline constexpr qsizetype dataFrameCap = 4 * 1024 * 1024;
// Before the peer is known: nothing larger than this is taken in.
inline constexpr qsizetype unauthenticatedCap = 8 * 1024;
// Encoders keep batches below this, so that a frame never reaches its cap. encodedBound() of
// operationcodec.h gives the size of an operation, treeEntryBound() that of an entry.
inline constexpr qsizetype batchTarget = 1024 * 1024;
// Things in one message; batches stay within them as well.
inline constexpr qsizetype maximumOperations = 16 * 1024;
inline constexpr qsizetype maximumPieces = 256 * 1024; // ranges, holes and extended attributes
inline constexpr qsizetype maximumTreeEntries = 32 * 1024;
inline constexpr qsizetype maximumHashes = 512 * 1024 - 8;
// Refusal::paths and TreeEnd::unreadable: encode() drops what is above.
inline constexpr qsizetype maximumListedPaths = 100;
inline constexpr qsizetype maximumDetail = 4096; // bytes; encode() cuts longer ones
inline constexpr qsizetype maximumName = 64;     // characters

// One whole frame. The message must respect the caps above and those of message.h (the caller
// batches). Refusals and problems are cut to their caps, so that saying why never fails.
[[nodiscard]] QByteArray encode(const Message &message);

// The content of one frame without its header. Corrupt, TooLong.
[[nodiscard]] Result<Message> decode(quint8 type, QByteArrayView payload);

// At least the bytes that one entry adds to a TreeListing.
[[nodiscard]] qsizetype treeEntryBound(const TreeEntry &entry);

// What the message weighs in flow control: the inline bytes of operations, the bytes of a chunk.
[[nodiscard]] quint64 contentBytes(const Message &message);

// About the bytes of memory that the decoded message takes: many times those of its frame when it
// consists of tiny things.
[[nodiscard]] qsizetype footprint(const Message &message);

// Cuts a byte stream into messages.
class FrameReader
{
public:
    // `cap`: frames with a larger payload are refused (see the caps above; the type's own cap
    // applies too).
    explicit FrameReader(qsizetype cap = dataFrameCap) : m_cap(cap) {}
    void setCap(qsizetype cap) { m_cap = cap; }
    // From the next frame on bulk messages may be compressed; before, that is Corrupt.
    void acceptCompressed();
    // Takes bytes in. Callers read from the socket no more than a frame's worth at a time.
    void append(QByteArrayView bytes);
    // The next whole message; nullopt when more bytes are needed. Corrupt, TooLong: the stream is
    // unusable from here on, and every further call gives the same error.
    [[nodiscard]] Result<std::optional<Message>> next();
    // Bytes taken in that belong to no message given out so far.
    [[nodiscard]] qsizetype pendingBytes() const { return m_buffer.size() - m_consumed; }

private:
    Result<std::optional<Message>> take();
    Result<Message> unpack(const FrameHeader &header, QByteArrayView payload);

    qsizetype m_cap;
    QByteArray m_buffer;
    qsizetype m_consumed = 0;
    std::optional<Decompressor> m_decompressor;
    std::optional<Error> m_error;
};

} // namespace octopus::wire
