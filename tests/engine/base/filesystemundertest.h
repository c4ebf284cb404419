// One file system that the contract of fileio.h is checked against: the real one in a temporary
// folder, or the fake one. Tests call addRows() from initTestCase_data() and run once for each.
#pragma once

#include "engine/base/fileio.h"

#include <QString>

#include <memory>

namespace octopus::testing {

class FileSystemUnderTest
{
public:
    virtual ~FileSystemUnderTest() = default;

    // Fills the global table with one row an implementation.
    static void addRows();
    // The one of the current global row.
    [[nodiscard]] static std::unique_ptr<FileSystemUnderTest> current();

    [[nodiscard]] virtual FileSystem &fileSystem() = 0;
    // An empty directory in it that exists.
    [[nodiscard]] virtual QByteArray folder() const = 0;
    // Lets a moment pass that a file's times can tell.
    virtual void passTime() = 0;

    [[nodiscard]] std::unique_ptr<Root> openRoot(const QByteArray &below = {});
};

} // namespace octopus::testing
