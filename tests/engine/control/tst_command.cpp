// The commands of the control socket: each comes back as it went, and nothing malformed becomes one.
#include "engine/control/command.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace octopus;
using namespace octopus::control;

class TestCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCommandComesBackTheSame_data();
    void everyCommandComesBackTheSame();
    void anEditNamesOnlyWhatIsToChange();
    void malformedArgumentsAreRefused_data();
    void malformedArgumentsAreRefused();
    void anUnknownCommandIsUnsupported();
};

Q_DECLARE_METATYPE(octopus::control::Command)

namespace {

AddVault fullVault()
{
    AddVault add;
    add.name = QStringLiteral("docs");
    add.sources = {"/home/a/docs", "/raw\xff"};
    add.targets = {{QStringLiteral("beta"), "docs"}, {QStringLiteral("ab12"), "/srv/\xfe"}};
    add.rules = {{"*.txt"}, {"*.tmp", "cache\xff"}};
    add.capture = CaptureGrade::Exact;
    add.acknowledge = AcknowledgeMode::Durable;
    add.transport = QStringLiteral("ipv6");
    add.targetTransports = {{QStringLiteral("beta"), QStringLiteral("eth0")},
                            {QStringLiteral("ab12"), {}}};
    add.limit = 5'000'000'000;
    add.adopt = true;
    return add;
}

EditVault fullEdit()
{
    EditVault edit;
    edit.vault = QStringLiteral("docs");
    edit.name = QStringLiteral("papers");
    edit.sources = QList<QByteArray>{"/s"};
    edit.targets = QList<TargetChoice>{{QStringLiteral("beta"), "d"}};
    edit.includes = QList<QByteArray>{};
    edit.excludes = QList<QByteArray>{"*.o"};
    edit.capture = CaptureGrade::Watch;
    edit.acknowledge = AcknowledgeMode::Async;
    edit.transport = QStringLiteral("auto");
    edit.targetTransports =
        QList<TargetTransport>{{QStringLiteral("beta"), QStringLiteral("ipv4,unix:/run/x")}};
    edit.limit = 0;
    edit.adopt = false;
    return edit;
}

} // namespace

void TestCommand::everyCommandComesBackTheSame_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Command>("command");
    const QString docs = QStringLiteral("docs");
    const QString beta = QStringLiteral("beta");
    const auto row = [](const char *name, const Command &command) {
        QTest::newRow(name) << QString::fromLatin1(name) << command;
    };
    row("identity", GetIdentity{});
    row("peers", ListPeers{});
    row("check",
        Check{QStringLiteral("[fe80::1%eth0]:17290"), "/srv/\xff", QStringLiteral("eth0,auto")});
    row("invite", Invite{"/srv/\xff", std::chrono::minutes(15)});
    row("pair", Pair{QStringLiteral("octopus:abc")});
    row("unpair", Unpair{beta});
    row("grant", Grant{beta, "/srv"});
    row("revoke", Revoke{beta, "/srv"});
    row("vault-add", fullVault());
    row("vault-list", ListVaults{});
    row("vault-show", ShowVault{docs});
    row("vault-edit", fullEdit());
    row("vault-remove", RemoveVault{docs, true});
    row("pause", Pause{docs, beta});
    row("resume", Resume{docs, beta, true});
    row("synchronize", Synchronize{docs, true});
    row("verify", Verify{docs});
    row("activity", Activity{docs});
    row("verifications", Verifications{docs});
    row("wait", WaitInSync{docs});
    row("pair-with", PairWith{QStringLiteral("host.example:17290")});
    row("pairings", ListPairings{});
    row("pair-confirm", ConfirmPairing{QStringLiteral("012345"), "/srv/\xff"});
    row("pair-decline", DeclinePairing{});
    row("tickets", ListTickets{});
    row("ticket-revoke", RevokeTicket{QStringLiteral("ab12")});
}

void TestCommand::everyCommandComesBackTheSame()
{
    QFETCH(QString, name);
    QFETCH(Command, command);
    QCOMPARE(commandName(command), name);
    const QByteArray text = QJsonDocument(commandArguments(command)).toJson();
    const Result<Command> read = decodeCommand(name, QJsonDocument::fromJson(text).object());
    QVERIFY2(read, read ? "" : read.error().detail.constData());
    QVERIFY(*read == command);
}

