// One pairing by comparing digits: what is shown, when it is trusted, and what ends it.
#include "tests/engine/link/pairingbench.h"
#include "tests/support/resultcheck.h"

#include <QTest>

#include <cmath>
#include <map>

using namespace octopus;
using namespace octopus::testing;

namespace {

using Reply = DigitPairing::Reply;

wire::Message said(const Result<Reply> &reply)
{
    return reply && *reply ? **reply : wire::Message(wire::Heartbeat{});
}

bool isNothing(const Result<Reply> &reply)
{
    return reply && !*reply;
}

} // namespace

class DigitPairingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void bothShowTheSameDigitsAndTrustWhenBothConfirm();
    void oneConfirmationIsNotEnough();
    void blanksInTheDigitsDoNotMatter();
    void otherDigitsEndIt();
    void anotherNonceThanCommittedToIsRefused();
    void theDigitsDependOnEverything_data();
    void theDigitsDependOnEverything();
    void theDigitsAreKnownOnlyAfterBothNonces();
    void everyCodeIsAsLikely();
    void theDigitsAreThoseOfTheFormat();
    void whatComesOutOfTurnEndsIt_data();
    void whatComesOutOfTurnEndsIt();
    void aRefusalIsHandedOn();
    void nothingRevivesAPairingThatIsOver();

private:
    void showDigits();

    const PairCode m_code;
    const MachineId m_alpha = machine(1);
    const MachineId m_beta = machine(2);
    const PairContext m_context = between(m_alpha, m_beta);
    SeededRandom m_random{1};
    std::optional<DigitPairing> m_initiator;
    std::optional<DigitPairing> m_responder;
};

void DigitPairingTest::init()
{
    m_initiator.emplace(Role::Initiator, m_context, m_code, m_random, quint16(1001));
    m_responder.emplace(Role::Responder, m_context, m_code, m_random, quint16(1002));
}

void DigitPairingTest::showDigits()
{
    const wire::Message nonce = said(m_responder->take(m_initiator->opening()));
    QVERIFY(std::holds_alternative<wire::PairNonce>(nonce));
    const wire::Message reveal = said(m_initiator->take(nonce));
    QVERIFY(std::holds_alternative<wire::PairReveal>(reveal));
    QVERIFY(isNothing(m_responder->take(reveal)));
    QCOMPARE(m_initiator->digits().size(), 6);
    QCOMPARE(m_initiator->digits(), m_responder->digits());
}

void DigitPairingTest::bothShowTheSameDigitsAndTrustWhenBothConfirm()
{
    showDigits();
    QCOMPARE(m_initiator->peerPort(), 1002);
    QCOMPARE(m_responder->peerPort(), 1001);
    const auto first = m_responder->confirm(m_initiator->digits());
    QVERIFY(isNothing(m_initiator->take(said(first))));
    QVERIFY(m_initiator->confirmedThere());
    QVERIFY(!m_initiator->isTrusted());
    const auto second = m_initiator->confirm(m_responder->digits());
    QVERIFY(m_initiator->isTrusted());
    QVERIFY(!m_responder->isTrusted());
    QVERIFY(isNothing(m_responder->take(said(second))));
    QVERIFY(m_responder->isTrusted());
}

void DigitPairingTest::oneConfirmationIsNotEnough()
{
    showDigits();
    VERIFY_OK(m_initiator->confirm(m_initiator->digits()));
    QVERIFY(isNothing(m_initiator->confirm(m_initiator->digits()))); // nothing to send again
    QVERIFY(!m_initiator->isTrusted());
    QVERIFY(isNothing(m_responder->take(wire::PairConfirm{})));
    QVERIFY(!m_responder->isTrusted());
}

void DigitPairingTest::blanksInTheDigitsDoNotMatter()
{
    showDigits();
    QString typed = m_initiator->digits();
    typed = u' ' + typed.insert(3, u' ') + u'\n';
    VERIFY_OK(m_initiator->confirm(typed));
    VERIFY_OK(m_responder->confirm(typed.replace(4, 1, u'-')));
}

