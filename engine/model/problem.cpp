#include "engine/model/problem.h"

namespace octopus {

const char *problemName(ProblemCode code)
{
    switch (code) {
    case ProblemCode::NotMirrored: return "not-mirrored";
    case ProblemCode::ReservedName: return "reserved-name";
    case ProblemCode::CannotRead: return "cannot-read";
    case ProblemCode::Unstable: return "unstable";
    case ProblemCode::CannotApply: return "cannot-apply";
    case ProblemCode::NoSpace: return "no-space";
    case ProblemCode::ForeignEntry: return "foreign-entry";
    case ProblemCode::NotWatched: return "not-watched";
    case ProblemCode::LostAttributes: return "lost-attributes";
    case ProblemCode::Different: return "different";
    }
    return "unknown";
}

bool isNotice(ProblemCode code)
{
    return code == ProblemCode::NotMirrored || code == ProblemCode::ReservedName
        || code == ProblemCode::LostAttributes || code == ProblemCode::NotWatched;
}

} // namespace octopus
