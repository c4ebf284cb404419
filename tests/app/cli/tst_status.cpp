// octopusctl status: the table, the exit code, and --watch in its three forms.
#include "engine/control/json.h"
#include "tests/app/cli/commandline.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace octopus;
using namespace octopus::cli;
using namespace octopus::control;

class TestStatus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_line = std::make_unique<CommandLine>(); }
    void cleanup() { m_line.reset(); }
    void theJsonIsTheDocumentOfTheContract();
    void theTableShowsEveryVault();
    void anUnknownLagIsShownAsUnknown();
    void oneVaultCanBeNamed();
    void anUnknownVaultIsWrongUsage();
    void haltsAndProblemsAreExitCodeOne_data();
    void haltsAndProblemsAreExitCodeOne();
    void aHaltSaysWhyAndWhatToDo();
    void watchingPrintsOneDocumentALine();
    void watchingPrintsChangedLinesWhereItCannotDraw();
    void watchingDrawsInPlaceOnATerminal();
    void anEmptyEngineSaysWhatToDoNext();

private:
    void change(const std::function<void(MirrorStatus &)> &edit);

    std::unique_ptr<CommandLine> m_line;
};

void TestStatus::change(const std::function<void(MirrorStatus &)> &edit)
{
    EngineStatus status = m_line->api().current;
    edit(status.vaults.first().targets.first());
    m_line->api().setStatus(status);
}

void TestStatus::theJsonIsTheDocumentOfTheContract()
{
    const Outcome outcome = m_line->run("status --json");
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.output.count('\n'), 1);
    QCOMPARE(QJsonDocument::fromJson(outcome.output).object(), toJson(exampleStatus()));
}

void TestStatus::theTableShowsEveryVault()
{
    const Outcome outcome = m_line->run("status");
    QCOMPARE(outcome.code, 0);
    const QList<QByteArray> lines = outcome.output.trimmed().split('\n');
    QCOMPARE(lines.size(), 5);
    QVERIFY(lines[0].startsWith("alpha  127.0.0.1:17290  "));
    QVERIFY(lines[1].startsWith("VAULT "));
    const QByteArray docs = lines[2].simplified();
    QVERIFY2(docs.startsWith("docs -> beta:/srv/mirrors/docs mirroring yes 0 ms - 1 000 3.9 MiB"),
             docs.constData());
    QVERIFY2(docs.contains(" eth0, 192.0.2.7:17290 "), docs.constData());
    const QByteArray photos = lines[3].simplified();
    QVERIFY2(photos.startsWith(
                 "photos -> beta:/srv/mirrors/photos copying 25 %, 1 min 30 s left no unknown 12"),
             photos.constData());
    const QByteArray mail = lines[4].simplified();
    QVERIFY2(mail.startsWith("mail <- gamma:/srv/mirrors/mail mirroring whole 12 ms"),
             mail.constData());
}

void TestStatus::anUnknownLagIsShownAsUnknown()
{
    change([](MirrorStatus &mirror) {
        mirror.lag = std::nullopt;
        mirror.inSync = false;
        mirror.phase = Phase::Checking;
    });
    QVERIFY(m_line->run("status docs").output.simplified().contains("checking no unknown"));
}

void TestStatus::oneVaultCanBeNamed()
{
    const Outcome outcome = m_line->run("--json status mail");
    const QJsonArray vaults = QJsonDocument::fromJson(outcome.output).object()[u"vaults"].toArray();
    QCOMPARE(vaults.size(), 1);
    QCOMPARE(vaults[0][u"name"].toString(), QStringLiteral("mail"));
}

void TestStatus::anUnknownVaultIsWrongUsage()
{
    for (const char *text : {"status nothing", "status nothing --watch"}) {
        const Outcome outcome = m_line->run(text);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.messages.contains("nothing"), outcome.messages.constData());
    }
}

