// Somebody between two machines that pair by comparing digits: with the commitment he has one guess
// for each time that a user asks; without it he wins nearly always.
//
// Fewer codes than a million, so that his rare successes can be counted: a success rate of 1 in 1024
// codes is one of 1 in 1,000,000 with six digits.
#include "tests/engine/link/pairingbench.h"

#include <QTest>

#include <cmath>

using namespace octopus;
using namespace octopus::testing;
using namespace std::chrono_literals;

namespace {

constexpr quint32 codes = 1024;

// The protocol as it must not be: the nonce may be another one than was committed to.
class NoCommitment final : public PairCode
{
public:
    using PairCode::PairCode;
    [[nodiscard]] bool opens(const PairContext &, QByteArrayView, QByteArrayView) const override
    {
        return true;
    }
};

// What one user sees.
QString shownBy(const PairingDesk &desk)
{
    const auto status = desk.status();
    return desk.isOpen() && !status.isEmpty() ? status.first().digits : QString();
}

// Alice asks to be paired with Bob; whatever she sends reaches Mallory, who has keys of his own.
class Attack
{
public:
    Attack(const PairCode &code, quint64 seed)
        : m_random(seed),
          m_code(code),
          m_alice(m_clock, m_random, code),
          m_bob(m_clock, m_random, code)
    {}
    virtual ~Attack() = default;

    // How many of `tries` end with the same digits on both screens: the users will confirm.
    int successes(int tries)
    {
        int count = 0;
        for (int i = 0; i < tries; ++i) {
            m_clock.advance(10min); // so that nobody is refused for having asked before
            static_cast<void>(m_alice.expire());
            static_cast<void>(m_bob.expire());
            run();
            const QString atAlice = shownBy(m_alice);
            count += !atAlice.isEmpty() && atAlice == shownBy(m_bob) ? 1 : 0;
        }
        return count;
    }

protected:
    virtual void run() = 0;

    // Alice's user asks. Mallory answers as Bob with a nonce of his; the digits that Alice shows.
    QString fool(const QByteArray &nonce)
    {
        const PairContext context = between(m_aliceId, m_mallory);
        const auto opening = m_alice.begin(Role::Initiator, context, partner(m_mallory), 17290);
        if (!opening)
            qFatal("Alice may not ask: %s", opening.error().detail.constData());
        const auto reveal = m_alice.take(wire::PairNonce{nonce, 17290});
        if (!reveal || !*reveal)
            qFatal("Alice does not reveal");
        return m_code.digits(context, std::get<wire::PairReveal>(**reveal).nonce, nonce);
    }

