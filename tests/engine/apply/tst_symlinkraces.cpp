// Races for a symbolic link: while operations work below a directory, somebody swaps it for a link to
// a place outside and back, all the time. Whatever comes of an operation, the outside stays as it was
// (I9). Each kind has its 5 s; as many run at once as there are processors. A walk that resolves
// paths in the usual way shows that the race is one.
#include "engine/apply/applier.h"
#include "tests/engine/apply/fixture.h"

#include <QLoggingCategory>
#include <QTest>
#include <QThread>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

using namespace octopus;
using namespace octopus::apply;
using namespace std::chrono_literals;

namespace {

constexpr auto duration = 5s;

// Two folders: "inside", whose entry "way" is now a directory and now a link to "outside".
class Arena
{
public:
    Arena()
    {
        const auto whole = NativeFileSystem().openRoot(folder());
        const bool built = whole
            && testing::buildTree(**whole,
                                  {"outside/", "outside/sub/", "outside/empty/",
                                   "outside/victim=secret", "outside/other=secret", "inside/",
                                   "inside/way/", "inside/way/sub/", "inside/way/empty/",
                                   "inside/way/victim=mine", "inside/file=mine"})
                   .has_value()
            && (*whole)->setXattr(at("outside/victim"), "user.note", "secret").has_value()
            && (*whole)->makeSymlink(folder() + "/outside", at("inside/link")).has_value();
        if (!built)
            qFatal("the arena cannot be built");
        m_before = outside();
        m_victim = (*whole)->stat(at("outside/victim"))->identity;
    }

    [[nodiscard]] QByteArray folder() const { return m_folder.path().toUtf8(); }
    [[nodiscard]] const FileIdentity &victim() const { return m_victim; }
    [[nodiscard]] std::unique_ptr<Root> root() const
    {
        return std::move(*NativeFileSystem().openRoot(folder() + "/inside"));
    }
    // Swaps the directory and the link until `until`, ends with the directory; how often.
    quint64 flip(const std::atomic<bool> &stop) const
    {
        const QByteArray way = folder() + "/inside/way";
        const QByteArray link = folder() + "/inside/link";
        quint64 count = 0;
        for (; !stop || count % 2 != 0; ++count)
            ::renameat2(AT_FDCWD, way.constData(), AT_FDCWD, link.constData(), RENAME_EXCHANGE);
        return count;
    }
    // What changed outside; empty: nothing.
    [[nodiscard]] QByteArray damage() const { return outside() == m_before ? "" : outside(); }

private:
    // Names, kinds, all times, owners, contents.
    [[nodiscard]] QByteArray outside() const
    {
        const auto root = NativeFileSystem().openRoot(folder() + "/outside");
        QByteArray all;
        for (const char *name : {"", "sub", "empty", "victim", "other"}) {
            const auto stat = (*root)->stat(at(name));
            all += QByteArray(name) + ' ';
            if (!stat)
                continue;
            for (const qint64 value :
                 {qint64(stat->mode), qint64(stat->uid), qint64(stat->gid), stat->mtimeNs,
                  stat->ctimeNs, qint64(stat->links), qint64(stat->identity.inode)})
                all += QByteArray::number(value) + ' ';
            if (stat->kind == EntryKind::Directory) {
                const auto entries = (*root)->list(at(name));
                for (const DirectoryEntry &entry : *entries)
                    all += entry.name + ' ';
            } else {
                all += *testing::readFile(**root, at(name));
            }
        }
        return all;
    }

