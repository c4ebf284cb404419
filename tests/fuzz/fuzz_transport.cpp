// Lists of transports that somebody types, or that stand in a configuration.
#include "engine/model/transport.h"
#include "tests/fuzz/property.h"

using namespace octopus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto list = Transports::parse(QString::fromUtf8(fuzz::inputOf(data, size)));
    if (!list)
        return 0;
    const auto again = Transports::parse(list->text());
    fuzz::claim(again && *again == *list, "what was written is read as the same");
    const auto shown = Transports::parse(list->shown());
    fuzz::claim(shown && shown->size() == list->size(), "what is shown is as long, and a list");
    fuzz::claim(shown->shown() == list->shown(), "what is shown says the same");
    for (const Transport &one : list->list()) {
        fuzz::claim(one.interface.size() <= 15 && one.path.size() <= 107, "names are bounded");
        fuzz::claim(one.user.size() <= 255 && one.password.size() <= 255, "logins are bounded");
    }
    return 0;
}
