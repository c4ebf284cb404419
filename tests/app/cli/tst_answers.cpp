// octopusctl with an engine that answers what the test says: output, messages, exit codes.
#include "engine/control/answer.h"
#include "engine/control/json.h"
#include "tests/app/cli/commandline.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace octopus;
using namespace octopus::cli;
using namespace octopus::control;

class TestAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_line = std::make_unique<CommandLine>(); }
    void cleanup() { m_line.reset(); }
    void jsonIsOneDocumentAndNothingElse_data();
    void jsonIsOneDocumentAndNothingElse();
    void anInvitationPrintsOnlyTheTicket();
    void aCheckHasTheExitCodeOfItsLastStage_data();
    void aCheckHasTheExitCodeOfItsLastStage();
    void failuresHaveTheirExitCode_data();
    void failuresHaveTheirExitCode();
    void aRefusedDestinationIsListed();
    void aRefusedDestinationIsListedAsJsonToo();
    void activityIsToldTheOldestFirst();
    void watchedActivityIsToldOnce();
    void differencesAreExitCodeOne();
    void noDifferenceIsExitCodeZero();
    void noticesAreNoProblem();
    void theReportIsWritten();
    void aReportThatCannotBeWrittenIsSaid();
    void waitingTimesOutWithExitCodeFive();
    void withoutAnEngineItIsExitCodeThree();
    void anEngineThatGoesAwayIsExitCodeThree();
    void namesOfOthersCannotCommandTheTerminal();
    void progressIsOnlyForTerminals();

private:
    void answerWith(const QJsonValue &answer);
    void failWith(const Failure &failure);

    std::unique_ptr<CommandLine> m_line;
};

void TestAnswers::answerWith(const QJsonValue &answer)
{
    m_line->api().answer = [answer](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->finish(answer);
    };
}

void TestAnswers::failWith(const Failure &failure)
{
    m_line->api().answer = [failure](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->fail(failure);
    };
}

void TestAnswers::jsonIsOneDocumentAndNothingElse_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::newRow("identity") << QByteArray(R"({"id":"ab","name":"alpha"})");
    QTest::newRow("peers") << QByteArray(R"([{"id":"ab","name":"beta"}])");
    QTest::newRow("vault list") << QByteArray("[]");
    QTest::newRow("pause docs") << QByteArray("{}");
    QTest::newRow("synchronize docs") << QByteArray(R"({"compared":7,"problems":[]})");
}

void TestAnswers::jsonIsOneDocumentAndNothingElse()
{
    QFETCH(QByteArray, document);
    const QJsonDocument parsed = QJsonDocument::fromJson(document);
    answerWith(parsed.isArray() ? QJsonValue(parsed.array()) : QJsonValue(parsed.object()));
    const Outcome outcome =
        m_line->run(("--json " + QByteArray(QTest::currentDataTag())).constData());
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.output, document + '\n');
    QCOMPARE(outcome.messages, QByteArray());
}

void TestAnswers::anInvitationPrintsOnlyTheTicket()
{
    answerWith(toJson(Ticket{QStringLiteral("octopus:abc"), WallTime{1}}));
    const Outcome outcome = m_line->run("invite");
    QCOMPARE(outcome.output, QByteArray("octopus:abc\n"));
    QCOMPARE(outcome.messages, QByteArray());
}

void TestAnswers::aCheckHasTheExitCodeOfItsLastStage_data()
{
    QTest::addColumn<QByteArray>("stage");
    QTest::addColumn<bool>("ok");
    QTest::addColumn<int>("code");
    QTest::newRow("all is well") << QByteArray("clock") << true << 0;
    QTest::newRow("clocks differ") << QByteArray("clock") << false << 1;
    for (const char *stage : {"resolve", "reach", "tls"})
        QTest::newRow(stage) << QByteArray(stage) << false << 3;
    for (const char *stage : {"identity", "version", "pairing", "grant", "space"})
        QTest::newRow(stage) << QByteArray(stage) << false << 4;
}

void TestAnswers::aCheckHasTheExitCodeOfItsLastStage()
{
    QFETCH(QByteArray, stage);
    QFETCH(bool, ok);
    QFETCH(int, code);
    CheckReport report;
    report.stages = {{"first", true, "it \x1b is", {}}, {stage, ok, "found", "do this"}};
    m_line->api().answer = [&](const Command &, const std::shared_ptr<Responder> &responder) {
        CheckReport sofar = report;
        sofar.stages.removeLast();
        responder->progress(toJson(sofar));
        responder->finish(toJson(report));
    };
    const Outcome outcome = m_line->run("check beta");
    QCOMPARE(outcome.code, code);
    QCOMPARE(outcome.messages, QByteArray());
    // Each stage once, and nothing that a terminal would obey.
    QCOMPARE(outcome.output.count('\n'), 3);
    QVERIFY2(outcome.output.contains("do this") && !outcome.output.contains('\x1b'),
             outcome.output.constData());
}

