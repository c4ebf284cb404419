// Journal: `.octopus/journal`, the operations since the last checkpoint, before they touch the tree.
//
// A group of records is appended with one write and one fdatasync, and is durable then as a whole or
// not at all. reset() starts the file over under a new generation by one small write to one of two
// header slots, so the space stays allocated and a crash leaves the old or the new state. Format and
// what counts as torn or damaged: FORMAT.md, engine/archive/grouplog.h. One thread.
#pragma once

#include "engine/archive/grouplog.h"
#include "engine/model/ids.h"

namespace octopus::apply {

// What the records of one generation are about.
struct JournalHead {
    quint64 generation = 1;
    StreamId stream{};
    Sequence base{}; // the operation before the first
    friend bool operator==(const JournalHead &, const JournalHead &) = default;
};

class Journal
{
public:
    // A checkpoint is due above this.
    static constexpr quint64 cap = 64 * 1024 * 1024;
    // The file grows by this at least, so that most groups change its content only.
    static constexpr quint64 growth = 1024 * 1024;

    // Durably makes an empty journal in place of any other.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> create(Root &root,
                                                                 const JournalHead &head);
    // Calls `visit` for each group. NotFound; Corrupt: damaged, not merely cut off.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(Root &root,
                                                               const archive::GroupVisitor &visit);

    [[nodiscard]] const JournalHead &head() const { return m_head; }
    [[nodiscard]] quint64 size() const; // bytes of groups
    [[nodiscard]] bool isEmpty() const { return m_nextNumber == 0; }

    // Durable when it returns. After an error the journal must be opened anew.
    [[nodiscard]] Result<void> append(QByteArrayView group);
    // Durably forgets all groups. `head.generation` must be higher than the current one.
    [[nodiscard]] Result<void> reset(const JournalHead &head);

private:
    explicit Journal(std::unique_ptr<File> file) : m_file(std::move(file)) {}

    std::unique_ptr<File> m_file;
    JournalHead m_head;
    quint64 m_end = 0;
    quint64 m_allocated = 0; // the size of the file
    quint64 m_nextNumber = 0;
};

} // namespace octopus::apply
