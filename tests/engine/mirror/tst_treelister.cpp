#include "engine/mirror/treelister.h"
#include "engine/wire/codec.h"
#include "tests/engine/apply/fixture.h"

#include <QTest>

using namespace octopus;
using namespace octopus::mirror;
using octopus::apply::at;
using octopus::testing::FakeCall;

class TestTreeLister : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void entriesComeInTreeOrder();
    void theControlFolderIsNotListed();
    void aPartIsListedAlone();
    void whatIsNotThereIsAnEmptyList();
    void entriesAreDescribed();
    void foreignEntriesAreMarked();
    void namesOfOneFileShareAGroup();
    void contentsAreHashedWhereAsked();
    void contentsOfForeignEntriesAreNotRead();
    void whatCannotBeReadIsNamed_data();
    void whatCannotBeReadIsNamed();
    void aFailedReadDoesNotSpoilTheNextContent();
    void theListOfTheUnreadableIsBounded();
    void messagesAreBounded();
    void stepsAreBounded();
};

namespace {

struct Listed {
    QList<wire::TreeEntry> entries;
    QList<wire::TreeListing> messages;
    std::optional<wire::TreeEnd> end;
    int steps = 0;

    [[nodiscard]] QList<QByteArray> paths() const
    {
        QList<QByteArray> out;
        for (const wire::TreeEntry &entry : entries)
            out.append(entry.path.bytes());
        return out;
    }
    [[nodiscard]] wire::TreeEntry at(const char *path) const
    {
        for (const wire::TreeEntry &entry : entries) {
            if (entry.path == RelPath::of(path))
                return entry;
        }
        return {};
    }
};

Listed listAll(apply::FakeReplica &replica, const QByteArray &path = {}, bool withContent = false)
{
    TreeLister lister(*replica.root, *replica.applier, {5, at(path), withContent, false});
    Listed out;
    for (; !lister.isDone() && out.steps < 1'000'000; ++out.steps) {
        const auto message = lister.step();
        if (!message)
            continue;
        if (const auto *listing = std::get_if<wire::TreeListing>(&*message)) {
            out.messages.append(*listing);
            out.entries.append(listing->entries);
        } else {
            out.end = std::get<wire::TreeEnd>(*message);
        }
    }
    return out;
}

} // namespace

void TestTreeLister::entriesComeInTreeOrder()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({apply::makeDirectory("d"), apply::put("d/b", "1"),
                             apply::makeDirectory("d/a"), apply::put("d/a/x", "1"),
                             apply::put("d!", "1"), apply::put("d-", "1"), apply::put("z", "1")}));
    const Listed listed = listAll(replica);
    QCOMPARE(listed.paths(), (QList<QByteArray>{"", "d", "d/a", "d/a/x", "d/b", "d!", "d-", "z"}));
    QVERIFY(listed.end);
    QCOMPARE(listed.end->request, 5u);
    QCOMPARE(listed.end->entries, 8u);
    QVERIFY(listed.end->unreadable.isEmpty());
    for (const wire::TreeListing &message : listed.messages)
        QCOMPARE(message.request, 5u);
}

void TestTreeLister::theControlFolderIsNotListed()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({apply::makeDirectory("d"), apply::put("d/.octopus", "1")}));
    QCOMPARE(listAll(replica).paths(), (QList<QByteArray>{"", "d", "d/.octopus"}));
}

void TestTreeLister::aPartIsListedAlone()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({apply::makeDirectory("d"), apply::put("d/a", "1"),
                             apply::put("d!", "1"), apply::put("f", "1")}));
    QCOMPARE(listAll(replica, "d").paths(), (QList<QByteArray>{"d", "d/a"}));
    QCOMPARE(listAll(replica, "f").paths(), QList<QByteArray>{"f"});
}

void TestTreeLister::whatIsNotThereIsAnEmptyList()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({apply::put("f", "1")}));
    for (const char *path : {"none", "none/x", "f/x"}) {
        const Listed listed = listAll(replica, path);
        QVERIFY(listed.end);
        QCOMPARE(listed.end->entries, 0u);
        QVERIFY(listed.end->unreadable.isEmpty());
    }
}