void TestCommand::anEditNamesOnlyWhatIsToChange()
{
    EditVault edit;
    edit.vault = QStringLiteral("docs");
    edit.limit = 7;
    QCOMPARE(commandArguments(edit).keys().join(u' '), QStringLiteral("limit vault"));
    QVERIFY(decodeCommand(QStringLiteral("vault-edit"), commandArguments(edit)).value()
            == Command(edit));
}

void TestCommand::malformedArgumentsAreRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("arguments");
    const auto row = [](const char *what, const char *name, const char *arguments) {
        QTest::newRow(what) << QString::fromLatin1(name) << QString::fromUtf8(arguments);
    };
    row("missing", "vault-show", R"({})");
    row("wrong type", "vault-show", R"({"vault": 3})");
    row("no boolean", "synchronize", R"({"vault": "a", "deep": "yes"})");
    row("relative grant", "grant", R"({"peer": "b", "folder": "srv"})");
    row("empty grant", "grant", R"({"peer": "b", "folder": ""})");
    row("relative invitation", "invite", R"({"grant": "srv"})");
    row("nothing to check", "check", R"({"address": ""})");
    row("relative confirmation", "pair-confirm", R"({"digits": "012345", "grant": "srv"})");
    row("no digits", "pair-confirm", R"({})");
    row("no time", "invite", R"({"minutes": 0})");
    row("too much time", "invite", R"({"minutes": 10081})");
    row("NUL in a path", "grant", R"({"peer": "b", "folder": {"bytes": "L2EAYg=="}})");
    row("no name", "vault-add", R"({"name": "", "sources": ["/a"], "targets": [{"peer": "b"}]})");
    row("slash in a name", "vault-add",
        R"({"name": "a/b", "sources": ["/a"], "targets": [{"peer": "b"}]})");
    row("no source", "vault-add", R"({"name": "a", "sources": [], "targets": [{"peer": "b"}]})");
    row("relative source", "vault-add",
        R"({"name": "a", "sources": ["a"], "targets": [{"peer": "b"}]})");
    row("no target", "vault-add", R"({"name": "a", "sources": ["/a"], "targets": []})");
    row("target without peer", "vault-add", R"({"name": "a", "sources": ["/a"], "targets": [{}]})");
    row("target with an empty peer", "vault-add",
        R"({"name": "a", "sources": ["/a"], "targets": [{"peer": ""}]})");
    row("bad transport", "vault-add",
        R"({"name": "a", "sources": ["/a"], "targets": [{"peer": "b"}], "transport": "x:y"})");
    row("bad transport of a target", "vault-edit",
        R"({"vault": "a", "targetTransports": [{"peer": "b", "transport": "a,"}]})");
    row("transport of nobody", "vault-edit",
        R"({"vault": "a", "targetTransports": [{"transport": "auto"}]})");
    row("bad transport to check", "check", R"({"address": "b", "transport": ""})");
    row("unknown grade", "vault-add",
        R"({"name": "a", "sources": ["/a"], "targets": [{"peer": "b"}], "capture": "some"})");
    row("negative limit", "vault-edit", R"({"vault": "a", "limit": -1})");
    row("broken limit", "vault-edit", R"({"vault": "a", "limit": 1.5})");
    row("edited name", "vault-edit", R"({"vault": "a", "name": ""})");
    row("edited sources", "vault-edit", R"({"vault": "a", "sources": []})");
    row("edited targets", "vault-edit", R"({"vault": "a", "targets": []})");
    const QByteArray longName = R"({"vault": ")" + QByteArray(5000, 'x') + R"("})";
    row("long name", "vault-show", longName.constData());
}

void TestCommand::malformedArgumentsAreRefused()
{
    QFETCH(QString, name);
    QFETCH(QString, arguments);
    const QJsonDocument document = QJsonDocument::fromJson(arguments.toUtf8());
    QVERIFY(document.isObject());
    const Result<Command> read = decodeCommand(name, document.object());
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Invalid);
    QVERIFY(!read.error().detail.isEmpty());
}

void TestCommand::anUnknownCommandIsUnsupported()
{
    const Result<Command> read = decodeCommand(QStringLiteral("take\nover"), {});
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Unsupported);
    QVERIFY(!read.error().detail.contains('\n'));
}

QTEST_APPLESS_MAIN(TestCommand)
#include "tst_command.moc"
