#include "engine/mirror/problemlist.h"

#include <QTest>

using namespace octopus;
using namespace octopus::mirror;

class TestProblemList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPathHasOneProblem();
    void aProblemKeepsItsBeginning();
    void noticesAreNoFailures();
    void clearingIsExact();
    void aSubtreeIsClearedAsAWhole();
    void theListIsBounded();
};

static RelPath at(const QByteArray &path)
{
    return *RelPath::parse(path);
}

void TestProblemList::aPathHasOneProblem()
{
    ProblemList problems;
    problems.set(at("b"), ProblemCode::NoSpace, "full", WallTime{1});
    problems.set(at("a"), ProblemCode::CannotRead, "denied", WallTime{2});
    problems.set(at("b"), ProblemCode::CannotApply, "no", WallTime{3});
    QCOMPARE(problems.list(),
             (QList{Problem{at("a"), ProblemCode::CannotRead, "denied", WallTime{2}},
                    Problem{at("b"), ProblemCode::CannotApply, "no", WallTime{3}}}));
    QVERIFY(problems.has(at("a")) && !problems.has(at("c")));
}

void TestProblemList::aProblemKeepsItsBeginning()
{
    ProblemList problems;
    problems.set(at("a"), ProblemCode::NoSpace, "full", WallTime{1});
    problems.set(at("a"), ProblemCode::NoSpace, "fuller", WallTime{9});
    QCOMPARE(problems.list(),
             (QList{Problem{at("a"), ProblemCode::NoSpace, "fuller", WallTime{1}}}));
}

void TestProblemList::noticesAreNoFailures()
{
    ProblemList problems;
    problems.set(at("socket"), ProblemCode::NotMirrored, {}, WallTime{});
    QVERIFY(!problems.hasFailures());
    QCOMPARE(problems.failures(), QList<RelPath>());
    problems.set(at("a"), ProblemCode::Unstable, {}, WallTime{});
    QVERIFY(problems.hasFailures());
    QCOMPARE(problems.failures(), QList{at("a")});
    QCOMPARE(problems.list().size(), 2);
}

void TestProblemList::clearingIsExact()
{
    ProblemList problems;
    problems.set(at("a"), ProblemCode::Unstable, {}, WallTime{});
    problems.set(at("s"), ProblemCode::NotMirrored, {}, WallTime{});
    problems.clear(at("a"), ProblemCode::NoSpace); // it has another
    QVERIFY(problems.has(at("a")));
    problems.clearFailure(at("s")); // a notice
    QVERIFY(problems.has(at("s")));
    problems.clearFailure(at("a"));
    problems.clear(at("s"), ProblemCode::NotMirrored);
    QCOMPARE(problems.list(), QList<Problem>());
    problems.set(at("a"), ProblemCode::Unstable, {}, WallTime{});
    problems.clear(at("a"));
    problems.clear(at("none"));
    QVERIFY(!problems.hasFailures());
}

void TestProblemList::aSubtreeIsClearedAsAWhole()
{
    ProblemList problems;
    for (const char *path : {"a", "a/b", "a/b/c", "a!", "ab"})
        problems.set(at(path), ProblemCode::Unstable, {}, WallTime{});
    problems.clearSubtree(at("a"));
    QCOMPARE(problems.failures(), (QList{at("a!"), at("ab")}));
    problems.clearSubtree({});
    QVERIFY(!problems.hasFailures());
}

void TestProblemList::theListIsBounded()
{
    ProblemList problems;
    const int count = int(ProblemList::maximumListed) + 5;
    for (int i = 0; i < count; ++i)
        problems.set(at(QByteArray::number(i)), ProblemCode::Unstable, {}, WallTime{});
    QCOMPARE(problems.list().size(), ProblemList::maximumListed);
    for (int i = 0; i < count; ++i) {
        QVERIFY(problems.hasFailures());
        problems.clear(at(QByteArray::number(i)));
    }
    QVERIFY(!problems.hasFailures());
}

QTEST_APPLESS_MAIN(TestProblemList)

#include "tst_problemlist.moc"
