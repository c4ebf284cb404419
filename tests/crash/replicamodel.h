// ReplicaModel: what a replica must hold after a number of operations, by the plainest means: a map
// of paths. Written against the contract of the applier, not against its code. Value (copies share
// unchanged nodes); one thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/model/operation.h"
#include "tests/support/treesnapshot.h"

#include <map>
#include <memory>
#include <optional>

namespace octopus::crash {

// A file, symbolic link, FIFO or directory; never changed, only replaced under all its names.
struct ModelNode {
    EntryKind kind = EntryKind::File;
    EntryAttributes attributes;
    QByteArray content;
    QByteArray linkTarget;
};

struct ModelEntry {
    std::shared_ptr<const ModelNode> node;
    bool foreign = false;
    bool borrowed = false;
    std::optional<MonotonicTime> placedAt;
};

// What an operation replaced or removed.
struct ModelVersion {
    Sequence sequence{};
    RelPath path;
    std::shared_ptr<const ModelNode> node;
    bool mustBeKept = false;
};

class ReplicaModel
{
public:
    void addForeign(const RelPath &path, ModelNode node);

    // Applies one operation, whole contents given for staged ones. False: it must fail, and nothing
    // changed.
    bool apply(const Operation &operation, MonotonicTime now);

    // The same for an operation that fails for a reason that the model does not know.
    void refuse(const Operation &operation);

    [[nodiscard]] testing::TreeSnapshot snapshot() const;
    [[nodiscard]] const std::map<RelPath, ModelEntry> &entries() const { return m_entries; }
    // The paths where an operation failed and that were not put right since; true: in doubt.
    [[nodiscard]] const std::map<RelPath, bool> &failed() const { return m_failed; }
    [[nodiscard]] const QList<ModelVersion> &versions() const { return m_versions; }

private:
    [[nodiscard]] ModelEntry *find(const RelPath &path);
    [[nodiscard]] ModelEntry *own(const RelPath &path);
    [[nodiscard]] bool hasPlace(const RelPath &path);
    [[nodiscard]] bool hasBelow(const RelPath &path, bool foreign) const;
    void keepOld(const Operation &operation, MonotonicTime now);
    void change(const RelPath &path, ModelNode node);
    bool put(const Operation &operation, ModelNode node, MonotonicTime now);
    bool makeDirectory(const Operation &operation, MonotonicTime now);
    bool writeRanges(const Operation &operation);
    bool setAttributes(const Operation &operation);
    bool link(const Operation &operation, MonotonicTime now);
    bool rename(const Operation &operation, MonotonicTime now);
    bool exchange(const Operation &operation);
    bool remove(const Operation &operation, MonotonicTime now);
    bool adopt(const Operation &operation);
    bool dispatch(const Operation &operation, MonotonicTime now);
    [[nodiscard]] bool isInDoubt(const Operation &operation) const;
    void settle(const Operation &operation);
    void moveKeys(const RelPath &from, const RelPath &to);

    std::map<RelPath, ModelEntry> m_entries;
    std::map<RelPath, bool> m_failed; // path: in doubt
    QList<ModelVersion> m_versions;
};

} // namespace octopus::crash
