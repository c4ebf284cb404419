// Whatever code the engine answers with, the user is told in the language of the window what
// happened and what to do; a code without words is found here.
#include "app/desktop/failurewording.h"
#include "app/desktop/language.h"
#include "app/desktop/wording.h"

#include <QLocale>
#include <QSet>
#include <QTest>

using namespace octopus;
using namespace octopus::desktop;

class TestFailureWording : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup();
    void everyErrorHasASentenceOfItsOwn();
    void everyProblemHasWordsAndAdvice();
    void everyHaltHasWordsAndAdvice();
    void everyWordIsTranslated_data();
    void everyWordIsTranslated();
    void theEnginesWordsAreADetailWhereTheyNameSomething_data();
    void theEnginesWordsAreADetailWhereTheyNameSomething();
    void aCommandIsToldInItsOwnTerms_data();
    void aCommandIsToldInItsOwnTerms();
    void theEndOfAPairingIsTold();
    void theNumbersOfAHaltAreTold();
};

namespace {

// All values of an enumeration that have a name, from 1 on; `nameless`: what the others are called.
template <typename Code, typename Name> QList<Code> allOf(Name name, const char *nameless)
{
    QList<Code> codes;
    for (int value = 1; value < 256; ++value) {
        if (qstrcmp(name(Code(value)), nameless) != 0)
            codes.append(Code(value));
    }
    return codes;
}

QList<ErrorCode> errors()
{
    return allOf<ErrorCode>(&errorName, "other") + QList{ErrorCode::Other};
}

// Everything that can be said of codes, in the language that is installed.
QStringList allWords()
{
    QStringList words;
    for (const ErrorCode code : errors())
        words.append(FailureWording::general(code));
    for (const auto code : allOf<ProblemCode>(&problemName, problemName(ProblemCode(255))))
        words.append({Wording::problem(code), Wording::problemAdvice(code)});
    for (const auto reason : allOf<HaltReason>(&haltName, haltName(HaltReason(255))))
        words.append({Wording::haltReason(reason), Wording::haltAdvice(reason)});
    return words;
}

} // namespace

void TestFailureWording::cleanup()
{
    installLanguage(QLocale(QStringLiteral("en")));
}

void TestFailureWording::everyErrorHasASentenceOfItsOwn()
{
    QVERIFY(errors().size() >= 25);
    QSet<QString> sentences;
    for (const ErrorCode code : errors()) {
        const QString sentence = FailureWording::general(code);
        QVERIFY2(sentence.endsWith(u'.') && !sentences.contains(sentence), errorName(code));
        sentences.insert(sentence);
    }
}

void TestFailureWording::everyProblemHasWordsAndAdvice()
{
    const auto codes = allOf<ProblemCode>(&problemName, problemName(ProblemCode(255)));
    QVERIFY(codes.size() >= 10);
    for (const ProblemCode code : codes) {
        QVERIFY2(Wording::problem(code) != Wording::problem(ProblemCode(255)), problemName(code));
        QVERIFY2(Wording::problemAdvice(code).endsWith(u'.'), problemName(code));
    }
}

void TestFailureWording::everyHaltHasWordsAndAdvice()
{
    const auto reasons = allOf<HaltReason>(&haltName, haltName(HaltReason(255)));
    QVERIFY(reasons.size() >= 9);
    for (const HaltReason reason : reasons) {
        QVERIFY2(Wording::haltReason(reason) != Wording::haltReason(HaltReason(255)),
                 haltName(reason));
        QVERIFY2(Wording::haltAdvice(reason).endsWith(u'.'), haltName(reason));
    }
}

void TestFailureWording::everyWordIsTranslated_data()
{
    QTest::addColumn<QString>("language");
    QTest::newRow("German") << QStringLiteral("de");
    QTest::newRow("Arabic") << QStringLiteral("ar");
}

void TestFailureWording::everyWordIsTranslated()
{
    QFETCH(QString, language);
    const QStringList english = allWords();
    installLanguage(QLocale(language));
    const QStringList others = allWords();
    QCOMPARE(others.size(), english.size());
    for (qsizetype at = 0; at < others.size(); ++at)
        QVERIFY2(others[at] != english[at] && !others[at].isEmpty(), qPrintable(english[at]));
}

