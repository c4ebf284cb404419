// The configuration survives its encoding; whatever is wrong in a file is refused and named.
#include "tests/engine/store/sampleconfiguration.h"
#include "tests/support/resultcheck.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace octopus;
using namespace octopus::store;
using octopus::testing::sampleConfiguration;

namespace {

using Step = std::variant<QString, qsizetype>;
using Way = QList<Step>;

QByteArray wayText(const Way &way)
{
    QByteArray text;
    for (const Step &step : way) {
        if (const auto *key = std::get_if<QString>(&step))
            text += (text.isEmpty() ? "" : ".") + key->toUtf8();
        else
            text += '[' + QByteArray::number(std::get<qsizetype>(step)) + ']';
    }
    return text;
}

// Every field and list element, with the way to it.
void collect(const QJsonValue &value, const Way &way, QList<Way> &out)
{
    if (!way.isEmpty())
        out.append(way);
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (const QString &key : object.keys())
            collect(object.value(key), way + Way{key}, out);
    } else if (value.isArray()) {
        for (qsizetype i = 0; i < value.toArray().size(); ++i)
            collect(value.toArray().at(i), way + Way{i}, out);
    }
}

// `change` is given the value at the end of the way; undefined takes the field away.
template <typename Change>
QJsonValue changed(const QJsonValue &value, const Way &way, Change change)
{
    if (way.isEmpty())
        return change(value);
    if (const auto *key = std::get_if<QString>(&way.first())) {
        QJsonObject object = value.toObject();
        const QJsonValue inner = changed(object.value(*key), way.sliced(1), change);
        if (inner.isUndefined())
            object.remove(*key);
        else
            object.insert(*key, inner);
        return object;
    }
    QJsonArray array = value.toArray();
    const qsizetype index = std::get<qsizetype>(way.first());
    array.replace(index, changed(array.at(index), way.sliced(1), change));
    return array;
}

QJsonObject sampleDocument()
{
    return QJsonDocument::fromJson(encode(sampleConfiguration())).object();
}

Result<Configuration> decodeJson(const QJsonValue &document)
{
    return decode(QJsonDocument(document.toObject()).toJson());
}

// A target's own transports, and that it has had the replica: vaults.I.targets.I.transport, founded.
bool isOptional(const Way &way)
{
    const auto *key = std::get_if<QString>(&way.last());
    return key && (*key == u"transport" || *key == u"founded") && way.size() == 5;
}

void addWays(bool onlyFields)
{
    QTest::addColumn<Way>("way");
    QList<Way> ways;
    collect(sampleDocument(), {}, ways);
    for (const Way &way : ways) {
        // What is within {"bytes": …} is no field of its own.
        const auto *key = std::get_if<QString>(&way.last());
        if (key ? *key == u"bytes" : onlyFields)
            continue;
        if (onlyFields && isOptional(way))
            continue;
        QTest::newRow(wayText(way).constData()) << way;
    }
}

Result<Configuration> decodeWith(const char *where, const QJsonValue &value)
{
    Way way;
    for (const QString &part : QString::fromLatin1(where).split(u'.')) {
        bool number = false;
        const qsizetype index = part.toInt(&number);
        way.append(number ? Step(index) : Step(part));
    }
    return decodeJson(changed(sampleDocument(), way, [&](const QJsonValue &) { return value; }));
}

} // namespace

class ConfigurationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void survivesItsEncoding();
    void pathsThatAreNoTextKeepTheirBytes();
    void everyFieldIsRequired_data() { addWays(true); }
    void everyFieldIsRequired();
    void whatATargetHasOfItsOwnMayBeMissing();
    void thePasswordOfAProxyIsInNoError();
    void everyFieldHasItsType_data() { addWays(false); }
    void everyFieldHasItsType();
    void anUnknownFieldIsRefusedWhereverItIs_data() { addWays(false); }
    void anUnknownFieldIsRefusedWhereverItIs();
    void aFileCutAnywhereIsRefused();
    void aBitFlippedAnywhereNeverCrashes();
    void aValueThatBreaksItsRuleIsNamed_data();
    void aValueThatBreaksItsRuleIsNamed();
    void aNewerVersionIsLeftAlone();
    void whatCouldNotBeReadBackIsNotWritten();
};

void ConfigurationTest::survivesItsEncoding()
{
    const Result<Configuration> again = decode(encode(sampleConfiguration()));
    VERIFY_OK(again);
    QCOMPARE(*again, sampleConfiguration());
    VERIFY_OK(check(sampleConfiguration()));
    const Result<Configuration> empty = decode(encode(Configuration()));
    VERIFY_OK(empty);
    QCOMPARE(*empty, Configuration());
}

void ConfigurationTest::pathsThatAreNoTextKeepTheirBytes()
{
    for (int byte = 1; byte < 256; ++byte) {
        Configuration configuration = sampleConfiguration();
        const QByteArray path = QByteArray("/x") + char(byte) + "y";
        configuration.vaults[0].sources = {path};
        const Result<Configuration> again = decode(encode(configuration));
        VERIFY_OK(again);
        QCOMPARE(again->vaults[0].sources, QList<QByteArray>{path});
    }
}