void DigitPairingTest::otherDigitsEndIt()
{
    showDigits();
    QString typed = m_initiator->digits();
    typed[5] = typed[5] == u'0' ? u'1' : u'0';
    VERIFY_ERROR(m_initiator->confirm(typed), ErrorCode::Refused);
    VERIFY_ERROR(m_initiator->confirm(m_initiator->digits()), ErrorCode::Invalid);
    VERIFY_ERROR(m_initiator->take(wire::PairConfirm{}), ErrorCode::Refused);
    QVERIFY(!m_initiator->isTrusted());
}

void DigitPairingTest::anotherNonceThanCommittedToIsRefused()
{
    VERIFY_OK(m_responder->take(m_initiator->opening()));
    VERIFY_ERROR(m_responder->take(wire::PairReveal{QByteArray(32, 'x')}), ErrorCode::Refused);
    QVERIFY(m_responder->digits().isEmpty());
    // The right one, but committed to for another machine.
    DigitPairing other(Role::Responder, between(m_beta, m_alpha), m_code, m_random, 0);
    const wire::Message nonce = said(other.take(m_initiator->opening()));
    VERIFY_ERROR(other.take(said(m_initiator->take(nonce))), ErrorCode::Refused);
}

void DigitPairingTest::theDigitsDependOnEverything_data()
{
    QTest::addColumn<int>("change");
    static const char *const names[] = {"the initiator's key",
                                        "the responder's key",
                                        "roles",
                                        "the initiator's lowest version",
                                        "its highest",
                                        "the responder's lowest version",
                                        "its highest",
                                        "the initiator's nonce",
                                        "the responder's nonce"};
    for (int i = 0; i < int(std::size(names)); ++i)
        QTest::addRow("%d %s", i, names[i]) << i;
}

