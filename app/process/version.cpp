#include "app/process/version.h"

namespace octopus::process {

QString programVersion()
{
    return QStringLiteral(OCTOPUS_VERSION);
}

} // namespace octopus::process
