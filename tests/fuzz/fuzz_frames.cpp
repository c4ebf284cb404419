// A stream from the network: however it is cut, the same messages and the same end come out, and
// every message survives another encoding. The first byte says how it is cut, and whether frames may be
// compressed.
#include "engine/wire/codec.h"
#include "tests/fuzz/property.h"

using namespace octopus;
using namespace octopus::wire;

namespace {

struct Outcome {
    QList<Message> messages;
    std::optional<Error> error;
    friend bool operator==(const Outcome &, const Outcome &) = default;
};

Outcome read(QByteArrayView stream, qsizetype piece, bool compressed)
{
    Outcome outcome;
    FrameReader reader;
    if (compressed)
        reader.acceptCompressed();
    while (!outcome.error && !stream.isEmpty()) {
        const qsizetype length = std::min(piece, stream.size());
        reader.append(stream.first(length));
        stream = stream.sliced(length);
        while (true) {
            auto message = reader.next();
            if (!message)
                outcome.error = message.error();
            if (!message || !*message)
                break;
            outcome.messages.append(std::move(**message));
        }
    }
    return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const QByteArrayView stream = fuzz::inputOf(data, size).sliced(1);
    const bool compressed = data[0] & 1;
    const Outcome whole = read(stream, stream.size(), compressed);
    fuzz::claim(read(stream, 1 + data[0], compressed) == whole,
                "the cut of the stream does not matter");
    QByteArray again;
    for (const Message &message : whole.messages)
        again += encode(message);
    fuzz::claim(read(again, again.size(), false) == Outcome{whole.messages, {}},
                "messages survive another encoding");
    return 0;
}