void TestAnswers::failuresHaveTheirExitCode_data()
{
    QTest::addColumn<int>("error");
    QTest::addColumn<int>("code");
    QTest::newRow("no such vault") << int(ErrorCode::NotFound) << 2;
    QTest::newRow("peer away") << int(ErrorCode::Unreachable) << 3;
    QTest::newRow("halted") << int(ErrorCode::Refused) << 4;
    QTest::newRow("not paired") << int(ErrorCode::NotPaired) << 4;
    QTest::newRow("not granted") << int(ErrorCode::NotGranted) << 4;
    QTest::newRow("timed out") << int(ErrorCode::TimedOut) << 5;
}

void TestAnswers::failuresHaveTheirExitCode()
{
    QFETCH(int, error);
    QFETCH(int, code);
    failWith({{ErrorCode(error), "it is \xff so", 0}, {}});
    const Outcome outcome = m_line->run("synchronize docs");
    QCOMPARE(outcome.code, code);
    QCOMPARE(outcome.output, QByteArray());
    QCOMPARE(outcome.messages.count('\n'), 1);
    QVERIFY2(outcome.messages.startsWith("octopusctl: it is \\xff so"),
             outcome.messages.constData());
}

void TestAnswers::aRefusedDestinationIsListed()
{
    failWith({{ErrorCode::Refused, "/srv/docs holds other data", 0}, {"old.txt", "raw\xff\n"}});
    const Outcome outcome = m_line->run("vault add docs --source /a --target beta");
    QCOMPARE(outcome.code, 4);
    QCOMPARE(outcome.output, QByteArray("old.txt\nraw\\xff\\u{000a}\n"));
    QVERIFY(outcome.messages.contains("--adopt"));
    QCOMPARE(outcome.messages.count('\n'), 1);
}

void TestAnswers::aRefusedDestinationIsListedAsJsonToo()
{
    failWith({{ErrorCode::Refused, "/srv/docs holds other data", 0}, {"old.txt"}});
    const Outcome outcome = m_line->run("--json vault add docs --source /a --target beta");
    QCOMPARE(outcome.code, 4);
    const QJsonObject document = QJsonDocument::fromJson(outcome.output).object();
    QCOMPARE(document[u"error"][u"code"].toString(), QStringLiteral("refused"));
    QCOMPARE(document[u"error"][u"paths"][0].toString(), QStringLiteral("old.txt"));
}

static QJsonArray activityOf(const QList<ActivityEntry> &entries)
{
    QJsonArray list;
    for (const ActivityEntry &entry : entries)
        list.append(toJson(entry));
    return {QJsonObject{{QStringLiteral("peer"), QStringLiteral("beta")},
                        {QStringLiteral("peerId"), QStringLiteral("b")},
                        {QStringLiteral("entries"), list}}};
}

static ActivityEntry activity(quint64 number, const char *path, quint64 more = 0)
{
    return {number,
            WallTime{1'795'348'800'000'000'000},
            ActivityKind::Created,
            RelPath::parse(path).value(),
            {},
            2048,
            more};
}

void TestAnswers::activityIsToldTheOldestFirst()
{
    answerWith(activityOf({activity(3, "evil\x1b", 7), activity(1, "a")}));
    const Outcome outcome = m_line->run("activity docs");
    QCOMPARE(outcome.code, 0);
    const QList<QByteArray> lines = outcome.output.trimmed().split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].endsWith("beta  created     a  2.0 KiB"));
    QVERIFY(lines[1].contains("evil\\u{001b}"));
    QCOMPARE(lines[2], "and 7 more");
    QCOMPARE(m_line->api().last<Activity>().vault, QStringLiteral("docs"));
    QVERIFY(QJsonDocument::fromJson(m_line->run("--json activity docs").output).isArray());
}

void TestAnswers::watchedActivityIsToldOnce()
{
    answerWith(activityOf({activity(1, "a", 2)}));
    Outcome outcome;
    const auto program = m_line->begin(
        {QStringLiteral("activity"), QStringLiteral("docs"), QStringLiteral("--watch")}, outcome);
    QTRY_COMPARE(outcome.output.count('\n'), 2);
    answerWith(activityOf({activity(9, "b"), activity(1, "a", 5)}));
    QTRY_VERIFY(outcome.output.contains(" b "));
    QTest::qWait(1200); // asked again, with nothing new
    QCOMPARE(outcome.output.count('\n'), 4);
    QVERIFY(outcome.output.contains("and 3 more"));
    program->stop();
    QTRY_VERIFY(outcome.code >= 0);
}

void TestAnswers::differencesAreExitCodeOne()
{
    VerificationReport report;
    report.compared = 10;
    report.identical = 9;
    report.different = {{RelPath::parse("a\nb").value(), "content"}};
    report.digest = "abcd";
    answerWith(toJson(report));
    const Outcome outcome = m_line->run("verify docs");
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.output.contains("a\\u{000a}b: content\n"), outcome.output.constData());
    QVERIFY(outcome.output.contains("10 entries compared, 9 identical, 1 different"));
    QCOMPARE(m_line->run("--json verify docs").code, 1);
}

