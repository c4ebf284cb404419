// What a check says: every fact has a stage, a sentence of its own, and advice where it is in the way.
#include "tests/engine/checkfindings.h"

#include <QTest>

using namespace octopus;
using namespace octopus::checkfindings;

Q_DECLARE_METATYPE(octopus::control::CheckStage)

class TestCheckStages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyObstacleHasItsOwnWords_data();
    void everyObstacleHasItsOwnWords();
    void whatIsInOrderNeedsNoAdvice_data();
    void whatIsInOrderNeedsNoAdvice();
    void noTwoObstaclesAreToldAlike();
    void theGrantIsTheOneForTheDestination();
};

void TestCheckStages::everyObstacleHasItsOwnWords_data()
{
    QTest::addColumn<CheckStage>("stage");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("words");
    for (const auto &[what, stage, name, words] : obstacles())
        QTest::newRow(what) << stage << QByteArray(name) << QByteArray(words);
}

void TestCheckStages::everyObstacleHasItsOwnWords()
{
    QFETCH(CheckStage, stage);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, words);
    QVERIFY(!stage.ok);
    QVERIFY(!stage.finding.isEmpty());
    QCOMPARE(stage.stage, name);
    QVERIFY2(stage.detail.contains(words), stage.detail.constData());
    QVERIFY(!stage.advice.isEmpty());
}

void TestCheckStages::whatIsInOrderNeedsNoAdvice_data()
{
    QTest::addColumn<CheckStage>("stage");
    QTest::addColumn<QByteArray>("name");
    for (const auto &[name, stage] : passes())
        QTest::addRow("%s %s", name, stage.finding.constData()) << stage << QByteArray(name);
}

void TestCheckStages::whatIsInOrderNeedsNoAdvice()
{
    QFETCH(CheckStage, stage);
    QFETCH(QByteArray, name);
    QVERIFY(stage.ok);
    QCOMPARE(stage.stage, name);
    QVERIFY(!stage.detail.isEmpty());
    QVERIFY(stage.advice.isEmpty());
    QVERIFY(!stage.finding.isEmpty());
}

void TestCheckStages::noTwoObstaclesAreToldAlike()
{
    QSet<QByteArray> seen;
    for (const auto &[what, stage, name, words] : obstacles()) {
        // Silence and a wrong answer are both just not Octopus.
        if (QByteArray(what) == "something silent")
            continue;
        for (const QByteArray &told : {stage.detail, stage.stage + '/' + stage.finding}) {
            QVERIFY2(!seen.contains(told), what);
            seen.insert(told);
        }
    }
}

void TestCheckStages::theGrantIsTheOneForTheDestination()
{
    QCOMPARE(stages::granted(beta, grants(1), {}).folder, 0);
    QCOMPARE(stages::granted(beta, grants(1), "docs").folder, 0);
    QCOMPARE(stages::granted(beta, grants(1), "/srv/b/docs").folder, 1);
    QVERIFY(!stages::granted(beta, grants(1), "/srv/bb").folder);
}

QTEST_APPLESS_MAIN(TestCheckStages)
#include "tst_checkstages.moc"
