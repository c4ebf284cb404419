// The JSON of the control socket: nothing is lost on the way, and the documents are those of the
// command-line contract.
#include "engine/control/answer.h"
#include "engine/control/json.h"
#include "tests/engine/control/fakeapi.h"

#include <QJsonDocument>
#include <QTest>

using namespace octopus;
using namespace octopus::control;

class TestJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPathComesBackByteForByte_data();
    void everyPathComesBackByteForByte();
    void onlyBytesThatAreNoTextAreEncoded();
    void malformedBytesAreRefused_data();
    void malformedBytesAreRefused();
    void timesAreUtcWithMilliseconds();
    void anUnknownLagIsNullAndNeverZero();
    void aMirrorThatIsNotReachedHasNoWay();
    void aVaultShowsItsTransportsWithoutPasswords();
    void theStatusDocumentHasTheFieldsOfTheContract();
    void theStatusComesBackTheSame();
    void aHaltAndItsPathsComeBackTheSame();
    void everyReasonOfAHaltComesBackTheSame();
    void problemsComeBackTheSame();
    void verificationsComeBackTheSame();
    void activityComesBackTheSame();
    void whatIsNoStatusIsRefused();
    void pairingsComeBackTheSame();
    void onlyTheNamedVaultIsShown();
    void aFailureComesBackTheSame();
    void reportsHaveTheFieldsOfTheContract();
};

namespace {

QJsonValue throughText(const QJsonObject &object)
{
    return QJsonDocument::fromJson(QJsonDocument(object).toJson()).object();
}

QStringList keysOf(const QJsonValue &value)
{
    return value.toObject().keys();
}

} // namespace

void TestJson::everyPathComesBackByteForByte_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("plain") << QByteArray("docs/letter.txt");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("umlaut") << QByteArray("gr\xc3\xb6\xc3\x9f"
                                          "e");
    QTest::newRow("newline and quote") << QByteArray("a\nb\"c\\");
    QTest::newRow("invalid UTF-8") << QByteArray("a\xff\xfe"
                                                 "b");
    QTest::newRow("cut UTF-8") << QByteArray("a\xc3");
    QTest::newRow("encoded surrogate") << QByteArray("\xed\xa0\x80");
    QTest::newRow("overlong slash") << QByteArray("\xc0\xaf");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf"
                                                   "name");
    QTest::newRow("four bytes") << QByteArray("\xf0\x9f\x90\x99");
    QTest::newRow("replacement character") << QByteArray("\xef\xbf\xbd");
    QTest::newRow("escape") << QByteArray("\x1b[31m");
}

void TestJson::everyPathComesBackByteForByte()
{
    QFETCH(QByteArray, path);
    const QJsonValue read = throughText({{QStringLiteral("p"), bytesToJson(path)}})[u"p"];
    QCOMPARE(bytesFromJson(read).value(), path);
}

void TestJson::onlyBytesThatAreNoTextAreEncoded()
{
    QVERIFY(bytesToJson("gr\xc3\xb6n").isString());
    const QJsonValue encoded = bytesToJson("\xff");
    QCOMPARE(encoded[u"bytes"].toString(), QStringLiteral("/w=="));
}

void TestJson::malformedBytesAreRefused_data()
{
    QTest::addColumn<QJsonValue>("value");
    QTest::newRow("number") << QJsonValue(3);
    QTest::newRow("null") << QJsonValue();
    QTest::newRow("object without bytes") << QJsonValue(QJsonObject());
    QTest::newRow("not base64") << QJsonValue(
        QJsonObject{{QStringLiteral("bytes"), QStringLiteral("*!")}});
}

void TestJson::malformedBytesAreRefused()
{
    QFETCH(QJsonValue, value);
    const Result<QByteArray> read = bytesFromJson(value);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Invalid);
}

void TestJson::timesAreUtcWithMilliseconds()
{
    const WallTime time{1'795'348'800'007'999'999};
    QCOMPARE(timeToJson(time).toString(), QStringLiteral("2026-11-22T12:00:00.007Z"));
    QCOMPARE(timeFromJson(timeToJson(time)).value(), WallTime{1'795'348'800'007'000'000});
}

