// A window that is attached to an octopusd which stands still (SIGSTOP) and goes on: it says so,
// stays usable all along, and finds back by itself.
#include "app/desktop/banner.h"
#include "app/desktop/mainwindow.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QProcess>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <csignal>

using namespace octopus;
using namespace octopus::desktop;

namespace {

constexpr int enough = 60'000; // ms, for what takes one second on an idle machine
// Whoever waits for an engine that stands still waits for seconds: the link's patience and more.
constexpr Milliseconds patience{12'000};
constexpr qint64 longestPause = 9'000; // ms; what scheduling may cost on a busy machine

// Ticks like a window that is alive, and remembers the longest time without a tick.
class Pulse : public QObject
{
public:
    Pulse()
    {
        connect(&m_timer, &QTimer::timeout, this, [this] {
            ++m_ticks;
            m_longest = std::max(m_longest, m_clock.restart());
        });
        m_clock.start();
        m_timer.start(50);
    }
    [[nodiscard]] int ticks() const { return m_ticks; }
    [[nodiscard]] qint64 longest() const { return std::max(m_longest, m_clock.elapsed()); }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_longest = 0;
    int m_ticks = 0;
};

} // namespace

class TestStandstill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void anEngineThatStandsStillIsSaidAndTheWindowStaysUsable();
    void whatWasAskedBeforeIsDoneOnceItGoesOn();
    void aWindowOfAnEngineThatStandsStillCloses();
    void aWindowThatComesToAnEngineThatStandsStillSaysSo();

private:
    [[nodiscard]] QString path(const char *name) const
    {
        return m_folder->filePath(QLatin1StringView(name));
    }
    [[nodiscard]] std::unique_ptr<QProcess> engine(const char *name) const;
    QByteArray ctl(const char *machine, const QStringList &arguments) const;
    void openWindow();
    void send(int signal) const { ::kill(pid_t(m_alpha->processId()), signal); }
    void change(const QByteArray &content) const;
    [[nodiscard]] QByteArray replica() const;
    [[nodiscard]] QString cell(VaultModel::Column column) const
    {
        return m_window->model().index(0, column).data().toString();
    }
    [[nodiscard]] QString banner() const { return m_window->findChild<Banner *>()->text(); }
    [[nodiscard]] QString place() const;
    [[nodiscard]] bool activate() const;
    [[nodiscard]] bool aMenuOpensAndCloses() const;
    [[nodiscard]] bool aDialogOpensAndCloses() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QProcess> m_alpha;
    std::unique_ptr<QProcess> m_beta;
    std::unique_ptr<EngineLink> m_link;
    std::unique_ptr<MainWindow> m_window;
};

std::unique_ptr<QProcess> TestStandstill::engine(const char *name) const
{
    auto process = std::make_unique<QProcess>();
    process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process->start(QStringLiteral(OCTOPUSD),
                   {QStringLiteral("--state"), path(name), QStringLiteral("--name"),
                    QLatin1StringView(name), QStringLiteral("--listen"),
                    QStringLiteral("127.0.0.1:0"), QStringLiteral("--no-discovery"),
                    QStringLiteral("--log-level"), QStringLiteral("error")});
    while (!process->canReadLine() && process->waitForReadyRead(enough)) {}
    return process;
}

QByteArray TestStandstill::ctl(const char *machine, const QStringList &arguments) const
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QStringLiteral(OCTOPUSCTL),
                  QStringList{QStringLiteral("--state"), path(machine)} + arguments);
    if (!process.waitForFinished(enough) || process.exitCode() != 0)
        qWarning("octopusctl %s failed", qPrintable(arguments.join(u' ')));
    return process.readAllStandardOutput().trimmed();
}

void TestStandstill::change(const QByteArray &content) const
{
    QFile file(path("source/file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

// Opened anew each time: the target puts another file in its place.
QByteArray TestStandstill::replica() const
{
    QFile file(path("mirrors/docs/file"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// A vault in sync, and a window that shows it.
void TestStandstill::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("source")));
    change("first");
    m_alpha = engine("alpha");
    m_beta = engine("beta");
    const QByteArray ticket =
        ctl("beta", {QStringLiteral("invite"), QStringLiteral("--grant"), path("mirrors")});
    ctl("alpha", {QStringLiteral("pair"), QString::fromLatin1(ticket)});
    ctl("alpha",
        {QStringLiteral("vault"), QStringLiteral("add"), QStringLiteral("docs"),
         QStringLiteral("--source"), path("source"), QStringLiteral("--target"),
         QStringLiteral("beta")});
    openWindow();
    QTRY_COMPARE_WITH_TIMEOUT(m_link->state(), LinkState::Connected, enough);
    QTRY_COMPARE_WITH_TIMEOUT(cell(VaultModel::State), QStringLiteral("Mirroring"), enough);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->model().rows().first().inSync, enough);
}

void TestStandstill::openWindow()
{
    const auto nothing = [](const char *) { return QByteArray(); };
    const auto location = control::locate(QFile::encodeName(path("alpha")), nothing);
    m_link = std::make_unique<EngineLink>(location.value(), patience);
    m_window = std::make_unique<MainWindow>(*m_link);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get(), enough));
    m_link->open();
}

void TestStandstill::cleanup()
{
    m_window.reset();
    m_link.reset();
    for (QProcess *process : {m_alpha.get(), m_beta.get()}) {
        ::kill(pid_t(process->processId()), SIGCONT);
        process->terminate();
        QVERIFY(process->waitForFinished(enough));
    }
    m_folder.reset();
}

