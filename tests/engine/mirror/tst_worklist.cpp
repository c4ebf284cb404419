#include "engine/mirror/worklist.h"

#include <QTest>

using namespace octopus;
using namespace octopus::mirror;

class TestWorklist : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readyPathsComeInTreeOrder();
    void aPathIsInItOnceWithItsOldestChange();
    void whatIsPutOffWaitsForItsTime();
    void theEarlierOfTwoTimesCounts();
    void aNewChangeEndsTheWait();
    void whatIsReadyIsNotPutOff();
    void anAbsenceIsKeptApart();
    void directoriesComeLastFirst();
    void aDisturbedDirectoryStaysDisturbed();
    void whatIsBelowAMoveIsLookedAtUnderBothNames();
    void aMoveOntoOtherWorkForgetsNothing();
    void itKnowsTheOldestChange();
    void itKnowsWhenSomethingIsDue();
    void onlyWhatIsAcceptedMayBePutOff();
    void clearingForgetsEverything();
};

static RelPath at(const QByteArray &path)
{
    return *RelPath::parse(path);
}

static MonotonicTime ms(qint64 count)
{
    return {Milliseconds(count)};
}

static QList<QByteArray> takeAll(Worklist &work, MonotonicTime now)
{
    QList<QByteArray> out;
    while (const auto ready = work.takeReady(now))
        out.append(ready->first.bytes());
    return out;
}

void TestWorklist::readyPathsComeInTreeOrder()
{
    Worklist work;
    QVERIFY(!work.hasReady(ms(0)));
    for (const char *path : {"b", "a!", "a/z", "a", "", "a/b/c"})
        work.add(at(path), {ms(1)});
    QVERIFY(work.hasReady(ms(0)));
    QCOMPARE(work.size(), 6);
    QCOMPARE(takeAll(work, ms(0)), (QList<QByteArray>{"", "a", "a/b/c", "a/z", "a!", "b"}));
    QCOMPARE(work.size(), 0);
}

void TestWorklist::aPathIsInItOnceWithItsOldestChange()
{
    Worklist work;
    work.add(at("a"), {ms(5), 2, false});
    work.add(at("a"), {ms(3), 0, true});
    work.add(at("a"), {ms(9), 1, false});
    QCOMPARE(work.size(), 1);
    const auto ready = work.takeReady(ms(0));
    QCOMPARE(ready->second.capturedAt, ms(3));
    QCOMPARE(ready->second.attempts, 2);
    QVERIFY(ready->second.rescan);
    QVERIFY(!work.takeReady(ms(100)));
}

void TestWorklist::whatIsPutOffWaitsForItsTime()
{
    Worklist work;
    work.addLater(at("b"), {ms(1)}, ms(10));
    work.addLater(at("a"), {ms(1), 3}, ms(20));
    work.add(at("c"), {ms(1)});
    QCOMPARE(work.size(), 3);
    QCOMPARE(takeAll(work, ms(9)), QList<QByteArray>{"c"});
    QVERIFY(!work.hasReady(ms(9)));
    QVERIFY(work.hasReady(ms(10)));
    QCOMPARE(takeAll(work, ms(10)), QList<QByteArray>{"b"});
    const auto late = work.takeReady(ms(1000));
    QCOMPARE(late->first, at("a"));
    QCOMPARE(late->second.attempts, 3);
}

void TestWorklist::theEarlierOfTwoTimesCounts()
{
    Worklist work;
    work.addLater(at("a"), {ms(5), 1, true}, ms(10));
    work.addLater(at("a"), {ms(4), 0, false}, ms(20));
    QCOMPARE(work.size(), 1);
    const auto ready = work.takeReady(ms(10));
    QVERIFY(ready);
    QCOMPARE(ready->second.capturedAt, ms(4));
    QCOMPARE(ready->second.attempts, 1);
    QVERIFY(ready->second.rescan);
}

void TestWorklist::aNewChangeEndsTheWait()
{
    Worklist work;
    work.addLater(at("a"), {ms(1), 7, true}, ms(1000));
    work.add(at("a"), {ms(5)});
    QCOMPARE(work.size(), 1);
    const auto ready = work.takeReady(ms(6));
    QVERIFY(ready);
    QCOMPARE(ready->second.capturedAt, ms(1));
    QCOMPARE(ready->second.attempts, 7);
    QVERIFY(ready->second.rescan);
}

void TestWorklist::whatIsReadyIsNotPutOff()
{
    Worklist work;
    work.add(at("a"), {ms(5)});
    work.addLater(at("a"), {ms(1), 2}, ms(1000));
    QCOMPARE(work.size(), 1);
    const auto ready = work.takeReady(ms(6));
    QVERIFY(ready);
    QCOMPARE(ready->second.capturedAt, ms(1));
    QCOMPARE(ready->second.attempts, 2);
}

void TestWorklist::anAbsenceIsKeptApart()
{
    Worklist work;
    work.addAbsent(at("a"), ms(5));
    work.addAbsent(at("a"), ms(3));
    work.addAbsent(at("a"), ms(4));
    QVERIFY(!work.hasReady(ms(100)));
    QCOMPARE(work.size(), 1);
    QCOMPARE(work.absent().at(at("a")), ms(3));
    QCOMPARE(work.takeAbsent().size(), 1u);
    QVERIFY(work.absent().empty());
    QCOMPARE(work.size(), 0);
}

