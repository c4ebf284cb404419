#include "engine/apply/layout.h"
#include "engine/apply/manifest.h"
#include "tests/engine/apply/fixture.h"

#include <QTest>

using namespace octopus;
using namespace octopus::apply;

class TestManifest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void changesAreThereAfterASave();
    void whatWasNotSavedIsGone();
    void aSubtreeMovesWithItsDirectory();
    void twoSubtreesSwap();
    void aMoveIntoItselfIsRefused();
    void aMoveThatMakesAPathTooLongIsRefused();
    void belowMeansStrictlyBelow();
    void aSubtreeIsDroppedAsAWhole();
    void failuresAreSavedWithIt();
    void anOutdatedLogIsRewritten();
    void aCrashDuringASaveLeavesOneOfTwoStates();
    void damageIsCorruption();

private:
    void reopen();
    QList<QByteArray> paths() const;

    std::unique_ptr<testing::FakeClock> m_clock;
    std::unique_ptr<testing::FakeFileSystem> m_files;
    std::unique_ptr<testing::FakeRoot> m_tree;
    std::unique_ptr<Root> m_root;
    std::unique_ptr<Manifest> m_manifest;
};

static const OwnEntry file{.kind = EntryKind::File};
static const OwnEntry folder{.kind = EntryKind::Directory, .mode = 0750, .mtimeNs = -7};

void TestManifest::init()
{
    m_manifest.reset();
    m_root.reset();
    m_tree.reset();
    m_clock = std::make_unique<testing::FakeClock>();
    m_files = std::make_unique<testing::FakeFileSystem>(*m_clock);
    m_tree = m_files->bypass("/r");
    VERIFY_OK(m_tree->makeDirectory(layout::control(), 0700));
    m_files->settle();
    m_root = std::move(*m_files->openRoot("/r"));
    m_manifest = std::move(*Manifest::create(*m_root));
}

void TestManifest::reopen()
{
    m_manifest.reset();
    m_root = std::move(*m_files->openRoot("/r"));
    auto opened = Manifest::open(*m_root);
    VERIFY_OK(opened);
    m_manifest = std::move(*opened);
}

QList<QByteArray> TestManifest::paths() const
{
    QList<QByteArray> out;
    for (const auto &[path, entry] : m_manifest->entries())
        out.append(path.bytes());
    return out;
}

void TestManifest::changesAreThereAfterASave()
{
    const OwnEntry linked{.kind = EntryKind::Symlink, .linked = true};
    OwnEntry borrowed = folder;
    borrowed.borrowed = true;
    m_manifest->put(at("d"), borrowed);
    m_manifest->put(at("d/l"), linked);
    m_manifest->put(at("gone"), file);
    m_manifest->drop(at("gone"));
    const ManifestMark mark{StreamId{5}, Sequence{6}, 7};
    VERIFY_OK(m_manifest->save(mark));
    m_files->crash(testing::PowerLoss{});
    reopen();
    QCOMPARE(m_manifest->mark(), mark);
    QCOMPARE(paths(), (QList<QByteArray>{"d", "d/l"}));
    QCOMPARE(*m_manifest->find(at("d")), borrowed);
    QCOMPARE(*m_manifest->find(at("d/l")), linked);
}

void TestManifest::whatWasNotSavedIsGone()
{
    m_manifest->put(at("a"), file);
    VERIFY_OK(m_manifest->save({}));
    m_manifest->put(at("b"), file);
    m_files->kill();
    reopen();
    QCOMPARE(paths(), QList<QByteArray>{"a"});
}

void TestManifest::aSubtreeMovesWithItsDirectory()
{
    for (const char *path : {"d", "d/a", "d/a!", "d/a/b", "d!", "e"})
        m_manifest->put(at(path), file);
    VERIFY_OK(m_manifest->checkMove(at("d"), at("e")));
    m_manifest->move(at("d"), at("e"));
    const QList<QByteArray> expected = {"d!", "e", "e/a", "e/a/b", "e/a!"};
    QCOMPARE(paths(), expected);
    VERIFY_OK(m_manifest->save({}));
    reopen();
    QCOMPARE(paths(), expected);
}

void TestManifest::twoSubtreesSwap()
{
    for (const char *path : {"a", "a/x", "b", "b/y", "c"})
        m_manifest->put(at(path), folder);
    m_manifest->swap(at("a"), at("b"));
    QCOMPARE(paths(), (QList<QByteArray>{"a", "a/y", "b", "b/x", "c"}));
    VERIFY_OK(m_manifest->save({}));
    reopen();
    QCOMPARE(paths(), (QList<QByteArray>{"a", "a/y", "b", "b/x", "c"}));
}

void TestManifest::aMoveIntoItselfIsRefused()
{
    m_manifest->put(at("a"), folder);
    VERIFY_ERROR(m_manifest->checkMove(at("a"), at("a/b")), ErrorCode::Invalid);
    VERIFY_ERROR(m_manifest->checkMove(at("a/b"), at("a")), ErrorCode::Invalid);
    VERIFY_ERROR(m_manifest->checkMove(at("a"), at("a")), ErrorCode::Invalid);
}

