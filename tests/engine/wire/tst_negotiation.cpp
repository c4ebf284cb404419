// Two machines agree on the highest version that both know, and nobody moves them back.
#include "engine/wire/negotiation.h"

#include <QTest>

using namespace octopus;
using namespace octopus::wire;

class TestNegotiation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theHighestCommonVersionIsSpoken_data();
    void theHighestCommonVersionIsSpoken();
    void bothSidesComeToTheSameResult();
};

void TestNegotiation::theHighestCommonVersionIsSpoken_data()
{
    QTest::addColumn<QList<quint32>>("ranges"); // ours, theirs
    QTest::addColumn<quint32>("seen");
    QTest::addColumn<quint32>("version"); // 0: an error
    QTest::addColumn<ErrorCode>("error");
    const auto row = [](const char *name, const QList<quint32> &ranges, quint32 seen,
                        quint32 version, ErrorCode error = {}) {
        QTest::newRow(name) << ranges << seen << version << error;
    };
    row("only one", {1, 1, 1, 1}, 0, 1);
    row("the peer is newer", {1, 2, 1, 3}, 0, 2);
    row("the peer is older", {1, 3, 1, 2}, 0, 2);
    row("they overlap in one", {3, 5, 1, 3}, 0, 3);
    row("the peer is too old", {3, 5, 1, 2}, 0, 0, ErrorCode::VersionMismatch);
    row("the peer is too new", {1, 2, 3, 5}, 0, 0, ErrorCode::VersionMismatch);
    row("as before", {1, 3, 1, 3}, 3, 3);
    row("both were upgraded", {1, 3, 1, 3}, 2, 3);
    row("the peer goes back", {1, 3, 1, 2}, 3, 0, ErrorCode::Refused);
    row("the peer goes back, we went on", {1, 5, 1, 2}, 3, 0, ErrorCode::Refused);
    row("we went back ourselves", {1, 2, 1, 3}, 3, 2);
    row("we went back, the peer further", {1, 2, 1, 1}, 3, 0, ErrorCode::Refused);
    row("mismatch before downgrade", {3, 3, 1, 2}, 3, 0, ErrorCode::VersionMismatch);
}

void TestNegotiation::theHighestCommonVersionIsSpoken()
{
    QFETCH(QList<quint32>, ranges);
    QFETCH(quint32, seen);
    QFETCH(quint32, version);
    QFETCH(ErrorCode, error);
    const Hello ours{ranges[0], ranges[1], {}, {}, {}};
    const Hello theirs{ranges[2], ranges[3], {}, {}, {}};
    const auto result = negotiate(ours, theirs, seen);
    QCOMPARE(result.has_value(), version != 0);
    if (result)
        QCOMPARE(*result, version);
    else
        QCOMPARE(result.error().code, error);
}

void TestNegotiation::bothSidesComeToTheSameResult()
{
    for (quint32 bits = 0; bits < 256; ++bits) {
        const auto range = [&](quint32 shift) {
            const quint32 lowest = 1 + ((bits >> shift) & 3);
            return Hello{lowest, lowest + ((bits >> (shift + 2)) & 3), {}, {}, {}};
        };
        const auto here = negotiate(range(0), range(4), 0);
        const auto there = negotiate(range(4), range(0), 0);
        QCOMPARE(here.has_value(), there.has_value());
        if (here)
            QCOMPARE(*here, *there);
    }
}

QTEST_APPLESS_MAIN(TestNegotiation)
#include "tst_negotiation.moc"
