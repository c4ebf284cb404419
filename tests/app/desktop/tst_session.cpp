// From one session to the next: what the window remembers, starts into the tray, second starts.
#include "app/desktop/mainwindow.h"
#include "app/desktop/session/quietstart.h"
#include "app/desktop/session/settingsfile.h"
#include "app/desktop/session/windowmemory.h"
#include "app/desktop/singleinstance.h"
#include "app/desktop/vaultview.h"
#include "tests/app/desktop/enginebench.h"

#include <QAction>
#include <QDir>
#include <QHeaderView>
#include <QLockFile>
#include <QMenu>
#include <QMenuBar>
#include <QSignalSpy>
#include <QSplitter>

using namespace octopus;
using namespace octopus::desktop;

class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void theWindowComesBackAsItWas();
    void anActivityThatNobodyWidenedIsFittedToTheNextWindow();
    void aBusyDiskKeepsNobodyWaiting();
    void aWindowThatNeverHadVaultsForgetsNothing();
    void theChosenVaultIsChosenAgain();
    void aVaultThatIsGoneLeavesTheFirstChosen();
    void anOpenWindowIsRememberedUnlessTheUserQuits();
    void changesAreWrittenByThemselves();
    void withoutAStateFolderNothingIsWritten();
    void aDamagedMemoryIsNoError();
    void aQuietStartShowsNothingWhereThereIsATray();
    void aQuietStartShowsTheWindowWhereNoTrayComes();
    void aSecondStartShowsTheWindowUnlessItIsQuiet();

private:
    struct Seen;
    [[nodiscard]] QByteArray state() const { return m_bench->link.location().stateDirectory; }
    [[nodiscard]] bool isFilled(MainWindow &window) const;

    std::unique_ptr<EngineBench> m_bench;
};

// A window with its memory.
struct TestSession::Seen {
    explicit Seen(const TestSession &test)
        : window(test.m_bench->link),
          memory(window, test.state()),
          view(window.findChild<VaultView *>()),
          splitter(window.findChild<QSplitter *>(QStringLiteral("vaultSplitter")))
    {}
    MainWindow window;
    WindowMemory memory;
    VaultView *view;
    QSplitter *splitter;
};

void TestSession::init()
{
    m_bench = std::make_unique<EngineBench>();
    QVERIFY(m_bench->isConnected());
    QVERIFY(QDir().mkpath(QFile::decodeName(state())));
}

void TestSession::cleanup()
{
    m_bench.reset();
}

