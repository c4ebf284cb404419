// The index of kept versions. Even first byte: the file as it is. Odd: the input is groups, each
// with a length before it, behind the head of an index; their checks are right.
#include "engine/archive/grouplog.h"
#include "engine/archive/versions.h"
#include "tests/fuzz/memoryroot.h"
#include "tests/fuzz/property.h"

using namespace octopus;
using namespace octopus::archive;

namespace {

class FixedClock final : public Clock
{
public:
    MonotonicTime monotonic() const override { return {}; }
    WallTime wall() const override { return WallTime{1'800'000'000'000'000'000}; }
};

constexpr Milliseconds month = std::chrono::hours(24 * 30);

Result<QList<Version>> listed(Root &root, const Clock &clock, bool withOneMore)
{
    auto versions = Versions::open(root, RelPath::of("versions"), clock, month);
    if (!versions)
        return passOn(versions);
    if (withOneMore) {
        Version version;
        version.id = {StreamId(1), Sequence(2)};
        version.path = RelPath::of("a");
        version.keptAt = clock.wall();
        (*versions)->remember(version);
        fuzz::claim((*versions)->flush().has_value(), "an index can be continued");
    }
    return (*versions)->listAll();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    QByteArrayView rest = fuzz::inputOf(data, size).sliced(1);
    const RelPath indexPath = RelPath::of("versions/index");
    const FixedClock clock;
    fuzz::MemoryRoot root;
    if (data[0] % 2 == 0) {
        root.at(indexPath) = rest.toByteArray();
    } else {
        fuzz::claim(listed(root, clock, true).has_value(), "an index can be made");
        for (quint64 number = 1; !rest.isEmpty(); ++number) {
            const qsizetype length = std::min<qsizetype>(quint8(rest[0]), rest.size() - 1);
            root.at(indexPath) += encodeGroup(1, number, rest.sliced(1, length));
            rest = rest.sliced(1 + length);
        }
    }
    const auto versions = listed(root, clock, false);
    if (!versions)
        return 0;
    const auto longer = listed(root, clock, true);
    fuzz::claim(longer.has_value(), "an index that was continued can be read");
    fuzz::claim(longer->size() >= versions->size(), "nothing is lost");
    return 0;
}
