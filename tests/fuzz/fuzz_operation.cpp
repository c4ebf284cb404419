// Operations one after the other, as in the journal: each has exactly one encoding.
#include "engine/model/operationcodec.h"
#include "tests/fuzz/property.h"

using namespace octopus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    QByteArrayView rest = fuzz::inputOf(data, size);
    while (!rest.isEmpty()) {
        const QByteArrayView before = rest;
        const auto operation = decodeOperation(rest);
        fuzz::claim(operation || rest.size() == before.size(), "an error takes nothing");
        if (!operation)
            return 0;
        QByteArray again;
        encodeOperation(again, *operation);
        fuzz::claim(again == before.first(before.size() - rest.size()),
                    "an operation has one encoding");
        fuzz::claim(again.size() <= encodedBound(*operation), "the bound holds");
    }
    return 0;
}
