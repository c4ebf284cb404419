// The records of one group of the apply journal. What is decoded survives another encoding.
#include "engine/apply/planned.h"
#include "tests/fuzz/property.h"

using namespace octopus;
using namespace octopus::apply;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto records = decodeRecords(fuzz::inputOf(data, size));
    if (!records)
        return 0;
    QByteArray again;
    for (const JournalRecord &record : *records)
        std::visit([&](const auto &content) { encodeRecord(again, content); }, record);
    const auto back = decodeRecords(again);
    fuzz::claim(back && *back == *records, "records survive another encoding");
    return 0;
}
