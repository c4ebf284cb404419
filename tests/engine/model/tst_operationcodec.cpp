// Operations survive their encoding, and nothing else gets through the decoder.
#include "engine/model/operationcodec.h"
#include "tests/engine/model/hostilepaths.h"
#include "tests/engine/model/operationgenerator.h"

#include <QTest>

using namespace octopus;

namespace {

QByteArray encoded(const Operation &operation)
{
    QByteArray bytes;
    encodeOperation(bytes, operation);
    return bytes;
}

// The only operation in `bytes`, with nothing behind it.
Result<Operation> decoded(QByteArrayView bytes)
{
    auto operation = decodeOperation(bytes);
    if (operation && !bytes.isEmpty())
        return failure(ErrorCode::Corrupt, "trailing bytes");
    return operation;
}

Operation putFile()
{
    Operation operation;
    operation.sequence = Sequence(7);
    operation.kind = OperationKind::PutFile;
    operation.path = RelPath::of("dir/file");
    operation.attributes = {0644, 1000, 100, 1'700'000'000'123'456'789, {}};
    operation.size = 10;
    operation.ranges = {{0, "abc"}, {5, "de"}};
    operation.digest = {1, 2};
    return operation;
}

Operation writeRanges()
{
    Operation operation = putFile();
    operation.kind = OperationKind::WriteRanges;
    operation.holes = {{3, 2}, {7, 3}};
    return operation;
}

bool isRefused(const Operation &operation)
{
    const auto result = decoded(encoded(operation));
    return !result && result.error().code == ErrorCode::Corrupt;
}

// `bytes` with the sized string `from` replaced by the sized string `to`.
QByteArray withSized(QByteArray bytes, const QByteArray &from, const QByteArray &to)
{
    const auto sized = [](const QByteArray &string) {
        QByteArray out;
        ByteWriter(out, string.size() + 3).sized(string);
        return out;
    };
    return bytes.replace(sized(from), sized(to));
}

} // namespace

class TestOperationCodec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindSurvivesTheRoundTrip_data();
    void everyKindSurvivesTheRoundTrip();
    void theBoundIsNeverExceeded();
    void operationsFollowEachOtherWithoutSeparator();
    void theBytesAreTheDocumentedOnes();
    void everyTruncationIsRefused();
    void aChangedByteGivesAnErrorOrOneCanonicalOperation();
    void unknownKindsAreRefused();
    void hostilePathsAreRefused_data();
    void hostilePathsAreRefused();
    void oddButValidPathsAreTaken();
    void theRootIsTakenOnlyWhereItCanBe();
    void foreignXattrsAreRefused_data();
    void foreignXattrsAreRefused();
    void xattrsBeyondTheirCapsAreRefused();
    void disorderlyRangesAreRefused_data();
    void disorderlyRangesAreRefused();
    void countsBeyondTheBytesLeftAreRefusedBeforeAllocation_data();
    void countsBeyondTheBytesLeftAreRefusedBeforeAllocation();
    void numbersHaveOneEncoding();
    void modesAndSizesBeyondTheirRangeAreRefused();
    void linkTargetsAreChecked();
};

void TestOperationCodec::everyKindSurvivesTheRoundTrip_data()
{
    QTest::addColumn<int>("kind");
    for (int kind = 1; kind <= lastOperationKind; ++kind)
        QTest::addRow("kind %d", kind) << kind;
}

void TestOperationCodec::everyKindSurvivesTheRoundTrip()
{
    QFETCH(int, kind);
    OperationGenerator generator(quint64(kind) * 7919);
    for (int round = 0; round < 300; ++round) {
        const auto sequence = Sequence(generator.number());
        const Operation operation = generator.operation(OperationKind(kind), sequence);
        const auto back = decoded(encoded(operation));
        QVERIFY2(back, qPrintable(QString::number(round)));
        QVERIFY(*back == operation);
    }
}

void TestOperationCodec::theBoundIsNeverExceeded()
{
    OperationGenerator generator(3);
    for (int round = 0; round < 1000; ++round) {
        const Operation operation = generator.operation(Sequence(generator.number()));
        const qsizetype size = encoded(operation).size();
        QVERIFY(size <= encodedBound(operation));
    }
}