void ConfigurationTest::everyFieldIsRequired()
{
    QFETCH(Way, way);
    const auto result = decodeJson(changed(sampleDocument(), way, [](const QJsonValue &) {
        return QJsonValue(QJsonValue::Undefined);
    }));
    VERIFY_ERROR(result, ErrorCode::Invalid);
    QVERIFY2(result.error().detail.startsWith(wayText(way) + ": is missing"),
             result.error().detail.constData());
}

void ConfigurationTest::whatATargetHasOfItsOwnMayBeMissing()
{
    const QJsonValue targets = sampleDocument()[u"vaults"][0][u"targets"];
    QVERIFY(targets[0][u"transport"].isString());
    QVERIFY(targets[1][u"transport"].isUndefined());
    const Result<Configuration> read = decode(encode(sampleConfiguration()));
    VERIFY_OK(read);
    QCOMPARE(read->vaults[0].targets[0].transports->text(), QStringLiteral("wlan0,auto"));
    QVERIFY(!read->vaults[0].targets[1].transports);
    QVERIFY(targets[0][u"founded"].isUndefined());
    QVERIFY(!read->vaults[0].targets[0].founded);
    QVERIFY(read->vaults[0].targets[1].founded);
}

void ConfigurationTest::thePasswordOfAProxyIsInNoError()
{
    for (const char *text : {"socks5://joe:secret@", "socks5://joe:secret@proxy:0",
                             "sock5://joe:secret@proxy", "socks5://joe:***@proxy"}) {
        const auto result = decodeWith("vaults.0.transport", QString::fromLatin1(text));
        VERIFY_ERROR(result, ErrorCode::Invalid);
        QVERIFY2(result.error().detail.startsWith("vaults[0].transport: "),
                 result.error().detail.constData());
        QVERIFY(!result.error().detail.contains("secret"));
    }
}

void ConfigurationTest::everyFieldHasItsType()
{
    QFETCH(Way, way);
    const QList<QJsonValue> wrong{QJsonValue::Null,
                                  true,
                                  1.5,
                                  -1,
                                  QStringLiteral("\u0001"),
                                  QJsonArray{1},
                                  QJsonObject{{QStringLiteral("x"), 1}}};
    for (const QJsonValue &value : wrong) {
        bool same = false;
        const auto result = decodeJson(changed(sampleDocument(), way, [&](const QJsonValue &old) {
            // A path may hold any character but NUL; a flag may be true.
            same = value.type() == old.type() && (value.isBool() || value.isString());
            return value;
        }));
        if (same)
            continue;
        // Paths take text with control characters.
        if (value.isString() && result.has_value())
            continue;
        QVERIFY2(!result, QJsonDocument(QJsonArray{value}).toJson().constData());
        QVERIFY2(result.error().detail.startsWith(wayText(way)), result.error().detail.constData());
    }
}

void ConfigurationTest::anUnknownFieldIsRefusedWhereverItIs()
{
    QFETCH(Way, way);
    bool isObject = false;
    const auto result = decodeJson(changed(sampleDocument(), way, [&](const QJsonValue &old) {
        QJsonObject object = old.toObject();
        isObject = old.isObject();
        object.insert(QStringLiteral("surprise"), 1);
        return isObject ? QJsonValue(object) : old;
    }));
    if (!isObject)
        return;
    VERIFY_ERROR(result, ErrorCode::Invalid);
    QVERIFY(result.error().detail.startsWith(wayText(way)));
}

void ConfigurationTest::aFileCutAnywhereIsRefused()
{
    const QByteArray whole = encode(sampleConfiguration()).trimmed();
    for (qsizetype size = 0; size < whole.size(); ++size)
        VERIFY_ERROR(decode(whole.first(size)), ErrorCode::Corrupt);
}

void ConfigurationTest::aBitFlippedAnywhereNeverCrashes()
{
    const QByteArray whole = encode(sampleConfiguration());
    for (qsizetype at = 0; at < whole.size(); ++at) {
        QByteArray bad = whole;
        bad[at] = char(bad[at] ^ (1 << (at % 8)));
        if (const Result<Configuration> result = decode(bad); result)
            VERIFY_OK(check(*result));
    }
}

