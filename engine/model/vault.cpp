#include "engine/model/vault.h"

#include <algorithm>

namespace octopus {

QList<Transports> transportsOf(const Vault &vault)
{
    QList<Transports> all{vault.transports};
    for (const VaultTarget &target : vault.targets) {
        if (target.transports)
            all.append(*target.transports);
    }
    return all;
}

Result<void> checkVaultName(const QString &name)
{
    if (name.isEmpty() || name.size() > 64)
        return failure(ErrorCode::Invalid, "a vault's name has 1 to 64 characters");
    const bool bad = std::ranges::any_of(
        name, [](QChar c) { return c == u'/' || c.category() == QChar::Other_Control; });
    if (bad || name.startsWith(u'.') || name.startsWith(u'-'))
        return failure(ErrorCode::Invalid,
                       "a vault's name holds no slash or control character and starts with "
                       "neither a dot nor a dash");
    return {};
}

} // namespace octopus
