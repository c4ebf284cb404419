// FreshFiles: new regular files with all their content and attributes, in the staging folder, ready to
// be placed. Those of a whole group are made ahead, by several threads where the root gains from it:
// making them is most of the work of a first copy. One thread calls; the replica outlives it.
#pragma once

#include "engine/apply/attributes.h"
#include "engine/apply/replica.h"

#include <span>

namespace octopus::apply {

class FreshFiles
{
public:
    struct Made {
        RelPath path;
        Loss loss; // what could not be stored of its attributes
    };

    // `makers`: how many threads make files at once; as many as the root gains from unless given.
    explicit FreshFiles(Replica &replica, std::optional<int> makers = {})
        : m(replica),
          m_makers(makers)
    {}

    // Makes what the group puts inline. What cannot be made is tried again in its turn: room may
    // have been made by then.
    void makeAhead(const QList<JournalRecord> &group);
    // The file of a PutFile without a stage, made ahead or now. It is the caller's.
    [[nodiscard]] Result<Made> take(const Operation &operation);
    // Removes what was made ahead and not taken.
    void removeUnused();

    // Who owns what this process makes in the staging folder, `file` for example.
    [[nodiscard]] Result<const Owner *> ownerOfNew(File &file);

private:
    struct Order {
        const Operation *operation;
        RelPath path;
        std::optional<Loss> made; // nullopt: not, or not whole
    };
    [[nodiscard]] Result<Loss> make(const RelPath &path, const Operation &operation);
    void makeAll(std::span<Order> orders);

    Replica &m;
    const std::optional<int> m_makers;
    std::optional<Owner> m_ownerOfNew;
    std::map<Sequence, Made> m_ahead;
};

} // namespace octopus::apply
