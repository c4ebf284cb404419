// A log of groups as a crash may have left it. What was read, written anew, reads the same.
#include "engine/archive/grouplog.h"
#include "tests/fuzz/memoryroot.h"
#include "tests/fuzz/property.h"

using namespace octopus;
using namespace octopus::archive;

namespace {

struct Outcome {
    QList<QByteArray> groups;
    quint64 position = 0;
    friend bool operator==(const Outcome &, const Outcome &) = default;
};

Result<Outcome> read(const QByteArray &bytes, quint64 generation)
{
    fuzz::MemoryFile file(bytes);
    Outcome outcome;
    const auto end = readGroups(file, 0, generation, [&](QByteArrayView payload) -> Result<void> {
        outcome.groups.append(payload.toByteArray());
        return {};
    });
    if (!end)
        return passOn(end);
    fuzz::claim(end->number == quint64(outcome.groups.size()), "groups are counted");
    outcome.position = end->position;
    return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = fuzz::inputOf(data, size).toByteArray();
    fuzz::MemoryFile file(bytes);
    const auto generation = groupGenerationAt(file, 0);
    fuzz::claim(generation.has_value(), "nothing here can fail to be read");
    const quint64 wanted = generation->value_or(1);
    const auto outcome = read(bytes, wanted);
    if (!outcome)
        return 0;
    QByteArray again;
    for (qsizetype i = 0; i < outcome->groups.size(); ++i)
        again += encodeGroup(wanted, quint64(i), outcome->groups[i]);
    const auto back = read(again, wanted);
    fuzz::claim(back && *back == *outcome, "groups survive being written anew");
    return 0;
}
