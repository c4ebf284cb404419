#include "engine/index/blockmap.h"

#include <QRandomGenerator>
#include <QTest>

using namespace octopus;
using namespace octopus::index;

static constexpr HashKey key{42};
static constexpr quint64 kibi = 1024;
static constexpr quint64 gibi = kibi * kibi * kibi;

static BlockMap mapOf(const QByteArray &content, quint32 blockSize = 4096)
{
    BlockMap map{blockSize, 0, {}};
    appendBlocks(map, content, key);
    return map;
}

class BlockMapTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBlockSizeFollowsTheFileSize_data()
    {
        QTest::addColumn<quint64>("size");
        QTest::addColumn<quint32>("blockSize");
        const auto row = [](quint64 size, quint32 kibibytes) {
            QTest::addRow("%llu", size) << size << quint32(kibibytes * kibi);
        };
        row(0, 4);
        row(1, 4);
        row(gibi, 4);
        row(gibi + 1, 8);
        row(2 * gibi, 8);
        row(2 * gibi + 1, 16);
        row(256 * gibi, 1024);
        row(256 * gibi + 1, 1024);
        row(~quint64(0), 1024);
    }
    void theBlockSizeFollowsTheFileSize()
    {
        QFETCH(quint64, size);
        QFETCH(quint32, blockSize);
        QCOMPARE(blockSizeFor(size), blockSize);
    }

    void aBegunBlockCounts_data()
    {
        QTest::addColumn<quint64>("size");
        QTest::addColumn<quint64>("count"); // at 4 KiB
        const auto row = [](quint64 size, quint64 count) {
            QTest::addRow("%llu", size) << size << count;
        };
        row(0, 0);
        row(1, 1);
        row(4095, 1);
        row(4096, 1);
        row(4097, 2);
        row((quint64(1) << 32) + 1, (1 << 20) + 1);
        row(~quint64(0), quint64(1) << 52);
    }
    void aBegunBlockCounts()
    {
        QFETCH(quint64, size);
        QFETCH(quint64, count);
        QCOMPARE(blockCount(size, 4096), count);
    }

    void aMapHasOneHashForEachBlockAndAShortLastOne()
    {
        const BlockMap map = mapOf(QByteArray(4096, 'a') + QByteArray(4096, '\0') + "end");
        const QList<quint64> expected{blockHash(QByteArray(4096, 'a'), key),
                                      blockHash(QByteArray(4096, '\0'), key),
                                      blockHash("end", key)};
        QCOMPARE(map.hashes, expected);
        QCOMPARE(map.fileSize, quint64(8195));
        QVERIFY(mapOf({}).hashes.isEmpty());
        QCOMPARE(mapOf(QByteArray(4096, 'a')).hashes.size(), 1);
        QCOMPARE(mapOf(QByteArray(8195, 'a'), 8192).hashes.size(), 2);
    }

    void anotherKeyGivesOtherHashes()
    {
        BlockMap other;
        appendBlocks(other, "content", HashKey{43});
        QVERIFY(other.hashes != mapOf("content").hashes);
    }

    void howTheContentIsFedMakesNoDifference()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 200; ++round) {
            const bool shortEnd = random.bounded(2);
            const int pieces = random.bounded(1, 6);
            QByteArray content;
            BlockMap map;
            for (int piece = 1; piece <= pieces; ++piece) {
                qsizetype length = 4096 * random.bounded(5);
                if (piece == pieces && shortEnd)
                    length += random.bounded(1, 4096);
                if (random.bounded(2)) {
                    appendZeroBlocks(map, quint64(length), key);
                    content.append(length, '\0');
                } else {
                    const QByteArray bytes(length, char(random.bounded(256)));
                    appendBlocks(map, bytes, key);
                    content.append(bytes);
                }
            }
            QCOMPARE(map, mapOf(content));
            QCOMPARE(quint64(map.hashes.size()), blockCount(map.fileSize, map.blockSize));
        }
    }

    void aLargeHoleNeedsNoBytes()
    {
        BlockMap map{1024 * kibi, 0, {}};
        appendZeroBlocks(map, 1024 * gibi + 1, key);
        QCOMPARE(map.hashes.size(), (1 << 20) + 1);
        QCOMPARE(map.hashes.first(), map.hashes.at(1 << 19));
        QCOMPARE(map.hashes.last(), blockHash(QByteArray(1, '\0'), key));
    }
};

QTEST_APPLESS_MAIN(BlockMapTest)
#include "tst_blockmap.moc"