void DigitPairingTest::theDigitsDependOnEverything()
{
    QFETCH(int, change);
    const PairCode manyCodes(4'000'000'000);
    PairContext other = m_context;
    QByteArray first(32, 'a');
    QByteArray second(32, 'b');
    switch (change) {
    case 0: other.initiator = machine(3); break;
    case 1: other.responder = machine(3); break;
    case 2: std::swap(other.initiator, other.responder); break;
    case 3: other.initiatorRange.lowest = 0; break;
    case 4: other.initiatorRange.highest = 2; break;
    case 5: other.responderRange.lowest = 0; break;
    case 6: other.responderRange.highest = 2; break;
    case 7: first[31] = 'x'; break;
    default: second[31] = 'x'; break;
    }
    const QString before = manyCodes.digits(m_context, QByteArray(32, 'a'), QByteArray(32, 'b'));
    QVERIFY(manyCodes.digits(other, first, second) != before);
    if (change < 8)
        QVERIFY(PairCode::commitment(other, first)
                != PairCode::commitment(m_context, QByteArray(32, 'a')));
}

void DigitPairingTest::theDigitsAreKnownOnlyAfterBothNonces()
{
    QVERIFY(m_initiator->digits().isEmpty());
    VERIFY_ERROR(m_initiator->confirm({}), ErrorCode::Invalid);
    const wire::Message opening = m_initiator->opening();
    const auto nonce = m_responder->take(opening);
    QVERIFY(m_responder->digits().isEmpty());
    const wire::Message reveal = said(m_initiator->take(said(nonce)));
    // What was committed to is not what is revealed, nor can it be seen in it.
    QVERIFY(std::get<wire::PairCommit>(opening).commitment
            != std::get<wire::PairReveal>(reveal).nonce);
}

void DigitPairingTest::everyCodeIsAsLikely()
{
    constexpr int codes = 10;
    constexpr int draws = 20'000;
    const PairCode few(codes);
    std::map<QString, int> counts;
    for (int i = 0; i < draws; ++i)
        ++counts[few.digits(m_context, m_random.bytes(32), m_random.bytes(32))];
    QCOMPARE(int(counts.size()), codes);
    constexpr double expected = double(draws) / codes;
    double deviation = 0; // chi-squared with 9 degrees of freedom: below 27.9 in 999 of 1000 cases
    for (const auto &[code, count] : counts)
        deviation += std::pow(count - expected, 2) / expected;
    QVERIFY2(deviation < 27.9, qPrintable(QString::number(deviation)));
    // Codes of more than half of all numbers: some blocks have none below the limit.
    const PairCode awkward(4'294'967'295);
    QCOMPARE(awkward.digits(m_context, QByteArray(32, 'a'), QByteArray(32, 'b')).size(), 10);
}

// Computed with Python's hashlib from the words of FORMAT.md.
void DigitPairingTest::theDigitsAreThoseOfTheFormat()
{
    const PairContext context{*MachineId::fromBytes(QByteArray(32, '\x01')),
                              *MachineId::fromBytes(QByteArray(32, '\x02')),
                              {1, 3},
                              {2, 4}};
    QCOMPARE(PairCode::commitment(context, QByteArray(32, '\x03')).toHex(),
             QByteArray("e02a22152367fcaf67abd66c49604253d1b7af13fc1f0baed2aaca56a327d481"));
    QCOMPARE(m_code.digits(context, QByteArray(32, '\x03'), QByteArray(32, '\x04')),
             QStringLiteral("885396"));
}

void DigitPairingTest::whatComesOutOfTurnEndsIt_data()
{
    QTest::addColumn<bool>("atInitiator");
    QTest::addColumn<int>("message");
    for (int message = 0; message < 6; ++message) {
        QTest::addRow("initiator %d", message) << true << message;
        QTest::addRow("responder %d", message) << false << message;
    }
}

void DigitPairingTest::whatComesOutOfTurnEndsIt()
{
    QFETCH(bool, atInitiator);
    QFETCH(int, message);
    const QList<wire::Message> messages{wire::PairCommit{QByteArray(32, 'c'), 1},
                                        wire::PairNonce{QByteArray(32, 'n'), 1},
                                        wire::PairReveal{QByteArray(32, 'r')},
                                        wire::PairConfirm{},
                                        wire::Heartbeat{},
                                        wire::PairRequest{QByteArray(20, 's'), {}}};
    DigitPairing &one = atInitiator ? *m_initiator : *m_responder;
    const bool isDue = message == (atInitiator ? 1 : 0);
    const auto reply = one.take(messages[message]);
    QCOMPARE(reply.has_value(), isDue);
    if (isDue)
        VERIFY_ERROR(one.take(messages[message]), ErrorCode::Corrupt); // twice
    init();
    showDigits();
    if (message == 3) {
        VERIFY_OK(one.take(messages[message]));
        VERIFY_ERROR(one.take(messages[message]), ErrorCode::Corrupt);
    } else {
        VERIFY_ERROR(one.take(messages[message]), ErrorCode::Corrupt);
    }
    VERIFY_ERROR(one.confirm(one.digits()), ErrorCode::Invalid);
    QVERIFY(!one.isTrusted());
}

void DigitPairingTest::aRefusalIsHandedOn()
{
    const auto reply = m_initiator->take(wire::Refusal{ErrorCode::Busy, "later", {}});
    VERIFY_ERROR(reply, ErrorCode::Busy);
    QCOMPARE(reply.error().detail, QByteArray("later"));
}

void DigitPairingTest::nothingRevivesAPairingThatIsOver()
{
    showDigits();
    VERIFY_OK(m_initiator->confirm(m_initiator->digits()));
    VERIFY_ERROR(m_initiator->take(wire::Refusal{}), ErrorCode::Refused);
    VERIFY_ERROR(m_initiator->take(wire::PairConfirm{}), ErrorCode::Refused);
    QVERIFY(!m_initiator->isTrusted());
}

QTEST_APPLESS_MAIN(DigitPairingTest)
#include "tst_digitpairing.moc"