void TestJson::anUnknownLagIsNullAndNeverZero()
{
    EngineStatus status = exampleStatus();
    MirrorStatus &mirror = status.vaults.first().targets.first();
    const auto lag = [&status] { return toJson(status)[u"vaults"][0][u"targets"][0][u"lagMs"]; };
    mirror.lag = std::nullopt;
    QVERIFY(lag().isNull());
    mirror.lag = Milliseconds(7);
    QCOMPARE(lag().toInteger(), 7);
    mirror.lag = Milliseconds(0);
    QVERIFY(lag().isDouble());
}

void TestJson::aMirrorThatIsNotReachedHasNoWay()
{
    EngineStatus status = exampleStatus();
    MirrorStatus &mirror = status.vaults.first().targets.first();
    const auto target = [&status] { return toJson(status)[u"vaults"][0][u"targets"][0]; };
    QCOMPARE(target()[u"via"].toString(), QStringLiteral("eth0"));
    QCOMPARE(target()[u"address"].toString(), QStringLiteral("192.0.2.7:17290"));
    mirror.address.clear(); // a Unix socket leads to none
    QVERIFY(target()[u"address"].isNull());
    mirror.via.clear();
    QVERIFY(target()[u"via"].isNull());
}

void TestJson::aVaultShowsItsTransportsWithoutPasswords()
{
    Vault vault;
    vault.transports = *Transports::parse(QStringLiteral("eth0,socks5://joe:secret@proxy"));
    vault.targets.resize(2);
    vault.targets[0].transports = *Transports::parse(QStringLiteral("socks5://jim:secret@proxy"));
    const QJsonObject json = toJson(vault, [](const MachineId &) { return QString(); });
    QCOMPARE(json[u"transport"].toString(), QStringLiteral("eth0,socks5://joe:***@proxy:1080"));
    QCOMPARE(json[u"targets"][0][u"transport"].toString(),
             QStringLiteral("socks5://jim:***@proxy:1080"));
    QVERIFY(json[u"targets"][1][u"transport"].isNull());
    QVERIFY(!QJsonDocument(json).toJson().contains("secret"));
}

void TestJson::theStatusDocumentHasTheFieldsOfTheContract()
{
    const QJsonObject document = throughText(toJson(exampleStatus())).toObject();
    QCOMPARE(keysOf(document[u"machine"]),
             QStringList({QStringLiteral("address"), QStringLiteral("id"), QStringLiteral("name"),
                          QStringLiteral("warning")}));
    const QJsonValue docs = document[u"vaults"][0];
    QCOMPARE(docs[u"role"].toString(), QStringLiteral("primary"));
    QCOMPARE(docs[u"capture"].toString(), QStringLiteral("watch"));
    QCOMPARE(docs[u"sources"][0].toString(), QStringLiteral("/home/a/docs"));
    const QJsonValue target = docs[u"targets"][0];
    for (const char16_t *field : {u"peer",         u"peerId",     u"destination",
                                  u"phase",        u"via",        u"address",
                                  u"inSync",       u"lagMs",      u"backlogOperations",
                                  u"backlogBytes", u"sentBytes",  u"receivedBytes",
                                  u"operations",   u"files",      u"bytes",
                                  u"progress",     u"lastInSync", u"lastVerified",
                                  u"problems",     u"halt"})
        QVERIFY2(target.toObject().contains(QStringView(field)), qPrintable(QString(field)));
    QCOMPARE(target[u"lastInSync"].toString(), QStringLiteral("2026-11-22T12:00:00.123Z"));
    QVERIFY(target[u"progress"][u"etaMs"].isNull());
    QVERIFY(target[u"halt"].isNull());

    const QJsonValue mail = document[u"vaults"][2];
    QCOMPARE(mail[u"role"].toString(), QStringLiteral("target"));
    QCOMPARE(mail[u"primary"].toString(), QStringLiteral("gamma"));
    QCOMPARE(mail[u"asOf"].toString(), QStringLiteral("2026-11-22T12:00:00.000Z"));
    QCOMPARE(mail[u"lagMs"].toInteger(), 12);
}

