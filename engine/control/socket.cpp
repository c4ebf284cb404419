#include "engine/control/socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace octopus::control {

namespace {

constexpr int backlog = 32;

QByteArray folderOf(const QByteArray &path)
{
    return path.left(std::max<qsizetype>(path.lastIndexOf('/'), 1));
}

sockaddr_un addressOf(const SocketName &name)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.bytes().constData(), size_t(name.bytes().size()));
    return address;
}

// Makes the folder and its missing parents; the folder itself ends as ours and 0700.
Result<void> prepareFolder(const QByteArray &folder)
{
    for (qsizetype slash = folder.indexOf('/', 1); slash > 0;
         slash = folder.indexOf('/', slash + 1))
        ::mkdir(folder.left(slash).constData(), 0700); // the next step tells if it failed
    if (::mkdir(folder.constData(), 0700) != 0 && errno != EEXIST)
        return std::unexpected(systemFailure(errno, "cannot make the folder " + folder));
    struct stat status{};
    if (::lstat(folder.constData(), &status) != 0)
        return std::unexpected(systemFailure(errno, "cannot read the folder " + folder));
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid()) {
        return failure(ErrorCode::Refused,
                       "the folder of the control socket, " + folder
                           + ", is not a folder of this user");
    }
    if ((status.st_mode & 07777) != 0700 && ::chmod(folder.constData(), 0700) != 0)
        return std::unexpected(systemFailure(errno, "cannot protect the folder " + folder));
    return {};
}

bool isServed(const sockaddr_un &address)
{
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (probe < 0)
        return false;
    const int outcome =
        ::connect(probe, reinterpret_cast<const sockaddr *>(&address), sizeof(address));
    // EAGAIN: the queue of a living server is full.
    const bool served = outcome == 0 || errno == EAGAIN || errno == EINPROGRESS;
    ::close(probe);
    return served;
}

Result<void> bindAndListen(int descriptor, const sockaddr_un &address)
{
    // Its mode decides who may connect; fchmod before bind() makes it 0600 from the first moment.
    if (::fchmod(descriptor, 0600) != 0
        || ::bind(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0
        || ::chmod(address.sun_path, 0600) != 0 || ::listen(descriptor, backlog) != 0)
        return std::unexpected(systemFailure(errno, "cannot serve the control socket"));
    return {};
}

} // namespace

Result<SocketName> SocketName::of(const QByteArray &path)
{
    SocketName name;
    name.m_name = path;
    if (size_t(path.size()) < sizeof(sockaddr_un::sun_path))
        return name;
    const QByteArray folder = folderOf(path);
    name.m_folder = ::open(folder.constData(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (name.m_folder < 0)
        return std::unexpected(systemFailure(errno, "cannot open the folder " + folder));
    name.m_name =
        "/proc/self/fd/" + QByteArray::number(name.m_folder) + path.mid(path.lastIndexOf('/'));
    return name;
}

SocketName::SocketName(SocketName &&other) noexcept
    : m_name(std::move(other.m_name)),
      m_folder(std::exchange(other.m_folder, -1))
{}

SocketName::~SocketName()
{
    if (m_folder >= 0)
        ::close(m_folder);
}

Result<int> listenAt(const QByteArray &path)
{
    OCTOPUS_TRY(prepareFolder(folderOf(path)));
    const Result<SocketName> name = SocketName::of(path);
    if (!name)
        return passOn(name);
    const sockaddr_un address = addressOf(*name);
    if (isServed(address))
        return failure(ErrorCode::Busy, "another engine serves the control socket " + path);
    ::unlink(path.constData());
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return std::unexpected(systemFailure(errno, "cannot make the control socket"));
    if (const Result<void> bound = bindAndListen(descriptor, address); !bound) {
        ::close(descriptor);
        return passOn(bound);
    }
    return descriptor;
}

void removeSocket(const QByteArray &path)
{
    ::unlink(path.constData());
}

Result<void> linkSocket(const QByteArray &path, const QByteArray &entrance)
{
    OCTOPUS_TRY(prepareFolder(folderOf(entrance)));
    ::unlink(entrance.constData());
    if (::symlink(path.constData(), entrance.constData()) != 0)
        return std::unexpected(systemFailure(errno, "cannot make the link " + entrance));
    return {};
}

Result<uid_t> peerUser(int descriptor)
{
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return std::unexpected(systemFailure(errno, "cannot tell who connected"));
    return credentials.uid;
}

} // namespace octopus::control
