// What a hostile target may put into a listing never becomes a value.
#include "engine/model/bytes.h"
#include "engine/wire/codec.h"
#include "tests/engine/model/hostilepaths.h"

#include <QTest>

using namespace octopus;
using namespace octopus::wire;

namespace {

// One entry as a hostile encoder would write it.
struct RawEntry {
    QByteArray path = "file";
    quint8 kind = quint8(EntryKind::File);
    quint8 flags = 0;
    quint64 mode = 0644;
    quint64 size = 10;
    QByteArray target; // of a symbolic link
    QByteArray digest;
};

Result<Message> listing(const RawEntry &entry)
{
    QByteArray payload;
    {
        ByteWriter writer(payload, 100);
        writer.u32(1);
        writer.sized(entry.path);
        writer.u8(entry.kind);
        writer.u8(entry.flags);
        writer.varint(entry.mode);
        writer.varint(1000);
        writer.varint(1000);
        writer.u64(0);
        writer.varint(0);
        writer.varint(entry.size);
        writer.varint(0);
        if (entry.kind == quint8(EntryKind::Symlink))
            writer.sized(entry.target);
        writer.raw(entry.digest);
    }
    return decode(quint8(MessageType::TreeListing), payload);
}

} // namespace

class TestHostileListings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hostilePathsAreRefused();
    void oddButValidPathsAreTaken();
    void kindsAndFlagsAreChecked();
    void sizesAndModesAreChecked();
    void linkTargetsAreChecked();
    void digestsBelongToFilesAndAreWhole();
};

void TestHostileListings::hostilePathsAreRefused()
{
    QVERIFY(listing({}));
    for (const QByteArray &path : hostilePaths()) {
        const auto result = listing({.path = path, .target = {}, .digest = {}});
        QVERIFY2(!result, path.toPercentEncoding().constData());
        QCOMPARE(result.error().code, ErrorCode::Corrupt);
    }
}

void TestHostileListings::oddButValidPathsAreTaken()
{
    for (const QByteArray &path : oddButValidPaths())
        QVERIFY(listing({.path = path, .target = {}, .digest = {}}));
}

void TestHostileListings::kindsAndFlagsAreChecked()
{
    for (int value = 0; value < 256; ++value) {
        RawEntry entry;
        entry.kind = quint8(value);
        entry.target = "target";
        QCOMPARE(listing(entry).has_value(), value >= 1 && value <= 6);
        entry = {};
        entry.flags = quint8(value);
        QCOMPARE(listing(entry).has_value(), (value & ~(1 | 4)) == 0);
    }
}

void TestHostileListings::sizesAndModesAreChecked()
{
    RawEntry entry;
    entry.size = maximumFileSize;
    QVERIFY(listing(entry));
    entry.size = maximumFileSize + 1;
    QVERIFY(!listing(entry));
    entry = {};
    entry.mode = 07777;
    QVERIFY(listing(entry));
    entry.mode = 0100644;
    QVERIFY(!listing(entry));
}

void TestHostileListings::linkTargetsAreChecked()
{
    RawEntry entry;
    entry.kind = quint8(EntryKind::Symlink);
    entry.target = "/etc/shadow"; // shown and compared, never followed
    QVERIFY(listing(entry));
    for (const QByteArray &target : {QByteArray(), QByteArray("a\0", 2), QByteArray(4096, 't')}) {
        entry.target = target;
        QVERIFY(!listing(entry));
    }
}

void TestHostileListings::digestsBelongToFilesAndAreWhole()
{
    RawEntry entry;
    entry.flags = 2;
    entry.digest = QByteArray(32, 'd');
    QVERIFY(listing(entry));
    entry.kind = quint8(EntryKind::Directory);
    QVERIFY(!listing(entry));
    entry.kind = quint8(EntryKind::File);
    for (const qsizetype size : {0, 1, 31, 33}) {
        entry.digest = QByteArray(size, 'd');
        QVERIFY(!listing(entry));
    }
}

QTEST_APPLESS_MAIN(TestHostileListings)
#include "tst_hostilelistings.moc"