bool TestSession::isFilled(MainWindow &window) const
{
    m_bench->api.setStatus(m_bench->api.current);
    return QTest::qWaitFor([&window] { return window.model().rowCount() == 3; }, 20'000);
}

void TestSession::theWindowComesBackAsItWas()
{
    QSize size;
    QList<int> sizes;
    {
        Seen seen(*this);
        seen.window.show();
        QVERIFY(isFilled(seen.window));
        seen.window.resize(760, 640); // fits the screen of the test
        seen.splitter->setSizes({150, 350});
        seen.view->horizontalHeader()->resizeSection(VaultModel::Activity, 222);
        QTest::qWait(50);
        size = seen.window.size();
        QVERIFY(size != MainWindow(m_bench->link).size());
        sizes = seen.splitter->sizes();
        seen.memory.save();
    }
    Seen seen(*this);
    seen.window.show();
    QVERIFY(isFilled(seen.window));
    QTRY_COMPARE(seen.window.size(), size);
    QTRY_COMPARE(seen.splitter->sizes(), sizes);
    QCOMPARE(seen.view->horizontalHeader()->sectionSize(VaultModel::Activity), 222);
    QCOMPARE(seen.view->horizontalHeader()->sectionResizeMode(VaultModel::Place),
             QHeaderView::Stretch);
}

void TestSession::anActivityThatNobodyWidenedIsFittedToTheNextWindow()
{
    for (const bool widened : {false, true}) {
        {
            Seen seen(*this);
            seen.window.show();
            QVERIFY(isFilled(seen.window));
            if (widened)
                seen.view->horizontalHeader()->resizeSection(VaultModel::Activity, 222);
            QCOMPARE(seen.view->activityIsFitted(), !widened);
            seen.memory.save();
        }
        Seen seen(*this);
        seen.window.show();
        QVERIFY(isFilled(seen.window));
        QCOMPARE(seen.view->activityIsFitted(), !widened);
    }
}

void TestSession::aBusyDiskKeepsNobodyWaiting()
{
    const QString path = QFile::decodeName(state()) + QStringLiteral("/desktop.ini");
    SettingsFile settings(path);
    QLockFile busy(path + QStringLiteral(".lock"));
    QVERIFY(busy.tryLock());
    settings.write({{QStringLiteral("a/first"), 1}, {QStringLiteral("a/second"), 1}});
    settings.write({{QStringLiteral("a/second"), 2}});
    QVERIFY(!QFile::exists(path));
    busy.unlock();
    settings.waitUntilWritten();
    const SettingsFile written(path);
    QCOMPARE(written.value(QStringLiteral("a/first")), 1);
    QCOMPARE(written.value(QStringLiteral("a/second")), 2);
    QCOMPARE(written.value(QStringLiteral("a/third"), 3), 3);
}

void TestSession::aWindowThatNeverHadVaultsForgetsNothing()
{
    QList<int> sizes;
    {
        Seen seen(*this);
        seen.window.show();
        QVERIFY(isFilled(seen.window));
        seen.splitter->setSizes({150, 350});
        sizes = seen.splitter->sizes();
        seen.memory.save();
    }
    {
        MainWindow window(m_bench->link);
        WindowMemory memory(window, state());
        window.resize(760, 640);
        window.show();
        memory.save();
    }
    Seen seen(*this);
    seen.window.show();
    QVERIFY(isFilled(seen.window));
    const auto share = [](const QList<int> &parts) {
        return 100 * parts[0] / (parts[0] + parts[1]);
    };
    QTRY_VERIFY(std::abs(share(seen.splitter->sizes()) - share(sizes)) <= 3);
}

void TestSession::theChosenVaultIsChosenAgain()
{
    {
        Seen seen(*this);
        seen.window.show();
        QVERIFY(isFilled(seen.window));
        seen.view->choose(1);
        seen.memory.save();
    }
    Seen seen(*this);
    seen.memory.save(); // before the vaults are known; forgets nothing
    QVERIFY(isFilled(seen.window));
    QCOMPARE(seen.view->currentRow()->name, QStringLiteral("photos"));
    seen.view->choose(2);
    m_bench->api.current.vaults.removeFirst();
    m_bench->api.setStatus(m_bench->api.current);
    QTRY_COMPARE(seen.window.model().rowCount(), 2);
    QCOMPARE(seen.view->currentRow()->name, QStringLiteral("mail"));
}

void TestSession::aVaultThatIsGoneLeavesTheFirstChosen()
{
    {
        Seen seen(*this);
        QVERIFY(isFilled(seen.window));
        seen.view->choose(2);
        seen.memory.save();
    }
    m_bench->api.current.replicas.first().vault = VaultId::fromBytes(QByteArray(16, 'z')).value();
    Seen seen(*this);
    QVERIFY(isFilled(seen.window));
    QCOMPARE(seen.view->currentRow()->name, QStringLiteral("docs"));
}

void TestSession::anOpenWindowIsRememberedUnlessTheUserQuits()
{
    {
        Seen seen(*this);
        QVERIFY(!seen.memory.wasOpen()); // never seen before
        seen.window.show();
        seen.memory.save();
    }
    {
        Seen seen(*this);
        QVERIFY(seen.memory.wasOpen());
        seen.memory.save(); // hidden
    }
    QVERIFY(!Seen(*this).memory.wasOpen());
    {
        Seen seen(*this);
        seen.window.show();
        QSignalSpy quitting(&seen.window, &MainWindow::quitting);
        seen.window.menuBar()->actions().constFirst()->menu()->actions().constLast()->trigger();
        QCOMPARE(quitting.size(), 1);
        seen.memory.saveAsQuit();
    }
    QVERIFY(!Seen(*this).memory.wasOpen());
}

void TestSession::changesAreWrittenByThemselves()
{
    Seen seen(*this);
    seen.window.show();
    QTRY_VERIFY(Seen(*this).memory.wasOpen());
    seen.window.hide();
    QTRY_VERIFY(!Seen(*this).memory.wasOpen());
}

void TestSession::withoutAStateFolderNothingIsWritten()
{
    const QByteArray nowhere = state() + "/nowhere";
    MainWindow window(m_bench->link);
    WindowMemory memory(window, nowhere);
    memory.save();
    QVERIFY(!QFile::exists(QFile::decodeName(nowhere)));
}

void TestSession::aDamagedMemoryIsNoError()
{
    QFile file(QFile::decodeName(state()) + QStringLiteral("/desktop.ini"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[window]\ngeometry=@ByteArray(\\x1\\xff)\nmirror=x\nopen=perhaps\n[columns]\n"
               "of7=@ByteArray(abc)\n\xff\xfe[");
    file.close();
    Seen seen(*this);
    seen.window.show();
    QVERIFY(isFilled(seen.window));
    QCOMPARE(seen.view->currentRow()->name, QStringLiteral("docs"));
    QVERIFY(seen.window.width() > 400);
}

void TestSession::aQuietStartShowsNothingWhereThereIsATray()
{
    QWidget window;
    int asked = 0;
    const QuietStart start(window, [&asked] { return ++asked == 3; }, Milliseconds(20'000));
    QTRY_COMPARE(asked, 3);
    QTest::qWait(600);
    QCOMPARE(asked, 3);
    QVERIFY(!window.isVisible());
}

void TestSession::aQuietStartShowsTheWindowWhereNoTrayComes()
{
    QWidget window;
    const QuietStart start(window, [] { return false; }, Milliseconds(300));
    QVERIFY(!window.isVisible());
    QTRY_VERIFY(window.isVisible());
}

void TestSession::aSecondStartShowsTheWindowUnlessItIsQuiet()
{
    SingleInstance first(state());
    QVERIFY(!first.handOver());
    QSignalSpy wanted(&first, &SingleInstance::windowWanted);
    SingleInstance quiet(state());
    QVERIFY(quiet.handOver(true));
    SingleInstance second(state());
    QVERIFY(second.handOver());
    QTRY_COMPARE(wanted.size(), 1);
    QTest::qWait(100);
    QCOMPARE(wanted.size(), 1);
}

QTEST_MAIN(TestSession)
#include "tst_session.moc"