void TestTreeLister::entriesAreDescribed()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    Operation file = apply::put("f", "content");
    file.attributes.uid = 7;
    file.attributes.gid = 8;
    file.attributes.xattrs = {{"user.x", "1"}};
    VERIFY_OK(replica.apply({file, apply::makeSymlink("l", "to"), apply::makeDirectory("d", 0711),
                             apply::operation(OperationKind::MakeFifo, "p")}));
    const Listed listed = listAll(replica);
    QCOMPARE(listed.at("f").kind, EntryKind::File);
    QCOMPARE(listed.at("f").size, 7u);
    QCOMPARE(listed.at("f").attributes, file.attributes);
    QVERIFY(!listed.at("f").content);
    QCOMPARE(listed.at("l").kind, EntryKind::Symlink);
    QCOMPARE(listed.at("l").linkTarget, "to");
    QCOMPARE(listed.at("d").kind, EntryKind::Directory);
    QCOMPARE(listed.at("d").attributes.mode, 0711u);
    QCOMPARE(listed.at("d").size, 0u);
    QCOMPARE(listed.at("p").kind, EntryKind::Fifo);
}

void TestTreeLister::foreignEntriesAreMarked()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({apply::makeDirectory("d"), apply::put("d/own", "1")}));
    VERIFY_OK(testing::buildTree(*replica.tree, {"d/theirs=1", "t/", "t/x=1"}));
    const Listed listed = listAll(replica);
    for (const wire::TreeEntry &entry : listed.entries) {
        const bool expected = entry.path.bytes().contains("theirs") || entry.path.isWithin(at("t"));
        QCOMPARE(entry.foreign, expected);
    }
    QCOMPARE(listed.entries.size(), 6);
}

void TestTreeLister::namesOfOneFileShareAGroup()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({apply::put("a", "1"), apply::linking("a", "b"), apply::put("c", "2"),
                             apply::linking("c", "e"), apply::put("f", "3"),
                             apply::makeDirectory("d"), apply::makeDirectory("d/d")}));
    const Listed listed = listAll(replica);
    QVERIFY(listed.at("a").linkGroup != 0);
    QCOMPARE(listed.at("a").linkGroup, listed.at("b").linkGroup);
    QCOMPARE(listed.at("c").linkGroup, listed.at("e").linkGroup);
    QVERIFY(listed.at("a").linkGroup != listed.at("c").linkGroup);
    QCOMPARE(listed.at("f").linkGroup, 0u);
    QCOMPARE(listed.at("d").linkGroup, 0u);
}

void TestTreeLister::contentsAreHashedWhereAsked()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    const QByteArray large(9 * 1024 * 1024 + 1, 'x');
    const QByteArray even(4 * 1024 * 1024, 'y');
    VERIFY_OK(
        replica.apply({apply::put("empty", ""), apply::put("even", ""), apply::put("large", ""),
                       apply::put("small", "abc"), apply::makeSymlink("l", "small")}));
    VERIFY_OK(testing::writeFile(*replica.tree, at("large"), large));
    VERIFY_OK(testing::writeFile(*replica.tree, at("even"), even));
    const Listed listed = listAll(replica, {}, true);
    QCOMPARE(listed.paths(), (QList<QByteArray>{"", "empty", "even", "l", "large", "small"}));
    QCOMPARE(listed.at("empty").content, sha256({}));
    QCOMPARE(listed.at("even").content, sha256(even));
    QCOMPARE(listed.at("large").content, sha256(large));
    QCOMPARE(listed.at("small").content, sha256("abc"));
    QVERIFY(!listed.at("l").content);
}

void TestTreeLister::contentsOfForeignEntriesAreNotRead()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(testing::buildTree(*replica.tree, {"theirs=1"}));
    const Listed listed = listAll(replica, {}, true);
    QVERIFY(listed.at("theirs").foreign);
    QVERIFY(!listed.at("theirs").content);
}

