// A password is typed without being seen, and read from standard input where that is no terminal.
#include "app/cli/secretinput.h"

#include <QTest>

#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <thread>

using namespace octopus;
using namespace octopus::cli;

class TestSecretInput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLineOfAPipeIsRead_data();
    void aLineOfAPipeIsRead();
    void whatFollowsTheLineStays();
    void nothingAndTooMuchAreErrors();
    void aTerminalDoesNotShowIt();
    void theBreakKeyEndsTheQuestion();

private:
    // Reads from a new terminal on which `keys` are typed as soon as its echo is off.
    struct Typed {
        Result<QByteArray> line = QByteArray();
        QByteArray shown;
        bool echoesAfterwards = false;
    };
    [[nodiscard]] static Typed type(const QByteArray &keys);
};

namespace {

// The reading end of a pipe that holds just this.
int pipeWith(const QByteArray &bytes)
{
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0
        || ::write(ends[1], bytes.constData(), size_t(bytes.size())) != bytes.size())
        qFatal("no pipe");
    ::close(ends[1]);
    return ends[0];
}

bool echoes(int terminal)
{
    termios state{};
    return ::tcgetattr(terminal, &state) == 0 && (state.c_lflag & ECHO) != 0;
}

} // namespace

void TestSecretInput::aLineOfAPipeIsRead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("line") << QByteArray("pass word\n") << QByteArray("pass word");
    QTest::newRow("without an end") << QByteArray("pw") << QByteArray("pw");
    QTest::newRow("of another system") << QByteArray("pw\r\n") << QByteArray("pw");
    QTest::newRow("empty") << QByteArray("\n") << QByteArray();
    QTest::newRow("not UTF-8") << QByteArray("p\xff\n") << QByteArray("p\xff");
}

void TestSecretInput::aLineOfAPipeIsRead()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, line);
    const int reading = pipeWith(bytes);
    const auto read = readSecret(reading);
    ::close(reading);
    QVERIFY(read);
    QCOMPARE(*read, line);
}

void TestSecretInput::whatFollowsTheLineStays()
{
    const int reading = pipeWith("one\ntwo\n");
    QCOMPARE(readSecret(reading).value(), QByteArray("one"));
    QCOMPARE(readSecret(reading).value(), QByteArray("two"));
    ::close(reading);
}

void TestSecretInput::nothingAndTooMuchAreErrors()
{
    for (const QByteArray &bytes : {QByteArray(), QByteArray(5000, 'x')}) {
        const int reading = pipeWith(bytes);
        const auto read = readSecret(reading);
        ::close(reading);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Invalid);
    }
    const auto closed = readSecret(-1);
    QVERIFY(!closed);
}

TestSecretInput::Typed TestSecretInput::type(const QByteArray &keys)
{
    Typed typed;
    int keyboard = -1;
    int terminal = -1;
    if (::openpty(&keyboard, &terminal, nullptr, nullptr, nullptr) != 0)
        qFatal("no terminal");
    if (!echoes(terminal))
        qFatal("a terminal that never shows anything proves nothing");
    std::thread person([&] {
        while (echoes(terminal))
            std::this_thread::yield();
        if (::write(keyboard, keys.constData(), size_t(keys.size())) != keys.size())
            qFatal("nothing can be typed");
    });
    typed.line = readSecret(terminal);
    person.join();
    typed.echoesAfterwards = echoes(terminal);
    // A mark that is shown, so that reading ends.
    if (::write(terminal, "|", 1) != 1)
        qFatal("nothing can be shown");
    for (char byte = 0; byte != '|' && ::read(keyboard, &byte, 1) == 1;)
        typed.shown += byte;
    ::close(terminal);
    ::close(keyboard);
    return typed;
}

void TestSecretInput::aTerminalDoesNotShowIt()
{
    const Typed typed = type("secret\n");
    QCOMPARE(typed.line.value(), QByteArray("secret"));
    QCOMPARE(typed.shown, QByteArray("|"));
    QVERIFY(typed.echoesAfterwards);
}

void TestSecretInput::theBreakKeyEndsTheQuestion()
{
    const Typed typed = type("sec\x03");
    QVERIFY(!typed.line);
    QVERIFY(typed.echoesAfterwards);
}

QTEST_GUILESS_MAIN(TestSecretInput)
#include "tst_secretinput.moc"
