#include "tests/endtoend/hostile/falsetarget.h"

#include "engine/base/random.h"
#include "engine/link/ticket.h"
#include "tests/endtoend/hostile/mirror.h"
#include "tests/endtoend/link/machine.h"

#include <QMutex>
#include <QSet>
#include <QThread>

#include <cstdio>

namespace octopus::hostile {

namespace {

constexpr int patience = 10'000;   // ms
constexpr int wholeTime = 120'000; // ms

class Outcomes
{
public:
    explicit Outcomes(qsizetype cases) : m_cases(cases) {}

    void add(qsizetype number, const QByteArray &name, const QByteArray &fault)
    {
        const QMutexLocker lock(&m_mutex);
        if (m_seen.contains(number))
            return;
        m_seen.insert(number);
        m_faults += !fault.isEmpty();
        std::printf("%s target: %s%s%s\n", fault.isEmpty() ? "ok     " : "FAILED ",
                    name.constData(), fault.isEmpty() ? "" : ": ", fault.constData());
        std::fflush(stdout);
    }
    [[nodiscard]] bool isComplete()
    {
        const QMutexLocker lock(&m_mutex);
        return m_seen.size() == m_cases;
    }
    [[nodiscard]] int finish()
    {
        const QMutexLocker lock(&m_mutex);
        const auto missing = m_cases - m_seen.size();
        std::printf("%lld cases, %lld failed, %lld not made\n", qint64(m_cases), qint64(m_faults),
                    qint64(missing));
        std::fflush(stdout);
        return m_faults || missing ? 1 : 0;
    }

private:
    QMutex m_mutex;
    QSet<qsizetype> m_seen;
    const qsizetype m_cases;
    qsizetype m_faults = 0;
};

// One connection of the primary, from TLS to its end.
void serve(const Identity &identity, qintptr descriptor, const Answers &answers, Outcomes &outcomes)
{
    Caller caller(identity, descriptor);
    wire::Hello hello = ordinaryHello();
    hello.name = QStringLiteral("falsetarget");
    if (!caller.isEncrypted() || !caller.send(hello) || !caller.await<wire::Hello>(patience))
        return;
    const auto first = caller.next(patience);
    if (first && std::holds_alternative<wire::PairRequest>(*first)) {
        (void)caller.send(wire::PairAccepted{hello.name});
        (void)caller.ending(patience);
        return;
    }
    if (!first || !std::holds_alternative<wire::OpenMirror>(*first))
        return;
    const auto &open = std::get<wire::OpenMirror>(*first);
    bool known = false;
    const qsizetype number = open.vaultName.mid(4).toInt(&known);
    if (!known || number >= qsizetype(answers.size()))
        return;
    const Answer &answer = answers[size_t(number)];
    outcomes.add(number, answer.name, answer.run(caller, open));
}

} // namespace

Answers allAnswers()
{
    Answers all = falseStates();
    for (Answer &one : falseListings())
        all.push_back(std::move(one));
    return all;
}

int serveAsFalseTarget(const Identity &identity)
{
    const Answers answers = allAnswers();
    testing::Door door;
    SystemRandom random;
    const WallTime never{SystemClock().wall().nanoseconds + 3'600'000'000'000};
    const auto ticket = link::newTicket(identity.id(), {QStringLiteral("127.0.0.1")},
                                        door.endpoint().port, never, random);
    if (!door.isOpen() || !ticket)
        return 2;
    std::printf("%zu %s\n", answers.size(), qPrintable(link::encodeTicket(*ticket)));
    std::fflush(stdout);
    Outcomes outcomes{qsizetype(answers.size())};
    std::vector<std::unique_ptr<QThread>> threads;
    QElapsedTimer timer;
    timer.start();
    while (!outcomes.isComplete() && timer.elapsed() < wholeTime) {
        door.waitForNewConnection(200);
        for (const qintptr descriptor : std::exchange(door.descriptors, {})) {
            threads.emplace_back(QThread::create([&identity, &answers, &outcomes, descriptor] {
                serve(identity, descriptor, answers, outcomes);
            }));
            threads.back()->start();
        }
    }
    const int code = outcomes.finish();
    std::_Exit(code); // some connections are still being served
}

} // namespace octopus::hostile
