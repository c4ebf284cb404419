#include "engine/wire/negotiation.h"

#include <algorithm>

namespace octopus::wire {

static QByteArray range(const Hello &hello)
{
    return QByteArray::number(hello.lowest) + ".." + QByteArray::number(hello.highest);
}

Result<quint32> negotiate(const Hello &ours, const Hello &theirs, quint32 highestSeen)
{
    const quint32 common = std::min(ours.highest, theirs.highest);
    if (common < std::max(ours.lowest, theirs.lowest))
        return failure(ErrorCode::VersionMismatch,
                       "this machine speaks protocol " + range(ours) + ", the peer "
                           + range(theirs));
    // What this machine itself has unlearnt (an older program was installed) is no downgrade.
    if (common < std::min(highestSeen, ours.highest))
        return failure(ErrorCode::Refused,
                       "the peer offers protocol " + QByteArray::number(common) + ", but spoke "
                           + QByteArray::number(highestSeen) + " before");
    return common;
}

} // namespace octopus::wire
