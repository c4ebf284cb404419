// octopusctl's arguments: what becomes which command, and that wrong usage never reaches the engine.
#include "app/process/rawtext.h"
#include "engine/control/answer.h"
#include "engine/model/transport.h"
#include "tests/app/cli/commandline.h"

#include <QJsonArray>
#include <QTest>

using namespace octopus;
using namespace octopus::cli;
using namespace octopus::control;

class TestUsage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void argumentsBecomeCommands_data();
    void argumentsBecomeCommands();
    void wrongUsageIsExitCodeTwo_data();
    void wrongUsageIsExitCodeTwo();
    void passwordsOfProxiesAreAskedFor();
    void aPasswordThatDoesNotComeIsWrongUsage();
    void rawPathsReachTheEngine();
    void sourcesAreAbsolute();
    void everyCommandHasHelpWithExamples();
    void helpNamesEveryCommandAndExitCode();
    void commandsOfLaterIssuesAreNotOffered();
    void versionIsPrinted();
};

Q_DECLARE_METATYPE(octopus::control::Command)

namespace {

AddVault addition()
{
    AddVault add;
    add.name = QStringLiteral("docs");
    add.sources = {"/home/a/docs"};
    add.targets = {{QStringLiteral("beta"), {}}};
    return add;
}

AddVault fullAddition()
{
    AddVault add = addition();
    add.sources.append("/etc");
    add.targets = {{QStringLiteral("beta"), "/srv/docs"}, {QStringLiteral("gamma"), "sub"}};
    add.rules = {{"*.txt"}, {"*.tmp", "cache"}};
    add.capture = CaptureGrade::Exact;
    add.acknowledge = AcknowledgeMode::Durable;
    add.transport = QStringLiteral("eth0,ipv6");
    add.targetTransports = {{QStringLiteral("beta"), QStringLiteral("socks5://joe:pw@proxy")}};
    add.limit = 10 * 1024 * 1024;
    add.adopt = true;
    return add;
}

EditVault edition()
{
    EditVault edit;
    edit.vault = QStringLiteral("docs");
    edit.name = QStringLiteral("papers");
    edit.excludes = QList<QByteArray>{};
    edit.includes = QList<QByteArray>{"*.md"};
    edit.limit = 0;
    edit.adopt = false;
    return edit;
}

EditVault transportEdition()
{
    EditVault edit;
    edit.vault = QStringLiteral("docs");
    edit.transport = QStringLiteral("eth0,unix:/a=b");
    edit.targetTransports =
        QList<TargetTransport>{{QStringLiteral("beta"), QStringLiteral("socks5://u:a=b@p")},
                               {QStringLiteral("gamma"), {}}};
    return edit;
}

EditVault proxyEdition()
{
    EditVault edit;
    edit.vault = QStringLiteral("docs");
    edit.transport = QStringLiteral("socks5://u:a=b@p");
    return edit;
}

void row(const char *text, const Command &command)
{
    QTest::newRow(text) << command;
}

} // namespace

void TestUsage::argumentsBecomeCommands_data()
{
    QTest::addColumn<Command>("command");
    const QString docs = QStringLiteral("docs");
    const QString beta = QStringLiteral("beta");
    row("identity", GetIdentity{});
    row("--json identity", GetIdentity{});
    row("identity --json", GetIdentity{});
    row("peers", ListPeers{});
    row("check beta", Check{beta});
    row("check beta --transport eth0,auto", Check{beta, {}, QStringLiteral("eth0,auto")});
    row("check [fe80::1%eth0] --destination sub/dir",
        Check{QStringLiteral("[fe80::1%eth0]"), "sub/dir", QStringLiteral("auto")});
    row("invite", Invite{});
    row("invite --grant /srv/mirrors/ --minutes 10",
        Invite{"/srv/mirrors", std::chrono::minutes(10)});
    row("pair octopus:abc", Pair{QStringLiteral("octopus:abc")});
    row("pair OCTOPUS:/ABC", Pair{QStringLiteral("OCTOPUS:/ABC")});
    row("pair 192.0.2.1", PairWith{QStringLiteral("192.0.2.1")});
    row("pair [fe80::1%eth0]:17290", PairWith{QStringLiteral("[fe80::1%eth0]:17290")});
    row("pair --confirm 123456", ConfirmPairing{QStringLiteral("123456"), {}});
    row("pair --confirm 123456 --grant /srv/m/",
        ConfirmPairing{QStringLiteral("123456"), "/srv/m"});
    row("pair --decline", DeclinePairing{});
    row("pair --list", ListPairings{});
    row("invite --list", ListTickets{});
    row("invite --revoke 3f1c", RevokeTicket{QStringLiteral("3f1c")});
    row("invite --qr", Invite{});
    row("unpair beta", Unpair{beta});
    row("grant beta /srv", Grant{beta, "/srv"});
    row("revoke beta /srv", Revoke{beta, "/srv"});
    row("vault add docs --source /home/a/docs --target beta", addition());
    row("vault add --target=beta --source=/home/a/docs docs", addition());
    row("vault add docs --source /home/a/docs --source /etc --target beta:/srv/docs --target "
        "gamma:sub "
        "--include *.txt --exclude *.tmp --exclude cache --capture exact --acknowledge durable "
        "--transport eth0,ipv6 --transport beta=socks5://joe:pw@proxy --limit 10M --adopt",
        fullAddition());
    row("vault list", ListVaults{});
    row("vault show docs", ShowVault{docs});
    row("vault edit docs --name papers --no-exclude --include *.md --limit 0 --no-adopt",
        edition());
    row("vault edit docs --transport eth0,unix:/a=b --transport beta=socks5://u:a=b@p --transport "
        "gamma=",
        transportEdition());
    row("vault edit docs --transport socks5://u:a=b@p", proxyEdition());
    row("vault remove docs", RemoveVault{docs, false});
    row("vault remove docs --erase-replicas", RemoveVault{docs, true});
    row("vault remove -- --odd", RemoveVault{QStringLiteral("--odd"), false});
    row("pause docs", Pause{docs, {}});
    row("pause docs --target beta", Pause{docs, beta});
    row("resume docs", Resume{docs, {}, false});
    row("resume docs --target beta --confirm", Resume{docs, beta, true});
    row("synchronize docs", Synchronize{docs, false});
    row("synchronize --deep docs", Synchronize{docs, true});
    row("verify docs", Verify{docs});
    row("activity docs", Activity{docs});
    row("wait docs --in-sync", WaitInSync{docs});
    row("wait docs --in-sync --timeout 10", WaitInSync{docs});
}

