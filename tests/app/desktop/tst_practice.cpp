// The practice target, with real engines: started, mirrored to, ended without a trace.
#include "app/desktop/mainwindow.h"
#include "app/desktop/start/practice.h"
#include "engine/control/json.h"

#include <QDir>
#include <QJsonArray>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace octopus;
using namespace octopus::desktop;

class TestPractice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aPracticeMirrorsAndLeavesNoTrace();
    void aTargetThatCannotStartIsSaid();
    void theEndSaysWhichVaultsLoseTheTargetAndRemovesThemIfWanted();
    void aVaultThatIsKeptStaysAfterTheEnd();
    void aVaultWithOtherTargetsLosesOnlyThisOne();
    void whatACrashLeftIsCleared();
    void onlyAPracticesFolderIsEverRemoved();

private:
    [[nodiscard]] QJsonArray ask(const control::Command &command);
    // Runs a practice in the window, with a vault "mine" to its target, too.
    void practiseWithAnOwnVault(MainWindow &window);
    // Ends it by this button of the question.
    void end(MainWindow &window, const char *button);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<process::EngineProcess> m_engine;
    std::unique_ptr<EngineLink> m_link;
    const QString m_octopusd = QStringLiteral(OCTOPUSD);
};

void TestPractice::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const QByteArray state = QFile::encodeName(m_folder->path()) + "/state";
    m_engine = std::make_unique<process::EngineProcess>(QStringLiteral("alpha"), state);
    QSignalSpy serving(m_engine.get(), &process::EngineProcess::serving);
    m_engine->start(m_octopusd);
    QTRY_COMPARE_WITH_TIMEOUT(serving.size(), 1, 60'000);
    const auto nothing = [](const char *) { return QByteArray(); };
    m_link = std::make_unique<EngineLink>(control::locate(state, nothing).value());
}