void TestOperationCodec::operationsFollowEachOtherWithoutSeparator()
{
    OperationGenerator generator(11);
    QList<Operation> operations;
    QByteArray bytes("head");
    for (quint64 i = 1; i <= 50; ++i) {
        operations.append(generator.operation(Sequence(i)));
        encodeOperation(bytes, operations.constLast());
    }
    QVERIFY(bytes.startsWith("head"));
    QByteArrayView rest = QByteArrayView(bytes).sliced(4);
    for (const Operation &operation : operations) {
        const auto back = decodeOperation(rest);
        QVERIFY(back);
        QVERIFY(*back == operation);
    }
    QVERIFY(rest.isEmpty());
}

void TestOperationCodec::theBytesAreTheDocumentedOnes()
{
    Operation operation = writeRanges();
    operation.attributes.mtimeNs = -1;
    operation.attributes.xattrs = {{"user.a", "v"}};
    const QByteArray expected = QByteArray::fromHex("0307"                 // kind, sequence
                                                    "086469722f66696c65"   // path
                                                    "a403e80764"           // mode, user, group
                                                    "ffffffffffffffff"     // mtime
                                                    "0106757365722e610176" // xattrs
                                                    "0a"                   // size
                                                    "0203020703"           // holes
                                                    "00"                   // stage
                                                    "0200036162630502"
                                                    "6465" // ranges
                                                    "01000000000000000200000000000000");
    QCOMPARE(encoded(operation).toHex(), expected.toHex());
}

void TestOperationCodec::everyTruncationIsRefused()
{
    OperationGenerator generator(5);
    for (int round = 0; round < 60; ++round) {
        const QByteArray bytes = encoded(generator.operation(Sequence(generator.number())));
        const qsizetype step = std::max<qsizetype>(1, bytes.size() / 400);
        for (qsizetype length = 0; length < bytes.size(); length += step) {
            QByteArrayView cut = QByteArrayView(bytes).first(length);
            QVERIFY(!decodeOperation(cut));
            QCOMPARE(cut.size(), length);
        }
    }
}

void TestOperationCodec::aChangedByteGivesAnErrorOrOneCanonicalOperation()
{
    OperationGenerator generator(6);
    int survivors = 0;
    for (int round = 0; round < 200; ++round) {
        QByteArray bytes = encoded(generator.operation(Sequence(generator.number())));
        for (int change = 0; change < 100; ++change) {
            const auto at = qsizetype(generator.below(quint64(bytes.size())));
            const char before = bytes[at];
            bytes[at] = char(generator.below(256));
            if (const auto back = decoded(bytes)) {
                ++survivors;
                QCOMPARE(encoded(*back), bytes);
            }
            bytes[at] = before;
        }
    }
    QVERIFY(survivors > 100);
}

void TestOperationCodec::unknownKindsAreRefused()
{
    QByteArray bytes = encoded(putFile());
    for (int kind = 0; kind < 256; ++kind) {
        if (kind >= 1 && kind <= lastOperationKind)
            continue;
        bytes[0] = char(kind);
        QVERIFY2(!decoded(bytes), qPrintable(QString::number(kind)));
    }
}

void TestOperationCodec::hostilePathsAreRefused_data()
{
    QTest::addColumn<QByteArray>("hostile");
    const QList<QByteArray> paths = hostilePaths();
    QVERIFY(paths.size() >= 60);
    for (qsizetype i = 0; i < paths.size(); ++i)
        QTest::addRow("%d", int(i)) << paths[i];
}

void TestOperationCodec::hostilePathsAreRefused()
{
    QFETCH(QByteArray, hostile);
    for (quint8 kind = 1; kind < quint8(OperationKind::Consistent); ++kind) {
        Operation operation = putFile();
        operation.kind = OperationKind(kind);
        operation.path = RelPath::of("placeholder-1");
        operation.other = RelPath::of("placeholder-2");
        operation.linkTarget = "target";
        const QByteArray bytes = encoded(operation);
        QVERIFY(decoded(bytes));
        const QByteArray first = withSized(bytes, "placeholder-1", hostile);
        QVERIFY(first != bytes && !decoded(first));
        const QByteArray second = withSized(bytes, "placeholder-2", hostile);
        QVERIFY(second == bytes || !decoded(second));
    }
}

