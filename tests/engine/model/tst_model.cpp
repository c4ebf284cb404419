// The small values of engine/model: ids, names of codes, rules for names.
#include "engine/model/problem.h"
#include "engine/model/status.h"
#include "engine/model/vault.h"
#include "tests/support/resultcheck.h"

#include <QSet>
#include <QTest>

using namespace octopus;

class ModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anIdIsItsBytesOrItsText();
    void anIdOfTheWrongSizeIsInvalid();
    void anIdThatIsNotHexadecimalIsInvalid_data();
    void anIdThatIsNotHexadecimalIsInvalid();
    void idsAreOrderedByTheirBytes();
    void theNextSequenceIsOneMore();
    void everyProblemHasItsOwnName();
    void aNoticeIsNoFailure();
    void everyPhaseAndHaltHasItsOwnName();
    void everyHaltSaysWhatToDo();
    void goodVaultNamesAreTaken_data();
    void goodVaultNamesAreTaken();
    void badVaultNamesAreRefused_data();
    void badVaultNamesAreRefused();
};

void ModelTest::anIdIsItsBytesOrItsText()
{
    QByteArray bytes;
    for (int i = 0; i < 32; ++i)
        bytes.append(char(i * 8 + 7));
    const auto machine = MachineId::fromBytes(bytes);
    VERIFY_OK(machine);
    QCOMPARE(machine->bytes(), bytes);
    QCOMPARE(machine->text(), QString::fromLatin1(bytes.toHex()));
    QCOMPARE(machine->text().size(), 64);
    QCOMPARE(*MachineId::fromText(machine->text()), *machine);
    QCOMPARE(*MachineId::fromText(machine->text().toUpper()), *machine);
    QVERIFY(!machine->isNull());
    QVERIFY(MachineId().isNull());

    const auto vault = VaultId::fromBytes(bytes.first(16));
    VERIFY_OK(vault);
    QCOMPARE(*VaultId::fromText(vault->text()), *vault);
    QVERIFY(VaultId().isNull());
    QVERIFY(VaultId() != *vault);
}

void ModelTest::anIdOfTheWrongSizeIsInvalid()
{
    for (const qsizetype size : {0, 1, 15, 16, 31, 33, 64})
        VERIFY_ERROR(MachineId::fromBytes(QByteArray(size, 'x')), ErrorCode::Invalid);
    for (const qsizetype size : {0, 1, 15, 17, 32})
        VERIFY_ERROR(VaultId::fromBytes(QByteArray(size, 'x')), ErrorCode::Invalid);
    VERIFY_ERROR(MachineId::fromText(QString(62, QLatin1Char('a'))), ErrorCode::Invalid);
    VERIFY_ERROR(MachineId::fromText(QString(66, QLatin1Char('a'))), ErrorCode::Invalid);
    VERIFY_ERROR(VaultId::fromText(QString()), ErrorCode::Invalid);
}

void ModelTest::anIdThatIsNotHexadecimalIsInvalid_data()
{
    QTest::addColumn<QString>("text");
    const QString valid(64, QLatin1Char('a'));
    QTest::newRow("letter") << QString(valid).replace(10, 1, QLatin1Char('g'));
    QTest::newRow("space") << QString(valid).replace(10, 1, QLatin1Char(' '));
    QTest::newRow("leading space") << QString(QLatin1Char(' ') + valid);
    QTest::newRow("colons")
        << QString(QString(21, QLatin1Char('a')) + QLatin1Char(':') + valid).first(64);
    QTest::newRow("odd length") << QString(valid + QLatin1Char('a'));
    QTest::newRow("not Latin") << QString(valid).replace(10, 1, QChar(0x0430));
    QTest::newRow("full-width digit") << QString(valid).replace(10, 1, QChar(0xff11));
    QTest::newRow("NUL") << QString(valid).replace(10, 1, QChar(u'\0'));
}

void ModelTest::anIdThatIsNotHexadecimalIsInvalid()
{
    QFETCH(QString, text);
    VERIFY_ERROR(MachineId::fromText(text), ErrorCode::Invalid);
}

