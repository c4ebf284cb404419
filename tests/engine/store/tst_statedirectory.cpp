// One engine a directory, and no place that others can write to.
#include "engine/base/nativefilesystem.h"
#include "engine/store/statedirectory.h"
#include "tests/support/resultcheck.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace octopus;
using namespace octopus::store;

namespace {

class Place
{
public:
    [[nodiscard]] QByteArray path(const char *name) const
    {
        return QFile::encodeName(m_directory.path()) + '/' + name;
    }
    [[nodiscard]] QByteArray make(const char *name, mode_t mode) const
    {
        const QByteArray made = path(name);
        ::mkdir(made.constData(), 0700);
        ::chmod(made.constData(), mode);
        return made;
    }

private:
    QTemporaryDir m_directory;
};

mode_t modeOf(const QByteArray &path)
{
    struct stat status{};
    return ::stat(path.constData(), &status) == 0 ? status.st_mode & 07777 : 0;
}

void addFile(const QByteArray &path)
{
    QFile file(QFile::decodeName(path));
    QVERIFY(file.open(QIODevice::WriteOnly));
}

} // namespace

class StateDirectoryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isMadeForTheUserAlone();
    void isHeldByOneAtATime();
    void isFreeAgainAfterwards();
    void anEmptyFolderIsMadePrivate();
    void aFolderOfOursIsMadePrivateAgain();
    void aSharedFolderWithOtherThingsIsRefusedAndLeftAlone();
    void aFolderThatOthersMayOnlyReadIsLeftAlone();
    void aFolderOfAnotherUserIsRefused();
    void aFileInTheWayIsAnError();

private:
    NativeFileSystem m_files;
};

void StateDirectoryTest::isMadeForTheUserAlone()
{
    const Place place;
    const QByteArray path = place.path("some/where/octopus");
    const auto directory = StateDirectory::open(m_files, path, ::geteuid());
    VERIFY_OK(directory);
    QCOMPARE((*directory)->path(), path);
    QCOMPARE(modeOf(path), mode_t(0700));
    VERIFY_OK((*directory)->root().stat(RelPath::of("lock")));
}

void StateDirectoryTest::isHeldByOneAtATime()
{
    const Place place;
    const auto first = StateDirectory::open(m_files, place.path("s"), ::geteuid());
    VERIFY_OK(first);
    VERIFY_ERROR(StateDirectory::open(m_files, place.path("s"), ::geteuid()), ErrorCode::Busy);
}

void StateDirectoryTest::isFreeAgainAfterwards()
{
    const Place place;
    VERIFY_OK(StateDirectory::open(m_files, place.path("s"), ::geteuid()));
    VERIFY_OK(StateDirectory::open(m_files, place.path("s"), ::geteuid()));
}

void StateDirectoryTest::anEmptyFolderIsMadePrivate()
{
    const Place place;
    const QByteArray path = place.make("s", 0777);
    VERIFY_OK(StateDirectory::open(m_files, path, ::geteuid()));
    QCOMPARE(modeOf(path), mode_t(0700));
}

void StateDirectoryTest::aFolderOfOursIsMadePrivateAgain()
{
    const Place place;
    const QByteArray path = place.make("s", 0775);
    addFile(path + "/lock");
    addFile(path + "/something");
    VERIFY_OK(StateDirectory::open(m_files, path, ::geteuid()));
    QCOMPARE(modeOf(path), mode_t(0700));
}

void StateDirectoryTest::aSharedFolderWithOtherThingsIsRefusedAndLeftAlone()
{
    const Place place;
    const QByteArray path = place.make("s", 01777);
    addFile(path + "/something");
    VERIFY_ERROR(StateDirectory::open(m_files, path, ::geteuid()), ErrorCode::Refused);
    QCOMPARE(modeOf(path), mode_t(01777));
}

void StateDirectoryTest::aFolderThatOthersMayOnlyReadIsLeftAlone()
{
    const Place place;
    const QByteArray path = place.make("s", 0755);
    addFile(path + "/something");
    VERIFY_OK(StateDirectory::open(m_files, path, ::geteuid()));
    QCOMPARE(modeOf(path), mode_t(0755));
}

void StateDirectoryTest::aFolderOfAnotherUserIsRefused()
{
    const Place place;
    VERIFY_ERROR(StateDirectory::open(m_files, place.path("s"), ::geteuid() + 1),
                 ErrorCode::Refused);
}

void StateDirectoryTest::aFileInTheWayIsAnError()
{
    const Place place;
    addFile(place.path("s"));
    const auto refused = StateDirectory::open(m_files, place.path("s"), ::geteuid());
    QVERIFY(!refused);
    QVERIFY(refused.error().detail.contains(place.path("s")));
}

QTEST_APPLESS_MAIN(StateDirectoryTest)
#include "tst_statedirectory.moc"