void TestOperationCodec::oddButValidPathsAreTaken()
{
    Operation operation = putFile();
    operation.kind = OperationKind::Link;
    operation.other = RelPath::of("other");
    for (const QByteArray &path : oddButValidPaths()) {
        operation.path = RelPath::parse(path).value();
        const auto back = decoded(encoded(operation));
        QVERIFY(back);
        QCOMPARE(back->path.bytes(), path);
    }
}

void TestOperationCodec::theRootIsTakenOnlyWhereItCanBe()
{
    for (quint8 kind = 1; kind < quint8(OperationKind::Consistent); ++kind) {
        Operation operation = putFile();
        operation.kind = OperationKind(kind);
        operation.path = RelPath();
        operation.other = RelPath::of("other");
        operation.linkTarget = "target";
        const bool can = operation.kind == OperationKind::MakeDirectory
            || operation.kind == OperationKind::SetAttributes;
        QCOMPARE(decoded(encoded(operation)).has_value(), can);
    }
    Operation rename = putFile();
    rename.kind = OperationKind::Rename;
    QVERIFY(isRefused(rename)); // other is the root
}

void TestOperationCodec::foreignXattrsAreRefused_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name :
         {"", "user", "user.", "security.capability", "security.selinux", "trusted.overlay.opaque",
          "system.", "system.nfs4_acl", "system.posix_acl_accessX", "System.posix_acl_access", "x"})
        QTest::addRow("'%s'", name) << QByteArray(name);
    QTest::addRow("with NUL") << QByteArray("user.a\0b", 8);
    QTest::addRow("too long") << QByteArray("user." + QByteArray(251, 'n'));
}

void TestOperationCodec::foreignXattrsAreRefused()
{
    QFETCH(QByteArray, name);
    Operation operation = putFile();
    operation.attributes.xattrs[name] = "value";
    QVERIFY(isRefused(operation));
}

