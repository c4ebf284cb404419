// One message: the first byte is its type, the rest its payload. What is decoded survives another
// encoding, bulk messages to the byte.
#include "engine/wire/codec.h"
#include "tests/fuzz/property.h"

using namespace octopus;
using namespace octopus::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const quint8 type = data[0];
    const QByteArrayView payload = fuzz::inputOf(data, size).sliced(1);
    const auto message = decode(type, payload);
    if (!message)
        return 0;
    const QByteArray again = encode(*message).sliced(frameHeaderSize);
    const auto back = decode(type, again);
    fuzz::claim(back && *back == *message, "a message survives another encoding");
    if (type >= quint8(MessageType::Operations))
        fuzz::claim(again == payload, "a bulk message has one encoding");
    return 0;
}