void TestWorklist::directoriesComeLastFirst()
{
    Worklist work;
    for (const char *path : {"a", "a/b", "", "b"})
        work.addDirectory(at(path));
    QVERIFY(work.hasDirectories());
    QList<QByteArray> order;
    while (const auto directory = work.takeDirectory())
        order.append(directory->first.bytes());
    QCOMPARE(order, (QList<QByteArray>{"b", "a/b", "a", ""}));
    QVERIFY(!work.hasDirectories());
}

void TestWorklist::aDisturbedDirectoryStaysDisturbed()
{
    Worklist work;
    work.addDirectory(at("a"), true);
    work.addDirectory(at("a"), false);
    work.addDirectory(at("b"), false);
    work.addDirectory(at("c"), false);
    work.addDirectory(at("c"), true);
    QCOMPARE(work.takeDirectory(), std::pair(at("c"), true));
    QCOMPARE(work.takeDirectory(), std::pair(at("b"), false));
    QCOMPARE(work.takeDirectory(), std::pair(at("a"), true));
}

void TestWorklist::whatIsBelowAMoveIsLookedAtUnderBothNames()
{
    Worklist work;
    work.add(at("d/ready"), {ms(1), 2, true});
    work.add(at("d!"), {ms(1)});
    work.addLater(at("d/later"), {ms(1)}, ms(50));
    work.addAbsent(at("d/gone"), ms(1));
    work.addDirectory(at("d"));
    work.follow(at("d"), at("e"));
    QCOMPARE(takeAll(work, ms(0)), (QList<QByteArray>{"d/ready", "d!", "e/ready"}));
    QCOMPARE(work.absent(),
             (std::map<RelPath, MonotonicTime>{{at("d/gone"), ms(1)}, {at("e/gone"), ms(1)}}));
    QCOMPARE(work.takeDirectory()->first, at("e"));
    QCOMPARE(work.takeDirectory()->first, at("d"));
    QCOMPARE(takeAll(work, ms(50)), (QList<QByteArray>{"d/later", "e/later"}));
}

void TestWorklist::aMoveOntoOtherWorkForgetsNothing()
{
    Worklist work;
    work.add(at("d"), {ms(1), 4, true});
    work.add(at("e"), {ms(5), 0, false});
    work.addAbsent(at("d/x"), ms(2));
    work.addAbsent(at("e/x"), ms(6));
    work.addDirectory(at("d"), true);
    work.addDirectory(at("e"), false);
    work.follow(at("d"), at("e"));
    QCOMPARE(work.takeReady(ms(10))->first, at("d"));
    const auto ready = work.takeReady(ms(10));
    QCOMPARE(ready->first, at("e"));
    QCOMPARE(ready->second.capturedAt, ms(1));
    QCOMPARE(ready->second.attempts, 4);
    QVERIFY(ready->second.rescan);
    QVERIFY(!work.takeReady(ms(10)));
    QCOMPARE(work.takeAbsent(),
             (std::map<RelPath, MonotonicTime>{{at("d/x"), ms(2)}, {at("e/x"), ms(2)}}));
    QCOMPARE(work.takeDirectory(), std::pair(at("e"), true));
}

void TestWorklist::itKnowsTheOldestChange()
{
    Worklist work;
    QCOMPARE(work.oldest(), std::nullopt);
    work.add(at("a"), {ms(9)});
    QCOMPARE(work.oldest(), ms(9));
    work.addLater(at("b"), {ms(7)}, ms(100));
    QCOMPARE(work.oldest(), ms(7));
    work.addAbsent(at("c"), ms(5));
    QCOMPARE(work.oldest(), ms(5));
    work.addDirectory(at("d"));
    (void)work.takeAbsent();
    QCOMPARE(work.oldest(), ms(7));
}

void TestWorklist::itKnowsWhenSomethingIsDue()
{
    Worklist work;
    work.add(at("a"), {ms(1)});
    QCOMPARE(work.nextDue(), std::nullopt);
    work.addLater(at("b"), {ms(1)}, ms(30));
    work.addLater(at("c"), {ms(1)}, ms(20));
    QCOMPARE(work.nextDue(), ms(20));
    (void)takeAll(work, ms(20));
    QCOMPARE(work.nextDue(), ms(30));
}

void TestWorklist::onlyWhatIsAcceptedMayBePutOff()
{
    Worklist work;
    const auto isA = [](const RelPath &path) { return path == at("a"); };
    QVERIFY(work.hasOnly(isA));
    work.addLater(at("a"), {ms(1)}, ms(30));
    QVERIFY(work.hasOnly(isA));
    work.addLater(at("b"), {ms(1)}, ms(30));
    QVERIFY(!work.hasOnly(isA));
    (void)takeAll(work, ms(30));
    work.add(at("a"), {ms(1)});
    QVERIFY(!work.hasOnly(isA)); // ready
}

void TestWorklist::clearingForgetsEverything()
{
    Worklist work;
    work.add(at("a"), {ms(1)});
    work.addLater(at("b"), {ms(1)}, ms(30));
    work.addAbsent(at("c"), ms(1));
    work.addDirectory(at("d"));
    work.clear();
    QCOMPARE(work.size(), 0);
    QVERIFY(!work.hasReady(ms(100)) && !work.hasDirectories() && work.absent().empty());
    QCOMPARE(work.oldest(), std::nullopt);
    QCOMPARE(work.nextDue(), std::nullopt);
}

QTEST_APPLESS_MAIN(TestWorklist)

#include "tst_worklist.moc"
