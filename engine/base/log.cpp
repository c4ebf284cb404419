#include "engine/base/log.h"

namespace octopus {

Q_LOGGING_CATEGORY(logCapture, "octopus.capture", QtInfoMsg)
Q_LOGGING_CATEGORY(logMirror, "octopus.mirror", QtInfoMsg)
Q_LOGGING_CATEGORY(logApply, "octopus.apply", QtInfoMsg)
Q_LOGGING_CATEGORY(logLink, "octopus.link", QtInfoMsg)
Q_LOGGING_CATEGORY(logStore, "octopus.store", QtInfoMsg)
Q_LOGGING_CATEGORY(logControl, "octopus.control", QtInfoMsg)

} // namespace octopus
