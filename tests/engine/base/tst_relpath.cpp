#include "engine/base/relpath.h"
#include "tests/support/resultcheck.h"

#include <QTest>

#include <algorithm>

using namespace octopus;

static RelPath p(const char *literal)
{
    return RelPath::of(literal);
}

class RelPathTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hostileBytesAreRefused_data();
    void hostileBytesAreRefused();
    void anyOtherBytesAreAPath_data();
    void anyOtherBytesAreAPath();
    void lengthAndDepthHaveLimits();
    void partsAreFound();
    void aChildIsChecked();
    void aDirectorySortsDirectlyBeforeWhatIsBelowIt();
    void orderIsByComponents_data();
    void orderIsByComponents();
    void withinIsByComponents();
    void rebasingReplacesTheBeginning();
    void textIsSafeToShow_data();
    void textIsSafeToShow();
    void differentPathsNeverShowTheSameText();
};

void RelPathTest::hostileBytesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *name, const QByteArray &bytes) {
        QTest::newRow(name) << bytes;
    };
    row("dot", ".");
    row("parent", "..");
    row("parent at the beginning", "../x");
    row("parent in the middle", "a/../b");
    row("parent at the end", "a/..");
    row("dot in the middle", "a/./b");
    row("absolute", "/a");
    row("slash", "/");
    row("trailing slash", "a/");
    row("double slash", "a//b");
    row("NUL", QByteArray("a\0b", 3));
    row("NUL alone", QByteArray("\0", 1));
    row("NUL after a valid name", QByteArray("ab\0", 3));
    row("parent hidden behind NUL", QByteArray("a/..\0", 5));
}

void RelPathTest::hostileBytesAreRefused()
{
    QFETCH(QByteArray, bytes);
    VERIFY_ERROR(RelPath::parse(bytes), ErrorCode::Invalid);
}

void RelPathTest::anyOtherBytesAreAPath_data()
{
    QTest::addColumn<QByteArray>("bytes");
    for (const char *bytes : {"", "a", "a/b", "...", "..a", ".a", "a..", "a/...", "-rf", " ", "\n",
                              "\\", "\xff\xfe", "C:\\x", "~", "a b", "*", "\x01", "con"})
        QTest::newRow(bytes[0] ? bytes : "the root") << QByteArray(bytes);
}

void RelPathTest::anyOtherBytesAreAPath()
{
    QFETCH(QByteArray, bytes);
    const auto path = RelPath::parse(bytes);
    VERIFY_OK(path);
    QCOMPARE(path->bytes(), bytes);
    QCOMPARE(path->isRoot(), bytes.isEmpty());
}

void RelPathTest::lengthAndDepthHaveLimits()
{
    VERIFY_OK(RelPath::parse(QByteArray(255, 'n')));
    VERIFY_ERROR(RelPath::parse(QByteArray(256, 'n')), ErrorCode::TooLong);
    const QByteArray deepest = QByteArray("a/").repeated(255) + 'a';
    VERIFY_OK(RelPath::parse(deepest));
    QCOMPARE(RelPath::parse(deepest)->depth(), 256);
    VERIFY_ERROR(RelPath::parse(deepest + "/a"), ErrorCode::TooLong);
    VERIFY_ERROR(RelPath::parse(deepest)->child("a"), ErrorCode::TooLong);
    const QByteArray longest = (QByteArray(255, 'n') + '/').repeated(15) + QByteArray(255, 'n');
    QCOMPARE(longest.size(), 4095);
    VERIFY_OK(RelPath::parse(longest));
    VERIFY_ERROR(RelPath::parse(longest.chopped(1))->child("n"), ErrorCode::TooLong);
    VERIFY_OK(RelPath::parse(longest.chopped(2))->child("n"));
    VERIFY_ERROR(RelPath::parse(longest.chopped(1) + "/n"), ErrorCode::TooLong);
}

void RelPathTest::partsAreFound()
{
    QCOMPARE(p("a/bc/d").name(), "d");
    QCOMPARE(p("a/bc/d").parent(), p("a/bc"));
    QCOMPARE(p("a/bc/d").depth(), 3);
    QCOMPARE(p("a").parent(), RelPath());
    QCOMPARE(p("a").name(), "a");
    QCOMPARE(RelPath().parent(), RelPath());
    QCOMPARE(RelPath().name(), "");
    QCOMPARE(RelPath().depth(), 0);
}

void RelPathTest::aChildIsChecked()
{
    QCOMPARE(*p("a").child("b"), p("a/b"));
    QCOMPARE(*RelPath().child("b"), p("b"));
    for (const QByteArray &name : {QByteArray(), QByteArray("."), QByteArray(".."),
                                   QByteArray("a/b"), QByteArray("/"), QByteArray("a\0", 2)})
        VERIFY_ERROR(p("a").child(name), ErrorCode::Invalid);
    VERIFY_ERROR(p("a").child(QByteArray(256, 'n')), ErrorCode::TooLong);
}

