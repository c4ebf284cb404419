#include "app/desktop/editor/vaultdraft.h"

#include "engine/control/json.h"

#include <algorithm>

namespace octopus::desktop {

namespace {

QList<QByteArray> paths(const QJsonValue &value)
{
    QList<QByteArray> list;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &one : array)
        list.append(control::bytesFromJson(one).value_or(QByteArray()));
    return list;
}

QList<control::TargetChoice> choices(const QList<DraftTarget> &targets)
{
    QList<control::TargetChoice> list;
    for (const DraftTarget &target : targets)
        list.append({target.peer.text(), target.destination});
    return list;
}

// How a target is reached before anything is said of it.
QString transportOf(const QList<DraftTarget> &targets, const MachineId &peer)
{
    const auto target = std::ranges::find(targets, peer, &DraftTarget::peer);
    return target == targets.end() ? QString() : target->transport;
}

QList<control::TargetTransport> transports(const QList<DraftTarget> &before,
                                           const QList<DraftTarget> &after)
{
    QList<control::TargetTransport> list;
    for (const DraftTarget &target : after) {
        if (target.transport != transportOf(before, target.peer))
            list.append({target.peer.text(), target.transport});
    }
    return list;
}

} // namespace

VaultDraft draftFromJson(const QJsonObject &vault)
{
    VaultDraft draft;
    draft.name = vault[u"name"].toString();
    draft.sources = paths(vault[u"sources"]);
    draft.rules = {paths(vault[u"include"]), paths(vault[u"exclude"])};
    draft.transport = vault[u"transport"].toString(draft.transport);
    const QJsonArray targets = vault[u"targets"].toArray();
    for (const QJsonValue &one : targets) {
        draft.targets.append({MachineId::fromText(one[u"peerId"].toString()).value_or(MachineId()),
                              control::bytesFromJson(one[u"destination"]).value_or(QByteArray()),
                              one[u"transport"].toString()});
        draft.adopt = draft.adopt || one[u"adopt"].toBool();
    }
    return draft;
}

control::AddVault addCommand(const VaultDraft &draft)
{
    control::AddVault command;
    command.name = draft.name;
    command.sources = draft.sources;
    command.targets = choices(draft.targets);
    command.rules = draft.rules;
    command.transport = draft.transport;
    command.targetTransports = transports({}, draft.targets);
    command.adopt = draft.adopt;
    return command;
}

control::EditVault editCommand(const VaultDraft &before, const VaultDraft &after)
{
    control::EditVault command;
    command.vault = before.name;
    if (after.name != before.name)
        command.name = after.name;
    if (after.sources != before.sources)
        command.sources = after.sources;
    if (after.rules.includes != before.rules.includes)
        command.includes = after.rules.includes;
    if (after.rules.excludes != before.rules.excludes)
        command.excludes = after.rules.excludes;
    if (after.transport != before.transport)
        command.transport = after.transport;
    if (choices(after.targets) != choices(before.targets))
        command.targets = choices(after.targets);
    if (const auto ways = transports(before.targets, after.targets); !ways.isEmpty())
        command.targetTransports = ways;
    // A new list of targets begins without permission to adopt.
    if (after.adopt != before.adopt || (command.targets && after.adopt))
        command.adopt = after.adopt;
    return command;
}

} // namespace octopus::desktop
