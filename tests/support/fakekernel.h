// FakeKernel: stands between every call and the FakeDisk. Knows which process calls, asks for faults
// and tells observers which names changed. One thread.
#pragma once

#include "tests/support/fakedisk.h"
#include "tests/support/fakefaults.h"

#include <functional>

namespace octopus::testing {

enum class FakeEventKind : quint8 {
    Changed, // content or attributes of the entry
    Created,
    Removed,
    Moved, // from `from` to `path`; both below the observed directory
};

// What inotify would tell of an entry below the observed directory.
struct FakeEvent {
    FakeEventKind kind = FakeEventKind::Changed;
    RelPath path;
    RelPath from;
    bool isDirectory = false;
    friend bool operator==(const FakeEvent &, const FakeEvent &) = default;
};

using FakeObserver = std::function<void(const FakeEvent &)>;

class FakeKernel
{
public:
    explicit FakeKernel(const Clock &clock) : disk(clock) {}

    // The absolute path of a directory, or of an entry in it; nullopt: it has been removed.
    [[nodiscard]] std::optional<QByteArray> pathOf(const FakeNodePointer &directory) const;
    [[nodiscard]] std::optional<QByteArray> pathOf(const FakeNamePointer &entry) const;
    // Follows symbolic links, as the path of a root may lead through them.
    [[nodiscard]] Result<FakeNodePointer> resolve(const QByteArray &absolutePath) const;

    // To be called after the fact; `entry` must still be linked, but for removals.
    void tellChanged(const FakeNamePointer &entry);
    void tellChanged(const FakeNodePointer &directory);
    void tell(FakeEventKind kind, const QByteArray &absolutePath, bool isDirectory,
              const QByteArray &from = {});

    FakeDisk disk;
    quint64 generation = 1; // of the process; objects of an earlier one are dead
    FakeFaults faults;
    bool canSetOwner = true;
    bool canClone = false;

    struct Observed {
        int id = 0;
        QByteArray folder;
        FakeObserver observer;
    };
    std::vector<Observed> observers;
};

} // namespace octopus::testing
