// What bash offers after Tab: commands, options, and the names that the engine knows.
#include "engine/control/answer.h"
#include "engine/control/server.h"
#include "tests/engine/control/fakeapi.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace octopus;
using namespace octopus::control;

class TestCompletion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void whatIsOffered_data();
    void whatIsOffered();
    void waysAreOfferedWithTheInterfacesOfThisMachine_data();
    void waysAreOfferedWithTheInterfacesOfThisMachine();
    void withoutAnEngineNoNamesAreOffered();
    void namesOfAnotherStateFolderAreAskedThere();
    void filesAreOfferedWhereAFileIsMeant();

private:
    [[nodiscard]] QStringList complete(const QString &line, const QString &state);
    [[nodiscard]] QString folder() const { return m_folder.path(); }

    QTemporaryDir m_folder;
    FakeApi m_api;
    Server m_server{m_api, QStringLiteral("1")};
};

namespace {

QJsonValue answerTo(const Command &command)
{
    QJsonArray list;
    const auto nameOf = [](const MachineId &) { return QStringLiteral("not a vault"); };
    if (std::holds_alternative<ListVaults>(command)) {
        for (const VaultStatus &status : exampleStatus().vaults)
            list.append(toJson(status.vault, nameOf));
        Vault odd = exampleStatus().vaults.first().vault;
        odd.name = QStringLiteral("a \"b\" \\c");
        list.append(toJson(odd, nameOf));
    } else if (std::holds_alternative<ListPeers>(command)) {
        for (const char *name : {"beta", "büro"}) {
            KnownPeer peer;
            peer.peer.name = QString::fromUtf8(name);
            list.append(toJson(peer));
        }
    }
    return list;
}

} // namespace

void TestCompletion::initTestCase()
{
    m_api.current = exampleStatus();
    m_api.answer = [](const Command &command, const std::shared_ptr<Responder> &responder) {
        responder->finish(answerTo(command));
    };
    const QByteArray state = QFile::encodeName(folder());
    QVERIFY(m_server.listen({state, state + "/run/control.sock", state + "/run/control.sock"}));
}