void TestManifest::aMoveThatMakesAPathTooLongIsRefused()
{
    QByteArray deep = "d";
    for (int i = 0; i < 15; ++i)
        deep += '/' + QByteArray(250, 'x');
    m_manifest->put(at("d"), folder);
    m_manifest->put(at(deep), file);
    VERIFY_OK(m_manifest->checkMove(at("d"), at("e")));
    VERIFY_ERROR(
        m_manifest->checkMove(at("d"), at(QByteArray(250, 'y') + '/' + QByteArray(250, 'y'))),
        ErrorCode::TooLong);
}

void TestManifest::belowMeansStrictlyBelow()
{
    m_manifest->put(at("a"), folder);
    m_manifest->put(at("a!"), file);
    QVERIFY(!m_manifest->hasBelow(at("a")));
    m_manifest->put(at("a/b/c"), file);
    QVERIFY(m_manifest->hasBelow(at("a")));
    QVERIFY(!m_manifest->hasBelow(at("a!")));
}

void TestManifest::failuresAreSavedWithIt()
{
    m_manifest->failures().add({.sequence = Sequence{4},
                                .path = at("x"),
                                .error = {ErrorCode::NoSpace, "full", 28},
                                .inDoubt = true});
    VERIFY_OK(m_manifest->save({}));
    reopen();
    QCOMPARE(m_manifest->failures().all().size(), 1);
    QCOMPARE(m_manifest->failures().all()[0].error.detail, "full");
    m_manifest->failures().forget(at("x"));
    VERIFY_OK(m_manifest->save({}));
    reopen();
    QVERIFY(m_manifest->failures().all().isEmpty());
}

void TestManifest::anOutdatedLogIsRewritten()
{
    const QByteArray name(100, 'n');
    const auto logSize = [&] { return m_tree->stat(layout::manifest())->size; };
    for (int round = 0; round < 12; ++round) {
        for (int i = 0; i < 2000; ++i)
            m_manifest->put(at(name + QByteArray::number(i)), file);
        for (int i = 1; i < 2000; ++i)
            m_manifest->drop(at(name + QByteArray::number(i)));
        VERIFY_OK(m_manifest->save({StreamId{1}, Sequence{quint64(round)}, 1}));
    }
    QVERIFY2(logSize() < 1'500'000, QByteArray::number(logSize()).constData());
    reopen();
    QCOMPARE(paths(), QList<QByteArray>{name + '0'});
    QCOMPARE(m_manifest->mark().sequence, Sequence{11});
}

void TestManifest::aCrashDuringASaveLeavesOneOfTwoStates()
{
    for (quint64 seed = 0; seed < 60; ++seed) {
        init();
        for (int i = 0; i < 50; ++i)
            m_manifest->put(at("a" + QByteArray::number(i)), file);
        VERIFY_OK(m_manifest->save({StreamId{1}, Sequence{1}, 1}));
        for (int i = 0; i < 500; ++i)
            m_manifest->put(at("b" + QByteArray::number(i)), file);
        m_files->faults().dieAfter(seed % 3);
        const bool saved = m_manifest->save({StreamId{1}, Sequence{2}, 2}).has_value();
        testing::SeededRandom random(seed);
        m_files->crash(random);
        reopen();
        const bool isNew = m_manifest->mark().sequence == Sequence{2};
        QVERIFY(isNew || !saved);
        QCOMPARE(paths().size(), isNew ? 550 : 50);
        m_manifest->put(at("c"), file); // and the log goes on
        VERIFY_OK(m_manifest->save({StreamId{1}, Sequence{3}, 3}));
        reopen();
        QCOMPARE(paths().size(), isNew ? 551 : 51);
    }
}

void TestManifest::damageIsCorruption()
{
    m_manifest->put(at("a"), file);
    VERIFY_OK(m_manifest->save({}));
    m_manifest.reset();
    for (const quint64 offset : {quint64(0), quint64(17), quint64(70), quint64(90)}) {
        const auto log = m_tree->open(layout::manifest(), OpenMode::ReadWrite);
        const QByteArray old = (*log)->read(offset, 1).value();
        VERIFY_OK((*log)->write(offset, QByteArray(1, char(old[0] ^ 4))));
        VERIFY_ERROR(Manifest::open(*m_root), ErrorCode::Corrupt);
        VERIFY_OK((*log)->write(offset, old));
    }
    VERIFY_OK((*m_tree->open(layout::manifest(), OpenMode::ReadWrite))->truncate(64));
    VERIFY_ERROR(Manifest::open(*m_root), ErrorCode::Corrupt);
}

void TestManifest::aSubtreeIsDroppedAsAWhole()
{
    for (const char *path : {"a", "a/b", "a/b/c", "a/d", "a!", "ab"})
        m_manifest->put(at(path), folder);
    QCOMPARE(m_manifest->children(at("a")), (QList{at("a/b"), at("a/d")}));
    QCOMPARE(m_manifest->children({}), (QList{at("a"), at("a!"), at("ab")}));
    m_manifest->dropSubtree(at("a/b"));
    m_manifest->dropSubtree(at("none"));
    VERIFY_OK(m_manifest->save({}));
    reopen();
    QCOMPARE(paths(), (QList<QByteArray>{"a", "a/d", "a!", "ab"}));
}

QTEST_APPLESS_MAIN(TestManifest)

#include "tst_manifest.moc"
