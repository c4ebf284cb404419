// A file of kept verification reports as it might be found on the disk.
#include "engine/store/verificationcodec.h"
#include "tests/fuzz/property.h"

using namespace octopus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto records = store::decodeVerifications(fuzz::inputOf(data, size).toByteArray());
    if (!records)
        return 0;
    const auto back = store::decodeVerifications(store::encodeVerifications(*records));
    fuzz::claim(back && *back == *records, "reports survive another encoding");
    return 0;
}
