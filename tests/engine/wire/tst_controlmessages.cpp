// Control messages are read strictly where they are known and leniently where a later version may
// have added to them.
#include "engine/wire/codec.h"
#include "engine/wire/control.h"
#include "tests/engine/model/hostilepaths.h"

#include <QCborMap>
#include <QCborStreamWriter>
#include <QCborValue>
#include <QTest>

using namespace octopus;
using namespace octopus::wire;

namespace {

QCborMap mapOf(const Message &message)
{
    return QCborValue::fromCbor(encodeControl(message)).toMap();
}

Result<Message> decoded(MessageType type, const QCborMap &map)
{
    return decode(quint8(type), map.toCborValue().toCbor());
}

StageToken token(char letter)
{
    return StageToken::fromBytes(QByteArray(StageToken::size, letter)).value();
}

QList<Message> samples()
{
    return {
        Hello{1, 2, QStringLiteral("machine"), QStringLiteral("0.1"), QByteArray(16, 'i')},
        PairRequest{QByteArray(16, 's'), QStringLiteral("machine")},
        PairAccepted{QStringLiteral("machine")},
        Refusal{ErrorCode::Refused, "why", {"a", "b"}},
        OpenMirror{VaultId::fromBytes(QByteArray(16, 'v')).value(), QStringLiteral("vault"),
                   Epoch(1), StreamId(2), "/srv/copy", true, HashKey{3}},
        MirrorState{Epoch(1), StreamId(2), Sequence(3), true, false, "/srv/copy", 4},
        ListTree{1, RelPath::of("a"), true, false},
        TreeEnd{1, 2, {"c"}},
        BlocksRequest{1, RelPath::of("a"), 4096},
        StageDrop{StageId(1)},
        Acknowledgement{Sequence(3), Sequence(2), Sequence(1), 4},
        OperationFailed{Sequence(1), ErrorCode::NoSpace, "full"},
        Heartbeat{},
        CloseMirror{true},
        MirrorClosed{},
        GrantsRequest{},
        Grants{1, {"/a", "/b"}, {2, 3}, {0, 6}},
        PairCommit{QByteArray(32, 'c'), 17290},
        PairNonce{QByteArray(32, 'n'), 0},
        PairReveal{QByteArray(32, 'r')},
        PairConfirm{},
        StageBegin{StageId(1), token('t'), 5},
    };
}

void addSampleRows()
{
    QTest::addColumn<int>("sample");
    for (int i = 0; i < samples().size(); ++i)
        QTest::addRow("type %d", int(typeOf(samples()[i]))) << i;
}

// The sample with one field changed is refused.
bool isRefusedWith(const Message &message, qint64 key, const QCborValue &value)
{
    QCborMap map = mapOf(message);
    map[key] = value;
    return !decoded(typeOf(message), map);
}

QByteArray hex(const char *digits)
{
    return QByteArray::fromHex(digits);
}

constexpr auto heartbeat = quint8(MessageType::Heartbeat);

} // namespace

class TestControlMessages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void samplesSurvive_data() { addSampleRows(); }
    void samplesSurvive();
    void aMissingFieldIsRefused_data() { addSampleRows(); }
    void aMissingFieldIsRefused();
    void aWrongTypeIsRefused_data() { addSampleRows(); }
    void aWrongTypeIsRefused();
    void unknownKeysAreSkipped_data() { addSampleRows(); }
    void unknownKeysAreSkipped();
    void skippingIsBounded_data();
    void skippingIsBounded();
    void onlyPlainMapsAreTaken_data();
    void onlyPlainMapsAreTaken();
    void stringLengthsAreCheckedBeforeAllocation_data();
    void stringLengthsAreCheckedBeforeAllocation();
    void limitsOfFieldsAreKept();
    void namesAreChecked();
    void unknownErrorCodesAreOther();
    void grantsAreBoundedAndWhole();
    void aReplicaIsExpectedWhereThatIsSaid();
    void whatIsHeldIsBoundedAndWhole();
    void hostilePathsAreRefused();
    void destinationsNeverClimb();
};

