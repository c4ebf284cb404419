// StateDirectory: the folder where one engine keeps everything, held and locked.
//
// Owned by the user who runs the engine, writable by nobody else. No two engines share one: the lock ends with
// the object or the process, whatever happens to it. Belongs to one thread.
#pragma once

#include "engine/base/fileio.h"

namespace octopus::store {

class StateDirectory
{
public:
    // Makes the directory at an absolute path (control::locate()) if it is missing. Busy: another
    // engine has it; Refused: it belongs to another user than `user`, or others may write to it and
    // it holds things that are not ours (only an empty folder, or one that is ours already, is
    // tightened to 0700). `files` outlives the object.
    [[nodiscard]] static Result<std::unique_ptr<StateDirectory>> open(FileSystem &files,
                                                                      const QByteArray &path,
                                                                      quint32 user);

    [[nodiscard]] Root &root() { return *m_root; }
    [[nodiscard]] const QByteArray &path() const { return m_path; }

private:
    StateDirectory(QByteArray path, std::unique_ptr<Root> root, std::unique_ptr<File> lock);
    QByteArray m_path;
    std::unique_ptr<Root> m_root;
    std::unique_ptr<File> m_lock;
};

} // namespace octopus::store