void ConfigurationTest::aValueThatBreaksItsRuleIsNamed_data()
{
    QTest::addColumn<QByteArray>("where");
    QTest::addColumn<QJsonValue>("value");
    const auto row = [](const char *name, const char *where, const QJsonValue &value) {
        QTest::newRow(name) << QByteArray(where) << value;
    };
    const QJsonObject sample = sampleDocument();
    const QJsonArray vaults = sample.value(QStringLiteral("vaults")).toArray();
    const QJsonArray peers = sample.value(QStringLiteral("peers")).toArray();
    QJsonArray crowd;
    for (int i = 0; i <= peerCap; ++i)
        crowd.append(peers.first());

    row("another format", "format", QStringLiteral("else"));
    row("a port above the last", "listenPort", 65536);
    row("a fraction", "listenPort", 0.5);
    row("a long name", "machineName", QString(65, u'x'));
    row("half a surrogate pair", "machineName", QString(QChar(0xd800)));
    row("a short id", "vaults.0.id", QStringLiteral("00"));
    row("an id that is not hexadecimal", "peers.0.id", QString(64, u'x'));
    row("an empty vault name", "vaults.0.name", QString());
    row("a vault name with a slash", "vaults.0.name", QStringLiteral("a/b"));
    row("no sources", "vaults.0.sources", QJsonArray());
    row("a relative source", "vaults.0.sources.0", QStringLiteral("home"));
    row("a NUL in a source", "vaults.0.sources.0", QString(u"/a") + QChar(0));
    row("a long source", "vaults.0.sources.0", QString(u'/' + QString(4095, u'x')));
    row("broken base64", "vaults.0.sources.1",
        QJsonObject{{QStringLiteral("bytes"), QStringLiteral("L==")}});
    row("base64 with a blank", "vaults.0.sources.1",
        QJsonObject{{QStringLiteral("bytes"), QStringLiteral("L3g= ")}});
    row("an empty pattern", "vaults.0.excludes.0", QString());
    row("an unknown grade", "vaults.0.capture", QStringLiteral("maybe"));
    row("an unknown mode", "vaults.0.acknowledge", QStringLiteral("maybe"));
    row("founded in words", "vaults.0.targets.1.founded", QStringLiteral("yes"));
    row("half a root", "vaults.0.sourceRoot", QStringLiteral("1 2"));
    row("a root in words", "vaults.0.sourceRoot", QStringLiteral("1 two 3"));
    row("a root with more", "vaults.0.sourceRoot", QStringLiteral("1 2 3 4"));
    row("a root past 64 bits", "vaults.0.sourceRoot", QStringLiteral("1 2 9223372036854775808"));
    row("a transport of no kind", "vaults.0.transport", QStringLiteral("http://proxy"));
    row("no transport", "vaults.0.transport", QString());
    row("a long transport", "vaults.0.transport", QString(4001, u'x'));
    row("a bad transport of a target", "vaults.0.targets.0.transport", QStringLiteral("a,,b"));
    row("epoch 0", "vaults.0.epoch", 0);
    row("a negative limit", "vaults.0.limitBytesPerSecond", -1);
    row("a relative grant", "peers.0.grants.0", QStringLiteral("srv"));
    row("a relative grant of a ticket", "tickets.0.grant", QStringLiteral("srv"));
    row("a time in words", "tickets.0.expires", QStringLiteral("tomorrow"));
    row("a time without a zone", "tickets.0.expires", QStringLiteral("2026-11-22T12:00:00.000"));
    row("a time past what can be held", "tickets.0.expires",
        QStringLiteral("2500-01-01T00:00:00.000Z"));
    row("a time long ago", "tickets.0.expires", QStringLiteral("1013-01-15T08:00:00.000Z"));
    row("a short hash", "tickets.0.secretHash", QStringLiteral("00"));
    row("the same vault twice", "vaults", QJsonArray{vaults.first(), vaults.first()});
    row("the same peer twice", "peers", QJsonArray{peers.first(), peers.first()});
    row("too many peers", "peers", crowd);
}

void ConfigurationTest::aValueThatBreaksItsRuleIsNamed()
{
    QFETCH(QByteArray, where);
    QFETCH(QJsonValue, value);
    const Result<Configuration> result = decodeWith(where.constData(), value);
    QVERIFY(!result);
    QVERIFY2(result.error().code == ErrorCode::Invalid || result.error().code == ErrorCode::TooLong,
             errorName(result.error().code));
    QByteArray field = where;
    for (char digit = '0'; digit <= '9'; ++digit)
        field.replace(QByteArray(".") + digit, QByteArray("[") + digit + ']');
    QVERIFY2(result.error().detail.startsWith(field), result.error().detail.constData());
}

void ConfigurationTest::aNewerVersionIsLeftAlone()
{
    VERIFY_ERROR(decodeWith("version", configurationVersion + 1), ErrorCode::VersionMismatch);
}

void ConfigurationTest::whatCouldNotBeReadBackIsNotWritten()
{
    Configuration configuration = sampleConfiguration();
    configuration.vaults[0].name = QStringLiteral("a/b");
    VERIFY_ERROR(check(configuration), ErrorCode::Invalid);
    configuration = sampleConfiguration();
    configuration.tickets[0].expires.nanoseconds += 1; // finer than what is stored
    VERIFY_ERROR(check(configuration), ErrorCode::Invalid);
}

QTEST_APPLESS_MAIN(ConfigurationTest)
#include "tst_configuration.moc"
