// Tells the service manager that started this program how far it is: one datagram to the socket that
// NOTIFY_SOCKET names (sd_notify(3)). Without such a socket nothing happens.
#pragma once

#include <QByteArrayView>

namespace octopus::process {

// "READY=1", "STOPPING=1". True: it was sent.
bool tellServiceManager(QByteArrayView state);

} // namespace octopus::process