void TestJson::theStatusComesBackTheSame()
{
    const EngineStatus status = exampleStatus();
    const EngineStatus read = statusFromJson(throughText(toJson(status)).toObject()).value();
    QVERIFY(read.machine == status.machine);
    QCOMPARE(read.vaults.size(), 2);
    for (qsizetype i = 0; i < 2; ++i) {
        QVERIFY(read.vaults[i].vault.id == status.vaults[i].vault.id);
        QVERIFY(read.vaults[i].vault.sources == status.vaults[i].vault.sources);
        QVERIFY(read.vaults[i].targets == status.vaults[i].targets);
    }
    QCOMPARE(read.replicas.size(), 1);
    QVERIFY(read.replicas[0].primary == status.replicas[0].primary);
    QVERIFY(read.replicas[0].asOf == status.replicas[0].asOf);
    QVERIFY(read.replicas[0].lag == status.replicas[0].lag);
    QVERIFY(read.replicas[0].consistent);
}

void TestJson::aHaltAndItsPathsComeBackTheSame()
{
    EngineStatus status = exampleStatus();
    const Halt halt{HaltReason::MassDeletion,
                    "4000 of 9000 entries are gone",
                    {"a", "b\xff", "c\n"},
                    4000,
                    9000};
    status.vaults.first().targets.first().halt = halt;
    const QJsonObject document = throughText(toJson(status)).toObject();
    const QJsonValue json = document[u"vaults"][0][u"targets"][0][u"halt"];
    QCOMPARE(json[u"reason"].toString(), QStringLiteral("mass-deletion"));
    QVERIFY(!json[u"advice"].toString().isEmpty());
    QVERIFY(statusFromJson(document).value().vaults.first().targets.first().halt == halt);
}

void TestJson::everyReasonOfAHaltComesBackTheSame()
{
    EngineStatus status = exampleStatus();
    auto &halt = status.vaults.first().targets.first().halt;
    const QByteArray none = haltName(HaltReason(255));
    int reasons = 0;
    for (; haltName(HaltReason(reasons + 1)) != none; ++reasons) {
        halt = Halt{HaltReason(reasons + 1), {}, {}};
        const auto read = statusFromJson(throughText(toJson(status)).toObject());
        QVERIFY2(read && read->vaults.first().targets.first().halt == halt, haltName(halt->reason));
    }
    QCOMPARE_GE(reasons, 10);
}

void TestJson::problemsComeBackTheSame()
{
    EngineStatus status = exampleStatus();
    const QList<Problem> problems{
        {RelPath::of("a/b"), ProblemCode::CannotRead, "permission denied", WallTime{5'000'000}},
        {RelPath::parse("x\xff").value(), ProblemCode::Different, "content", WallTime{0}}};
    status.vaults.first().targets.first().problems = problems;
    status.replicas.first().problems = problems;
    const EngineStatus read = statusFromJson(throughText(toJson(status)).toObject()).value();
    QVERIFY(read.vaults.first().targets.first().problems == problems);
    QVERIFY(read.replicas.first().problems == problems);
}

void TestJson::verificationsComeBackTheSame()
{
    EngineStatus status = exampleStatus();
    QVERIFY(toJson(status)[u"vaults"][0][u"targets"][0][u"lastVerified"].isNull());
    const LastVerification last{
        WallTime{1'795'348'800'123'000'000}, 998, 2, Milliseconds(1234), QByteArray(64, 'a'), true};
    status.vaults[0].targets[0].lastVerified = last;
    const QJsonValue json = throughText(toJson(status));
    QCOMPARE(keysOf(json[u"vaults"][0][u"targets"][0][u"lastVerified"]),
             (QStringList{QStringLiteral("at"), QStringLiteral("different"),
                          QStringLiteral("digest"), QStringLiteral("identical"),
                          QStringLiteral("repaired"), QStringLiteral("seconds")}));
    QVERIFY(statusFromJson(json.toObject())->vaults[0].targets[0].lastVerified == last);
    const VerificationRecord record{last,
                                    {{RelPath::of("a\xff"), "content"}, {RelPath(), "attributes"}}};
    QVERIFY(verificationFromJson(throughText(toJson(record))) == record);
}

void TestJson::activityComesBackTheSame()
{
    for (int kind = int(ActivityKind::Created); kind <= int(ActivityKind::Attributes); ++kind) {
        ActivityEntry entry{7,
                            WallTime{1'795'348'800'123'000'000},
                            ActivityKind(kind),
                            RelPath::of("a\xff"),
                            {},
                            12,
                            3};
        if (entry.what == ActivityKind::Moved)
            entry.from = RelPath::of("before\n");
        QVERIFY(activityFromJson(throughText(toJson(entry))) == entry);
    }
}

