// What front ends ask of mirrors at work. The answers of several targets are gathered into one.
#include "engine/base/log.h"
#include "engine/control/json.h"
#include "engine/engine.h"

#include <algorithm>
#include <utility>

namespace octopus {

Result<Engine::MirrorKeys> Engine::mirrorsOf(const Vault &vault, const QString &peer) const
{
    MirrorKeys keys = m_mirrors.keys(vault.id);
    if (!peer.isEmpty()) {
        const auto found = findPeer(peer);
        if (!found)
            return passOn(found);
        keys.removeIf([&](const Mirrors::Key &key) { return key.second != found->id; });
    }
    if (keys.isEmpty())
        return failure(ErrorCode::NotFound, "the vault has no such target");
    return keys;
}

// Collects one Result from each of several mirrors, on the main thread, then answers once.
template <typename Value> class Gathering
{
public:
    using Done = std::function<void(Result<Value>, QList<Value>)>;
    Gathering(qsizetype expected, Done done) : m_expected(expected), m_done(std::move(done)) {}
    void add(const Result<Value> &result)
    {
        if (result)
            m_values.append(*result);
        else if (!m_error)
            m_error = result.error();
        if (--m_expected > 0)
            return;
        if (m_error)
            m_done(std::unexpected(*m_error), m_values);
        else
            m_done(m_values.first(), m_values);
    }

private:
    qsizetype m_expected;
    Done m_done;
    QList<Value> m_values;
    std::optional<Error> m_error;
};

Result<void> Engine::setPaused(Vault &vault, const QString &peer, bool paused)
{
    const auto keys = mirrorsOf(vault, peer);
    if (!keys)
        return passOn(keys);
    const auto saved = change([&](store::Configuration &x) -> Result<void> {
        for (VaultTarget &target : std::ranges::find(x.vaults, vault.id, &Vault::id)->targets) {
            if (keys->contains(Mirrors::Key(vault.id, target.peer)))
                target.paused = paused;
        }
        return {};
    });
    if (!saved)
        return passOn(saved);
    for (const Mirrors::Key &key : *keys)
        m_mirrors.post(key, [paused](mirror::PrimaryRunner &x) { x.setPaused(paused); });
    return {};
}

void Engine::keepSourceRoot(const VaultId &id, const FileIdentity &root)
{
    const auto saved = change([&](store::Configuration &x) -> Result<void> {
        const auto vault = std::ranges::find(x.vaults, id, &Vault::id);
        if (vault != x.vaults.end())
            vault->sourceRoot = root;
        return {};
    });
    if (!saved)
        qCWarning(logStore) << "cannot note which folder is the source:"
                            << displayText(saved.error().detail);
}

void Engine::keepFounded(const VaultId &id, const MachineId &peer, bool founded)
{
    const auto saved = change([&](store::Configuration &x) -> Result<void> {
        const auto vault = std::ranges::find(x.vaults, id, &Vault::id);
        if (vault == x.vaults.end())
            return {};
        const auto target = std::ranges::find(vault->targets, peer, &VaultTarget::peer);
        if (target != vault->targets.end())
            target->founded = founded;
        return {};
    });
    if (!saved)
        qCWarning(logStore) << "cannot note whether there is a replica:"
                            << displayText(saved.error().detail);
}

void Engine::on(const control::Pause &command, const Responder &responder)
{
    auto vault = findVault(command.vault);
    if (!vault)
        return responder->fail({vault.error(), {}});
    if (const auto done = setPaused(*vault, command.target, true); !done)
        return responder->fail({done.error(), {}});
    responder->finish();
}

void Engine::on(const control::Resume &command, const Responder &responder)
{
    auto vault = findVault(command.vault);
    if (!vault)
        return responder->fail({vault.error(), {}});
    const auto keys = mirrorsOf(*vault, command.target);
    if (!keys)
        return responder->fail({keys.error(), {}});
    const QList<MirrorStatus> mirrors = m_mirrors.status(*vault);
    for (const MirrorStatus &mirror : mirrors) {
        const bool guarded = mirror.halt
            && (mirror.halt->reason == HaltReason::MassDeletion
                || mirror.halt->reason == HaltReason::RootEmptied);
        if (guarded && !command.confirm && keys->contains(Mirrors::Key(vault->id, mirror.peer)))
            return responder->fail({{ErrorCode::Refused, haltAdvice(mirror.halt->reason), 0}, {}});
    }
    if (const auto done = setPaused(*vault, command.target, false); !done)
        return responder->fail({done.error(), {}});
    for (const MirrorStatus &mirror : mirrors) {
        const Mirrors::Key key(vault->id, mirror.peer);
        if (mirror.halt && keys->contains(key))
            m_mirrors.post(
                key, [confirm = command.confirm](mirror::PrimaryRunner &x) { x.resume(confirm); });
    }
    responder->finish();
}

void Engine::on(const control::Synchronize &command, const Responder &responder)
{
    const auto vault = findVault(command.vault);
    if (!vault)
        return responder->fail({vault.error(), {}});
    const auto keys = mirrorsOf(*vault, {});
    if (!keys)
        return responder->fail({keys.error(), {}});
    const auto problems = [this, id = vault->id] {
        QList<Problem> all;
        const auto it = std::ranges::find(m_configuration.vaults, id, &Vault::id);
        if (it != m_configuration.vaults.end()) {
            for (const MirrorStatus &mirror : m_mirrors.status(*it))
                all.append(mirror.problems);
        }
        return all;
    };
    using Report = mirror::ComparisonReport;
    const auto finish = [responder, problems](const Result<Report> &result,
                                              const QList<Report> &reports) {
        if (!result)
            return responder->fail({result.error(), {}});
        control::ComparisonReport sum;
        for (const Report &report : reports) {
            sum.compared += report.compared;
            sum.identical += report.compared - std::min(report.compared, report.copied);
            sum.copied += report.copied;
            sum.removed += report.removed;
            sum.bytesCompared += report.bytesCompared;
            sum.bytesSent += report.bytesSent;
            sum.duration = std::max(sum.duration, std::chrono::ceil<Milliseconds>(report.duration));
        }
        sum.problems = problems();
        responder->finish(toJson(sum));
    };
    if (command.deep) {
        const auto repaired = [responder, problems](const Result<control::VerificationReport> &x) {
            if (!x)
                return responder->fail({x.error(), {}});
            control::ComparisonReport sum;
            sum.compared = x->compared;
            sum.identical = x->identical;
            for (const control::Difference &difference : x->different)
                ++(difference.what == "extra" ? sum.removed : sum.copied);
            sum.duration = x->duration;
            sum.problems = problems();
            responder->finish(toJson(sum));
        };
        return verifyVault(*vault, true, repaired);
    }
    auto gathering = std::make_shared<Gathering<Report>>(keys->size(), finish);
    for (const Mirrors::Key &key : *keys) {
        m_mirrors.post(key, [this, gathering](mirror::PrimaryRunner &runner) {
            runner.synchronize(false, [this, gathering](const Result<Report> &report) {
                QMetaObject::invokeMethod(
                    this, [=] { gathering->add(report); }, Qt::QueuedConnection);
            });
        });
    }
}

void Engine::verifyVault(const Vault &vault, bool repair,
                         std::function<void(Result<control::VerificationReport>)> answer)
{
    const auto keys = mirrorsOf(vault, {});
    if (!keys)
        return answer(passOn(keys));
    using Report = mirror::VerificationReport;
    const auto finish = [answer = std::move(answer)](const Result<Report> &result,
                                                     const QList<Report> &reports) {
        if (!result)
            return answer(passOn(result));
        control::VerificationReport sum;
        sum.digest = reports.first().digest.toHex();
        for (const Report &report : reports) {
            sum.compared += report.compared;
            sum.identical += report.identical;
            for (const mirror::Difference &difference : report.different)
                sum.different.append({difference.path, difference.what});
            sum.duration = std::max(sum.duration, std::chrono::ceil<Milliseconds>(report.duration));
        }
        answer(sum);
    };
    auto gathering = std::make_shared<Gathering<Report>>(keys->size(), finish);
    for (const Mirrors::Key &key : *keys) {
        m_mirrors.post(key, [this, gathering, repair, key](mirror::PrimaryRunner &runner) {
            runner.verify(repair, [this, gathering, repair, key](const Result<Report> &report) {
                const auto take = [this, gathering, repair, key, report] {
                    if (report)
                        remember(key, *report, repair);
                    gathering->add(report);
                };
                QMetaObject::invokeMethod(this, take, Qt::QueuedConnection);
            });
        });
    }
}

// For a vault that was removed meanwhile there is nothing to be kept.
void Engine::remember(const Mirrors::Key &mirror, const mirror::VerificationReport &report,
                      bool repair)
{
    constexpr qint64 nanosecondsEach = 1'000'000;
    if (!m_mirrors.keys(mirror.first).contains(mirror))
        return;
    VerificationRecord record;
    record.summary = {WallTime{m_clock.wall().nanoseconds / nanosecondsEach * nanosecondsEach},
                      report.identical,
                      quint64(report.different.size()),
                      std::chrono::ceil<Milliseconds>(report.duration),
                      report.digest.toHex(),
                      repair && !report.different.isEmpty()};
    const qsizetype kept = std::min(report.different.size(), VerificationRecord::mostDifferences);
    for (const mirror::Difference &one : report.different.first(kept))
        record.differences.append({one.path, one.what});
    if (const auto stored = m_verifications->add(mirror, record); !stored)
        qCWarning(logStore) << "the report of a verification cannot be kept:"
                            << displayText(stored.error().detail);
    Q_EMIT changed();
}

void Engine::on(const control::Verifications &command, const Responder &responder)
{
    const auto vault = findVault(command.vault);
    if (!vault)
        return responder->fail({vault.error(), {}});
    QJsonArray mirrors;
    for (const VaultTarget &target : vault->targets) {
        QJsonArray reports;
        for (const VerificationRecord &record : m_verifications->of({vault->id, target.peer}))
            reports.append(control::toJson(record));
        mirrors.append(QJsonObject{{QStringLiteral("peer"), nameOf(target.peer)},
                                   {QStringLiteral("peerId"), target.peer.text()},
                                   {QStringLiteral("reports"), reports}});
    }
    responder->finish(mirrors);
}

void Engine::on(const control::Activity &command, const Responder &responder)
{
    const auto vault = findVault(command.vault);
    if (!vault)
        return responder->fail({vault.error(), {}});
    const auto keys = mirrorsOf(*vault, {});
    if (!keys)
        return responder->fail({keys.error(), {}});
    using Told = std::pair<MachineId, QList<ActivityEntry>>;
    const auto finish = [this, responder](const Result<Told> &, const QList<Told> &all) {
        QJsonArray mirrors;
        for (const auto &[peer, entries] : all) {
            QJsonArray list;
            for (const ActivityEntry &entry : entries)
                list.append(control::toJson(entry));
            mirrors.append(QJsonObject{{QStringLiteral("peer"), nameOf(peer)},
                                       {QStringLiteral("peerId"), peer.text()},
                                       {QStringLiteral("entries"), list}});
        }
        responder->finish(mirrors);
    };
    auto gathering = std::make_shared<Gathering<Told>>(keys->size(), finish);
    for (const Mirrors::Key &key : *keys) {
        m_mirrors.post(key, [this, gathering, key](mirror::PrimaryRunner &runner) {
            const Told told(key.second, runner.activity());
            QMetaObject::invokeMethod(
                this, [gathering, told] { gathering->add(told); }, Qt::QueuedConnection);
        });
    }
}

void Engine::on(const control::Verify &command, const Responder &responder)
{
    const auto vault = findVault(command.vault);
    if (!vault)
        return responder->fail({vault.error(), {}});
    verifyVault(*vault, false, [responder](const Result<control::VerificationReport> &report) {
        if (report)
            responder->finish(toJson(*report));
        else
            responder->fail({report.error(), {}});
    });
}

void Engine::on(const control::WaitInSync &command, const Responder &responder)
{
    const auto vault = findVault(command.vault);
    if (!vault)
        return responder->fail({vault.error(), {}});
    const auto keys = mirrorsOf(*vault, {});
    if (!keys)
        return responder->fail({keys.error(), {}});
    struct Done {};
    const auto finish = [responder](const Result<Done> &result, const QList<Done> &) {
        if (result)
            responder->finish();
        else
            responder->fail({result.error(), {}});
    };
    auto gathering = std::make_shared<Gathering<Done>>(keys->size(), finish);
    for (const Mirrors::Key &key : *keys) {
        m_mirrors.post(key, [this, gathering](mirror::PrimaryRunner &runner) {
            runner.awaitInSync([this, gathering](const Result<void> &result) {
                const Result<Done> outcome =
                    result ? Result<Done>(Done{}) : Result<Done>(passOn(result));
                QMetaObject::invokeMethod(
                    this, [=] { gathering->add(outcome); }, Qt::QueuedConnection);
            });
        });
    }
}

} // namespace octopus