void TestControlMessages::samplesSurvive()
{
    QFETCH(int, sample);
    const Message message = samples()[sample];
    const auto back = decoded(typeOf(message), mapOf(message));
    QVERIFY(back);
    QVERIFY(*back == message);
}

void TestControlMessages::aMissingFieldIsRefused()
{
    QFETCH(int, sample);
    const Message message = samples()[sample];
    for (const QCborValue &key : mapOf(message).keys()) {
        QCborMap map = mapOf(message);
        map.remove(key);
        QVERIFY2(!decoded(typeOf(message), map), qPrintable(key.toDiagnosticNotation()));
    }
}

void TestControlMessages::aWrongTypeIsRefused()
{
    QFETCH(int, sample);
    const Message message = samples()[sample];
    const QList<QCborValue> others{QCborValue(-1),
                                   QCborValue(1),
                                   QCborValue(1.5),
                                   QCborValue(true),
                                   QCborValue(nullptr),
                                   QCborValue(QByteArray("bytes")),
                                   QCborValue(QStringLiteral("text")),
                                   QCborValue(QCborArray{1, QStringLiteral("x")}),
                                   QCborValue(QCborMap{{1, 2}}),
                                   QCborValue(QCborSimpleType(99)),
                                   QCborValue(QCborTag(77), 1)};
    for (const auto &[key, value] : mapOf(message)) {
        for (const QCborValue &other : others) {
            if (other.type() == value.type() || (other.isBool() && value.isBool()))
                continue;
            QVERIFY2(isRefusedWith(message, key.toInteger(), other),
                     qPrintable(key.toDiagnosticNotation() + u' ' + other.toDiagnosticNotation()));
        }
    }
}