void TestJson::whatIsNoStatusIsRefused()
{
    QVERIFY(!statusFromJson({}));
    QVERIFY(!statusFromJson({{QStringLiteral("machine"), QJsonObject()}}));
}

void TestJson::pairingsComeBackTheSame()
{
    EngineStatus status = exampleStatus();
    status.machine.warning = "another machine has this identity";
    PairingStatus pairing;
    pairing.peer = MachineId::fromBytes(QByteArray(32, 'p')).value();
    pairing.name = QStringLiteral("beta");
    pairing.address = QStringLiteral("192.0.2.1:17290");
    pairing.digits = QStringLiteral("012345");
    pairing.askedHere = true;
    pairing.confirmedThere = true;
    pairing.state = PairingState::Waiting;
    pairing.expires = WallTime{1'795'348'800'000'000'000};
    pairing.left = std::chrono::seconds(42);
    status.pairings = {pairing, PairingStatus{}};
    status.pairings[1].state = PairingState::Failed;
    status.pairings[1].detail = "declined";
    status.pairings[1].code = ErrorCode::Refused;
    const EngineStatus read = statusFromJson(throughText(toJson(status)).toObject()).value();
    QVERIFY(read.pairings == status.pairings);
    QVERIFY(read.machine == status.machine);
}

void TestJson::onlyTheNamedVaultIsShown()
{
    const QJsonArray vaults = toJson(exampleStatus(), QStringLiteral("mail"))[u"vaults"].toArray();
    QCOMPARE(vaults.size(), 1);
    QCOMPARE(vaults[0][u"name"].toString(), QStringLiteral("mail"));
}

void TestJson::aFailureComesBackTheSame()
{
    const Failure failure{{ErrorCode::NotGranted, "no grant for /srv/\xff", 0}, {"a", "b\xff"}};
    const QJsonObject document = throughText(toJson(failure)).toObject();
    QCOMPARE(document[u"code"].toString(), QStringLiteral("not-granted"));
    QVERIFY(failureFromJson(document) == failure);
}

void TestJson::reportsHaveTheFieldsOfTheContract()
{
    ComparisonReport comparison;
    comparison.duration = Milliseconds(1500);
    QCOMPARE(keysOf(toJson(comparison)).join(u' '),
             QStringLiteral(
                 "bytesCompared bytesSent compared copied identical problems removed seconds"));
    QCOMPARE(toJson(comparison)[u"seconds"].toDouble(), 1.5);

    VerificationReport verification;
    verification.different = {{RelPath::of("a"), "content"}};
    QCOMPARE(keysOf(toJson(verification)).join(u' '),
             QStringLiteral("compared different digest identical seconds"));
    QCOMPARE(toJson(verification)[u"different"][0][u"what"].toString(), QStringLiteral("content"));

    QCOMPARE(keysOf(toJson(MachineIdentity())).join(u' '),
             QStringLiteral("addresses id name version warning"));
    QCOMPARE(keysOf(toJson(Ticket())).join(u' '), QStringLiteral("expires id qr ticket"));
    QCOMPARE(keysOf(toJson(PairedPeer())).join(u' '), QStringLiteral("id name"));
    CheckReport check;
    QVERIFY(!check.isOk());
    check.stages = {{"resolve", true, "a", {}}, {"reach", false, "b", "c"}};
    QVERIFY(!check.isOk());
    check.grants = {{"/srv", 7, false}};
    QCOMPARE(keysOf(toJson(check)).join(u' '),
             QStringLiteral("address grants id name ok paired stages version"));
    QVERIFY(toJson(check)[u"id"].isNull());
    QCOMPARE(keysOf(toJson(check)[u"stages"][1].toObject()).join(u' '),
             QStringLiteral("advice detail facts finding ok stage"));
    QCOMPARE(toJson(check)[u"stages"][1][u"advice"].toString(), QStringLiteral("c"));
    QCOMPARE(toJson(check)[u"grants"][0][u"freeBytes"].toInteger(), 7);
    const QStringList peer = keysOf(toJson(KnownPeer()));
    for (const char16_t *field :
         {u"id", u"name", u"addresses", u"paired", u"online", u"discoveredBy", u"version"})
        QVERIFY2(peer.contains(QStringView(field)), qPrintable(QString(field)));
}

QTEST_APPLESS_MAIN(TestJson)
#include "tst_json.moc"
