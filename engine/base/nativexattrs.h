// Extended attributes of one held object: user.* and the POSIX ACLs, nothing else, so that no peer
// can set what the kernel or other software trusts (security.*, trusted.*).
//
// A file system without extended attributes has none: reading gives an empty map. Only regular
// files and directories take user.*; setting one on anything else is PermissionDenied. The object
// is held by the caller for as long as the value lives; one thread.
#pragma once

#include "engine/base/fileio.h"

namespace octopus {

class NativeXattrs
{
public:
    // Of a file open for reading or writing.
    [[nodiscard]] static NativeXattrs ofOpenFile(int descriptor);
    // Of an entry held by O_PATH (f…xattr refuses those; needs /proc).
    [[nodiscard]] static NativeXattrs ofHeldEntry(int descriptor);

    [[nodiscard]] Result<Xattrs> all() const;
    // Refused: a name outside user.* and the POSIX ACLs. TooLong: more than the file system takes.
    [[nodiscard]] Result<void> set(const QByteArray &name, const QByteArray &value) const;
    [[nodiscard]] Result<void> remove(const QByteArray &name) const; // NotFound: there is none

private:
    NativeXattrs(int descriptor, QByteArray magicLink);
    [[nodiscard]] Result<QByteArray> names() const;
    [[nodiscard]] Result<QByteArray> value(const QByteArray &name) const;
    [[nodiscard]] std::unexpected<Error> failed(int number, const char *what) const;

    int m_descriptor;
    QByteArray m_magicLink; // empty: the descriptor itself is used
};

} // namespace octopus
