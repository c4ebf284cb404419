// Vault: what a primary mirrors. One or more sources, rules, targets. Value; any thread.
#pragma once

#include "engine/base/fileidentity.h"
#include "engine/model/ids.h"
#include "engine/model/transport.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace octopus {

enum class CaptureGrade : quint8 { Watch = 1, Exact };
enum class AcknowledgeMode : quint8 { Async = 1, Durable };

// Which entries belong to the vault. Patterns are fnmatch(3) globs on raw bytes: one without a
// slash matches a name at any depth, one with a slash the path from the source's root (a leading
// slash is allowed). An excluded directory excludes everything below it. With includes, only files
// that match one of them (or lie below a matching directory) belong; directories on the way do too.
struct Rules {
    QList<QByteArray> includes;
    QList<QByteArray> excludes;
    friend bool operator==(const Rules &, const Rules &) = default;
};

struct VaultTarget {
    MachineId peer;
    QByteArray destination; // absolute at the peer, or relative to a granted folder
    bool adopt = false;     // the destination may hold entries that Octopus did not put there
    bool paused = false;
    std::optional<Transports> transports; // nullopt: as the vault has them
    bool founded = false; // it has had the whole replica; that there is none any more halts
    friend bool operator==(const VaultTarget &, const VaultTarget &) = default;
};

struct Vault {
    VaultId id;
    QString name; // unique on its machine, 1..64 characters, no control characters, no slash
    QList<QByteArray> sources; // absolute paths, raw bytes
    Rules rules;
    QList<VaultTarget> targets;
    CaptureGrade capture = CaptureGrade::Watch;
    AcknowledgeMode acknowledge = AcknowledgeMode::Async;
    Transports transports;
    quint64 limitBytesPerSecond = 0; // 0: none
    Epoch epoch{1};
    // The source folder as it was first opened; nullopt: not yet. Another one in its place halts.
    std::optional<FileIdentity> sourceRoot;
    friend bool operator==(const Vault &, const Vault &) = default;
};

// Its own and those of its targets.
[[nodiscard]] QList<Transports> transportsOf(const Vault &vault);

// Invalid: the name is empty, too long, or has a slash or a control character.
[[nodiscard]] Result<void> checkVaultName(const QString &name);

} // namespace octopus