QString TestStandstill::place() const
{
    for (const QLabel *label : m_window->statusBar()->findChildren<QLabel *>()) {
        if (label->accessibleName() == u"The engine")
            return label->text();
    }
    return {};
}

bool TestStandstill::activate() const
{
    m_window->activateWindow();
    return QTest::qWaitForWindowActive(m_window.get(), enough);
}

bool TestStandstill::aMenuOpensAndCloses() const
{
    const auto menu = [] { return qobject_cast<QMenu *>(QApplication::activePopupWidget()); };
    if (!activate())
        return false;
    QTest::keyClick(m_window.get(), Qt::Key_F, Qt::AltModifier);
    if (!QTest::qWaitFor(menu, enough) || menu()->title() != u"&File")
        return false;
    QTest::keyClick(menu(), Qt::Key_Escape);
    return QTest::qWaitFor([menu] { return !menu(); }, enough);
}

bool TestStandstill::aDialogOpensAndCloses() const
{
    const auto dialog = [] {
        QWidget *active = QApplication::activeWindow();
        return active && active->objectName() == u"machinesDialog" ? active : nullptr;
    };
    if (!activate())
        return false;
    QTest::keyClick(m_window.get(), Qt::Key_M, Qt::ControlModifier);
    if (!QTest::qWaitFor(dialog, enough))
        return false;
    QTest::keyClick(dialog(), Qt::Key_Escape);
    return QTest::qWaitFor([dialog] { return !dialog(); }, enough);
}

void TestStandstill::anEngineThatStandsStillIsSaidAndTheWindowStaysUsable()
{
    const Pulse pulse;
    send(SIGSTOP);
    QVERIFY(aMenuOpensAndCloses()); // before anybody knows
    QVERIFY(aDialogOpensAndCloses());
    QTRY_COMPARE_WITH_TIMEOUT(m_link->state(), LinkState::NotAnswering, enough);
    QVERIFY2(banner().contains(QStringLiteral("does not answer")), qPrintable(banner()));
    QCOMPARE(place(), QStringLiteral("Engine does not answer"));
    QCOMPARE(cell(VaultModel::State), QStringLiteral("Unknown"));
    QVERIFY(!cell(VaultModel::Lag).contains(u'0')); // nothing is known, least of all that it is 0
    QVERIFY(aMenuOpensAndCloses());
    QVERIFY(aDialogOpensAndCloses());
    const int before = pulse.ticks();
    QTRY_VERIFY_WITH_TIMEOUT(pulse.ticks() > before + 20, enough);

    change("while it stood still");
    send(SIGCONT);
    QTRY_COMPARE_WITH_TIMEOUT(m_link->state(), LinkState::Connected, enough);
    QVERIFY(banner().isEmpty());
    QCOMPARE(place(), QStringLiteral("Engine in the background"));
    QTRY_COMPARE_WITH_TIMEOUT(cell(VaultModel::State), QStringLiteral("Mirroring"), enough);
    QTRY_COMPARE_WITH_TIMEOUT(replica(), "while it stood still", enough);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->model().rows().first().inSync, enough);
    QVERIFY2(pulse.longest() < longestPause, qPrintable(QString::number(pulse.longest())));
}

void TestStandstill::whatWasAskedBeforeIsDoneOnceItGoesOn()
{
    const Pulse pulse;
    send(SIGSTOP);
    QAction *pause = nullptr;
    for (QAction *one : m_window->findChild<QMenuBar *>()->actions()[1]->menu()->actions()) {
        if (one->objectName() == u"pause" && !pause)
            pause = one;
    }
    QVERIFY(pause && pause->isEnabled());
    pause->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(m_link->state(), LinkState::NotAnswering, enough);
    QVERIFY(!pause->isEnabled()); // asked of nobody
    send(SIGCONT);
    QTRY_COMPARE_WITH_TIMEOUT(cell(VaultModel::State), QStringLiteral("Paused"), enough);
    QVERIFY2(pulse.longest() < longestPause, qPrintable(QString::number(pulse.longest())));
}

void TestStandstill::aWindowOfAnEngineThatStandsStillCloses()
{
    send(SIGSTOP);
    QTRY_COMPARE_WITH_TIMEOUT(m_link->state(), LinkState::NotAnswering, enough);
    QElapsedTimer clock;
    clock.start();
    m_window->close();
    m_window.reset();
    m_link.reset();
    QVERIFY2(clock.elapsed() < longestPause, qPrintable(QString::number(clock.elapsed())));
}

void TestStandstill::aWindowThatComesToAnEngineThatStandsStillSaysSo()
{
    m_window.reset();
    m_link.reset();
    send(SIGSTOP);
    const Pulse pulse;
    openWindow();
    QTRY_COMPARE_WITH_TIMEOUT(m_link->state(), LinkState::NotAnswering, enough);
    QVERIFY2(banner().contains(QStringLiteral("does not answer")), qPrintable(banner()));
    QVERIFY(aMenuOpensAndCloses());
    send(SIGCONT);
    QTRY_COMPARE_WITH_TIMEOUT(cell(VaultModel::State), QStringLiteral("Mirroring"), enough);
    QVERIFY(banner().isEmpty());
    QVERIFY2(pulse.longest() < longestPause, qPrintable(QString::number(pulse.longest())));
}

QTEST_MAIN(TestStandstill)
#include "tst_standstill.moc"