void TestUsage::argumentsBecomeCommands()
{
    QFETCH(Command, command);
    CommandLine line;
    line.api().answer = [](const Command &given, const std::shared_ptr<Responder> &responder) {
        const bool list =
            std::holds_alternative<ListPeers>(given) || std::holds_alternative<ListVaults>(given);
        CheckReport report;
        report.stages = {{"resolve", true, {}, {}}};
        if (std::holds_alternative<Check>(given))
            return responder->finish(toJson(report));
        responder->finish(list ? QJsonValue(QJsonArray()) : QJsonValue(QJsonObject()));
    };
    const Outcome outcome = line.run(QTest::currentDataTag());
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.messages, QByteArray());
    QCOMPARE(line.api().commands.size(), 1);
    QVERIFY(line.api().commands.first() == command);
}

void TestUsage::wrongUsageIsExitCodeTwo_data()
{
    QTest::addColumn<QString>("mention");
    const auto row = [](const char *text, const char *mention) {
        QTest::newRow(text) << QString::fromLatin1(mention);
    };
    row("", "missing");
    row("mirror docs", "mirror");
    row("vault", "add");
    row("vault copy", "add");
    row("identity now", "now");
    row("identity --fast", "fast");
    row("pair", "TICKET");
    row("pair 192.0.2.1 --list", "one of them");
    row("pair --grant /srv", "one of them");
    row("pair 192.0.2.1 --grant /srv", "--confirm");
    row("invite --list --grant /srv", "alone");
    row("invite --list --revoke 3f1c", "alone");
    row("grant beta", "DIR");
    row("invite --minutes 0", "--minutes");
    row("invite --minutes soon", "--minutes");
    row("invite --grant=", "--grant");
    row("vault add", "NAME");
    row("vault add a/b --source /a --target b", "name");
    row("vault add docs --target beta", "--source");
    row("vault add docs --source /a", "--target");
    row("vault add docs --source /a --target b --capture some", "--capture");
    row("vault add docs --source /a --target b --acknowledge never", "--acknowledge");
    row("vault add docs --source /a --target b --limit fast", "--limit");
    row("vault add docs --source /a --target b --transport http://proxy", "kind");
    row("vault add docs --source /a --target b --transport auto,,eth0", "empty");
    row("vault add docs --source /a --target b --transport b=unix:x", "absolute");
    row("vault edit docs --transport =eth0", "peer");
    row("vault edit docs --transport eth0,eth0", "twice");
    row("check b --transport unix:x", "absolute");
    row("vault edit docs", "change");
    row("wait docs", "--in-sync");
    row("wait docs --in-sync --timeout 0", "--timeout");
    row("wait docs --in-sync --timeout nan", "--timeout");
    row("status docs mail", "mail");
    row("demo --seconds 0", "--seconds");
    row("demo --seed x", "--seed");
    row("peers --discover 0", "discover");
    row("peers --discover soon", "discover");
    row("verify docs --report=", "--report");
    row("--state", "state");
}

void TestUsage::wrongUsageIsExitCodeTwo()
{
    QFETCH(QString, mention);
    CommandLine line;
    const Outcome outcome = line.run(QTest::currentDataTag());
    QCOMPARE(outcome.code, 2);
    QCOMPARE(outcome.output, QByteArray());
    QCOMPARE(outcome.messages.count('\n'), 1);
    QVERIFY2(outcome.messages.startsWith("octopusctl: "), outcome.messages.constData());
    QVERIFY2(outcome.messages.contains(mention.toUtf8()), outcome.messages.constData());
    QVERIFY2(outcome.messages.contains("octopusctl "), outcome.messages.constData()); // what to do
    QVERIFY(line.api().commands.isEmpty());
}

