// Whatever a check of an address finds is told in the user's words, in whole sentences.
#include "app/desktop/language.h"
#include "app/desktop/machines/stagewording.h"
#include "tests/engine/checkfindings.h"

#include <QJsonArray>
#include <QTest>

using namespace octopus;
using namespace octopus::desktop;

class TestStageWording : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFindingHasWordsOfItsOwn_data();
    void everyFindingHasWordsOfItsOwn();
    void whatIsNotKnownHereIsToldAsTheEngineSaysIt();
    void namesOfOthersAreEscaped();
    void whatIsCutOffHasItsEllipsisBehindIt();

private:
    [[nodiscard]] static QJsonValue jsonOf(const control::CheckStage &stage)
    {
        control::CheckReport report;
        report.stages = {stage};
        return control::toJson(report)[u"stages"].toArray().first();
    }
};

void TestStageWording::everyFindingHasWordsOfItsOwn_data()
{
    QTest::addColumn<QJsonValue>("stage");
    QTest::addColumn<bool>("ok");
    for (const auto &[what, stage, name, words] : checkfindings::obstacles())
        QTest::newRow(what) << jsonOf(stage) << false;
    for (const auto &[name, stage] : checkfindings::passes())
        QTest::addRow("%s %s", name, stage.finding.constData()) << jsonOf(stage) << true;
}

void TestStageWording::everyFindingHasWordsOfItsOwn()
{
    QFETCH(QJsonValue, stage);
    QFETCH(bool, ok);
    installLanguage(QLocale(QStringLiteral("de")));
    const QString detail = StageWording::detail(stage);
    const QString advice = StageWording::advice(stage);
    QVERIFY(!detail.isEmpty());
    QVERIFY2(detail != stage[u"detail"].toString(), qPrintable(detail));
    QVERIFY2(!detail.contains(u'%') && !advice.contains(u'%'), qPrintable(detail));
    QVERIFY2(!detail.contains(QStringLiteral("  ")), qPrintable(detail)); // a fact is missing
    QCOMPARE(advice.isEmpty(), ok);
    QVERIFY(ok || advice != stage[u"advice"].toString());
    QVERIFY(StageWording::title(stage[u"stage"].toString()) != stage[u"stage"].toString());
}

void TestStageWording::whatIsNotKnownHereIsToldAsTheEngineSaysIt()
{
    const QJsonValue stage = jsonOf({"weather", false, "it rains", "take an umbrella", "rain", {}});
    QCOMPARE(StageWording::title(QStringLiteral("weather")), QStringLiteral("weather"));
    QCOMPARE(StageWording::detail(stage), QStringLiteral("it rains"));
    QCOMPARE(StageWording::advice(stage), QStringLiteral("take an umbrella"));
}

void TestStageWording::namesOfOthersAreEscaped()
{
    const QJsonValue stage = jsonOf(stages::paired(QStringLiteral("evil\n\u202ename")));
    QVERIFY(!StageWording::detail(stage).contains(u'\n'));
    QVERIFY(!StageWording::detail(stage).contains(QChar(0x202e)));
}

// In a sentence that is read from the right, too.
void TestStageWording::whatIsCutOffHasItsEllipsisBehindIt()
{
    QGuiApplication::setLayoutDirection(Qt::RightToLeft);
    const QString text = StageWording::detail(
        QJsonObject{{QStringLiteral("stage"), QStringLiteral("identity")},
                    {QStringLiteral("finding"), QStringLiteral("told")},
                    {QStringLiteral("facts"),
                     QJsonObject{{QStringLiteral("name"), QStringLiteral("beta")},
                                 {QStringLiteral("id"), QStringLiteral("0123456789abcdef01")}}}});
    QGuiApplication::setLayoutDirection(Qt::LeftToRight);
    QVERIFY2(text.contains(QStringLiteral("\u20660123456789abcdef\u2026\u2069")), qPrintable(text));
}

QTEST_MAIN(TestStageWording)
#include "tst_stagewording.moc"