void TestControlMessages::unknownKeysAreSkipped()
{
    QFETCH(int, sample);
    const Message message = samples()[sample];
    const QList<QCborValue> additions{QCborValue(7),
                                      QCborValue(-7),
                                      QCborValue(2.25),
                                      QCborValue(false),
                                      QCborValue(nullptr),
                                      QCborValue(QStringLiteral("more")),
                                      QCborValue(QByteArray(1000, 'm')),
                                      QCborValue(QCborArray{1, QCborArray{2, QCborMap{{3, 4}}}})};
    for (const QCborValue &addition : additions) {
        QCborMap map = mapOf(message);
        map[20] = addition;
        map[100'000] = addition;
        const auto back = decoded(typeOf(message), map);
        QVERIFY2(back, qPrintable(addition.toDiagnosticNotation()));
        QVERIFY(*back == message);
    }
}

void TestControlMessages::skippingIsBounded_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("lists, 9 deep") << hex("81").repeated(8) + hex("80");
    QTest::newRow("lists, half a million deep") << hex("81").repeated(500'000) + hex("00");
    QTest::newRow("maps, half a million deep") << hex("a100").repeated(250'000) + hex("00");
    QTest::newRow("endless lists, deep") << hex("9f").repeated(500'000);
    QTest::newRow("tags, many") << hex("c1").repeated(500'000) + hex("00");
    QTest::newRow("a tag") << hex("c100");
    QTest::newRow("endless list") << hex("9f01ff");
    QTest::newRow("endless map") << hex("bf0101ff");
    QTest::newRow("endless bytes") << hex("5f4101ff");
    QTest::newRow("endless text") << hex("7f6161ff");
    QTest::newRow("2^64 - 1 bytes") << hex("5bffffffffffffffff");
    QTest::newRow("2^63 bytes") << hex("5b8000000000000000");
    QTest::newRow("2^32 - 1 bytes") << hex("5affffffff00");
    QTest::newRow("2^31 characters") << hex("7a8000000061");
    QTest::newRow("2^64 - 1 items") << hex("9bffffffffffffffff00");
    QTest::newRow("2^63 pairs") << hex("bb80000000000000000000");
    QTest::newRow("2^62 pairs") << hex("bb40000000000000000000");
    QTest::newRow("invalid UTF-8") << hex("62c328");
    QTest::newRow("reserved length") << hex("1c");
    QTest::newRow("break") << hex("ff");
}

void TestControlMessages::skippingIsBounded()
{
    QFETCH(QByteArray, value);
    QVERIFY(decode(heartbeat, hex("a10500")));
    QVERIFY(!decode(heartbeat, hex("a105") + value));
}

void TestControlMessages::onlyPlainMapsAreTaken_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a number") << hex("01");
    QTest::newRow("a list") << hex("80");
    QTest::newRow("a tagged map") << hex("c1a0");
    QTest::newRow("self-described") << hex("d9d9f7a0");
    QTest::newRow("an endless map") << hex("bfff");
    QTest::newRow("two maps") << hex("a0a0");
    QTest::newRow("a map and a break") << hex("a0ff");
    QTest::newRow("no value") << hex("a105");
    QTest::newRow("fewer pairs than said") << hex("a20500");
    QTest::newRow("a key twice") << hex("a205000500");
    QTest::newRow("keys descending") << hex("a206000500");
    QTest::newRow("a negative key") << hex("a12000");
    QTest::newRow("a text key") << hex("a1616100");
    QTest::newRow("a list as key") << hex("a18000");
    QTest::newRow("a tagged key") << hex("a1c10500");
    QTest::newRow("more pairs than bytes") << hex("bb00000000ffffffff");
    QTest::newRow("2^64 - 1 pairs") << hex("bbffffffffffffffff0000");
    QTest::newRow("2^63 pairs") << hex("bb80000000000000000000");
}

void TestControlMessages::onlyPlainMapsAreTaken()
{
    QFETCH(QByteArray, payload);
    QVERIFY(decode(heartbeat, hex("a205000600")));
    QVERIFY(!decode(heartbeat, payload));
}

void TestControlMessages::stringLengthsAreCheckedBeforeAllocation_data()
{
    QTest::addColumn<QByteArray>("length");
    QTest::newRow("2^64 - 1") << hex("1bffffffffffffffff");
    QTest::newRow("2^63") << hex("1b8000000000000000");
    QTest::newRow("2^63 - 1") << hex("1b7fffffffffffffff");
    QTest::newRow("2^40") << hex("1b0000010000000000");
    QTest::newRow("2^32") << hex("1b0000000100000000");
    QTest::newRow("2^32 - 1") << hex("1affffffff");
    QTest::newRow("2^31") << hex("1a80000000");
    QTest::newRow("one more than there is") << hex("12");
}

void TestControlMessages::stringLengthsAreCheckedBeforeAllocation()
{
    QFETCH(QByteArray, length);
    const QByteArray rest(17, 'x');
    QByteArray bytes = length;
    bytes[0] = char(bytes[0] | 0x40);
    QByteArray text = length;
    text[0] = char(text[0] | 0x60);
    QByteArray list = length;
    list[0] = char(list[0] | 0x80);
    // PairRequest.secret, PairAccepted.name, Refusal.paths
    QVERIFY(!decode(quint8(MessageType::PairRequest), hex("a200") + bytes + rest));
    QVERIFY(!decode(quint8(MessageType::PairAccepted), hex("a100") + text + rest));
    QVERIFY(!decode(quint8(MessageType::Refusal), hex("a300010140") + hex("02") + list + rest));
    QVERIFY(!decode(quint8(MessageType::Refusal), hex("a300010140") + hex("0281") + bytes + rest));
}

void TestControlMessages::limitsOfFieldsAreKept()
{
    const auto bytes = [](qsizetype size) { return QCborValue(QByteArray(size, 'x')); };
    const QList<Message> all = samples();
    const Message &hello = all[0];
    QVERIFY(isRefusedWith(hello, 0, 0));               // version 0
    QVERIFY(isRefusedWith(hello, 0, 3));               // lowest above highest
    QVERIFY(isRefusedWith(hello, 1, qint64(1) << 32)); // no uint32
    QVERIFY(isRefusedWith(hello, 4, bytes(15)));
    QVERIFY(isRefusedWith(hello, 4, bytes(17)));
    QVERIFY(isRefusedWith(all[1], 0, bytes(15))); // the secret
    QVERIFY(!isRefusedWith(all[1], 0, bytes(64)));
    QVERIFY(isRefusedWith(all[1], 0, bytes(65)));
    QVERIFY(isRefusedWith(all[3], 0, 0)); // no error code
    QVERIFY(isRefusedWith(all[3], 0, 256));
    QVERIFY(!isRefusedWith(all[3], 1, bytes(maximumDetail)));
    QVERIFY(isRefusedWith(all[3], 1, bytes(maximumDetail + 1)));
    QCborArray list;
    for (int i = 0; i < 100; ++i)
        list.append(QByteArray("p"));
    QVERIFY(!isRefusedWith(all[3], 2, list));
    list.append(QByteArray("p"));
    QVERIFY(isRefusedWith(all[3], 2, list));
    QVERIFY(isRefusedWith(all[7], 2, QCborArray{bytes(RelPath::maximumLength + 1)}));
    QVERIFY(isRefusedWith(all[7], 2, QCborArray{QStringLiteral("text")}));
    QVERIFY(isRefusedWith(all[4], 0, bytes(15))); // the vault
    QVERIFY(isRefusedWith(all[4], 2, 0));         // the epoch
    QVERIFY(isRefusedWith(all[4], 3, 0));         // the stream
    QVERIFY(isRefusedWith(all[9], 0, 0));         // the stage
    QVERIFY(isRefusedWith(all[11], 0, 0));        // the sequence
    for (const int size : {0, 1, 2048, 4095, 4097, 6144, 2 * 1024 * 1024})
        QVERIFY(isRefusedWith(all[8], 2, size));
    QVERIFY(!isRefusedWith(all[8], 2, 1024 * 1024));
    QVERIFY(isRefusedWith(all[8], 1, QByteArray())); // the blocks of the root
}

void TestControlMessages::namesAreChecked()
{
    const QList<Message> all = samples();
    const auto refused = [&](const QString &name) { return isRefusedWith(all[2], 0, name); };
    QVERIFY(!refused(QString(64, u'n')));
    QVERIFY(!refused(QString(64, u'\u4e2d'))); // 192 bytes
    QVERIFY(!refused(QStringLiteral("a/b")));
    QVERIFY(refused(QString(65, u'n')));
    QVERIFY(refused(QString()));
    QVERIFY(refused(QStringLiteral("a\nb")));
    QVERIFY(refused(QStringLiteral("a\x1b[0m")));
    QVERIFY(refused(QString(u'\0')));
    QVERIFY(refused(QStringLiteral("\u0085")));
    QVERIFY(!decode(quint8(MessageType::PairAccepted), hex("a10062c328"))); // no UTF-8
    QVERIFY(isRefusedWith(all[4], 1, QStringLiteral("a/b")));
    QVERIFY(isRefusedWith(all[4], 1, QStringLiteral("..")));
    QVERIFY(isRefusedWith(all[4], 1, QStringLiteral("-rf")));
}

void TestControlMessages::unknownErrorCodesAreOther()
{
    const Refusal refusal{ErrorCode::Refused, {}, {}};
    QCborMap map = mapOf(refusal);
    for (const int code : {25, 26, 100, 255}) {
        map[0] = code;
        const auto back = decoded(MessageType::Refusal, map);
        QVERIFY(back);
        QCOMPARE(std::get<Refusal>(*back).code, ErrorCode::Other);
    }
}

void TestControlMessages::grantsAreBoundedAndWhole()
{
    const Grants two{1, {"/a", "/b"}, {2, 3}, {0, 6}};
    const QCborArray one{1};
    QVERIFY(isRefusedWith(two, 1, QCborArray{QByteArray("/a")}));
    QVERIFY(isRefusedWith(two, 1, QCborArray{QByteArray("/a"), QByteArray("b")}));
    QVERIFY(isRefusedWith(two, 2, one));
    QVERIFY(isRefusedWith(two, 3, one));
    QVERIFY(isRefusedWith(two, 3, QCborArray({-1, 1})));
    QCborArray many;
    for (int i = 0; i < 101; ++i)
        many.append(i);
    QVERIFY(isRefusedWith(two, 2, many));

    Grants full;
    qsizetype added = 0;
    while (full.add('/' + QByteArray(1000, 'x'), 1, 0))
        ++added;
    QCOMPARE(added, 6);
    Grants few;
    while (few.add("/a", 1, 0))
        ;
    QCOMPARE(few.folders.size(), Grants::maximumFolders);
    for (const Grants &grants : {full, few}) {
        QVERIFY(encode(grants).size() <= frameHeaderSize + unauthenticatedCap);
        QVERIFY(decoded(MessageType::Grants, mapOf(grants)));
    }
}

// A release that does not know it says nothing of it.
void TestControlMessages::aReplicaIsExpectedWhereThatIsSaid()
{
    OpenMirror open{VaultId::fromBytes(QByteArray(16, 'v')).value(),
                    QStringLiteral("vault"),
                    Epoch(1),
                    StreamId(2),
                    "/srv/copy",
                    true,
                    HashKey{3}};
    QVERIFY(!mapOf(open).contains(7));
    QCOMPARE(std::get<OpenMirror>(*decoded(MessageType::OpenMirror, mapOf(open))), open);
    open.founded = true;
    QCOMPARE(std::get<OpenMirror>(*decoded(MessageType::OpenMirror, mapOf(open))), open);
    QVERIFY(isRefusedWith(open, 7, 1));
}

// Before version 3 nothing is said of it; later versions say it even if it is nothing.
void TestControlMessages::whatIsHeldIsBoundedAndWhole()
{
    MirrorState state{Epoch(1), StreamId(2), Sequence(3), true, false, "/srv/copy", 4, {}};
    QVERIFY(!mapOf(state).contains(7));
    QVERIFY(!std::get<MirrorState>(*decoded(MessageType::MirrorState, mapOf(state))).held);
    state.held.emplace();
    for (int count = 0; count <= MirrorState::maximumHeld; ++count) {
        QCOMPARE(std::get<MirrorState>(*decoded(MessageType::MirrorState, mapOf(state))), state);
        if (count < MirrorState::maximumHeld)
            state.held->append({token(char('a' + count)), quint64(count) + 1});
    }
    const QByteArray one = QByteArray(16, 't') + QByteArray("\1\0\0\0\0\0\0\0", 8);
    QVERIFY(!isRefusedWith(state, 7, one));
    QVERIFY(isRefusedWith(state, 7, one.chopped(1)));
    QVERIFY(isRefusedWith(state, 7, one + 'x'));
    QVERIFY(isRefusedWith(state, 7, one.repeated(17)));
    QVERIFY(isRefusedWith(state, 7, QByteArray(24, '\0')));   // as far as nowhere
    QVERIFY(isRefusedWith(state, 7, QByteArray(24, '\xff'))); // beyond every file
    const StageBegin begin{StageId(1), token('t'), 0};
    QVERIFY(isRefusedWith(begin, 0, 0));
    QVERIFY(isRefusedWith(begin, 1, QByteArray(15, 't')));
    QVERIFY(isRefusedWith(begin, 1, QByteArray(17, 't')));
    QVERIFY(isRefusedWith(begin, 2, -1));
}

void TestControlMessages::hostilePathsAreRefused()
{
    const QList<Message> all = samples();
    for (const QByteArray &path : hostilePaths()) {
        QVERIFY2(isRefusedWith(all[6], 1, path), path.toPercentEncoding().constData()); // ListTree
        QVERIFY2(isRefusedWith(all[8], 1, path),
                 path.toPercentEncoding().constData()); // BlocksRequest
    }
    for (const QByteArray &path : oddButValidPaths())
        QVERIFY(!isRefusedWith(all[6], 1, path));
    QVERIFY(!isRefusedWith(all[6], 1, QByteArray()));
}

void TestControlMessages::destinationsNeverClimb()
{
    const QList<Message> all = samples();
    for (const QByteArray &path : hostilePaths()) {
        const QList<QByteArray> parts = path.split('/');
        const bool climbs = parts.contains("..") || parts.contains(".");
        const bool bad = climbs || path.contains('\0') || path.size() > 4095;
        QCOMPARE(isRefusedWith(all[4], 4, path), bad);
        QCOMPARE(isRefusedWith(all[5], 5, path), bad);
    }
    for (const char *path : {"", "copy", "/", "/srv/copy/", "..."})
        QVERIFY(!isRefusedWith(all[4], 4, QByteArray(path)));
}

QTEST_APPLESS_MAIN(TestControlMessages)
#include "tst_controlmessages.moc"
