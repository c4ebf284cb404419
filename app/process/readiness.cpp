#include "app/process/readiness.h"

#include <QByteArray>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>

namespace octopus::process {

bool tellServiceManager(QByteArrayView state)
{
    const QByteArray name = qgetenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    if (name.size() < 2 || size_t(name.size()) >= sizeof(address.sun_path)
        || (name[0] != '/' && name[0] != '@'))
        return false;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.constData(), size_t(name.size()));
    if (name[0] == '@')
        address.sun_path[0] = 0; // no file: a name of the kernel's
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return false;
    const auto size = socklen_t(offsetof(sockaddr_un, sun_path) + size_t(name.size()));
    const ssize_t sent = ::sendto(socket, state.data(), size_t(state.size()), MSG_NOSIGNAL,
                                  reinterpret_cast<const sockaddr *>(&address), size);
    ::close(socket);
    return sent == state.size();
}

} // namespace octopus::process
