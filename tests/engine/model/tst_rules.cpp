#include "engine/model/rules.h"

#include <QTest>

#include <clocale>

using namespace octopus;

using Patterns = QList<QByteArray>;

class RulesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEntryBelongsAsTheRulesSay_data()
    {
        QTest::addColumn<Patterns>("includes");
        QTest::addColumn<Patterns>("excludes");
        QTest::addColumn<QByteArray>("path"); // a trailing slash: a directory
        QTest::addColumn<bool>("belongs");
        const auto row = [](const char *path, const Patterns &includes, const Patterns &excludes,
                            bool belongs) {
            const QByteArray tag = QByteArray(path).toPercentEncoding("/*") + " +"
                + includes.join(' ').toPercentEncoding("/*") + " -"
                + excludes.join(' ').toPercentEncoding("/*");
            QTest::newRow(tag.constData()) << includes << excludes << QByteArray(path) << belongs;
        };
        row("a/b", {}, {}, true);
        row("", {"x"}, {"*"}, true);
        excludesAtAnyDepth(row);
        excludesByPath(row);
        includes(row);
        doubleStars(row);
        bytes(row);
    }
    void anEntryBelongsAsTheRulesSay()
    {
        QFETCH(Patterns, includes);
        QFETCH(Patterns, excludes);
        QFETCH(QByteArray, path);
        QFETCH(bool, belongs);
        const auto matcher = RuleMatcher::compile(Rules{includes, excludes});
        QVERIFY(matcher);
        const bool directory = path.endsWith('/') || path.isEmpty();
        const auto entry = RelPath::parse(path.endsWith('/') ? path.chopped(1) : path);
        QVERIFY(entry);
        QCOMPARE(matcher->includes(*entry, directory ? EntryKind::Directory : EntryKind::File),
                 belongs);
        if (directory)
            QCOMPARE(matcher->descends(*entry), belongs);
    }

    void whatIsNoPatternIsRefusedByName_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("slash") << QByteArray("/");
        QTest::newRow("two slashes") << QByteArray("//");
        QTest::newRow("empty component") << QByteArray("a//b");
        QTest::newRow("dot") << QByteArray("./a");
        QTest::newRow("dots") << QByteArray("a/../b");
        QTest::newRow("dots alone") << QByteArray("..");
        QTest::newRow("nul") << QByteArray("a\0b", 3);
        QTest::newRow("backslash at the end") << QByteArray("a\\");
        QTest::newRow("escaped slash") << QByteArray("a\\/b");
        QTest::newRow("three backslashes") << QByteArray("a\\\\\\");
        QTest::newRow("too long") << QByteArray(4096, 'a');
    }
    void whatIsNoPatternIsRefusedByName()
    {
        QFETCH(QByteArray, pattern);
        for (const Rules &rules : {Rules{{"a", pattern}, {}}, Rules{{}, {"a", pattern}}}) {
            const auto matcher = RuleMatcher::compile(rules);
            QVERIFY(!matcher);
            QCOMPARE(matcher.error().code, ErrorCode::Invalid);
            QVERIFY(matcher.error().detail.contains(pattern));
        }
    }

    void thereIsALimitOfPatterns()
    {
        const Rules most{Patterns(500, "a"), Patterns(500, "b")};
        QVERIFY(RuleMatcher::compile(most));
        const Rules more{Patterns(501, "a"), Patterns(500, "b")};
        QCOMPARE(RuleMatcher::compile(more).error().code, ErrorCode::LimitReached);
    }

    void theLocaleOfTheProcessChangesNothing()
    {
        if (!std::setlocale(LC_ALL, "C.UTF-8"))
            QSKIP("no UTF-8 locale here");
        const auto matcher = RuleMatcher::compile(Rules{{}, {"M?ller"}});
        QVERIFY(matcher);
        const auto umlaut = RelPath::parse("M\xc3\xbcller");
        QVERIFY(matcher->includes(*umlaut, EntryKind::File)); // two bytes
        QVERIFY(!matcher->includes(*RelPath::parse("M\xffller"), EntryKind::File));
        std::setlocale(LC_ALL, "C");
    }

