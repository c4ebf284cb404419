// ByteWriter writes what ByteReader reads, and the reader gives nothing that is not there.
#include "engine/model/bytes.h"

#include <QTest>

using namespace octopus;

namespace {

QByteArray varint(quint64 value)
{
    QByteArray bytes;
    ByteWriter(bytes, 0).varint(value);
    return bytes;
}

} // namespace

class TestBytes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingIsReadAsItWasWritten();
    void aWriterAppendsAndLeavesNoSpace();
    void anExpectationThatIsTooLowDoesNoHarm();
    void varintsOfEveryLengthSurvive();
    void varintsAboveTheirCapFail();
    void countsAreComparedWithWhatIsLeft_data();
    void countsAreComparedWithWhatIsLeft();
    void lengthsAreComparedWithWhatIsLeft();
    void nothingIsReadAfterAFailure();
};

void TestBytes::everythingIsReadAsItWasWritten()
{
    QByteArray bytes;
    {
        ByteWriter writer(bytes, 64);
        writer.u8(0xfe);
        writer.u32(0x01020304);
        writer.u64(0x0102030405060708);
        writer.varint(300);
        writer.raw("raw");
        writer.sized("sized");
        writer.sized({});
    }
    QCOMPARE(bytes.toHex(),
             QByteArray("fe04030201"
                        "0807060504030201"
                        "ac02"
                        "726177"
                        "0573697a6564"
                        "00"));
    ByteReader reader(bytes);
    QCOMPARE(reader.u8(), 0xfe);
    QCOMPARE(reader.u32(), 0x01020304u);
    QCOMPARE(reader.u64(), quint64(0x0102030405060708));
    QCOMPARE(reader.varint(300), quint64(300));
    QCOMPARE(reader.raw(3), QByteArrayView("raw"));
    QCOMPARE(reader.sized(5), QByteArrayView("sized"));
    QCOMPARE(reader.sized(0), QByteArrayView());
    QVERIFY(reader.ok() && reader.atEnd());
}

void TestBytes::aWriterAppendsAndLeavesNoSpace()
{
    QByteArray bytes("head");
    ByteWriter(bytes, 1000).u8('x');
    ByteWriter(bytes, 1000).u8('y');
    QCOMPARE(bytes, QByteArray("headxy"));
}

void TestBytes::anExpectationThatIsTooLowDoesNoHarm()
{
    QByteArray bytes;
    const QByteArray shared = bytes;
    {
        ByteWriter writer(bytes, 0);
        for (int i = 0; i < 1000; ++i)
            writer.sized("0123456789");
    }
    QCOMPARE(bytes,
             QByteArray("\x0a"
                        "0123456789")
                 .repeated(1000));
    QVERIFY(shared.isEmpty());
}

void TestBytes::varintsOfEveryLengthSurvive()
{
    for (int shift = 0; shift < 64; ++shift) {
        for (const quint64 value :
             {quint64(1) << shift, (quint64(1) << shift) - 1, ~quint64(0) >> shift}) {
            const QByteArray bytes = varint(value);
            ByteReader reader(bytes);
            QCOMPARE(reader.varint(), value);
            QVERIFY(reader.ok() && reader.atEnd());
            ByteReader cut(QByteArrayView(bytes).chopped(1));
            QCOMPARE(cut.varint(), quint64(0));
            QVERIFY(!cut.ok());
        }
    }
    QCOMPARE(varint(~quint64(0)).size(), maximumVarintSize);
}

void TestBytes::varintsAboveTheirCapFail()
{
    const QByteArray bytes = varint(1000);
    ByteReader within(bytes);
    QCOMPARE(within.varint(1000), quint64(1000));
    ByteReader beyond(bytes);
    QCOMPARE(beyond.varint(999), quint64(0));
    QVERIFY(!beyond.ok());
}

void TestBytes::countsAreComparedWithWhatIsLeft_data()
{
    QTest::addColumn<quint64>("count");
    QTest::addColumn<int>("left"); // bytes behind it
    QTest::addColumn<bool>("taken");
    QTest::newRow("none of nothing") << quint64(0) << 0 << true;
    QTest::newRow("exactly") << quint64(10) << 30 << true;
    QTest::newRow("one byte short") << quint64(10) << 29 << false;
    QTest::newRow("some of nothing") << quint64(1) << 0 << false;
    QTest::newRow("at the cap") << quint64(100) << 1000 << true;
    QTest::newRow("above the cap") << quint64(101) << 1000 << false;
    QTest::newRow("2^63") << (quint64(1) << 63) << 1000 << false;
    QTest::newRow("times three is small") << ~quint64(0) / 3 + 1 << 1000 << false;
}

void TestBytes::countsAreComparedWithWhatIsLeft()
{
    QFETCH(quint64, count);
    QFETCH(int, left);
    QFETCH(bool, taken);
    const QByteArray bytes = varint(count) + QByteArray(left, 'x');
    ByteReader reader(bytes);
    QCOMPARE(reader.count(100, 3), taken ? qsizetype(count) : 0);
    QCOMPARE(reader.ok(), taken);
}

void TestBytes::lengthsAreComparedWithWhatIsLeft()
{
    const QByteArray bytes = varint(5) + "12345";
    ByteReader exact(bytes);
    QCOMPARE(exact.sized(5), QByteArrayView("12345"));
    ByteReader capped(bytes);
    QVERIFY(capped.sized(4).isEmpty() && !capped.ok());
    ByteReader cut(QByteArrayView(bytes).chopped(1));
    QVERIFY(cut.sized(5).isEmpty() && !cut.ok());
    ByteReader negative(bytes);
    QVERIFY(negative.raw(-1).isEmpty() && !negative.ok());
}

void TestBytes::nothingIsReadAfterAFailure()
{
    ByteReader reader("12345678");
    reader.fail();
    QVERIFY(!reader.ok() && reader.atEnd());
    QCOMPARE(reader.u8(), 0);
    QCOMPARE(reader.u64(), quint64(0));
    QCOMPARE(reader.varint(), quint64(0));
    QVERIFY(reader.raw(1).isEmpty());
    QCOMPARE(reader.count(10, 1), 0);
    QVERIFY(reader.raw(0).isEmpty());
    QVERIFY(!reader.ok());
}

QTEST_APPLESS_MAIN(TestBytes)
#include "tst_bytes.moc"