void TestFailureWording::theEnginesWordsAreADetailWhereTheyNameSomething_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QByteArray>("detail");
    QTest::addColumn<bool>("shown");
    QTest::newRow("a path") << ErrorCode::PermissionDenied
                            << QByteArray("/srv/x: Permission denied") << true;
    QTest::newRow("a path of an ordinary code")
        << ErrorCode::NotFound << QByteArray("/srv/x: No such file or directory") << true;
    QTest::newRow("an address") << ErrorCode::Unreachable
                                << QByteArray("192.0.2.1:17290: Connection refused") << true;
    QTest::newRow("all that is known") << ErrorCode::Other << QByteArray("a log line") << true;
    QTest::newRow("nothing") << ErrorCode::Other << QByteArray() << false;
    QTest::newRow("a sentence") << ErrorCode::NotGranted
                                << QByteArray("no folder is granted for this destination") << false;
    QTest::newRow("advice for the command line")
        << ErrorCode::NotFound << QByteArray("there is no vault \"x\"; see: octopusctl vault list")
        << false;
}

void TestFailureWording::theEnginesWordsAreADetailWhereTheyNameSomething()
{
    QFETCH(ErrorCode, code);
    QFETCH(QByteArray, detail);
    QFETCH(bool, shown);
    const QString text = FailureWording::text({{code, detail, 0}, {}}, control::ShowVault{});
    QVERIFY(text.startsWith(FailureWording::general(code)));
    QCOMPARE(text.contains(QString::fromUtf8("(" + detail + ")")), shown);
    QCOMPARE(text == FailureWording::general(code), !shown);
}

void TestFailureWording::aCommandIsToldInItsOwnTerms_data()
{
    QTest::addColumn<control::Command>("command");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, const control::Command &command, ErrorCode code,
                        const char *words) {
        QTest::newRow(name) << command << code << QString::fromUtf8(words);
    };
    row("a used ticket", control::Pair{}, ErrorCode::Refused, "was used already");
    row("half a ticket", control::Pair{}, ErrorCode::Invalid, "copy all of it");
    row("nobody at the address", control::PairWith{}, ErrorCode::Unreachable, "answers there");
    row("too many tries", control::PairWith{}, ErrorCode::LimitReached, "use a ticket");
    row("other digits", control::ConfirmPairing{}, ErrorCode::Refused, "were not the same");
    row("a folder withdrawn twice", control::Revoke{}, ErrorCode::NotFound, "not in the list");
    row("a name that is taken", control::AddVault{}, ErrorCode::Exists, "vault of that name");
    row("a place that is taken", control::AddVault{}, ErrorCode::Refused, "another replica");
    row("a source within the state", control::EditVault{}, ErrorCode::Invalid, "its own records");
    row("a target away", control::RemoveVault{}, ErrorCode::Unreachable, "target does not answer");
    row("halted", control::Verify{}, ErrorCode::Refused, "halted or paused");
    row("compared already", control::Synchronize{}, ErrorCode::Busy, "compared already");
}

void TestFailureWording::aCommandIsToldInItsOwnTerms()
{
    QFETCH(control::Command, command);
    QFETCH(ErrorCode, code);
    QFETCH(QString, words);
    const QString text = FailureWording::text({{code, "in English", 0}, {}}, command);
    QVERIFY2(text.contains(words), qPrintable(text));
    // All of it in the user's language, whatever the engine says of it.
    installLanguage(QLocale(QStringLiteral("de")));
    const QString german = FailureWording::text({{code, {}, 0}, {}}, command);
    QVERIFY2(german != FailureWording::general(code) && !german.contains(words),
             qPrintable(german));
}

void TestFailureWording::theEndOfAPairingIsTold()
{
    PairingStatus pairing;
    pairing.state = PairingState::Failed;
    pairing.code = ErrorCode::TimedOut;
    pairing.detail = "it was not confirmed on both machines within 60 seconds";
    QVERIFY(FailureWording::text(pairing).contains(QStringLiteral("begin it anew")));
    QVERIFY(!FailureWording::text(pairing).contains(QStringLiteral("60")));
    pairing.code = ErrorCode::NoSpace;
    pairing.detail = "/state/config: No space left on device";
    QVERIFY(FailureWording::text(pairing).contains(QStringLiteral("/state/config")));
}

void TestFailureWording::theNumbersOfAHaltAreTold()
{
    Halt halt{HaltReason::MassDeletion, "4000 of 9000 entries disappeared", {}, 4000, 9000};
    QCOMPARE(Wording::haltDetail(halt),
             QStringLiteral("4,000 of 9,000 files and folders disappeared."));
    halt = {HaltReason::RootGone, "another folder stands in the place of the source", {}};
    QCOMPARE(Wording::haltDetail(halt), QString());
    halt.detail = "/srv/x: No such file or directory";
    QVERIFY(Wording::haltDetail(halt).contains(QStringLiteral("/srv/x")));
    halt = {HaltReason::ReplicaGone, "there is no replica at /srv/x any more", {}};
    QCOMPARE(Wording::haltDetail(halt), QStringLiteral("There is no replica at /srv/x any more"));
}

QTEST_MAIN(TestFailureWording)
#include "tst_failurewording.moc"