    // Mallory calls Bob with a new key and commits himself to `nonce`; Bob's nonce, or nothing: Bob
    // does not listen to him.
    std::optional<QByteArray> knock(const QByteArray &nonce)
    {
        m_caller = machine(m_random.next64());
        const PairContext context = between(m_caller, m_bobId);
        if (!m_bob.begin(Role::Responder, context, partner(m_caller), 17290))
            return std::nullopt;
        const auto reply =
            m_bob.take(wire::PairCommit{PairCode::commitment(context, nonce), 17290});
        if (!reply || !*reply)
            return std::nullopt;
        return std::get<wire::PairNonce>(**reply).nonce;
    }
    QString digitsAtBob(const QByteArray &nonce, const QByteArray &bobs) const
    {
        return m_code.digits(between(m_caller, m_bobId), nonce, bobs);
    }
    void reveal(const QByteArray &nonce) { static_cast<void>(m_bob.take(wire::PairReveal{nonce})); }
    void breakOff() { m_bob.lost({ErrorCode::Disconnected, "gone", 0}); }
    QByteArray anyNonce() { return m_random.bytes(PairCode::nonceSize); }

private:
    FakeClock m_clock;
    SeededRandom m_random;
    const PairCode &m_code;
    PairingDesk m_alice;
    PairingDesk m_bob;
    const MachineId m_aliceId = machine(1);
    const MachineId m_bobId = machine(2);
    const MachineId m_mallory = machine(3);
    MachineId m_caller;
};

// Alice's digits first; then Bob is tried again and again, and left before he shows other ones.
class AliceFirst final : public Attack
{
    using Attack::Attack;
    void run() override
    {
        const QString wanted = fool(anyNonce());
        for (int i = 0; i < 5; ++i) {
            const QByteArray nonce = anyNonce();
            const auto bobs = knock(nonce);
            if (!bobs)
                continue;
            if (digitsAtBob(nonce, *bobs) == wanted)
                return reveal(nonce);
            breakOff();
        }
    }
};

// Bob shows digits first; what Alice will show is then up to chance, and Bob is tried once more.
class BobFirst final : public Attack
{
    using Attack::Attack;
    void run() override
    {
        const QByteArray nonce = anyNonce();
        const auto bobs = knock(nonce);
        if (!bobs)
            return;
        reveal(nonce);
        const QString wanted = fool(anyNonce());
        if (digitsAtBob(nonce, *bobs) == wanted)
            return;
        breakOff();
        for (int i = 0; i < 5; ++i) {
            const QByteArray next = anyNonce();
            const auto again = knock(next);
            if (again && digitsAtBob(next, *again) == wanted)
                return reveal(next);
        }
    }
};

// Bob's nonce is known before Alice reveals hers, and Bob is told the nonce only at the end.
class Interleaved final : public Attack
{
    using Attack::Attack;
    void run() override
    {
        const QByteArray nonce = anyNonce();
        const auto bobs = knock(nonce);
        if (!bobs)
            return;
        // Alice's nonce is not known: of two that give Bob's digits with a nonce that she might
        // have, neither is better than the other.
        const QString wanted = fool(*bobs);
        if (digitsAtBob(nonce, *bobs) == wanted)
            return reveal(nonce);
        breakOff();
        const QByteArray next = anyNonce();
        if (const auto again = knock(next); again && digitsAtBob(next, *again) == wanted)
            reveal(next);
    }
};

// Commits himself to anything and looks for a nonce that gives Alice's digits.
class Searching final : public Attack
{
    using Attack::Attack;
    void run() override
    {
        const QString wanted = fool(anyNonce());
        QByteArray nonce = anyNonce();
        const auto bobs = knock(nonce);
        if (!bobs)
            return;
        for (quint32 i = 0; i < 8 * codes && digitsAtBob(nonce, *bobs) != wanted; ++i)
            nonce = anyNonce();
        reveal(nonce);
    }
};

} // namespace

class ManInTheMiddleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasOneGuessEachTime_data();
    void hasOneGuessEachTime();
    void winsNearlyAlwaysWithoutTheCommitment();
    void gainsNothingFromSearchingWithIt();
};

void ManInTheMiddleTest::hasOneGuessEachTime_data()
{
    QTest::addColumn<int>("order");
    QTest::newRow("Alice first") << 0;
    QTest::newRow("Bob first") << 1;
    QTest::newRow("interleaved") << 2;
}

void ManInTheMiddleTest::hasOneGuessEachTime()
{
    QFETCH(int, order);
    constexpr int tries = 20'000;
    const PairCode code(codes);
    std::unique_ptr<Attack> attack;
    if (order == 0)
        attack = std::make_unique<AliceFirst>(code, 11);
    else if (order == 1)
        attack = std::make_unique<BobFirst>(code, 12);
    else
        attack = std::make_unique<Interleaved>(code, 13);
    const int successes = attack->successes(tries);
    const double expected = double(tries) / codes;
    qInfo("%d of %d with %u codes: with six digits %.2f in a million tries", successes, tries,
          codes, 1e6 * successes / tries * codes / 1e6);
    // Five standard deviations: by chance once in three million runs.
    QVERIFY(successes <= expected + 5 * std::sqrt(expected));
    QVERIFY(successes >= expected - 5 * std::sqrt(expected)); // the attack was one
}

void ManInTheMiddleTest::winsNearlyAlwaysWithoutTheCommitment()
{
    const NoCommitment code(codes);
    constexpr int tries = 30;
    const int successes = Searching(code, 14).successes(tries);
    qInfo("%d of %d without commitment", successes, tries);
    QVERIFY(successes >= tries * 95 / 100);
}

void ManInTheMiddleTest::gainsNothingFromSearchingWithIt()
{
    const PairCode code(codes);
    QVERIFY(Searching(code, 14).successes(30) <= 1);
}

QTEST_APPLESS_MAIN(ManInTheMiddleTest)
#include "tst_maninthemiddle.moc"