void TestUsage::passwordsOfProxiesAreAskedFor()
{
    CommandLine line;
    line.api().answer = [](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->finish();
    };
    line.setInput({"p,w@1", "second", "unread"});
    // A dash that is a password, and one within a password, are what they are.
    const Outcome outcome = line.run(
        "vault edit docs --transport auto,socks5://joe:-@proxy,socks5://ann:%2D@proxy --transport "
        "beta=socks5://[::1]:9,socks5://eve:-@h,socks5://x:-y@h");
    QCOMPARE(outcome.code, 0);
    QCOMPARE(line.unreadInput(), QList<QByteArray>{"unread"});
    const EditVault edit = line.api().last<EditVault>();
    const auto ways = Transports::parse(edit.transport.value()).value().list();
    QCOMPARE(ways[1].password, QByteArray("p,w@1"));
    QCOMPARE(ways[2].password, QByteArray("-"));
    const auto ofBeta =
        Transports::parse(edit.targetTransports.value().first().transport).value().list();
    QCOMPARE(ofBeta[1].password, QByteArray("second"));
    QCOMPARE(ofBeta[2].password, QByteArray("-y"));
    QVERIFY(!outcome.messages.contains("second") && !outcome.output.contains("second"));

    line.setInput({"third"});
    QVERIFY(line.run("check beta --transport socks5://joe:-@proxy").code >= 0);
    QCOMPARE(line.api().last<Check>().transport, QStringLiteral("socks5://joe:third@proxy:1080"));
}

void TestUsage::aPasswordThatDoesNotComeIsWrongUsage()
{
    CommandLine line;
    for (const QList<QByteArray> &input :
         {QList<QByteArray>(), QList<QByteArray>{""}, QList<QByteArray>{QByteArray(256, 'x')}}) {
        line.setInput(input);
        const Outcome outcome = line.run("check beta --transport socks5://joe:-@proxy");
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.messages.contains("--transport"), outcome.messages.constData());
        QVERIFY(!outcome.messages.contains("xxx"));
    }
    QVERIFY(line.api().commands.isEmpty());
}

void TestUsage::rawPathsReachTheEngine()
{
    CommandLine line;
    line.api().answer = [](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->finish();
    };
    const auto raw = [](const char *bytes) { return process::textFromRaw(bytes); };
    const Outcome outcome =
        line.run({QStringLiteral("vault"), QStringLiteral("add"), QStringLiteral("x"),
                  QStringLiteral("--source"), raw("/s\xff"), QStringLiteral("--target"),
                  raw("beta:d\xfe"), QStringLiteral("--exclude"), raw("*\xfd")});
    QCOMPARE(outcome.code, 0);
    const AddVault add = line.api().last<AddVault>();
    QCOMPARE(add.sources, QList<QByteArray>{"/s\xff"});
    QCOMPARE(add.targets.first().destination, QByteArray("d\xfe"));
    QCOMPARE(add.rules.excludes, QList<QByteArray>{"*\xfd"});
}

void TestUsage::sourcesAreAbsolute()
{
    CommandLine line;
    line.api().answer = [](const Command &, const std::shared_ptr<Responder> &responder) {
        responder->finish();
    };
    QCOMPARE(line.run("vault add x --source some/folder --target beta").code, 0);
    const QByteArray source = line.api().last<AddVault>().sources.first();
    QVERIFY(source.startsWith('/'));
    QVERIFY(source.endsWith("/some/folder"));
}

void TestUsage::everyCommandHasHelpWithExamples()
{
    CommandLine line;
    for (const Verb &verb : allVerbs()) {
        const Outcome outcome =
            line.run(verb.name.split(u' ') + QStringList{QStringLiteral("--help")});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.output.startsWith("Usage: octopusctl " + verb.name.toUtf8()),
                 outcome.output.constData());
        QVERIFY(outcome.output.contains("Examples:\n  octopusctl "));
        for (const QCommandLineOption &option : verb.options)
            QVERIFY(outcome.output.contains("--" + option.names().constFirst().toUtf8()));
    }
}

void TestUsage::helpNamesEveryCommandAndExitCode()
{
    CommandLine line;
    const Outcome outcome = line.run("--help");
    QCOMPARE(outcome.code, 0);
    for (const Verb &verb : allVerbs())
        QVERIFY(outcome.output.contains("  " + verb.name.toUtf8() + ' '));
    QVERIFY(outcome.output.contains("5 timed out"));
    QCOMPARE(line.run("help").output, outcome.output);
}

void TestUsage::commandsOfLaterIssuesAreNotOffered()
{
    CommandLine line;
    for (const char *text : {"takeover docs", "giveback docs", "versions docs", "restore docs a",
                             "export docs f", "import f"})
        QCOMPARE(line.run(text).code, 2);
}

void TestUsage::versionIsPrinted()
{
    CommandLine line;
    const Outcome outcome = line.run("--version");
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.output.startsWith("octopusctl "));
}

QTEST_GUILESS_MAIN(TestUsage)
#include "tst_usage.moc"
