#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "tests/support/seededrandom.h"

#include <QTest>

#include <deque>

using namespace octopus;
using namespace octopus::testing;

namespace {

// Gives the numbers it was told, in order.
class ListedRandom final : public Random
{
public:
    explicit ListedRandom(std::deque<quint64> numbers) : m_numbers(std::move(numbers)) {}
    quint64 next64() override
    {
        const quint64 number = m_numbers.front();
        m_numbers.pop_front();
        return number;
    }
    bool isUsedUp() const { return m_numbers.empty(); }

private:
    std::deque<quint64> m_numbers;
};

} // namespace

class RandomTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void belowStaysBelow_data();
    void belowStaysBelow();
    void belowDrawsAgainWhatWouldTiltTheResult();
    void belowIsUniform();
    void bytesAreAsManyAsAsked();
    void seededRandomEqualsThePublishedVector();
    void theSystemGivesDifferentNumbers();
    void theSystemClockGoesOn();
};

void RandomTest::belowStaysBelow_data()
{
    QTest::addColumn<quint64>("bound");
    for (const quint64 bound : {quint64(1), quint64(2), quint64(3), quint64(10), quint64(1) << 63,
                                (quint64(1) << 63) + 1, ~quint64(0)})
        QTest::addRow("%llu", bound) << bound;
}

void RandomTest::belowStaysBelow()
{
    QFETCH(quint64, bound);
    SeededRandom random(1);
    for (int i = 0; i < 1000; ++i)
        QVERIFY(random.below(bound) < bound);
}

void RandomTest::belowDrawsAgainWhatWouldTiltTheResult()
{
    const quint64 half = quint64(1) << 63;
    // For this bound everything from `half + 1` on belongs to an incomplete block.
    ListedRandom random({~quint64(0), half + 1, 5});
    QCOMPARE(random.below(half + 1), 5u);
    QVERIFY(random.isUsedUp());
}

void RandomTest::belowIsUniform()
{
    SeededRandom random(2);
    QList<int> counts(10);
    for (int i = 0; i < 100000; ++i)
        ++counts[qsizetype(random.below(10))];
    for (const int count : counts)
        QVERIFY2(count > 9500 && count < 10500, QByteArray::number(count).constData());
}

void RandomTest::bytesAreAsManyAsAsked()
{
    SeededRandom random(3);
    for (const qsizetype count : {0, 1, 7, 8, 9, 1000})
        QCOMPARE(random.bytes(count).size(), count);
    ListedRandom listed({0x0807060504030201, 0x0909090909090909});
    QCOMPARE(listed.bytes(9), "\x01\x02\x03\x04\x05\x06\x07\x08\x09");
}

void RandomTest::seededRandomEqualsThePublishedVector()
{
    // SplitMix64 from 1234567.
    SeededRandom random(1234567);
    for (const quint64 expected : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                   4593380528125082431u, 16408922859458223821u})
        QCOMPARE(random.next64(), expected);
}

void RandomTest::theSystemGivesDifferentNumbers()
{
    SystemRandom random;
    QVERIFY(random.next64() != random.next64());
    QVERIFY(random.bytes(16) != random.bytes(16));
}

void RandomTest::theSystemClockGoesOn()
{
    const SystemClock clock;
    const MonotonicTime first = clock.monotonic();
    QVERIFY(clock.monotonic() >= first);
    QVERIFY(clock.wall().nanoseconds > 1'600'000'000'000'000'000); // it counts from 1970
    QCOMPARE((first + Milliseconds(3)) - first, Nanoseconds(3'000'000));
}

QTEST_APPLESS_MAIN(RandomTest)
#include "tst_random.moc"