void ModelTest::idsAreOrderedByTheirBytes()
{
    const MachineId low = *MachineId::fromBytes(QByteArray(32, '\x01'));
    const MachineId high = *MachineId::fromBytes(QByteArray(32, '\xff'));
    QVERIFY(low < high);
    QVERIFY(low == *MachineId::fromText(low.text()));
    QCOMPARE(qHash(low), qHash(*MachineId::fromText(low.text())));
    QVERIFY((QSet<MachineId>{low, high, low}).size() == 2);
}

void ModelTest::theNextSequenceIsOneMore()
{
    QCOMPARE(number(next(Sequence{})), 1u);
    QCOMPARE(number(next(Sequence{41})), 42u);
}

void ModelTest::everyProblemHasItsOwnName()
{
    QSet<QByteArray> names;
    for (int code = int(ProblemCode::NotMirrored); code <= int(ProblemCode::Different); ++code)
        names.insert(problemName(ProblemCode(code)));
    QCOMPARE(names.size(), int(ProblemCode::Different));
    QVERIFY(!names.contains("unknown"));
}

void ModelTest::aNoticeIsNoFailure()
{
    QVERIFY(isNotice(ProblemCode::NotMirrored));
    QVERIFY(isNotice(ProblemCode::ReservedName));
    for (const ProblemCode code :
         {ProblemCode::CannotRead, ProblemCode::Unstable, ProblemCode::CannotApply,
          ProblemCode::NoSpace, ProblemCode::ForeignEntry, ProblemCode::Different})
        QVERIFY2(!isNotice(code),
                 problemName(code)); // I5: such a path keeps a mirror from being in sync
}

void ModelTest::everyPhaseAndHaltHasItsOwnName()
{
    QSet<QByteArray> phases;
    for (int phase = int(Phase::Offline); phase <= int(Phase::Diverged); ++phase)
        phases.insert(phaseName(Phase(phase)));
    QCOMPARE(phases.size(), int(Phase::Diverged));
    QSet<QByteArray> halts;
    for (int halt = int(HaltReason::RootGone); halt <= int(HaltReason::ReplicaGone); ++halt)
        halts.insert(haltName(HaltReason(halt)));
    QCOMPARE(halts.size(), int(HaltReason::ReplicaGone));
    QVERIFY(!halts.contains("unknown"));
}

void ModelTest::everyHaltSaysWhatToDo()
{
    for (int halt = int(HaltReason::RootGone); halt <= int(HaltReason::ReplicaGone); ++halt) {
        const QByteArray advice = haltAdvice(HaltReason(halt));
        QVERIFY2(advice.size() > 20 && advice.endsWith('.'), haltName(HaltReason(halt)));
    }
}

void ModelTest::goodVaultNamesAreTaken_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << QStringLiteral("Documents");
    QTest::newRow("one letter") << QStringLiteral("x");
    QTest::newRow("with a space") << QStringLiteral("My photographs");
    QTest::newRow("not Latin") << QString::fromUtf8("Поштова скринька");
    QTest::newRow("longest") << QString(64, QLatin1Char('n'));
}

void ModelTest::goodVaultNamesAreTaken()
{
    QFETCH(QString, name);
    VERIFY_OK(checkVaultName(name));
}

void ModelTest::badVaultNamesAreRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("empty") << QString();
    QTest::newRow("too long") << QString(65, QLatin1Char('n'));
    QTest::newRow("slash") << QStringLiteral("a/b");
    QTest::newRow("newline") << QStringLiteral("a\nb");
    QTest::newRow("escape") << QStringLiteral("\x1b[31m");
    QTest::newRow("NUL") << QString(QChar(u'\0'));
    QTest::newRow("an option") << QStringLiteral("--all");
    QTest::newRow("hidden") << QStringLiteral(".octopus");
}

void ModelTest::badVaultNamesAreRefused()
{
    QFETCH(QString, name);
    VERIFY_ERROR(checkVaultName(name), ErrorCode::Invalid);
}

QTEST_APPLESS_MAIN(ModelTest)
#include "tst_model.moc"
