// The manifest as a file. Even first byte: the file as it is. Odd: the input is groups, each with a
// length before it, behind an empty manifest; their checks are right. What was read, saved and
// read again is the same.
#include "engine/apply/layout.h"
#include "engine/apply/manifest.h"
#include "engine/archive/grouplog.h"
#include "tests/fuzz/memoryroot.h"
#include "tests/fuzz/property.h"

using namespace octopus;
using namespace octopus::apply;

static void writeGroups(QByteArray &file, QByteArrayView input)
{
    for (quint64 number = 1; !input.isEmpty(); ++number) {
        const qsizetype length = std::min<qsizetype>(quint8(input[0]), input.size() - 1);
        file += archive::encodeGroup(1, number, input.sliced(1, length));
        input = input.sliced(1 + length);
    }
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const QByteArrayView rest = fuzz::inputOf(data, size).sliced(1);
    fuzz::MemoryRoot root;
    if (data[0] % 2 == 0) {
        root.at(layout::manifest()) = rest.toByteArray();
    } else {
        fuzz::claim(Manifest::create(root).has_value(), "a manifest can be made");
        writeGroups(root.at(layout::manifest()), rest);
    }
    const auto manifest = Manifest::open(root);
    if (!manifest)
        return 0;
    const Manifest::Map entries = (*manifest)->entries();
    const auto failures = (*manifest)->failures().all();
    const ManifestMark mark = (*manifest)->mark();
    fuzz::claim((*manifest)->save(mark).has_value(), "a manifest can be saved");
    const auto again = Manifest::open(root);
    fuzz::claim(again.has_value(), "a saved manifest can be read");
    fuzz::claim((*again)->entries() == entries && (*again)->mark() == mark
                    && (*again)->failures().all() == failures,
                "a manifest survives being saved");
    return 0;
}