void RelPathTest::aDirectorySortsDirectlyBeforeWhatIsBelowIt()
{
    QList<RelPath> paths = {p("b"),   p("a-b"), p("a/b/c"), p("a"),     p("a.txt"), p("a/b-c"),
                            p("a/b"), p("aa"),  p("\xff"),  p("a\x01"), RelPath(),  p("a/\x01")};
    std::ranges::sort(paths);
    const QList<RelPath> expected = {RelPath(),  p("a"),     p("a/\x01"), p("a/b"),
                                     p("a/b/c"), p("a/b-c"), p("a\x01"),  p("a-b"),
                                     p("a.txt"), p("aa"),    p("b"),      p("\xff")};
    QCOMPARE(paths, expected);
}

void RelPathTest::orderIsByComponents_data()
{
    QTest::addColumn<QByteArray>("lower");
    QTest::addColumn<QByteArray>("higher");
    const auto row = [](const char *lower, const char *higher) {
        QTest::addRow("%s < %s", lower, higher) << QByteArray(lower) << QByteArray(higher);
    };
    row("", "a");
    row("a", "b");
    row("a", "a/b");
    row("a/b", "a-b");
    row("a/z", "a ");
    row("a/z/z/z", "a!");
    row("a", "a-b");
    row("Z", "a");
    row("z", "\x80");
    row("\x80", "\xff");
    row("a/\xff", "a0");
}

void RelPathTest::orderIsByComponents()
{
    QFETCH(QByteArray, lower);
    QFETCH(QByteArray, higher);
    const RelPath a = *RelPath::parse(lower);
    const RelPath b = *RelPath::parse(higher);
    QVERIFY(a < b);
    QVERIFY(b > a);
    QVERIFY(a != b);
    QVERIFY((a <=> a) == std::strong_ordering::equal);
}

void RelPathTest::withinIsByComponents()
{
    QVERIFY(p("a/b").isWithin(p("a")));
    QVERIFY(p("a").isWithin(p("a")));
    QVERIFY(p("a").isWithin(RelPath()));
    QVERIFY(RelPath().isWithin(RelPath()));
    QVERIFY(!p("ab").isWithin(p("a")));
    QVERIFY(!p("a-b").isWithin(p("a")));
    QVERIFY(!p("a").isWithin(p("a/b")));
    QVERIFY(!RelPath().isWithin(p("a")));
}

void RelPathTest::rebasingReplacesTheBeginning()
{
    QCOMPARE(*p("a/b/c").rebased(p("a"), p("x/y")), p("x/y/b/c"));
    QCOMPARE(*p("a").rebased(p("a"), p("x")), p("x"));
    QCOMPARE(*p("a/b").rebased(p("a"), RelPath()), p("b"));
    QCOMPARE(*p("a/b").rebased(RelPath(), p("x")), p("x/a/b"));
    QCOMPARE(*p("a").rebased(p("a"), RelPath()), RelPath());
    const RelPath deep = *RelPath::parse(QByteArray("d/").repeated(250) + 'd');
    VERIFY_ERROR(p("a/1/2/3/4/5/6").rebased(p("a"), deep), ErrorCode::TooLong);
}

void RelPathTest::textIsSafeToShow_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const QByteArray &bytes, const char *text) {
        QTest::newRow(name) << bytes << QString::fromUtf8(text);
    };
    row("plain", "dir/file.txt", "dir/file.txt");
    row("umlaut", "M\xc3\xbcnchen", "M\xc3\xbcnchen");
    row("beyond the first plane", "\xf0\x9f\x90\x99", "\xf0\x9f\x90\x99");
    row("invalid byte",
        "a\xff"
        "b",
        "a\\xffb");
    row("cut sequence", "a\xe2\x82", "a\\xe2\\x82");
    row("overlong slash", "\xc0\xaf", "\\xc0\\xaf");
    row("encoded surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80");
    row("beyond Unicode", "\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80");
    row("newline", "a\nb", "a\\u{000a}b");
    row("escape", "\x1b[31m", "\\u{001b}[31m");
    row("delete", "\x7f", "\\u{007f}");
    row("C1 control", "\xc2\x9b", "\\u{009b}");
    row("right-to-left override", "exe\xe2\x80\xaetxt", "exe\\u{202e}txt");
    row("isolate", "\xe2\x81\xa6", "\\u{2066}");
    row("zero width space", "a\xe2\x80\x8b", "a\\u{200b}");
    row("line separator", "\xe2\x80\xa8", "\\u{2028}");
    row("tag", "\xf3\xa0\x81\x81", "\\u{e0041}");
    row("backslash", "a\\n", "a\\\\n");
    row("byte order mark", "\xef\xbb\xbf", "\\xef\\xbb\\xbf");
}

void RelPathTest::textIsSafeToShow()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    QCOMPARE(RelPath::parse(bytes)->displayText(), text);
}

void RelPathTest::differentPathsNeverShowTheSameText()
{
    // What an escape looks like, written out, is itself escaped.
    QVERIFY(p("a\nb").displayText() != p("a\\u{000a}b").displayText());
    QVERIFY(p("\xff").displayText() != p("\\xff").displayText());
}

QTEST_APPLESS_MAIN(RelPathTest)
#include "tst_relpath.moc"
