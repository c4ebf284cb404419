#include "tests/endtoend/hostile/cases.h"

namespace octopus::hostile {

QByteArray mustClose(Caller &caller, int milliseconds)
{
    const Ending ending = caller.ending(milliseconds);
    if (ending.closed)
        return {};
    return "still open after " + QByteArray::number(ending.milliseconds) + " ms, "
        + QByteArray::number(ending.messages) + " messages came";
}

QByteArray mustRefuse(Caller &caller, ErrorCode code, int milliseconds)
{
    const Ending ending = caller.ending(milliseconds);
    if (!ending.closed)
        return "still open after " + QByteArray::number(ending.milliseconds) + " ms";
    if (!ending.refusal)
        return "closed without a word";
    if (ending.refusal->code != code)
        return "refused, but with code " + QByteArray::number(int(ending.refusal->code)) + ": "
            + ending.refusal->detail;
    return {};
}

} // namespace octopus::hostile