    QTemporaryDir m_folder;
    QByteArray m_before;
    FileIdentity m_victim;
};

// One try; what it learnt from outside, if it did.
using Attempt = std::function<QByteArray(Root &root, const FileIdentity &victim)>;

struct Kind {
    const char *name;
    Attempt attempt;
};

QByteArray secretIn(const Result<Xattrs> &xattrs)
{
    return xattrs && !xattrs->empty() ? "attributes of the outside were read" : "";
}

void openAndWrite(Root &root)
{
    if (auto file = root.open(at("way/victim"), OpenMode::ReadWrite)) {
        (void)(*file)->write(0, "written");
        (void)(*file)->setMode(0600);
    }
    (void)root.open(at("way/made"), OpenMode::CreateNew);
    (void)root.openLocked(at("way/locked"));
}

QByteArray look(Root &root, const FileIdentity &victim)
{
    if (const auto stat = root.stat(at("way/victim")); stat && stat->identity == victim)
        return "the outside was looked at";
    if (const auto read = testing::readFile(root, at("way/victim")); read && *read == "secret")
        return "the outside was read";
    const auto entries = root.list(at("way"));
    const bool listed = entries && std::ranges::any_of(*entries, [](const DirectoryEntry &entry) {
                            return entry.name == "other";
                        });
    return listed ? "the outside was listed" : "";
}

// "" is what an attempt without answers learns.
Attempt acts(const std::function<void(Root &)> &act)
{
    return [act](Root &root, const FileIdentity &) {
        act(root);
        return QByteArray();
    };
}

QList<Kind> kinds()
{
    return {
        {"open and write", acts(openAndWrite)},
        {"stat, read and list", look},
        {"chmod", acts([](Root &r) {
             (void)r.setMode(at("way/victim"), 0777);
             (void)r.setMode(at("way/sub"), 0700);
         })},
        {"chown", acts([](Root &r) { (void)r.setOwner(at("way/victim"), 1234, 1234); })},
        {"utimens", acts([](Root &r) { (void)r.setModificationTime(at("way/victim"), 1); })},
        {"rename", acts([](Root &r) {
             (void)r.rename(at("way/other"), at("stolen"), RenameMode::Replace);
             (void)r.rename(at("file"), at("way/moved"), RenameMode::NoReplace);
             (void)r.rename(at("way/moved"), at("file"), RenameMode::NoReplace);
             (void)r.rename(at("file"), at("way/victim"), RenameMode::Exchange);
         })},
        {"link", acts([](Root &r) {
             (void)r.link(at("file"), at("way/linked"));
             (void)r.link(at("way/other"), at("stolen"));
         })},
        {"unlink", acts([](Root &r) {
             (void)r.removeFile(at("way/victim"));
             (void)r.removeFile(at("way/other"));
             (void)r.removeDirectory(at("way/empty"));
         })},
        {"mkdir", acts([](Root &r) {
             (void)r.makeDirectory(at("way/made"), 0755);
             (void)r.removeDirectory(at("way/made"));
         })},
        {"symlink", acts([](Root &r) {
             (void)r.makeSymlink("x", at("way/made"));
             (void)r.readSymlink(at("way/made"));
             (void)r.removeFile(at("way/made"));
         })},
        {"mkfifo", acts([](Root &r) {
             (void)r.makeFifo(at("way/made"), 0600);
             (void)r.removeFile(at("way/made"));
         })},
        {"attributes and lists",
         [](Root &r, const FileIdentity &) {
             (void)r.setXattr(at("way/sub"), "user.owned", "yes");
             (void)r.setXattr(at("way/victim"), "user.owned", "yes");
             (void)r.removeXattr(at("way/victim"), "user.owned");
             (void)r.removeXattr(at("way/other"), "user.note");
             return secretIn(r.xattrs(at("way/other")));
         }},
    };
}

struct Outcome {
    quint64 tries = 0;
    quint64 flips = 0;
    QByteArray learnt;
    QByteArray damage;
};

// `work` over and over while the way is flipped: for this time, and more than `fewest` times.
Outcome race(const Arena &arena, Nanoseconds time, quint64 fewest,
             const std::function<QByteArray()> &work)
{
    Outcome outcome;
    std::atomic<bool> stop = false;
    const std::unique_ptr<QThread> flipper(
        QThread::create([&] { outcome.flips = arena.flip(stop); }));
    flipper->start();
    const QDeadlineTimer deadline(time);
    for (; (!deadline.hasExpired() || outcome.tries <= fewest) && outcome.learnt.isEmpty();
         ++outcome.tries)
        outcome.learnt = work();
    stop = true;
    flipper->wait();
    outcome.damage = arena.damage();
    return outcome;
}

// As many at once as there are processors; each has a flipper beside it.
QList<Outcome> raceAll(const QList<Kind> &all)
{
    QList<Outcome> outcomes(all.size());
    std::atomic<qsizetype> next = 0;
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < std::max(2, QThread::idealThreadCount()) * 2; ++i) {
        threads.emplace_back(QThread::create([&] {
            for (qsizetype kind = next++; kind < all.size(); kind = next++) {
                const Arena arena;
                const auto root = arena.root();
                outcomes[kind] = race(arena, duration, 100,
                                      [&] { return all[kind].attempt(*root, arena.victim()); });
            }
        }));
        threads.back()->start();
    }
    for (const auto &thread : threads)
        thread->wait();
    return outcomes;
}

