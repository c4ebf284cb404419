// The control socket as the kernel knows it: made 0600 in a folder 0700, and who is at the other
// end. Paths longer than the kernel takes for a socket (107 bytes) work too. Any thread.
#pragma once

#include "engine/base/result.h"

#include <QString>

#include <sys/types.h>

namespace octopus::control {

// A name for the socket at `path` that is short enough for bind() and connect(): the path itself,
// or one through a descriptor of its folder, which is held as long as this lives.
class SocketName
{
public:
    [[nodiscard]] static Result<SocketName> of(const QByteArray &path); // NotFound and kin
    SocketName(SocketName &&other) noexcept;
    SocketName &operator=(SocketName &&) = delete;
    ~SocketName();
    [[nodiscard]] const QByteArray &bytes() const { return m_name; }

private:
    SocketName() = default;
    QByteArray m_name;
    int m_folder = -1;
};

// A listening descriptor, close-on-exec, which the caller closes. The folder is made if missing;
// a socket that nobody serves any more is replaced. Busy: somebody serves it. Refused: the folder
// belongs to somebody else.
[[nodiscard]] Result<int> listenAt(const QByteArray &path);
void removeSocket(const QByteArray &path);
// Makes `entrance` a symbolic link to `path`, in a folder like the socket's own.
[[nodiscard]] Result<void> linkSocket(const QByteArray &path, const QByteArray &entrance);

// The user at the other end of a connected local socket.
[[nodiscard]] Result<uid_t> peerUser(int descriptor);
// Only the user whose engine it is, and root.
[[nodiscard]] constexpr bool isAdmitted(uid_t peer, uid_t own)
{
    return peer == own || peer == 0;
}

} // namespace octopus::control
