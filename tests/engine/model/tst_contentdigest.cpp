// The digest that an operation carries for its content.
#include "engine/model/operation.h"

#include <QTest>

using namespace octopus;

static constexpr HashKey key{17};

class ContentDigestTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itIsTheHashOfOffsetsBytesAndSize();
    void everythingCounts();
    void inOnePieceOrStreamedIsTheSame();
    void inlineBytesAreThoseOfTheRanges();
};

void ContentDigestTest::itIsTheHashOfOffsetsBytesAndSize()
{
    FastHasher hasher(key);
    hasher.addNumber(4096);
    hasher.add("abc");
    hasher.addNumber(10000);
    QCOMPARE(contentDigest({{4096, "abc"}}, 10000, key), hasher.result());
}

void ContentDigestTest::everythingCounts()
{
    const FastDigest digest = contentDigest({{0, "ab"}, {2, "cd"}}, 4, key);
    QVERIFY(digest != contentDigest({{0, "ab"}, {2, "cx"}}, 4, key)); // bytes
    QVERIFY(digest != contentDigest({{0, "ab"}, {3, "cd"}}, 4, key)); // offsets
    QVERIFY(digest != contentDigest({{0, "ab"}, {2, "cd"}}, 5, key)); // size
    QVERIFY(digest != contentDigest({{2, "cd"}, {0, "ab"}}, 4, key)); // order
    QVERIFY(digest != contentDigest({{0, "abcd"}}, 4, key));          // how it is cut
    QVERIFY(digest != contentDigest({{0, "ab"}, {2, "cd"}}, 4, HashKey{18}));
    QVERIFY(contentDigest({}, 0, key) != contentDigest({}, 1, key));
}

void ContentDigestTest::inOnePieceOrStreamedIsTheSame()
{
    ContentDigest streamed(key);
    streamed.add(7, "x");
    streamed.add(100, "yz");
    QCOMPARE(streamed.finish(500), contentDigest({{7, "x"}, {100, "yz"}}, 500, key));
}

void ContentDigestTest::inlineBytesAreThoseOfTheRanges()
{
    Operation operation;
    operation.size = 1'000'000;
    QCOMPARE(inlineBytes(operation), 0u);
    operation.ranges = {{0, "abc"}, {500'000, "de"}};
    QCOMPARE(inlineBytes(operation), 5u);
}

QTEST_APPLESS_MAIN(ContentDigestTest)
#include "tst_contentdigest.moc"
