// FakeFileSystem: a whole file system in memory, with the semantics of Linux, for tests.
//
// The engine under test uses it through openRoot(); the test itself acts as the user's other
// programs through bypass(), which no fault concerns. crash() is a power loss: what was not synced
// is lost as FakeDisk describes; kill() is the death of the engine's process: nothing is lost.
// After either, every Root and File opened before answers Disconnected. Several roots are several
// absolute paths. One thread.
#pragma once

#include "tests/support/fakeroot.h"

namespace octopus::testing {

// What crash() leaves. By default the worst: nothing that was not synced.
struct PowerLoss {
    quint64 keptChanges = 0; // of the unsynced changes of metadata, the first so many
    UnsyncedData data = UnsyncedData::Lost;
};

struct FakeSettings {
    quint64 capacity = quint64(1) << 40; // bytes of content, in blocks of 4 KiB
    // How coarse timestamps are. 0: each change has a time of its own (at least a nanosecond later),
    // as on Linux 6.13; older kernels: 4 ms. Coarse ones make equal times and identities possible.
    Nanoseconds tick{0};
    quint32 uid = 0; // of new entries
    quint32 gid = 0;
    bool canSetOwner = true;
    bool canClone = false;
};

class FakeFileSystem final : public FileSystem
{
public:
    explicit FakeFileSystem(const Clock &clock); // which must outlive it

    [[nodiscard]] Result<std::unique_ptr<Root>> openRoot(const QByteArray &absolutePath) override;
    [[nodiscard]] Result<void> makePath(const QByteArray &absolutePath) override;

    // The directory (made with its parents if missing) as everybody but the engine sees it: no
    // faults, no death; it stays usable after crash() and kill(). Changes are told to observers.
    [[nodiscard]] std::unique_ptr<FakeRoot> bypass(const QByteArray &absolutePath);

    void configure(const FakeSettings &settings);
    [[nodiscard]] FakeFaults &faults();

    // Everything so far is on the disk.
    void settle();
    // How many changes of metadata are not on the disk: the bound of PowerLoss::keptChanges.
    [[nodiscard]] quint64 unsyncedChanges() const;
    // A power loss with an outcome by chance, or with this one. The process is alive again after it.
    void crash(Random &random);
    void crash(PowerLoss outcome);
    void kill();

    // Calls `observer` for every change below the directory at `absolutePath` (and of itself: the
    // empty path), after it happened. Returns a number for unobserve().
    int observe(const QByteArray &absolutePath, FakeObserver observer);
    void unobserve(int id);
    // What a program does through mmap: content changes, and nobody is told; no time changes.
    [[nodiscard]] Result<void> writeSilently(const QByteArray &absolutePath, quint64 offset,
                                             QByteArrayView bytes);
    // Puts an empty directory of another device over the one at the path, and takes it away again.
    void unmount(const QByteArray &absolutePath);
    void mount(const QByteArray &absolutePath);

private:
    void losePower(quint64 kept, UnsyncedData data, Random &random);

    std::shared_ptr<FakeKernel> m_kernel;
    int m_nextObserver = 1;
};

} // namespace octopus::testing