// The check before encoding and the decoder agree.
void TestOperationCodec::xattrsBeyondTheirCapsAreRefused()
{
    Operation operation = putFile();
    const auto fits = [&] {
        const bool taken = decoded(encoded(operation)).has_value();
        const auto check = checkAttributes(operation.attributes);
        return taken == check.has_value() && (check || check.error().code == ErrorCode::TooLong)
            ? std::optional(taken)
            : std::nullopt;
    };
    operation.attributes.xattrs = {{"user.big", QByteArray(maximumXattrValue, 'v')}};
    QCOMPARE(fits(), true);
    operation.attributes.xattrs = {{"user.big", QByteArray(maximumXattrValue + 1, 'v')}};
    QCOMPARE(fits(), false);
    operation.attributes.xattrs = {{"user." + QByteArray(250, 'n'), "v"}};
    QCOMPARE(fits(), true);
    operation.attributes.xattrs = {{"user." + QByteArray(251, 'n'), "v"}};
    QCOMPARE(fits(), false);

    operation.attributes.xattrs.clear();
    for (int i = 0; i < 4; ++i)
        operation.attributes.xattrs["user." + QByteArray::number(i)] = QByteArray(65'536 - 6, 'v');
    QCOMPARE(fits(), true);
    operation.attributes.xattrs["user.9"] = "";
    QCOMPARE(fits(), false);
}

void TestOperationCodec::disorderlyRangesAreRefused_data()
{
    QTest::addColumn<Operation>("operation");
    const auto with = [](auto change) {
        Operation operation = writeRanges();
        change(operation);
        return operation;
    };
    QTest::newRow("overlapping") << with([](auto &o) { o.ranges = {{0, "abc"}, {2, "d"}}; });
    QTest::newRow("descending") << with([](auto &o) { o.ranges = {{5, "a"}, {0, "b"}}; });
    QTest::newRow("twice") << with([](auto &o) { o.ranges = {{5, "a"}, {5, "a"}}; });
    QTest::newRow("empty") << with([](auto &o) { o.ranges = {{0, ""}}; });
    QTest::newRow("beyond the size") << with([](auto &o) { o.ranges = {{8, "abc"}}; });
    QTest::newRow("behind the size") << with([](auto &o) { o.ranges = {{11, "a"}}; });
    QTest::newRow("wrapping offset") << with([](auto &o) { o.ranges = {{~0ULL, "ab"}}; });
    QTest::newRow("overlapping holes") << with([](auto &o) { o.holes = {{0, 4}, {3, 1}}; });
    QTest::newRow("descending holes") << with([](auto &o) { o.holes = {{5, 1}, {0, 1}}; });
    QTest::newRow("empty hole") << with([](auto &o) { o.holes = {{5, 0}}; });
    QTest::newRow("hole beyond the size") << with([](auto &o) { o.holes = {{5, 6}}; });
    QTest::newRow("wrapping hole") << with([](auto &o) { o.holes = {{5, ~0ULL - 2}}; });
    QTest::newRow("huge hole") << with([](auto &o) { o.holes = {{~0ULL, ~0ULL}}; });
}

void TestOperationCodec::disorderlyRangesAreRefused()
{
    QFETCH(Operation, operation);
    QVERIFY(isRefused(operation));
}

void TestOperationCodec::countsBeyondTheBytesLeftAreRefusedBeforeAllocation_data()
{
    QTest::addColumn<quint64>("count");
    QTest::newRow("65536") << quint64(65536);
    QTest::newRow("65537") << quint64(65537);
    QTest::newRow("2^31 - 1") << quint64(0x7fffffff);
    QTest::newRow("2^31") << quint64(0x80000000);
    QTest::newRow("2^32 - 1") << quint64(0xffffffff);
    QTest::newRow("2^62") << (quint64(1) << 62);
    QTest::newRow("2^63") << (quint64(1) << 63);
    QTest::newRow("2^64 - 1") << ~quint64(0);
    QTest::newRow("(2^64 - 1) / 3 + 1") << ~quint64(0) / 3 + 1;
}

// Each count and length in turn is replaced; the bytes that follow are far too few.
void TestOperationCodec::countsBeyondTheBytesLeftAreRefusedBeforeAllocation()
{
    QFETCH(quint64, count);
    Operation operation = writeRanges();
    operation.attributes.xattrs = {{"user.a", "v"}};
    const QByteArray bytes = encoded(operation);
    // Path, xattr count, name, value, holes, ranges, first range (see theBytesAreTheDocumentedOnes()).
    for (const qsizetype at : {2, 24, 25, 32, 35, 41, 43}) {
        QByteArray huge;
        {
            ByteWriter writer(huge, bytes.size() + 10);
            writer.raw(QByteArrayView(bytes).first(at));
            writer.varint(count);
            writer.raw(QByteArrayView(bytes).sliced(at + 1));
        }
        QVERIFY2(!decoded(huge), qPrintable(QString::number(at)));
    }
}

void TestOperationCodec::numbersHaveOneEncoding()
{
    QVERIFY(decoded(QByteArray::fromHex("0c07")));
    QVERIFY(!decoded(QByteArray::fromHex("0c8700"))); // longer than needed
    QVERIFY(!decoded(QByteArray::fromHex("0c878000")));
    QVERIFY(decoded(QByteArray::fromHex("0cffffffffffffffffff01")));
    QVERIFY(!decoded(QByteArray::fromHex("0cffffffffffffffffff02"))); // 65 bits
    QVERIFY(!decoded(QByteArray::fromHex("0cffffffffffffffffff81")));
    QVERIFY(!decoded(QByteArray::fromHex("0cffffffffffffffffff8101"))); // eleven bytes
}

void TestOperationCodec::modesAndSizesBeyondTheirRangeAreRefused()
{
    Operation operation = putFile();
    operation.attributes.mode = 010000;
    QVERIFY(isRefused(operation));
    operation.attributes.mode = 07777;
    operation.size = maximumFileSize;
    QVERIFY(decoded(encoded(operation)));
    operation.size = maximumFileSize + 1;
    QVERIFY(isRefused(operation));
}

void TestOperationCodec::linkTargetsAreChecked()
{
    Operation operation = putFile();
    operation.kind = OperationKind::MakeSymlink;
    for (const QByteArray &target : {QByteArray("../../etc"), QByteArray(4095, 't')}) {
        operation.linkTarget = target; // a target is content; nobody follows it
        QVERIFY(decoded(encoded(operation)));
    }
    for (const QByteArray &target : {QByteArray(), QByteArray("a\0b", 3), QByteArray(4096, 't')}) {
        operation.linkTarget = target;
        QVERIFY(isRefused(operation));
    }
}

QTEST_APPLESS_MAIN(TestOperationCodec)
#include "tst_operationcodec.moc"