void TestTreeLister::whatCannotBeReadIsNamed_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("stat") << int(FakeCall::Stat) << QByteArray("f");
    QTest::newRow("attributes") << int(FakeCall::Xattrs) << QByteArray("f");
    QTest::newRow("open") << int(FakeCall::Open) << QByteArray("f");
    QTest::newRow("read") << int(FakeCall::Read) << QByteArray("f");
    QTest::newRow("list") << int(FakeCall::List) << QByteArray("d");
    QTest::newRow("target") << int(FakeCall::ReadSymlink) << QByteArray("l");
}

void TestTreeLister::whatCannotBeReadIsNamed()
{
    QFETCH(int, call);
    QFETCH(QByteArray, path);
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({apply::put("f", "1"), apply::makeDirectory("d"),
                             apply::makeSymlink("l", "x"), apply::put("z", "1")}));
    replica.files.faults().add({.call = FakeCall(call), .below = "/replica/" + path});
    const Listed listed = listAll(replica, {}, true);
    QVERIFY(listed.end);
    QCOMPARE(listed.end->unreadable, QList<QByteArray>{path});
    QCOMPARE(listed.at("z").content, sha256("1")); // the rest is there
}

void TestTreeLister::aFailedReadDoesNotSpoilTheNextContent()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({apply::put("a", ""), apply::put("b", "abc")}));
    VERIFY_OK(testing::writeFile(*replica.tree, at("a"), QByteArray(6 * 1024 * 1024, 'x')));
    replica.files.faults().add({.call = FakeCall::Read, .after = 1, .below = "/replica/a"});
    const Listed listed = listAll(replica, {}, true);
    QCOMPARE(listed.end->unreadable, QList<QByteArray>{"a"});
    QCOMPARE(listed.at("b").content, sha256("abc"));
}

void TestTreeLister::theListOfTheUnreadableIsBounded()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({apply::makeDirectory("d")}));
    for (int i = 0; i < 150; ++i)
        VERIFY_OK(testing::writeFile(*replica.tree, at("d/" + QByteArray::number(i)), "1"));
    replica.files.faults().add({.call = FakeCall::Stat, .after = 2, .times = -1});
    const Listed listed = listAll(replica, "d");
    QVERIFY(listed.end);
    QCOMPARE(listed.end->unreadable.size(), wire::maximumListedPaths);
}

void TestTreeLister::messagesAreBounded()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({apply::makeDirectory("d")}));
    for (int i = 0; i < 5000; ++i) {
        const RelPath path = at("d/" + QByteArray::number(i).rightJustified(200, '0'));
        VERIFY_OK(testing::writeFile(*replica.tree, path, {}));
        if (i % 100 == 0) {
            for (int j = 0; j < 3; ++j)
                VERIFY_OK(replica.tree->setXattr(path, "user." + QByteArray::number(j),
                                                 QByteArray(60'000, 'v')));
        }
    }
    const Listed listed = listAll(replica);
    QVERIFY(listed.messages.size() > 1);
    QCOMPARE(listed.end->entries, 5002u);
    QCOMPARE(listed.entries.size(), 5002);
    QVERIFY(std::ranges::is_sorted(listed.entries, {}, &wire::TreeEntry::path));
    for (const wire::TreeListing &message : listed.messages) {
        const QByteArray frame = wire::encode(message);
        QVERIFY(frame.size() <= wire::dataFrameCap);
        wire::FrameReader reader;
        reader.append(frame);
        VERIFY_OK(reader.next());
    }
}

void TestTreeLister::stepsAreBounded()
{
    apply::FakeReplica replica;
    VERIFY_OK(replica.open());
    VERIFY_OK(replica.apply({apply::makeDirectory("d"), apply::put("large", "")}));
    for (int i = 0; i < 3000; ++i)
        VERIFY_OK(testing::writeFile(*replica.tree, at("d/" + QByteArray::number(i)), {}));
    VERIFY_OK(testing::writeFile(*replica.tree, at("large"), QByteArray(40 * 1024 * 1024, 'x')));
    QVERIFY(listAll(replica).steps >= 10);
    QVERIFY(listAll(replica, "large", true).steps >= 10);
}

QTEST_APPLESS_MAIN(TestTreeLister)

#include "tst_treelister.moc"
