// Digests against published vectors: FIPS 180-4 and the SHA-256 examples of NIST; XXH3 from the
// sanity checks of xxHash 0.8 (tests/sanity_test_vectors.h), whose input is the byte generator below.
#include "engine/base/digest.h"

#include <QTest>

using namespace octopus;

static constexpr quint64 prime32 = 2654435761U;
static constexpr quint64 prime64 = 11400714785074694797ULL;

// The input of xxHash's sanity checks.
static QByteArray sanityBuffer(qsizetype size)
{
    QByteArray buffer(size, Qt::Uninitialized);
    quint64 generator = prime32;
    for (char &byte : buffer) {
        byte = char(generator >> 56);
        generator *= prime64;
    }
    return buffer;
}

class DigestTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sha256EqualsThePublishedVectors_data();
    void sha256EqualsThePublishedVectors();
    void sha256OfAMillionLetters();
    void blockHashesEqualThePublishedVectors_data();
    void blockHashesEqualThePublishedVectors();
    void fastDigestsEqualThePublishedVectors_data();
    void fastDigestsEqualThePublishedVectors();
    void streamingGivesTheSameInAnyPieces();
    void numbersAreEightBytesLittleEndian();
    void aKeyChangesEverything();
    void aHasherStartsAnew();
    void movedHashersGoOn();
};

void DigestTest::sha256EqualsThePublishedVectors_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("hex");
    QTest::newRow("empty")
        << QByteArray()
        << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    QTest::newRow("one block") << QByteArray(
        "abc") << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QTest::newRow("two blocks")
        << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

void DigestTest::sha256EqualsThePublishedVectors()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, hex);
    QCOMPARE(sha256(input).toHex(), hex);
    QCOMPARE(sha256(input).toByteArray(), QByteArray::fromHex(hex));
}

