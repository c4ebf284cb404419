// config.json as it might be found on the disk.
#include "engine/store/configuration.h"
#include "tests/fuzz/property.h"

using namespace octopus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto configuration = store::decode(fuzz::inputOf(data, size).toByteArray());
    if (!configuration)
        return 0;
    fuzz::claim(store::check(*configuration).has_value(), "what is decoded is valid");
    const auto back = store::decode(store::encode(*configuration));
    fuzz::claim(back && *back == *configuration, "a configuration survives another encoding");
    return 0;
}
