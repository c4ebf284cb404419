// VerificationBook: what the last verifications of each mirror came to, kept over restarts: one file
// a mirror in the folder `verified` of the state directory, replaced as a whole and durably.
//
// A file that cannot be read or understood counts as none, is logged, and is replaced by the next
// report: nothing depends on it. Belongs to one thread; the Root outlives it.
#pragma once

#include "engine/base/fileio.h"
#include "engine/model/ids.h"
#include "engine/model/verificationrecord.h"

#include <map>
#include <optional>

namespace octopus::store {

class VerificationBook
{
public:
    using Key = std::pair<VaultId, MachineId>; // a mirror: the vault and the target

    explicit VerificationBook(Root &root) : m_root(root) {}

    // Reads what there is of these mirrors, and removes what there is of others.
    void load(const QList<Key> &mirrors);
    // The newest first.
    [[nodiscard]] QList<VerificationRecord> of(const Key &mirror) const;
    [[nodiscard]] std::optional<LastVerification> last(const Key &mirror) const;
    // It counts, also when it could not be stored. NoSpace and kin.
    [[nodiscard]] Result<void> add(const Key &mirror, const VerificationRecord &record);
    // The vault is not mirrored any more.
    void forget(const VaultId &vault);

private:
    using Records = std::map<Key, QList<VerificationRecord>>;

    [[nodiscard]] Result<void> write(const Key &mirror);

    Root &m_root;
    Records m_records;
};

} // namespace octopus::store
