// TreeLister: lists what a replica holds, in the order of RelPath, in bounded messages; with the
// content's SHA-256 where asked. Stepwise. Belongs to the thread of its target.
#pragma once

#include "engine/apply/applier.h"
#include "engine/wire/message.h"

#include <deque>

namespace octopus::mirror {

class TreeLister
{
public:
    TreeLister(Root &root, apply::Applier &applier, const wire::ListTree &request);

    // Looks at a bounded number of entries; the next message when one is full or the list ends.
    [[nodiscard]] std::optional<wire::Message> step();
    [[nodiscard]] bool isDone() const { return m_done; }

private:
    struct Frame {
        RelPath directory;
        QList<DirectoryEntry> entries;
        qsizetype position = 0;
    };
    void visit(const RelPath &path);
    void enter(const RelPath &directory);
    [[nodiscard]] Result<wire::TreeEntry> describe(const RelPath &path, const EntryStat &stat);
    [[nodiscard]] bool hash();
    void add(wire::TreeEntry entry);
    void unreadable(const RelPath &path);
    [[nodiscard]] wire::Message flush();

    Root &m_root;
    apply::Applier &m_applier;
    const wire::ListTree m_request;
    bool m_started = false;
    bool m_done = false;
    std::vector<Frame> m_frames;
    wire::TreeListing m_listing;
    qsizetype m_weight = 0;
    wire::TreeEnd m_end;
    // The file whose content is being hashed.
    std::optional<wire::TreeEntry> m_hashed;
    std::unique_ptr<File> m_file;
    Sha256Hasher m_hasher;
    quint64 m_offset = 0;
};

} // namespace octopus::mirror
