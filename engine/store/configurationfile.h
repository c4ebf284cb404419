// ConfigurationFile: config.json in the state directory, replaced as a whole and durably.
//
// A file that cannot be read or understood is never overwritten: save() refuses until load() has
// succeeded. The file has mode 0600. Belongs to one thread; the Root outlives it.
#pragma once

#include "engine/base/fileio.h"
#include "engine/store/configuration.h"

namespace octopus::store {

class ConfigurationFile
{
public:
    explicit ConfigurationFile(Root &root) : m_root(root) {}

    // An empty Configuration when there is no file yet. Corrupt, Invalid, TooLong, VersionMismatch,
    // InputOutput, PermissionDenied: the detail says what is wrong and what to do about it.
    [[nodiscard]] Result<Configuration> load();
    // Returns when the new content survives a power loss; on an error the old one still stands.
    // Refused: load() has not succeeded; Invalid, TooLong: check() fails; NoSpace and kin.
    [[nodiscard]] Result<void> save(const Configuration &configuration);

private:
    Root &m_root;
    bool m_loaded = false;
};

} // namespace octopus::store
