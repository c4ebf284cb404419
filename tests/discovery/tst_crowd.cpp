// Five hundred machines on one segment: everybody knows everybody soon, and it stays cheap.
#include "tests/discovery/fakesegment.h"
#include "tests/discovery/samples.h"

#include <QElapsedTimer>
#include <QTest>

using namespace octopus;
using namespace octopus::discovery;
using namespace std::chrono_literals;

namespace {

constexpr quint32 crowd = 500;

// The number of machines that do not list every other one.
int uninformed(const FakeSegment &segment)
{
    int count = 0;
    for (quint32 number = 0; number < segment.size(); ++number)
        count += segment.table(number).size() == segment.size() - 1 ? 0 : 1;
    return count;
}

void report(const char *what, quint64 datagrams, quint64 bytes)
{
    qInfo("%s: %llu datagrams, %llu bytes", what, datagrams, bytes);
}

} // namespace

class CrowdTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNewcomerKnowsFiveHundredInOneSecond();
    void fiveHundredThatStartAtOnceKnowEachOtherInThreeSeconds();
    void fiveHundredThatAskAtOnceCostTwoDatagramsEach();
    void inQuietTimesItIsThirtyDatagramsASecond();
    void aLossyNetworkIsCompleteSoon();
    void moreThanTheTableHoldsIsBounded();
};

void CrowdTest::aNewcomerKnowsFiveHundredInOneSecond()
{
    FakeSegment segment(1);
    while (segment.size() < crowd)
        segment.add();
    segment.passTime(5s);
    const quint64 before = segment.datagrams();
    const quint64 bytesBefore = segment.bytes();
    const quint32 newcomer = segment.add();
    segment.passTime(150ms);
    QVERIFY(segment.table(newcomer).size() > 50); // the first ones at once
    segment.passTime(850ms);
    QCOMPARE(segment.table(newcomer).size(), qsizetype(crowd));
    report("a newcomer", segment.datagrams() - before, segment.bytes() - bytesBefore);
    QVERIFY(segment.datagrams() - before <= crowd + 10);
}

void CrowdTest::fiveHundredThatStartAtOnceKnowEachOtherInThreeSeconds()
{
    QElapsedTimer timer;
    timer.start();
    FakeSegment segment(2);
    while (segment.size() < crowd)
        segment.add();
    segment.passTime(200ms);
    const int after200Ms = uninformed(segment);
    segment.passTime(2800ms);
    QCOMPARE(uninformed(segment), 0);
    qInfo("%d uninformed after 0.2 s; %lld ms of real time", after200Ms, timer.elapsed());
    report("a common start", segment.datagrams(), segment.bytes());
    QVERIFY(segment.datagrams() <= crowd * 3);
    QVERIFY(segment.mostSentByOne() <= 3);
}

void CrowdTest::fiveHundredThatAskAtOnceCostTwoDatagramsEach()
{
    FakeSegment segment(3);
    while (segment.size() < crowd)
        segment.add();
    segment.passTime(10s);
    const quint64 before = segment.datagrams();
    const quint64 bytesBefore = segment.bytes();
    for (quint32 number = 0; number < crowd; ++number)
        segment.beacon(number).ask();
    segment.passTime(3s);
    report("everybody asks", segment.datagrams() - before, segment.bytes() - bytesBefore);
    QVERIFY(segment.datagrams() - before <= crowd * 2 + 100);
}

void CrowdTest::inQuietTimesItIsThirtyDatagramsASecond()
{
    FakeSegment segment(4);
    while (segment.size() < crowd)
        segment.add();
    segment.passTime(30s);
    const quint64 before = segment.datagrams();
    const quint64 bytesBefore = segment.bytes();
    segment.passTime(60s);
    report("a quiet minute", segment.datagrams() - before, segment.bytes() - bytesBefore);
    QVERIFY(segment.datagrams() - before <= 60 * 30);
    QCOMPARE(uninformed(segment), 0);
}

void CrowdTest::aLossyNetworkIsCompleteSoon()
{
    FakeSegment segment(5, 10);
    while (segment.size() < 50)
        segment.add();
    segment.passTime(5s);
    QVERIFY2(uninformed(segment) <= 5, qPrintable(QString::number(uninformed(segment))));
    segment.passTime(55s);
    QCOMPARE(uninformed(segment), 0);
}

void CrowdTest::moreThanTheTableHoldsIsBounded()
{
    FakeSegment segment(6);
    const quint32 listener = segment.add();
    for (quint32 number = 2; number < 3000; ++number) {
        segment.beacon(listener).receive(
            {encode(samples::announcement(number)), samples::address(number), 2});
        if (number % 10 == 0)
            segment.passTime(10ms);
    }
    QCOMPARE(segment.table(listener).size(), MachineTable::mostMachines);
    QVERIFY(segment.beacon(listener).counters().noRoom > 1000);
}

QTEST_APPLESS_MAIN(CrowdTest)
#include "tst_crowd.moc"