void TestAnswers::noDifferenceIsExitCodeZero()
{
    answerWith(toJson(VerificationReport()));
    QCOMPARE(m_line->run("verify docs").code, 0);
}

void TestAnswers::noticesAreNoProblem()
{
    ComparisonReport report;
    report.problems = {{RelPath::of("socket"), ProblemCode::NotMirrored, {}, {}}};
    answerWith(toJson(report));
    QCOMPARE(m_line->run("synchronize docs").code, 0);
    report.problems.append({RelPath::of("file"), ProblemCode::CannotRead, "denied", {}});
    answerWith(toJson(report));
    const Outcome outcome = m_line->run("synchronize docs");
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.output.contains("file: cannot-read denied"));
}

void TestAnswers::theReportIsWritten()
{
    VerificationReport report;
    report.compared = 3;
    answerWith(toJson(report));
    const QByteArray path = m_line->folder() + "/report.json";
    QCOMPARE(m_line
                 ->run({QStringLiteral("verify"), QStringLiteral("docs"),
                        QStringLiteral("--report"), QFile::decodeName(path)})
                 .code,
             0);
    QFile file(QFile::decodeName(path));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QJsonDocument::fromJson(file.readAll()).object(), toJson(report));
}

void TestAnswers::aReportThatCannotBeWrittenIsSaid()
{
    answerWith(toJson(VerificationReport()));
    const Outcome outcome = m_line->run("verify docs --report /nonexistent/report.json");
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.messages.contains("/nonexistent/report.json"), outcome.messages.constData());
}

void TestAnswers::waitingTimesOutWithExitCodeFive()
{
    const Outcome outcome = m_line->run("wait docs --in-sync --timeout 0.1");
    QCOMPARE(outcome.code, 5);
    QCOMPARE(outcome.output, QByteArray());
    QVERIFY2(outcome.messages.contains("not in sync within 100 ms"), outcome.messages.constData());
    QTRY_COMPARE(m_line->api().held.size(), 1);
    QTRY_VERIFY(m_line->api().held[0]->isCancelled());
}

void TestAnswers::withoutAnEngineItIsExitCodeThree()
{
    m_line->server().close();
    for (const char *text :
         {"identity", "status", "status --watch", "--json wait docs --in-sync"}) {
        const Outcome outcome = m_line->run(text);
        QCOMPARE(outcome.code, 3);
        QCOMPARE(outcome.output, QByteArray());
        QVERIFY2(outcome.messages.contains("start octopusd"), outcome.messages.constData());
        QCOMPARE(outcome.messages.count('\n'), 1);
    }
}

void TestAnswers::anEngineThatGoesAwayIsExitCodeThree()
{
    Outcome outcome;
    const auto program = m_line->begin(
        {QStringLiteral("wait"), QStringLiteral("docs"), QStringLiteral("--in-sync")}, outcome);
    QTRY_COMPARE(m_line->api().held.size(), 1);
    m_line->server().close();
    QTRY_COMPARE(outcome.code, 3);
    QCOMPARE(outcome.messages.count('\n'), 1);
}

void TestAnswers::namesOfOthersCannotCommandTheTerminal()
{
    KnownPeer peer;
    peer.peer.name = QStringLiteral("evil\x1b[2J\nname");
    peer.peer.addresses = {QStringLiteral("\x07")};
    peer.peer.grants = {"/srv/\x1b"};
    answerWith(QJsonArray{toJson(peer)});
    const Outcome outcome = m_line->run("peers");
    QCOMPARE(outcome.code, 0);
    QVERIFY(!outcome.output.contains('\x1b'));
    QVERIFY(!outcome.output.contains('\x07'));
    QCOMPARE(outcome.output.count('\n'), 2);
}

void TestAnswers::progressIsOnlyForTerminals()
{
    m_line->api().answer = [](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->progress({{QStringLiteral("compared"), 5},
                             {QStringLiteral("done"), 1},
                             {QStringLiteral("total"), 4}});
        responder->finish(toJson(ComparisonReport()));
    };
    QCOMPARE(m_line->run("synchronize docs").messages, QByteArray());
    Outcome outcome;
    const auto program = m_line->begin({QStringLiteral("synchronize"), QStringLiteral("docs")},
                                       outcome, {.drawsMessages = true});
    QTRY_COMPARE(outcome.code, 0);
    QVERIFY2(outcome.messages.contains("5 compared, 1 B of 4 B (25 %)"),
             outcome.messages.constData());
    QVERIFY(outcome.messages.endsWith("\r\x1b[K")); // gone again
}

QTEST_GUILESS_MAIN(TestAnswers)
#include "tst_answers.moc"
