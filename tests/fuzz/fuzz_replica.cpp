// The record of a replica. With an odd first byte its check is right.
#include "engine/apply/layout.h"
#include "engine/apply/replicarecord.h"
#include "engine/model/bytes.h"
#include "tests/fuzz/memoryroot.h"
#include "tests/fuzz/property.h"

using namespace octopus;
using namespace octopus::apply;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    QByteArray bytes = fuzz::inputOf(data, size).sliced(1).toByteArray();
    if (data[0] % 2 != 0) {
        const quint64 check = checksum(bytes);
        ByteWriter(bytes, 8).u64(check);
    }
    fuzz::MemoryRoot root;
    root.at(layout::replica()) = bytes;
    const auto record = readReplicaRecord(root);
    if (!record || !*record)
        return 0;
    fuzz::claim(writeReplicaRecord(root, **record).has_value(), "a record can be written");
    const auto again = readReplicaRecord(root);
    fuzz::claim(again && *again == *record, "a record survives being written");
    return 0;
}
