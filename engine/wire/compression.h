// Compression of bulk frames (FORMAT.md, "Compression"): one zstd frame (RFC 8878) in each, found
// with the help of what the compressed frames before it held.
//
// Both ends keep the last `historySize` bytes of those payloads, so that small pieces on a slow line
// compress about as well as large ones. A Decompressor takes nothing that is not exactly as it must
// be, and no more memory than the declared length, whose caps are checked before anything is taken.
// One of each for each direction of a connection, in the order of its frames; one thread.
#pragma once

#include "engine/wire/frame.h"

#include <QByteArray>

#include <memory>

namespace octopus::wire {

// The first version of the protocol that has it.
inline constexpr quint32 compressingProtocol = 3;
inline constexpr qsizetype historySize = 64 * 1024;
// The most that one byte on the wire may stand for.
inline constexpr qsizetype ratioCap = 200;
// Payloads below this are sent as they are.
inline constexpr qsizetype leastCompressed = 64;

class Compressor
{
public:
    Compressor();
    ~Compressor();
    Compressor(Compressor &&) noexcept;
    Compressor &operator=(Compressor &&) noexcept;

    // The same frame, compressed where that makes it smaller; what is returned must be sent. `level`
    // is zstd's, 1..19. Control messages stay as they are.
    [[nodiscard]] QByteArray compress(const QByteArray &frame, int level);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

class Decompressor
{
public:
    Decompressor();
    ~Decompressor();
    Decompressor(Decompressor &&) noexcept;
    Decompressor &operator=(Decompressor &&) noexcept;

    // What the payload of a compressed frame holds. TooLong: more than `cap`, or than the ratio
    // allows. Corrupt: anything but one whole zstd frame of the declared length. After an error the
    // stream is unusable.
    [[nodiscard]] Result<QByteArray> decompress(QByteArrayView payload, qsizetype cap);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace octopus::wire