// `line`: the words typed so far, separated by single spaces; the last one is completed. "=" and ":"
// are words of their own, as in a shell that reads them from a keyboard; "·" is an escaped space.
QStringList TestCompletion::complete(const QString &line, const QString &state)
{
    static const QString script =
        QStringLiteral("source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
                       "$(complete -p octopusctl | sed 's/.*-F \\([^ ]*\\) .*/\\1/'); "
                       "[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\\n' \"${COMPREPLY[@]}\"");
    QProcess bash;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("OCTOPUS_STATE"), state);
    bash.setProcessEnvironment(environment);
    bash.setWorkingDirectory(folder());
    bash.start(QStringLiteral("bash"),
               QStringList{QStringLiteral("-c"), script, QStringLiteral("bash"),
                           QStringLiteral(COMPLETION), QStringLiteral(OCTOPUSCTL)}
                   + QStringList(line.split(u' '))
                         .replaceInStrings(QStringLiteral("·"), QStringLiteral("\\ ")));
    // The engine that is asked is this very test.
    (void)QTest::qWaitFor([&bash] { return bash.state() == QProcess::NotRunning; }, 30'000);
    const QByteArray complaint = bash.readAllStandardError();
    if (!complaint.isEmpty())
        return {QString::fromUtf8(complaint)};
    QStringList offered =
        QString::fromUtf8(bash.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
    offered.sort();
    return offered;
}

void TestCompletion::whatIsOffered_data()
{
    QTest::addColumn<QStringList>("offered");
    const auto row = [](const char *line, const char *offered) {
        QTest::newRow(line) << QString::fromUtf8(offered).split(u'|', Qt::SkipEmptyParts);
    };
    row("sy", "synchronize");
    row("pe", "peers");
    row("vault ", "add|edit|list|remove|show");
    row("vault r", "remove");
    row("--json va", "vault");
    row("--state /tmp wa", "wait");
    row("verify --", "--help|--json|--report|--state|--version");
    row("vault remove docs --er", "--erase-replicas");
    row("pause ", "a\\ \\\"b\\\"\\ \\\\c|docs|photos");
    row("pause d", "docs");
    row("pause a·", "a\\ \\\"b\\\"\\ \\\\c");
    row("vault edit p", "photos");
    row("pause docs ", "");
    row("pause docs --target ", "beta|büro");
    row("pause --target beta d", "docs");
    row("pause --target = be", "beta");
    row("vault add docs --target beta : /srv --capture ", "exact|watch");
    row("vault add ", "");
    row("vault add docs --capture = w", "watch");
    row("vault add docs --acknowledge d", "durable");
    row("vault edit docs --name ", "");
    row("grant b", "beta|büro");
    row("check be", "beta");
    row("vault remove -- d", "docs");
    row("check beta --transport so", "socks5://");
    row("check beta --transport ip", "ipv4|ipv6");
    row("check beta --transport auto,ip", "auto,ipv4|auto,ipv6");
    row("check beta --transport unix :", "/");
    row("check beta --transport unix : /etc/os-releas", "/etc/os-release");
    row("check beta --transport socks5 : //pro", "");
    row("vault edit docs --transport be", "beta=");
    row("vault edit docs --transport beta = un", "unix:/");
    row("vault edit docs --transport = beta = un", "unix:/");
    row("vault edit docs --transport auto,b", "");
    row("vault edit docs --transport beta = auto --limit ", "");
    row("vault add docs --target beta : /sr", "");
    row("nothing ", "");
}

void TestCompletion::whatIsOffered()
{
    QFETCH(QStringList, offered);
    QCOMPARE(complete(QString::fromUtf8(QTest::currentDataTag()), folder()), offered);
}

void TestCompletion::waysAreOfferedWithTheInterfacesOfThisMachine_data()
{
    QTest::addColumn<QStringList>("others");
    QTest::newRow("check beta --transport ") << QStringList();
    QTest::newRow("vault edit docs --transport beta =") << QStringList();
    QTest::newRow("vault edit docs --transport ")
        << QStringList{QStringLiteral("beta="), QStringLiteral("büro=")};
}

void TestCompletion::waysAreOfferedWithTheInterfacesOfThisMachine()
{
    QFETCH(QStringList, others);
    QStringList expected = others
        + QStringList{QStringLiteral("auto"), QStringLiteral("ipv4"), QStringLiteral("ipv6"),
                      QStringLiteral("socks5://"), QStringLiteral("unix:/")};
    QStringList interfaces =
        QDir(QStringLiteral("/sys/class/net")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    interfaces.removeAll(QStringLiteral("lo"));
    expected += interfaces;
    expected.sort();
    QCOMPARE(complete(QString::fromUtf8(QTest::currentDataTag()), folder()), expected);
}

void TestCompletion::withoutAnEngineNoNamesAreOffered()
{
    const QString nowhere = folder() + QStringLiteral("/nowhere");
    QCOMPARE(complete(QStringLiteral("pause "), nowhere), QStringList());
    QCOMPARE(complete(QStringLiteral("pau"), nowhere), QStringList{QStringLiteral("pause")});
}

void TestCompletion::namesOfAnotherStateFolderAreAskedThere()
{
    const QString nowhere = folder() + QStringLiteral("/nowhere");
    QCOMPARE(complete(QStringLiteral("--state %1 pause d").arg(folder()), nowhere),
             QStringList{QStringLiteral("docs")});
}

void TestCompletion::filesAreOfferedWhereAFileIsMeant()
{
    QVERIFY(QDir(folder()).mkpath(QStringLiteral("files/folder")));
    QFile file(folder() + QStringLiteral("/files/report"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QString both = QStringLiteral("files/folder");
    QCOMPARE(complete(QStringLiteral("verify docs --report files/"), folder()),
             (QStringList{both, QStringLiteral("files/report")}));
    QCOMPARE(complete(QStringLiteral("grant beta files/"), folder()), QStringList{both});
}

QTEST_GUILESS_MAIN(TestCompletion)
#include "tst_completion.moc"
