// The apply journal as a file. Even first byte: the file as it is. Odd: a journal that was written
// properly, then damaged - the first half of the input is its groups, the second says where other
// bytes stand now. What is read then is a beginning of what was written, or Corrupt. With the second
// bit set, it can be continued.
#include "engine/apply/journal.h"
#include "engine/apply/layout.h"
#include "engine/model/bytes.h"
#include "tests/fuzz/memoryroot.h"
#include "tests/fuzz/property.h"

using namespace octopus;
using namespace octopus::apply;

namespace {

using Groups = QList<QByteArray>;

Result<Groups> read(Root &root)
{
    Groups groups;
    const auto journal = Journal::open(root, [&](QByteArrayView payload) -> Result<void> {
        groups.append(payload.toByteArray());
        return {};
    });
    if (!journal)
        return passOn(journal);
    fuzz::claim((*journal)->isEmpty() == groups.isEmpty(), "a journal knows its groups");
    return groups;
}

void claimThatItCanBeContinued(Root &root, const Groups &groups)
{
    const auto journal = Journal::open(root, [](QByteArrayView) -> Result<void> { return {}; });
    fuzz::claim(journal && (*journal)->append("more"), "a journal can be continued");
    const auto longer = read(root);
    fuzz::claim(longer && *longer == groups + Groups{"more"}, "what is appended is read");
}

Groups write(fuzz::MemoryRoot &root, QByteArrayView input)
{
    constexpr quint64 generation = 3;
    const auto journal = Journal::create(root, {generation, StreamId(4), Sequence(5)});
    fuzz::claim(journal.has_value(), "a journal can be made");
    Groups groups;
    while (!input.isEmpty()) {
        const qsizetype length = std::min<qsizetype>(quint8(input[0]), input.size());
        // Not by append(): the space that it takes ahead would only cost time.
        root.at(layout::journal()) +=
            archive::encodeGroup(generation, quint64(groups.size()), input.first(length));
        groups.append(input.first(length).toByteArray());
        input = input.sliced(std::max<qsizetype>(length, 1));
    }
    return groups;
}

void damage(QByteArray &file, ByteReader places)
{
    while (!places.atEnd()) {
        const auto at = qsizetype(places.varint() % quint64(file.size()));
        file[at] = char(places.u8());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const QByteArrayView rest = fuzz::inputOf(data, size).sliced(1);
    fuzz::MemoryRoot root;
    const bool isWritten = data[0] & 1;
    Groups written;
    if (isWritten) {
        written = write(root, rest.first(rest.size() / 2));
        damage(root.at(layout::journal()), ByteReader(rest.sliced(rest.size() / 2)));
    } else {
        root.at(layout::journal()) = rest.toByteArray();
    }
    const auto found = read(root);
    if (!found) {
        fuzz::claim(found.error().code == ErrorCode::Corrupt
                        || found.error().code == ErrorCode::VersionMismatch,
                    "damage is Corrupt");
        return 0;
    }
    fuzz::claim(!isWritten
                    || (found->size() <= written.size() && *found == written.first(found->size())),
                "a damaged journal gives a beginning of what was written");
    if (data[0] & 2) // rarely: it takes a megabyte
        claimThatItCanBeContinued(root, *found);
    return 0;
}
