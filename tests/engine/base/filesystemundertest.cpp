#include "tests/engine/base/filesystemundertest.h"

#include "engine/base/nativefilesystem.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakefilesystem.h"
#include "tests/support/treebuilder.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

namespace octopus::testing {

namespace {

class NativeUnderTest final : public FileSystemUnderTest
{
public:
    // QTemporaryDir cannot remove names that are not UTF-8.
    ~NativeUnderTest() override
    {
        if (const auto root = openRoot())
            (void)removeTree(*root, {});
    }

    FileSystem &fileSystem() override { return m_fileSystem; }
    QByteArray folder() const override { return QFile::encodeName(m_folder.path()); }
    // Times are as coarse as the kernel's tick (at most 10 ms).
    void passTime() override { QThread::msleep(12); }

private:
    QTemporaryDir m_folder;
    NativeFileSystem m_fileSystem;
};

class FakeUnderTest final : public FileSystemUnderTest
{
public:
    FakeUnderTest() { (void)m_fileSystem.bypass(folder()); }
    FileSystem &fileSystem() override { return m_fileSystem; }
    QByteArray folder() const override { return "/some/folder"; }
    void passTime() override { m_clock.advance(Milliseconds(12)); }

private:
    FakeClock m_clock;
    FakeFileSystem m_fileSystem{m_clock};
};

} // namespace

void FileSystemUnderTest::addRows()
{
    QTest::addColumn<QString>("implementation");
    QTest::newRow("native") << QStringLiteral("native");
    QTest::newRow("fake") << QStringLiteral("fake");
}

std::unique_ptr<FileSystemUnderTest> FileSystemUnderTest::current()
{
    QFETCH_GLOBAL(QString, implementation);
    if (implementation == QLatin1StringView("fake"))
        return std::make_unique<FakeUnderTest>();
    return std::make_unique<NativeUnderTest>();
}

std::unique_ptr<Root> FileSystemUnderTest::openRoot(const QByteArray &below)
{
    auto root = fileSystem().openRoot(below.isEmpty() ? folder() : folder() + '/' + below);
    return root ? std::move(*root) : nullptr;
}

} // namespace octopus::testing
