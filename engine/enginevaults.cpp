// What front ends ask about vaults.
#include "engine/engine.h"
#include "engine/model/rules.h"

#include <QTimer>

#include <algorithm>

namespace octopus {

// How long adding a vault waits for the target to accept or refuse it.
static constexpr int acceptanceTime = 5000; // ms

// As what kind of failure a halt is told to who has just asked for the mirror.
static ErrorCode codeOf(HaltReason reason)
{
    switch (reason) {
    case HaltReason::NotPaired: return ErrorCode::NotPaired;
    case HaltReason::NotGranted: return ErrorCode::NotGranted;
    case HaltReason::TargetReadOnly: return ErrorCode::ReadOnly;
    case HaltReason::StateUnreadable: return ErrorCode::Corrupt;
    default: return ErrorCode::Refused;
    }
}

QJsonObject Engine::vaultJson(const Vault &vault) const
{
    return control::toJson(vault, [this](const MachineId &id) { return nameOf(id); });
}

Result<VaultTarget> Engine::targetFor(const control::TargetChoice &choice, const QString &vaultName,
                                      bool adopt)
{
    const auto peer = findPeer(choice.peer);
    if (!peer)
        return passOn(peer);
    VaultTarget target;
    target.peer = peer->id;
    target.destination = choice.destination.isEmpty() ? vaultName.toUtf8() : choice.destination;
    target.adopt = adopt;
    return target;
}

// What a command says of the ways to the targets. `known`: the vault as it was, whose passwords stay
// where the text has *** for them.
Result<void> Engine::setTransports(Vault &vault, const std::optional<QString> &ofAll,
                                   const QList<control::TargetTransport> &ofTargets,
                                   const Vault &known) const
{
    const QList<Transports> stored = transportsOf(known);
    const auto read = [&](const QString &text) {
        return Transports::parse(text).and_then(
            [&](const Transports &typed) { return typed.withPasswordsOf(stored); });
    };
    if (ofAll) {
        const auto transports = read(*ofAll);
        OCTOPUS_TRY(transports);
        vault.transports = *transports;
    }
    for (const control::TargetTransport &one : ofTargets) {
        const auto peer = findPeer(one.peer);
        OCTOPUS_TRY(peer);
        const auto target = std::ranges::find(vault.targets, peer->id, &VaultTarget::peer);
        if (target == vault.targets.end())
            return failure(ErrorCode::NotFound,
                           '"' + one.peer.toUtf8() + "\" is no target of this vault");
        target->transports.reset();
        if (one.transport.isEmpty())
            continue;
        const auto transports = read(one.transport);
        OCTOPUS_TRY(transports);
        target->transports = *transports;
    }
    return {};
}

Result<void> Engine::checkVault(const Vault &vault) const
{
    OCTOPUS_TRY(checkVaultName(vault.name));
    if (vault.sources.size() != 1)
        return failure(ErrorCode::Unsupported,
                       "a vault has exactly one source folder for now; add one vault a folder");
    const auto compiled = RuleMatcher::compile(vault.rules);
    if (!compiled)
        return passOn(compiled);
    if (vault.capture != CaptureGrade::Watch)
        return failure(ErrorCode::Unsupported,
                       "capture grade exact is not available yet; leave out --capture");
    if (vault.acknowledge != AcknowledgeMode::Async)
        return failure(ErrorCode::Unsupported,
                       "durable acknowledgement needs capture grade exact, "
                       "which is not available yet");
    if (vault.limitBytesPerSecond != 0)
        return failure(ErrorCode::Unsupported,
                       "rate limits are not available yet; leave out --limit");
    const QByteArray source = vault.sources.first();
    const QByteArray state = m_state->path();
    if (state == source || state.startsWith(source + '/'))
        return failure(ErrorCode::Invalid, "the source holds Octopus's own state directory");
    for (const VaultTarget &target : vault.targets) {
        const auto same = [&](const VaultTarget &x) { return x.peer == target.peer; };
        if (std::ranges::count_if(vault.targets, same) > 1)
            return failure(ErrorCode::Invalid, "a machine can be the target of a vault only once");
    }
    return {};
}

Result<Vault> Engine::vaultFor(const control::AddVault &command)
{
    if (findVault(command.name))
        return failure(ErrorCode::Exists,
                       "there is a vault \"" + command.name.toUtf8()
                           + "\" already; choose another name");
    Vault vault;
    const auto id = VaultId::fromBytes(m_random.bytes(16));
    if (!id)
        return passOn(id);
    vault.id = *id;
    vault.name = command.name;
    for (QByteArray source : command.sources) {
        while (source.size() > 1 && source.endsWith('/'))
            source.chop(1);
        vault.sources.append(source);
    }
    vault.rules = command.rules;
    vault.capture = command.capture;
    vault.acknowledge = command.acknowledge;
    vault.limitBytesPerSecond = command.limit;
    for (const control::TargetChoice &choice : command.targets) {
        const auto target = targetFor(choice, command.name, command.adopt);
        if (!target)
            return passOn(target);
        vault.targets.append(*target);
    }
    OCTOPUS_TRY(setTransports(vault, command.transport, command.targetTransports, Vault()));
    OCTOPUS_TRY(checkVault(vault));
    const auto root = m_files.openRoot(vault.sources.first());
    if (!root)
        return passOn(root);
    return vault;
}

void Engine::on(const control::AddVault &command, const Responder &responder)
{
    const auto vault = vaultFor(command);
    if (!vault)
        return responder->fail({vault.error(), {}});
    const auto saved = change([&](store::Configuration &x) -> Result<void> {
        x.vaults.append(*vault);
        return {};
    });
    if (!saved)
        return responder->fail({saved.error(), {}});
    startMirrors(*vault);
    awaitAcceptance(vault->id, responder);
}

// The vault stays unless a target refuses its destination. One that cannot be reached now is
// mirrored to when it comes back.
void Engine::awaitAcceptance(const VaultId &id, const Responder &responder)
{
    auto *wait = new QObject(this);
    const auto finish = [this, id, wait, responder] {
        wait->deleteLater();
        const auto vault = std::ranges::find(m_configuration.vaults, id, &Vault::id);
        if (vault != m_configuration.vaults.end())
            responder->finish(vaultJson(*vault));
    };
    auto pending = std::make_shared<QList<Mirrors::Key>>(m_mirrors.keys(id));
    connect(&m_mirrors, &Mirrors::changed, wait,
            [this, id, wait, responder, finish, pending](const VaultId &vault,
                                                         const MirrorStatus &status) {
                if (vault != id)
                    return;
                if (status.halt && status.halt->reason != HaltReason::RootGone
                    && status.halt->reason != HaltReason::RootEmptied
                    && status.halt->reason != HaltReason::MassDeletion) {
                    wait->deleteLater();
                    const QByteArray why = status.halt->detail.isEmpty()
                        ? haltAdvice(status.halt->reason)
                        : status.halt->detail + ". " + haltAdvice(status.halt->reason);
                    const Error error{codeOf(status.halt->reason), why, 0};
                    const QList<QByteArray> paths = status.halt->paths;
                    // Not from within the mirror's own signal: it is deleted.
                    QMetaObject::invokeMethod(
                        this,
                        [this, id, responder, error, paths] {
                            eraseVault(id);
                            responder->fail({error, paths});
                        },
                        Qt::QueuedConnection);
                    return;
                }
                if (status.phase == Phase::Offline)
                    return;
                pending->removeAll(Mirrors::Key(id, status.peer));
                if (pending->isEmpty())
                    finish();
            });
    QTimer::singleShot(acceptanceTime, wait, finish);
}

void Engine::eraseVault(const VaultId &id)
{
    m_mirrors.stop(id);
    m_verifications->forget(id);
    const auto saved = change([&](store::Configuration &x) -> Result<void> {
        x.vaults.removeIf([&](const Vault &vault) { return vault.id == id; });
        return {};
    });
    if (!saved)
        qCritical() << "cannot save the configuration:" << saved.error().detail;
}

void Engine::on(const control::ListVaults &, const Responder &responder)
{
    QJsonArray vaults;
    for (const Vault &vault : m_configuration.vaults)
        vaults.append(vaultJson(vault));
    responder->finish(vaults);
}

void Engine::on(const control::ShowVault &command, const Responder &responder)
{
    const auto vault = findVault(command.vault);
    if (!vault)
        return responder->fail({vault.error(), {}});
    responder->finish(vaultJson(*vault));
}

void Engine::on(const control::EditVault &command, const Responder &responder)
{
    const auto known = findVault(command.vault);
    if (!known)
        return responder->fail({known.error(), {}});
    Vault vault = *known;
    vault.name = command.name.value_or(vault.name);
    vault.sources = command.sources.value_or(vault.sources);
    if (vault.sources != known->sources)
        vault.sourceRoot.reset();
    vault.rules.includes = command.includes.value_or(vault.rules.includes);
    vault.rules.excludes = command.excludes.value_or(vault.rules.excludes);
    vault.capture = command.capture.value_or(vault.capture);
    vault.acknowledge = command.acknowledge.value_or(vault.acknowledge);
    vault.limitBytesPerSecond = command.limit.value_or(vault.limitBytesPerSecond);
    if (command.targets) {
        vault.targets.clear();
        for (const control::TargetChoice &choice : *command.targets) {
            auto target = targetFor(choice, vault.name, false);
            if (!target)
                return responder->fail({target.error(), {}});
            const auto before = std::ranges::find(known->targets, target->peer, &VaultTarget::peer);
            if (before != known->targets.end()) {
                target->transports = before->transports;
                target->founded = before->founded && before->destination == target->destination;
            }
            vault.targets.append(*target);
        }
    }
    if (const auto set = setTransports(
            vault, command.transport,
            command.targetTransports.value_or(QList<control::TargetTransport>()), *known);
        !set)
        return responder->fail({set.error(), {}});
    for (VaultTarget &target : vault.targets)
        target.adopt = command.adopt.value_or(target.adopt);
    if (vault.name != known->name && findVault(vault.name))
        return responder->fail(
            {{ErrorCode::Exists, "there is a vault of that name already", 0}, {}});
    if (const auto valid = checkVault(vault); !valid)
        return responder->fail({valid.error(), {}});
    const auto saved = change([&](store::Configuration &x) -> Result<void> {
        *std::ranges::find(x.vaults, vault.id, &Vault::id) = vault;
        return {};
    });
    if (!saved)
        return responder->fail({saved.error(), {}});
    m_mirrors.stop(vault.id);
    startMirrors(vault);
    responder->finish(vaultJson(vault));
}

// Calls `done` once all of these mirrors have answered; with the error of one that refused.
void Engine::askAll(const MirrorKeys &keys,
                    const std::function<void(mirror::PrimaryRunner &, MirrorAnswer)> &ask,
                    const std::function<void(const std::optional<Error> &)> &done)
{
    auto pending = std::make_shared<qsizetype>(keys.size());
    auto failed = std::make_shared<std::optional<Error>>();
    const auto take = [pending, failed, done](const Result<void> &x) {
        if (!x)
            *failed = x.error();
        if (--*pending == 0)
            done(*failed);
    };
    for (const Mirrors::Key &key : keys) {
        m_mirrors.post(key, [this, ask, take](mirror::PrimaryRunner &runner) {
            ask(runner, [this, take](const Result<void> &result) {
                QMetaObject::invokeMethod(
                    this, [take, result] { take(result); }, Qt::QueuedConnection);
            });
        });
    }
}

void Engine::on(const control::RemoveVault &command, const Responder &responder)
{
    const auto vault = findVault(command.vault);
    if (!vault)
        return responder->fail({vault.error(), {}});
    const MirrorKeys keys = m_mirrors.keys(vault->id);
    if (!command.eraseReplicas || keys.isEmpty()) {
        eraseVault(vault->id);
        return responder->finish();
    }
    const auto closed = [this, id = vault->id, responder](const std::optional<Error> &error) {
        if (error) {
            const auto kept = std::ranges::find(m_configuration.vaults, id, &Vault::id);
            if (kept != m_configuration.vaults.end())
                startMirrors(*kept);
            return responder->fail({*error, {}});
        }
        eraseVault(id);
        responder->finish();
    };
    // None is closed before all can be: what is erased is copied anew if the vault stays.
    askAll(
        keys, [](mirror::PrimaryRunner &x, const MirrorAnswer &answer) { answer(x.canClose()); },
        [this, keys, closed, responder](const std::optional<Error> &error) {
            if (error)
                return responder->fail({*error, {}});
            askAll(
                keys,
                [](mirror::PrimaryRunner &x, const MirrorAnswer &answer) {
                    x.closeMirror(true, answer);
                },
                closed);
        });
}

} // namespace octopus
