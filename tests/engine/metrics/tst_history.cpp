#include "engine/metrics/history.h"

#include <QTest>

using namespace octopus;
using namespace octopus::metrics;

using Samples = QList<std::optional<Sample>>;

static MonotonicTime at(double seconds)
{
    return {Nanoseconds(qint64(seconds * 1e9))};
}

static Sample sent(quint64 bytes)
{
    Sample sample;
    sample.bytes = bytes;
    return sample;
}

// The bytes of those that are there, as "position:bytes".
static QByteArray text(const Samples &samples)
{
    QByteArrayList words;
    for (qsizetype i = 0; i < samples.size(); ++i) {
        if (samples.at(i))
            words.append(QByteArray::number(i) + ':' + QByteArray::number(samples.at(i)->bytes));
    }
    return words.join(' ');
}

class HistoryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyHistoryIsAllGaps()
    {
        const History history;
        QCOMPARE(history.seconds(at(0)), Samples(600));
        QCOMPARE(history.minutes(at(1e6)), Samples(1440));
    }

    void theLastIsTheBegunOneAndWhatIsMissingIsAGap()
    {
        History history;
        history.add(sent(1), at(1000));
        history.add(sent(2), at(1002.5));
        QCOMPARE(text(history.seconds(at(1002.9))), "597:1 599:2");
        QCOMPARE(text(history.seconds(at(1003))), "596:1 598:2");
        QCOMPARE(text(history.minutes(at(1003))), "1439:3");
    }

    void samplesOfOneSecondAreMerged_data()
    {
        QTest::addColumn<std::optional<Milliseconds>>("one");
        QTest::addColumn<std::optional<Milliseconds>>("other");
        QTest::addColumn<std::optional<Milliseconds>>("worst");
        const std::optional<Milliseconds> unknown;
        const std::optional five(Milliseconds(5));
        const std::optional nine(Milliseconds(9));
        QTest::newRow("later is worse") << five << nine << nine;
        QTest::newRow("earlier is worse") << nine << five << nine;
        QTest::newRow("unknown later") << five << unknown << unknown;
        QTest::newRow("unknown earlier") << unknown << five << unknown;
    }
    void samplesOfOneSecondAreMerged()
    {
        QFETCH(std::optional<Milliseconds>, one);
        QFETCH(std::optional<Milliseconds>, other);
        QFETCH(std::optional<Milliseconds>, worst);
        History history;
        history.add(Sample{10, 1, 500, one}, at(7.1));
        history.add(Sample{20, 2, 300, other}, at(7.9));
        const Sample expected{30, 3, 500, worst};
        QCOMPARE(history.seconds(at(7.9)).last(), std::optional(expected));
        QCOMPARE(history.minutes(at(7.9)).last(), std::optional(expected));
    }

    void whatIsTooOldIsOverwrittenOrLeftOut()
    {
        History history;
        for (int second = 0; second < 2000; ++second)
            history.add(sent(quint64(second)), at(second));
        const Samples samples = history.seconds(at(1999));
        QCOMPARE(samples.first(), std::optional(sent(1400)));
        QCOMPARE(samples.last(), std::optional(sent(1999)));
        QCOMPARE(text(history.seconds(at(2598))), "0:1999");
        QCOMPARE(text(history.seconds(at(2599))), "");
        QCOMPARE(history.minutes(at(1999)).count(std::nullopt), 1440 - 34);
        QCOMPARE(text(history.minutes(at(1999 + 86400))), "");
    }

    void aClockThatGoesBackCountsAsTheLatest()
    {
        History history;
        history.add(sent(1), at(100));
        history.add(sent(2), at(50));
        QCOMPARE(text(history.seconds(at(50))), "599:3");
    }
};

QTEST_APPLESS_MAIN(HistoryTest)
#include "tst_history.moc"
