// FreshFiles: new regular files with all their content and attributes, in the staging folder, ready to
// be placed. Those of a whole group are made ahead, by several threads where the root gains from it:
// making them is most of the work of a first copy. Where the group makes their directory, too, they
// are made in it, and come to their place with it. One thread calls; the replica outlives it.
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
        bool isPlaced = false;
    };

    // `makers`: how many threads make files at once; as many as the root gains from unless given.
    explicit FreshFiles(Replica &replica, std::optional<int> makers = {})
        : m(replica),
          m_makers(makers)
    {}

    // Makes what the group puts inline. What cannot be made is tried again in its turn: room may
    // have been made by then.
    void makeAhead(const QList<JournalRecord> &group);
    // Puts what this MakeDirectory makes in its place, with the files made in it. False: nothing was
    // made ahead, or it cannot be moved there as it is; then its files are placed one by one.
    [[nodiscard]] bool placeDirectory(const Operation &operation);
    // The file of a PutFile without a stage, made ahead or now. It is the caller's.
    [[nodiscard]] Result<Made> take(const Operation &operation);
    // Removes what was made ahead and not taken.
    void removeUnused();

    // Who owns what this process makes in the staging folder, `file` for example.
    [[nodiscard]] Result<const Owner *> ownerOfNew(File &file);

private:
    struct Directory {
        RelPath path; // in the staging folder
        bool isPlaced = false;
    };
    struct Ahead {
        Made made;
        const Directory *directory = nullptr; // in which it is
    };
    struct Order {
        const Operation *operation;
        RelPath path;
        const Directory *directory = nullptr;
        std::optional<Loss> made; // nullopt: not, or not whole
    };
    [[nodiscard]] std::vector<Order> ordersOf(const QList<JournalRecord> &group);
    [[nodiscard]] Result<Loss> make(const RelPath &path, const Operation &operation);
    void makeAll(std::span<Order> orders);

    Replica &m;
    const std::optional<int> m_makers;
    std::optional<Owner> m_ownerOfNew;
    std::map<Sequence, Directory> m_directories; // by their MakeDirectory
    std::map<Sequence, Ahead> m_ahead;
};

} // namespace octopus::apply
