#include "engine/mirror/smallfile.h"

#include <algorithm>

namespace octopus::mirror {

static Result<QList<DataRange>> readRanges(File &file, const EntryStat &stat)
{
    QList<DataRange> ranges;
    const bool sparse = stat.allocatedBytes < stat.size;
    for (quint64 offset = 0; offset < stat.size;) {
        Extent extent{offset, stat.size - offset};
        if (sparse) {
            const auto data = file.nextData(offset);
            if (!data)
                return passOn(data);
            if (!*data)
                break;
            extent = {(*data)->offset, std::min((*data)->length, stat.size - (*data)->offset)};
            if ((*data)->offset >= stat.size)
                break;
        }
        auto bytes = file.read(extent.offset, qsizetype(extent.length));
        if (!bytes)
            return passOn(bytes);
        if (quint64(bytes->size()) != extent.length)
            return failure(ErrorCode::Unstable, "the file shrank while it was read");
        ranges.append({extent.offset, std::move(*bytes)});
        offset = extent.offset + extent.length;
    }
    return ranges;
}

Result<SmallFile> readSmallFile(Root &source, const RelPath &path, const EntryStat &stat)
{
    const Result<std::unique_ptr<File>> file = source.open(path, OpenMode::Read);
    if (!file)
        return passOn(file);
    const Result<EntryStat> before = (*file)->stat();
    if (!before)
        return passOn(before);
    auto ranges = readRanges(**file, stat);
    if (!ranges)
        return passOn(ranges);
    auto xattrs = (*file)->xattrs();
    if (!xattrs)
        return passOn(xattrs);
    const Result<EntryStat> after = (*file)->stat();
    if (!after)
        return passOn(after);
    const auto same = [&](const EntryStat &x) {
        return x.identity == stat.identity && x.size == stat.size && x.mtimeNs == stat.mtimeNs
            && x.ctimeNs == stat.ctimeNs;
    };
    if (!same(*before) || !same(*after))
        return failure(ErrorCode::Unstable, "the file changed while it was read");
    return SmallFile{std::move(*ranges), std::move(*xattrs)};
}

} // namespace octopus::mirror