void TestStatus::haltsAndProblemsAreExitCodeOne_data()
{
    QTest::addColumn<int>("phase");
    QTest::addColumn<int>("problem"); // 0: none
    QTest::addColumn<int>("code");
    QTest::newRow("well") << int(Phase::Mirroring) << 0 << 0;
    QTest::newRow("offline") << int(Phase::Offline) << 0 << 0;
    QTest::newRow("notice") << int(Phase::Mirroring) << int(ProblemCode::NotMirrored) << 0;
    QTest::newRow("problem") << int(Phase::Mirroring) << int(ProblemCode::CannotRead) << 1;
    QTest::newRow("halted") << int(Phase::Halted) << 0 << 1;
    QTest::newRow("diverged") << int(Phase::Diverged) << 0 << 1;
}

void TestStatus::haltsAndProblemsAreExitCodeOne()
{
    QFETCH(int, phase);
    QFETCH(int, problem);
    QFETCH(int, code);
    change([phase, problem](MirrorStatus &mirror) {
        mirror.phase = Phase(phase);
        if (problem)
            mirror.problems = {{RelPath::of("a"), ProblemCode(problem), {}, {}}};
    });
    QCOMPARE(m_line->run("status").code, code);
    QCOMPARE(m_line->run("status --json").code, code);
}

void TestStatus::aHaltSaysWhyAndWhatToDo()
{
    change([](MirrorStatus &mirror) {
        mirror.phase = Phase::Halted;
        mirror.halt = Halt{HaltReason::MassDeletion, "4000 of 9000 entries are gone", {"a\xff"}};
    });
    const Outcome outcome = m_line->run("status docs");
    QVERIFY(outcome.output.contains(
        "docs -> beta is halted (mass-deletion): 4000 of 9000 entries are gone"));
    QVERIFY(outcome.output.contains("    a\\xff\n"));
    QVERIFY(outcome.output.contains(haltAdvice(HaltReason::MassDeletion).left(20)));
}

void TestStatus::watchingPrintsOneDocumentALine()
{
    Outcome outcome;
    const auto program = m_line->begin(
        {QStringLiteral("status"), QStringLiteral("--watch"), QStringLiteral("--json")}, outcome);
    QTRY_COMPARE(outcome.output.count('\n'), 1);
    change([](MirrorStatus &mirror) { mirror.files = 4711; });
    QTRY_COMPARE(outcome.output.count('\n'), 2);
    const QJsonObject last = QJsonDocument::fromJson(outcome.output.split('\n')[1]).object();
    QCOMPARE(last[u"vaults"][0][u"targets"][0][u"files"].toInteger(), 4711);
    program->stop();
    QTRY_COMPARE(outcome.code, 0);
}

void TestStatus::watchingPrintsChangedLinesWhereItCannotDraw()
{
    Outcome outcome;
    const auto program =
        m_line->begin({QStringLiteral("status"), QStringLiteral("--watch")}, outcome);
    QTRY_COMPARE(outcome.output.count('\n'), 3);
    change([](MirrorStatus &mirror) { mirror.lag = Milliseconds(34); });
    QTRY_COMPARE(outcome.output.count('\n'), 4);
    const QByteArray line = outcome.output.trimmed().split('\n').last();
    QVERIFY2(line.contains("docs -> beta  mirroring  in sync  lag 34 ms"), line.constData());
    QVERIFY(!outcome.output.contains('\x1b'));
}

void TestStatus::watchingDrawsInPlaceOnATerminal()
{
    Outcome outcome;
    const auto program = m_line->begin({QStringLiteral("status"), QStringLiteral("--watch")},
                                       outcome, {.drawsOutput = true, .columns = 200});
    QTRY_COMPARE(outcome.output.count('\n'), 5);
    QVERIFY(!outcome.output.contains('\x1b'));
    change([](MirrorStatus &mirror) { mirror.lag = Milliseconds(34); });
    QTRY_COMPARE(outcome.output.count('\n'), 10);
    QVERIFY(outcome.output.contains("\x1b[5A\r\x1b[J"));
}

void TestStatus::anEmptyEngineSaysWhatToDoNext()
{
    EngineStatus status;
    status.machine = exampleStatus().machine;
    m_line->api().setStatus(status);
    const Outcome outcome = m_line->run("status");
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.output.contains("octopusctl vault add --help"));
}

QTEST_GUILESS_MAIN(TestStatus)
#include "tst_status.moc"