void TestPractice::cleanup()
{
    m_link.reset();
    QSignalSpy stopped(m_engine.get(), &process::EngineProcess::stopped);
    m_engine->stop();
    QTRY_COMPARE_WITH_TIMEOUT(stopped.size(), 1, 60'000);
    m_engine.reset();
    m_folder.reset();
}

QJsonArray TestPractice::ask(const control::Command &command)
{
    QJsonArray list;
    bool answered = false;
    m_link->send(command, this, [&](const control::Answer &answer) {
        list = answer.value_or(QJsonArray()).toArray();
        answered = true;
    });
    if (!QTest::qWaitFor([&] { return answered; }, 60'000))
        qWarning("no answer");
    return list;
}

void TestPractice::aPracticeMirrorsAndLeavesNoTrace()
{
    Practice practice(*m_link, m_octopusd);
    QSignalSpy failed(&practice, &Practice::failed);
    m_link->open();
    QTRY_COMPARE(m_link->state(), LinkState::Connected);
    practice.start({}, QStringLiteral("practice"));
    QTRY_COMPARE_WITH_TIMEOUT(practice.state(), Practice::State::Running, 160'000);
    const QString source = QFile::decodeName(practice.source());
    const QString replica = QFile::decodeName(practice.replica());
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(replica + QStringLiteral("/read-me.txt")), 60'000);
    QFile change(source + QStringLiteral("/letters/third.txt"));
    QVERIFY(change.open(QIODevice::WriteOnly));
    change.write("7\n");
    change.close();
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(replica + QStringLiteral("/letters/third.txt")), 60'000);
    QVERIFY(PracticeFolder::readRecord(m_link->location().stateDirectory));

    QSignalSpy ended(&practice, &Practice::ended);
    practice.end();
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 60'000);
    QCOMPARE(practice.state(), Practice::State::Idle);
    QVERIFY(!QDir(source).exists());
    QVERIFY(ask(control::ListVaults()).isEmpty());
    QVERIFY(ask(control::ListPeers()).isEmpty());
    QVERIFY(!PracticeFolder::readRecord(m_link->location().stateDirectory));
    QVERIFY2(failed.isEmpty(), qPrintable(failed.value(0).value(0).toString()));
}

void TestPractice::aTargetThatCannotStartIsSaid()
{
    Practice practice(*m_link, QStringLiteral("/no/such/octopusd"));
    QSignalSpy failed(&practice, &Practice::failed);
    m_link->open();
    QTRY_COMPARE(m_link->state(), LinkState::Connected);
    practice.start({}, QStringLiteral("practice"));
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(
        failed[0][0].toString().startsWith(QStringLiteral("The practice could not be started")));
    QTRY_COMPARE(practice.state(), Practice::State::Idle);
}

void TestPractice::practiseWithAnOwnVault(MainWindow &window)
{
    window.show();
    m_link->open();
    auto *sample = window.findChild<QPushButton *>(QStringLiteral("practiceSample"));
    QTRY_VERIFY_WITH_TIMEOUT(sample->isVisible(), 60'000);
    sample->click();
    auto *end = window.findChild<QPushButton *>(QStringLiteral("endPractice"));
    QTRY_VERIFY_WITH_TIMEOUT(end->isVisible(), 160'000);
    const QString folder = m_folder->filePath(QStringLiteral("mine"));
    QVERIFY(QDir().mkpath(folder));
    control::AddVault command;
    command.name = QStringLiteral("mine");
    command.sources = {QFile::encodeName(folder)};
    command.targets = {{ask(control::ListPeers()).first()[u"id"].toString(), "mine"}};
    (void)ask(command);
    const auto isListed = [&] {
        return std::ranges::any_of(window.model().rows(),
                                   [](const VaultRow &row) { return row.name == u"mine"; });
    };
    QTRY_VERIFY_WITH_TIMEOUT(isListed(), 60'000);
    end->click();
}

void TestPractice::end(MainWindow &window, const char *button)
{
    auto *question = window.findChild<QMessageBox *>(QStringLiteral("endQuestion"));
    QVERIFY(question);
    QVERIFY(question->informativeText().contains(QStringLiteral("mine")));
    QVERIFY(!question->informativeText().contains(QStringLiteral("practice\n")));
    question->findChild<QPushButton *>(QLatin1StringView(button))->click();
    const QByteArray state = m_link->location().stateDirectory;
    QTRY_VERIFY_WITH_TIMEOUT(!PracticeFolder::readRecord(state), 60'000);
    QVERIFY(ask(control::ListPeers()).isEmpty());
}

void TestPractice::theEndSaysWhichVaultsLoseTheTargetAndRemovesThemIfWanted()
{
    MainWindow window(*m_link, m_octopusd);
    practiseWithAnOwnVault(window);
    end(window, "endAndRemove");
    QVERIFY(ask(control::ListVaults()).isEmpty());
    QVERIFY(QDir(m_folder->filePath(QStringLiteral("mine"))).exists());
}

void TestPractice::aVaultThatIsKeptStaysAfterTheEnd()
{
    MainWindow window(*m_link, m_octopusd);
    practiseWithAnOwnVault(window);
    end(window, "endAndKeep");
    const QJsonArray vaults = ask(control::ListVaults());
    QCOMPARE(vaults.size(), 1);
    QCOMPARE(vaults[0][u"name"].toString(), QStringLiteral("mine"));
}

void TestPractice::aVaultWithOtherTargetsLosesOnlyThisOne()
{
    const auto machine = [](char letter) {
        return MachineId::fromBytes(QByteArray(32, letter)).value();
    };
    const auto row = [&](char vault, const char *name, char peer) {
        VaultRow made;
        made.vault = VaultId::fromBytes(QByteArray(16, vault)).value();
        made.name = QLatin1StringView(name);
        made.peer = machine(peer);
        return made;
    };
    const PracticeUsers users =
        PracticeUsers::of({row('1', "practice", 'p'), row('2', "alone", 'p'), row('3', "both", 'b'),
                           row('3', "both", 'p'), row('4', "elsewhere", 'b')},
                          machine('p'), QStringLiteral("practice"));
    QCOMPARE(users.alone, QStringList{QStringLiteral("alone")});
    QCOMPARE(users.shared, QStringList{QStringLiteral("both")});

    const auto target = [&](char peer) {
        return QJsonObject{{QStringLiteral("peerId"), machine(peer).text()},
                           {QStringLiteral("destination"), QStringLiteral("/srv/both")}};
    };
    const QJsonArray vaults{
        QJsonObject{{QStringLiteral("name"), QStringLiteral("alone")},
                    {QStringLiteral("targets"), QJsonArray{target('p')}}},
        QJsonObject{{QStringLiteral("name"), QStringLiteral("both")},
                    {QStringLiteral("targets"), QJsonArray{target('b'), target('p')}}},
        QJsonObject{{QStringLiteral("name"), QStringLiteral("elsewhere")},
                    {QStringLiteral("targets"), QJsonArray{target('b')}}}};
    control::EditVault edit;
    edit.vault = QStringLiteral("both");
    edit.targets = {{machine('b').text(), "/srv/both"}};
    using Fate = PracticeUsers::Fate;
    const control::Command remove = control::RemoveVault{QStringLiteral("alone"), false};
    QCOMPARE(PracticeUsers::releases(vaults, machine('p'), Fate::Keep),
             QList<control::Command>{edit});
    QCOMPARE(PracticeUsers::releases(vaults, machine('p'), Fate::Remove),
             (QList<control::Command>{remove, edit}));
}

void TestPractice::whatACrashLeftIsCleared()
{
    const auto left = PracticeFolder::make();
    QVERIFY(left);
    const QByteArray state = m_link->location().stateDirectory;
    PracticeFolder::writeRecord(state,
                                {left->path(), MachineId::fromBytes(QByteArray(32, 'x')).value(),
                                 QStringLiteral("practice")});
    Practice practice(*m_link, m_octopusd);
    m_link->open();
    QTRY_VERIFY(!QDir(QFile::decodeName(left->path())).exists());
    QTRY_VERIFY(!PracticeFolder::readRecord(state));
}

void TestPractice::onlyAPracticesFolderIsEverRemoved()
{
    const QString mine = m_folder->filePath(QStringLiteral("octopus-practice-mine/../other"));
    QVERIFY(QDir().mkpath(m_folder->filePath(QStringLiteral("other"))));
    for (const QString &path : {m_folder->filePath(QStringLiteral("other")), mine})
        PracticeFolder::remove(QFile::encodeName(path));
    QVERIFY(QDir(m_folder->filePath(QStringLiteral("other"))).exists());
}

QTEST_MAIN(TestPractice)
#include "tst_practice.moc"