Operation content(const QByteArray &path, OperationKind kind)
{
    Operation one = put(path, "content");
    one.kind = kind;
    return one;
}

QList<Operation> batchBelowTheWay()
{
    QList<Operation> batch{content("way/made", OperationKind::PutFile),
                           content("way/made", OperationKind::WriteRanges),
                           operation(OperationKind::SetAttributes, "way/made"),
                           makeDirectory("way/new"),
                           operation(OperationKind::MakeFifo, "way/fifo"),
                           linking("way/made", "way/linked"),
                           renaming("way/linked", "taken"),
                           renaming("taken", "way/given"),
                           operation(OperationKind::Exchange, "way/given", "file"),
                           operation(OperationKind::Adopt, "way/other"),
                           content("way/victim", OperationKind::PutFile)};
    Operation link = operation(OperationKind::MakeSymlink, "way/symlink");
    link.linkTarget = "x";
    batch.append(link);
    for (const char *name : {"way/made", "way/fifo", "way/symlink", "way/given", "way/new"})
        batch.append(removal(name));
    return batch;
}

} // namespace

class SymlinkRaces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("octopus.*=false")); }

    void theUsualWalkLosesTheRace();
    void nothingEscapesFromARoot();
    void nothingEscapesFromTheApplyRoom();
};

void SymlinkRaces::theUsualWalkLosesTheRace()
{
    const Arena arena;
    const QByteArray path = arena.folder() + "/inside/way/victim";
    // Ends as soon as it is lost, which on a busy machine may take a while.
    const Outcome outcome = race(arena, 6 * duration, 0, [&] {
        struct stat before = {};
        if (::lstat((arena.folder() + "/inside/way").constData(), &before) == 0
            && S_ISDIR(before.st_mode)) // checked, and yet
            ::chmod(path.constData(), 0644);
        return arena.damage();
    });
    QVERIFY2(!outcome.damage.isEmpty(), "this race shows nothing");
}

void SymlinkRaces::nothingEscapesFromARoot()
{
    const QList<Kind> all = kinds();
    QCOMPARE(all.size(), 12);
    const QList<Outcome> outcomes = raceAll(all);
    for (qsizetype i = 0; i < all.size(); ++i) {
        const Outcome &outcome = outcomes[i];
        qInfo("%s: %llu tries, %llu flips", all[i].name, outcome.tries, outcome.flips);
        QVERIFY2(outcome.learnt.isEmpty(), outcome.learnt.constData());
        QVERIFY2(outcome.damage.isEmpty(), all[i].name);
        QVERIFY(outcome.tries > 100 && outcome.flips > 100);
    }
}

void SymlinkRaces::nothingEscapesFromTheApplyRoom()
{
    const Arena arena;
    const auto root = arena.root();
    const SystemClock clock;
    auto applier = Applier::open(*root, clock, openOptions(true));
    VERIFY_OK(applier);
    VERIFY_OK((*applier)->beginStream(Epoch{1}, StreamId{1}, testKey));
    quint64 sequence = 0;
    const auto apply = [&](QList<Operation> batch) {
        for (Operation &one : batch)
            one.sequence = Sequence(++sequence);
        return (*applier)->apply(batch);
    };
    VERIFY_OK(apply({makeDirectory("way"), operation(OperationKind::Adopt, "file")}));
    QByteArray broken;
    const Outcome outcome = race(arena, duration, 10, [&] {
        for (const FailedOperation &failed : (*applier)->failures())
            (*applier)->forgive(failed.path);
        broken = testing::errorText(apply(batchBelowTheWay()));
        return broken;
    });
    qInfo("%llu batches, %llu flips", outcome.tries, outcome.flips);
    QVERIFY2(broken.isEmpty(), broken.constData());
    QVERIFY2(outcome.damage.isEmpty(), outcome.damage.constData());
    QVERIFY(outcome.tries > 10 && outcome.flips > 100);
}

QTEST_APPLESS_MAIN(SymlinkRaces)
#include "tst_symlinkraces.moc"
