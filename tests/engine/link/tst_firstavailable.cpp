// Which of several transports is tried when, and over which of them a call is won: as tables of what
// happens, and what is to be done then.
#include "engine/link/firstavailable.h"

#include <QTest>

using namespace octopus;
using namespace octopus::link;
using namespace std::chrono_literals;

using Kind = FirstAvailable::Step::Kind;

namespace {

// One line of a history: at `at` ms `what` happens to a transport (c: connected, r: ready, f: failed,
// -: nothing), and then this is to be done.
struct Line {
    int at;
    char what;
    qsizetype transport;
    Kind kind;
    int detail; // the transport to begin or take; when to ask again (-1: when told)
};

struct History {
    const char *name;
    qsizetype transports;
    QList<Line> lines;
};

MonotonicTime at(int milliseconds)
{
    return {Milliseconds(milliseconds)};
}

const QList<History> all{
    {"one that answers",
     1,
     {{0, '-', 0, Kind::Begin, 0}, {0, '-', 0, Kind::Wait, -1}, {90, 'r', 0, Kind::Take, 0}}},
    {"one that fails",
     1,
     {{0, '-', 0, Kind::Begin, 0}, {0, '-', 0, Kind::Wait, -1}, {9, 'f', 0, Kind::Fail, 0}}},
    {"the next begins when the first has failed",
     2,
     {{0, '-', 0, Kind::Begin, 0},
      {0, '-', 0, Kind::Wait, 2000},
      {10, 'f', 0, Kind::Begin, 1},
      {10, '-', 0, Kind::Wait, -1},
      {20, 'f', 1, Kind::Fail, 0}}},
    {"a dead first choice delays little",
     3,
     {{0, '-', 0, Kind::Begin, 0},
      {1999, '-', 0, Kind::Wait, 2000},
      {2000, '-', 0, Kind::Begin, 1},
      {2000, '-', 0, Kind::Wait, 4000},
      {4000, '-', 0, Kind::Begin, 2},
      {4000, '-', 0, Kind::Wait, -1},
      {4100, 'r', 2, Kind::Take, 2}}},
    {"one that is connected has its time for TLS",
     2,
     {{0, '-', 0, Kind::Begin, 0},
      {100, 'c', 0, Kind::Wait, 5100},
      {900, 'c', 0, Kind::Wait, 5100},
      {5100, '-', 0, Kind::Begin, 1}}},
    {"a better one near its end is given a moment",
     2,
     {{0, '-', 0, Kind::Begin, 0},
      {2000, '-', 0, Kind::Begin, 1},
      {2100, 'c', 0, Kind::Wait, -1},
      {2200, 'r', 1, Kind::Wait, 3200},
      {2900, '-', 0, Kind::Wait, 3200},
      {3000, 'r', 0, Kind::Take, 0}}},
    {"and no more than that",
     2,
     {{0, '-', 0, Kind::Begin, 0},
      {2000, '-', 0, Kind::Begin, 1},
      {2100, 'c', 0, Kind::Wait, -1},
      {2200, 'r', 1, Kind::Wait, 3200},
      {3200, '-', 0, Kind::Take, 1}}},
    {"the better one fails after all",
     2,
     {{0, '-', 0, Kind::Begin, 0},
      {2000, '-', 0, Kind::Begin, 1},
      {2100, 'c', 0, Kind::Wait, -1},
      {2200, 'r', 1, Kind::Wait, 3200},
      {2300, 'f', 0, Kind::Take, 1}}},
    {"a better one that is not even connected is not waited for",
     2,
     {{0, '-', 0, Kind::Begin, 0}, {2000, '-', 0, Kind::Begin, 1}, {2200, 'r', 1, Kind::Take, 1}}},
    {"the middle one comes, the best does not",
     3,
     {{0, '-', 0, Kind::Begin, 0},
      {2000, '-', 0, Kind::Begin, 1},
      {4000, '-', 0, Kind::Begin, 2},
      {4100, 'c', 0, Kind::Wait, -1},
      {4200, 'c', 1, Kind::Wait, -1},
      {4300, 'r', 2, Kind::Wait, 5300},
      {4400, 'r', 1, Kind::Wait, 5300},
      {5300, '-', 0, Kind::Take, 1}}},
    {"a winner that dies while it waits",
     2,
     {{0, '-', 0, Kind::Begin, 0},
      {2000, '-', 0, Kind::Begin, 1},
      {2100, 'c', 0, Kind::Wait, -1},
      {2200, 'r', 1, Kind::Wait, 3200},
      {2300, 'f', 1, Kind::Wait, -1},
      {2400, 'f', 0, Kind::Fail, 0}}},
};

} // namespace

class FirstAvailableTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachHistoryHasItsSteps_data();
    void eachHistoryHasItsSteps();
};

void FirstAvailableTest::eachHistoryHasItsSteps_data()
{
    QTest::addColumn<qsizetype>("index");
    for (qsizetype i = 0; i < all.size(); ++i)
        QTest::newRow(all[i].name) << i;
}

void FirstAvailableTest::eachHistoryHasItsSteps()
{
    QFETCH(qsizetype, index);
    FirstAvailable plan(all[index].transports);
    for (const Line &line : all[index].lines) {
        const MonotonicTime now = at(line.at);
        if (line.what == 'c')
            plan.connected(line.transport, now);
        else if (line.what == 'r')
            plan.ready(line.transport, now);
        else if (line.what == 'f')
            plan.failed(line.transport);
        const auto step = plan.next(now);
        QVERIFY2(step.kind == line.kind, QByteArray::number(line.at).constData());
        if (step.kind == Kind::Begin || step.kind == Kind::Take)
            QCOMPARE(step.transport, line.detail);
        if (step.kind == Kind::Wait)
            QVERIFY2(step.until
                         == (line.detail < 0 ? std::nullopt : std::optional(at(line.detail))),
                     QByteArray::number(line.at).constData());
    }
}

QTEST_GUILESS_MAIN(FirstAvailableTest)
#include "tst_firstavailable.moc"
