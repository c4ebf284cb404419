// Reading a small file in one piece, as it was at one moment.
#include "engine/mirror/smallfile.h"
#include "tests/engine/apply/fixture.h"

#include <QTest>

using namespace octopus;
using namespace octopus::mirror;
using apply::at;

class TestSmallFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itIsReadWithItsAttributes();
    void holesAreNotRead();
    void aFileThatChangedIsUnstable();

private:
    testing::FakeClock m_clock;
    testing::FakeFileSystem m_files{m_clock};
    std::unique_ptr<Root> m_root = m_files.bypass("/source");
};

void TestSmallFile::itIsReadWithItsAttributes()
{
    VERIFY_OK(testing::writeFile(*m_root, at("a"), "content"));
    VERIFY_OK(m_root->setXattr(at("a"), "user.note", "of it"));
    const auto file = readSmallFile(*m_root, at("a"), *m_root->stat(at("a")));
    VERIFY_OK(file);
    QCOMPARE(file->ranges.size(), 1);
    QCOMPARE(file->ranges.first().offset, 0u);
    QCOMPARE(file->ranges.first().bytes, "content");
    QCOMPARE(file->xattrs, (Xattrs{{"user.note", "of it"}}));
}

void TestSmallFile::holesAreNotRead()
{
    const auto made = m_root->open(at("sparse"), OpenMode::CreateNew);
    VERIFY_OK(made);
    VERIFY_OK((*made)->write(16384, "in the middle"));
    VERIFY_OK((*made)->truncate(65536));
    const auto file = readSmallFile(*m_root, at("sparse"), *m_root->stat(at("sparse")));
    VERIFY_OK(file);
    QCOMPARE(file->ranges.size(), 1);
    QCOMPARE(file->ranges.first().offset, 16384u);
    QCOMPARE(file->ranges.first().bytes.size(), 4096);
}

void TestSmallFile::aFileThatChangedIsUnstable()
{
    VERIFY_OK(testing::writeFile(*m_root, at("b"), "before"));
    const EntryStat before = *m_root->stat(at("b"));
    VERIFY_OK(testing::writeFile(*m_root, at("b"), "afterwards"));
    const auto changed = readSmallFile(*m_root, at("b"), before);
    QVERIFY(!changed);
    QCOMPARE(changed.error().code, ErrorCode::Unstable);
    VERIFY_OK(testing::writeFile(*m_root, at("b"), "sh"));
    const auto shrunk = readSmallFile(*m_root, at("b"), before);
    QVERIFY(!shrunk);
    QCOMPARE(shrunk.error().code, ErrorCode::Unstable);
}

QTEST_GUILESS_MAIN(TestSmallFile)
#include "tst_smallfile.moc"
