#include "engine/model/activity.h"

namespace octopus {

const char *activityName(ActivityKind kind)
{
    switch (kind) {
    case ActivityKind::Created: return "created";
    case ActivityKind::Changed: return "changed";
    case ActivityKind::Appended: return "appended";
    case ActivityKind::Moved: return "moved";
    case ActivityKind::Removed: return "removed";
    case ActivityKind::Attributes: return "attributes";
    }
    return "changed";
}

} // namespace octopus
