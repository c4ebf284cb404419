#include "tests/support/fakefilesystem.h"

#include "tests/support/seededrandom.h"

namespace octopus::testing {

FakeFileSystem::FakeFileSystem(const Clock &clock) : m_kernel(std::make_shared<FakeKernel>(clock))
{}

Result<std::unique_ptr<Root>> FakeFileSystem::openRoot(const QByteArray &absolutePath)
{
    OCTOPUS_TRY(m_kernel->faults.meet(FakeCall::OpenRoot, [&] { return absolutePath; }));
    const auto node = m_kernel->resolve(absolutePath);
    if (!node)
        return passOn(node);
    if ((*node)->kind != EntryKind::Directory)
        return failure(ErrorCode::NotDirectory, absolutePath);
    return std::make_unique<FakeRoot>(m_kernel, *node, absolutePath, false);
}

// Made one by one, as the path of each step may lead through symbolic links.
static Result<FakeNodePointer> makeSteps(FakeKernel &kernel, const QByteArray &absolutePath)
{
    auto node = kernel.resolve("/");
    QByteArray way;
    for (const QByteArray &name : absolutePath.split('/')) {
        if (name.isEmpty())
            continue;
        way += '/' + name;
        auto next = kernel.resolve(way);
        const bool isMissing = !next && next.error().code == ErrorCode::NotFound
            && !(*node)->entries.contains(name); // a dangling link stays what it is
        if (isMissing) {
            const quint64 device = (*node)->identity.device;
            kernel.disk.addName(*node, name,
                                kernel.disk.makeNode(EntryKind::Directory, 0700, device));
            kernel.disk.syncNames(*node);
            if (const auto path = kernel.pathOf((*node)->entries.at(name)))
                kernel.tell(FakeEventKind::Created, *path, true);
            next = kernel.resolve(way);
        }
        if (next && (*next)->kind != EntryKind::Directory)
            return failure(ErrorCode::NotDirectory, absolutePath);
        if (!next)
            return next;
        node = next;
    }
    return node;
}

Result<void> FakeFileSystem::makePath(const QByteArray &absolutePath)
{
    if (!absolutePath.startsWith('/') || absolutePath.contains('\0'))
        return failure(ErrorCode::Invalid, "not an absolute path: " + absolutePath);
    OCTOPUS_TRY(m_kernel->faults.meet(FakeCall::MakePath, [&] { return absolutePath; }));
    const auto made = makeSteps(*m_kernel, absolutePath);
    return made ? Result<void>() : passOn(made);
}

std::unique_ptr<FakeRoot> FakeFileSystem::bypass(const QByteArray &absolutePath)
{
    const auto node = makeSteps(*m_kernel, absolutePath);
    if (!node)
        qFatal("bypass(%s): %s", absolutePath.constData(), node.error().detail.constData());
    return std::make_unique<FakeRoot>(m_kernel, *node, absolutePath, true);
}

void FakeFileSystem::configure(const FakeSettings &settings)
{
    m_kernel->disk.settings = {settings.capacity, settings.tick, settings.uid, settings.gid};
    m_kernel->canSetOwner = settings.canSetOwner;
    m_kernel->canClone = settings.canClone;
}

FakeFaults &FakeFileSystem::faults()
{
    return m_kernel->faults;
}

void FakeFileSystem::settle()
{
    m_kernel->disk.syncAll();
}

quint64 FakeFileSystem::unsyncedChanges() const
{
    return m_kernel->disk.unsyncedChanges();
}

void FakeFileSystem::losePower(quint64 kept, UnsyncedData data, Random &random)
{
    ++m_kernel->generation;
    m_kernel->faults.revive();
    m_kernel->disk.losePower(kept, data, random);
}

void FakeFileSystem::crash(Random &random)
{
    losePower(random.below(unsyncedChanges() + 1), UnsyncedData::Random, random);
}

void FakeFileSystem::crash(PowerLoss outcome)
{
    SeededRandom random(outcome.keptChanges);
    losePower(outcome.keptChanges, outcome.data, random);
}

void FakeFileSystem::kill()
{
    ++m_kernel->generation;
    m_kernel->faults.revive();
    m_kernel->disk.closeAll();
}

int FakeFileSystem::observe(const QByteArray &absolutePath, FakeObserver observer)
{
    m_kernel->observers.push_back({m_nextObserver, absolutePath, std::move(observer)});
    return m_nextObserver++;
}

void FakeFileSystem::unobserve(int id)
{
    std::erase_if(m_kernel->observers, [=](const auto &observed) { return observed.id == id; });
}

Result<void> FakeFileSystem::writeSilently(const QByteArray &absolutePath, quint64 offset,
                                           QByteArrayView bytes)
{
    const auto node = m_kernel->resolve(absolutePath);
    if (!node)
        return passOn(node);
    const FakeAttributes before = (*node)->attributes;
    OCTOPUS_TRY(m_kernel->disk.write(*node, offset, bytes));
    (*node)->attributes = before;
    return {};
}

static FakeNamePointer entryOf(const FakeKernel &kernel, const QByteArray &absolutePath)
{
    const auto node = kernel.resolve(absolutePath);
    return node ? (*node)->where.lock() : nullptr;
}

void FakeFileSystem::unmount(const QByteArray &absolutePath)
{
    if (const FakeNamePointer entry = entryOf(*m_kernel, absolutePath))
        m_kernel->disk.hide(entry);
}

void FakeFileSystem::mount(const QByteArray &absolutePath)
{
    if (const FakeNamePointer entry = entryOf(*m_kernel, absolutePath))
        m_kernel->disk.reveal(entry);
}

} // namespace octopus::testing