void DigestTest::sha256OfAMillionLetters()
{
    Sha256Hasher hasher;
    for (int i = 0; i < 1000; ++i)
        hasher.add(QByteArray(1000, 'a'));
    QCOMPARE(hasher.result().toHex(),
             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

void DigestTest::blockHashesEqualThePublishedVectors_data()
{
    QTest::addColumn<int>("length");
    QTest::addColumn<quint64>("seed");
    QTest::addColumn<quint64>("hash");
    const auto row = [](int length, quint64 seed, quint64 hash) {
        QTest::addRow("%d bytes, seed %llx", length, seed) << length << seed << hash;
    };
    row(0, 0, 0x2D06800538D394C2);
    row(0, prime64, 0xA8A6B918B2F0364A);
    row(1, 0, 0xC44BDFF4074EECDB);
    row(1, prime64, 0x032BE332DD766EF8);
    row(6, 0, 0x27B56A84CD2D7325);
    row(12, 0, 0xA713DAF0DFBB77E7);
    row(24, 0, 0xA3FE70BF9D3510EB);
    row(48, 0, 0x397DA259ECBA1F11);
    row(80, 0, 0xBCDEFBBB2C47C90A);
    row(195, 0, 0xCD94217EE362EC3A);
    row(2048, 0, 0xDD59E2C3A5F038E0);
    row(2048, prime64, 0x66F81670669ABABC);
    row(2367, 0, 0xCB37AEB9E5D361ED);
}

void DigestTest::blockHashesEqualThePublishedVectors()
{
    QFETCH(int, length);
    QFETCH(quint64, seed);
    QFETCH(quint64, hash);
    QCOMPARE(blockHash(sanityBuffer(length), HashKey{seed}), hash);
    if (seed == 0)
        QCOMPARE(checksum(sanityBuffer(length)), hash);
}

void DigestTest::fastDigestsEqualThePublishedVectors_data()
{
    QTest::addColumn<int>("length");
    QTest::addColumn<quint64>("seed");
    QTest::addColumn<quint64>("low");
    QTest::addColumn<quint64>("high");
    const auto row = [](int length, quint64 seed, quint64 low, quint64 high) {
        QTest::addRow("%d bytes, seed %llx", length, seed) << length << seed << low << high;
    };
    row(0, 0, 0x6001C324468D497F, 0x99AA06D3014798D8);
    row(0, prime32, 0x5444F7869C671AB0, 0x92220AE55E14AB50);
    row(1, 0, 0xC44BDFF4074EECDB, 0xA6CD5E9392000F6A);
    row(6, 0, 0x3E7039BDDA43CFC6, 0x082AFE0B8162D12A);
    row(12, 0, 0x061A192713F69AD9, 0x6E3EFD8FC7802B18);
    row(24, 0, 0x1E7044D28B1B901D, 0x0CE966E4678D3761);
    row(48, 0, 0xF942219AED80F67B, 0xA002AC4E5478227E);
    row(81, 0, 0x5E8BAFB9F95FB803, 0x4952F58181AB0042);
    row(222, 0, 0xF1AEBD597CEC6B3A, 0x337E09641B948717);
    row(403, 0, 0xCDEB804D65C6DEA4, 0x1B6DE21E332DD73D);
    row(512, 0, 0x617E49599013CB6B, 0x18D2D110DCC9BCA1);
    row(2048, 0, 0xDD59E2C3A5F038E0, 0xF736557FD47073A5);
    row(2240, 0, 0x6E73A90539CF2948, 0xCCB134FBFA7CE49D);
    row(2367, 0, 0xCB37AEB9E5D361ED, 0xE89C0F6FF369B427);
}

void DigestTest::fastDigestsEqualThePublishedVectors()
{
    QFETCH(int, length);
    QFETCH(quint64, seed);
    QFETCH(quint64, low);
    QFETCH(quint64, high);
    const FastDigest digest = fastDigest(sanityBuffer(length), HashKey{seed});
    QCOMPARE(digest.low, low);
    QCOMPARE(digest.high, high);
}

void DigestTest::streamingGivesTheSameInAnyPieces()
{
    const QByteArray input = sanityBuffer(5000);
    for (const qsizetype piece : {1, 7, 64, 256, 4096, 5000}) {
        FastHasher fast(HashKey{99});
        Sha256Hasher strong;
        for (qsizetype at = 0; at < input.size(); at += piece) {
            const QByteArrayView part =
                QByteArrayView(input).sliced(at).first(std::min(piece, input.size() - at));
            fast.add(part);
            strong.add(part);
        }
        QCOMPARE(fast.result(), fastDigest(input, HashKey{99}));
        QCOMPARE(strong.result(), sha256(input));
    }
}

void DigestTest::numbersAreEightBytesLittleEndian()
{
    FastHasher hasher(HashKey{});
    hasher.addNumber(0x0102030405060708);
    QCOMPARE(hasher.result(), fastDigest("\x08\x07\x06\x05\x04\x03\x02\x01", HashKey{}));
}

void DigestTest::aKeyChangesEverything()
{
    QVERIFY(blockHash("content", HashKey{1}) != blockHash("content", HashKey{2}));
    QVERIFY(fastDigest("content", HashKey{1}) != fastDigest("content", HashKey{2}));
    QVERIFY(FastDigest().isNull());
    QVERIFY(!fastDigest("", HashKey{}).isNull());
}

void DigestTest::aHasherStartsAnew()
{
    Sha256Hasher hasher;
    hasher.add("something else");
    (void)hasher.result();
    hasher.add("abc");
    QCOMPARE(hasher.result(), sha256("abc"));
}

void DigestTest::movedHashersGoOn()
{
    FastHasher fast(HashKey{5});
    fast.add("ab");
    FastHasher moved = std::move(fast);
    moved.add("c");
    QCOMPARE(moved.result(), fastDigest("abc", HashKey{5}));
    Sha256Hasher strong;
    strong.add("ab");
    Sha256Hasher movedStrong = std::move(strong);
    movedStrong.add("c");
    QCOMPARE(movedStrong.result(), sha256("abc"));
}

QTEST_APPLESS_MAIN(DigestTest)
#include "tst_digest.moc"