private:
    static void excludesAtAnyDepth(const auto &row)
    {
        row("x.tmp", {}, {"*.tmp"}, false);
        row("a/b/x.tmp", {}, {"*.tmp"}, false);
        row("a/x.tmp2", {}, {"*.tmp"}, true);
        row("a/.hidden", {}, {"*hidden"}, false);
        row("cache/", {}, {"cache"}, false);
        row("a/cache/b/c", {}, {"cache"}, false);
        row("a/cache", {}, {"cache/"}, true);
        row("a/cache/", {}, {"cache/"}, false);
        row("a/cache/b", {}, {"cache/"}, false);
        row("a/b", {}, {"x", "y", "b"}, false);
        row("abc", {}, {"a[!x]c"}, false);
        row("a[bc", {}, {"a[bc"}, false); // an open bracket is itself
        row("a*c", {}, {"a\\*c"}, false);
        row("abc", {}, {"a\\*c"}, true);
    }
    static void excludesByPath(const auto &row)
    {
        row("a/b", {}, {"a/b"}, false);
        row("a/b", {}, {"/a/b"}, false);
        row("x/a/b", {}, {"a/b"}, true);
        row("b", {}, {"/b"}, false);
        row("a/b", {}, {"/b"}, true);
        row("a/b/c", {}, {"a/b"}, false);
        row("a/x/y", {}, {"a/*"}, false); // below a/x, which matches
        row("a/", {}, {"a/*"}, true);
        row("x/y/z", {}, {"*/z"}, true); // a star does not cross a slash
        row("x/z", {}, {"*/z"}, false);
        row("a/b", {}, {"a?b"}, true);
        row("a/b/", {}, {"a/b/"}, false);
        row("a/b", {}, {"a/b/"}, true);
    }
    static void includes(const auto &row)
    {
        row("a.txt", {"*.txt"}, {}, true);
        row("d/a.txt", {"*.txt"}, {}, true);
        row("d/a.bin", {"*.txt"}, {}, false);
        row("d/e/", {"*.txt"}, {}, true); // there could be one below
        row("docs/", {"docs"}, {}, true);
        row("docs/x/y", {"docs"}, {}, true);
        row("a/", {"a/b/c"}, {}, true); // on the way
        row("a/b/", {"a/b/c"}, {}, true);
        row("a/b/c", {"a/b/c"}, {}, true);
        row("a/b/c/d", {"a/b/c"}, {}, true);
        row("a/b/d", {"a/b/c"}, {}, false);
        row("a/x/", {"a/b/c"}, {}, false);
        row("a/b/c/d/", {"a/b/c"}, {}, true);
        row("a/b/d/", {"a/b/c"}, {}, false);
        row("a", {"a/b/c"}, {}, false); // a file on the way
        row("docs/x", {"docs/"}, {}, true);
        row("docs", {"docs/"}, {}, false);
        row("docs/x.tmp", {"docs"}, {"*.tmp"}, false); // excludes win
        row("docs/x", {"docs/x"}, {"docs"}, false);
    }
    static void doubleStars(const auto &row)
    {
        row("a/b/c/x", {}, {"a/**/x"}, false);
        row("a/x", {}, {"a/**/x"}, false);
        row("x", {}, {"**/x"}, false);
        row("b/a/x", {}, {"a/**/x"}, true);
        row("a/b/", {}, {"a/**"}, false);
        row("a/", {}, {"a/**"}, true);
        row("a/b/c", {}, {"/**"}, false);
        row("a/1/b/2/c", {}, {"a/**/b/**/c"}, false);
        row("a/b/2/c", {}, {"a/**/b/**/c"}, false);
        row("a/1/b/c", {}, {"a/**/b/**/c"}, false);
        row("a/b/c", {}, {"a/**/b/**/c"}, false);
        row("a/c", {}, {"a/**/b/**/c"}, true);
        row("a/b/cx", {}, {"a/*/**x"}, false);
        row("d/x/", {"d/**/y"}, {}, true); // on the way
        row("e/x/", {"d/**/y"}, {}, false);
        row("d/y", {"d/**/y"}, {}, true);
    }
    static void bytes(const auto &row)
    {
        row("a\nb", {}, {"a?b"}, false);
        row("\xff\xfe", {}, {"??"}, false);
        row("\xff\xfe", {}, {"\xff*"}, false);
        row("d/\x80x", {}, {"*x"}, false);
        row("\xc3\xa4", {}, {"?"}, true);
        row("\x1b[0m", {}, {"*[[]0m"}, false);
        row("-rf", {}, {"-*"}, false);
        row("A", {}, {"a"}, true);
        row("x ", {}, {"x"}, true);
    }
};

QTEST_APPLESS_MAIN(RulesTest)
#include "tst_rules.moc"
