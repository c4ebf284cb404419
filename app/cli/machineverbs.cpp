// The verbs about machines: who this one is, whom it knows and what they may do here.
#include "app/cli/commandjob.h"
#include "app/cli/text.h"
#include "app/cli/verb.h"
#include "engine/control/json.h"

#include <QJsonArray>

namespace octopus::cli {

namespace {

QString joined(const QJsonValue &list)
{
    QStringList texts;
    const QJsonArray array = list.toArray();
    for (const QJsonValue &one : array)
        texts.append(shown(control::bytesFromJson(one).value_or(QByteArray())));
    return texts.isEmpty() ? QStringLiteral("-") : texts.join(QStringLiteral(", "));
}

QString textOf(const QJsonValue &bytes)
{
    return shown(control::bytesFromJson(bytes).value_or(QByteArray()));
}

JobResult job(const Context &context, CommandPlan plan)
{
    return std::make_unique<CommandJob>(context, std::move(plan));
}

void presentIdentity(const QJsonValue &answer, Terminal &terminal)
{
    terminal.print(QStringLiteral("name       ") + shown(answer[u"name"].toString()));
    terminal.print(QStringLiteral("id         ") + answer[u"id"].toString());
    terminal.print(QStringLiteral("addresses  ") + joined(answer[u"addresses"]));
    terminal.print(QStringLiteral("version    ") + shown(answer[u"version"].toString()));
    if (const QString warning = textOf(answer[u"warning"]); !warning.isEmpty())
        terminal.print(QStringLiteral("warning    ") + terminal.coloured(warning, Colour::Bad));
}

void presentPeers(const QJsonValue &answer, Terminal &terminal)
{
    const QJsonArray peers = answer.toArray();
    if (peers.isEmpty())
        return terminal.print(QStringLiteral(
            "no other machine is known yet; \"octopusctl peers --discover 3\" looks for "
            "them, \"octopusctl pair ADDRESS\" pairs with one"));
    Table table({QStringLiteral("NAME"), QStringLiteral("ID"), QStringLiteral("PAIRED"),
                 QStringLiteral("ONLINE"), QStringLiteral("FOUND BY"), QStringLiteral("ADDRESSES"),
                 QStringLiteral("MAY KEEP REPLICAS BELOW")});
    for (const QJsonValue &peer : peers) {
        const bool online = peer[u"online"].toBool();
        table.addRow({{shown(peer[u"name"].toString())},
                      {peer[u"id"].toString().left(16)},
                      {peer[u"paired"].toBool() ? QStringLiteral("yes") : QStringLiteral("no")},
                      {online ? QStringLiteral("yes") : QStringLiteral("no"),
                       online ? Colour::Good : Colour::Plain},
                      {joined(peer[u"discoveredBy"])},
                      {joined(peer[u"addresses"])},
                      {joined(peer[u"grants"])}});
    }
    for (const QString &line : table.lines(terminal))
        terminal.print(line);
    for (const QJsonValue &peer : peers) {
        if (const QString problem = textOf(peer[u"problem"]); !problem.isEmpty())
            terminal.print(QStringLiteral("%1: %2").arg(shown(peer[u"name"].toString()),
                                                        terminal.coloured(problem, Colour::Bad)));
    }
}

JobResult preparePeers(const Usage &usage, const Context &context)
{
    control::ListPeers list;
    if (usage.has("discover")) {
        bool valid = false;
        list.discover = usage.text("discover").toULongLong(&valid);
        if (!valid || list.discover < 1 || list.discover > 60)
            return failure(ErrorCode::Invalid, "--discover takes a whole number from 1 to 60");
    }
    return job(context, {list, presentPeers});
}

template <typename One> auto prepareGrant(const char *text)
{
    return [text](const Usage &usage, const Context &context) -> JobResult {
        const QString peer = usage.argument(0);
        if (usage.argument(1).isEmpty())
            return failure(ErrorCode::Invalid, "the folder is empty");
        const QByteArray folder = absolutePath(usage.rawArgument(1));
        return job(
            context,
            {One{peer, folder}, [text, peer, folder](const QJsonValue &, Terminal &terminal) {
                 terminal.print(QString::fromLatin1(text).arg(shown(peer), shown(folder)));
             }});
    };
}

JobResult prepareUnpair(const Usage &usage, const Context &context)
{
    const QString peer = usage.argument(0);
    return job(context,
               {control::Unpair{peer}, [peer](const QJsonValue &, Terminal &terminal) {
                    terminal.print(QStringLiteral("%1 is no longer paired").arg(shown(peer)));
                }});
}

QList<Verb> trustVerbs()
{
    const QString peerFolder = QStringLiteral("PEER DIR");
    QList<Verb> verbs;
    verbs.append({QStringLiteral("unpair"),
                  QStringLiteral("PEER"),
                  QStringLiteral("ends the trust between this machine and PEER"),
                  {QStringLiteral("unpair beta")},
                  {},
                  1,
                  1,
                  prepareUnpair});
    verbs.append({QStringLiteral("grant"),
                  peerFolder,
                  QStringLiteral("lets PEER keep replicas below the folder DIR here"),
                  {QStringLiteral("grant alpha /srv/mirrors")},
                  {},
                  2,
                  2,
                  prepareGrant<control::Grant>("%1 may keep replicas below %2")});
    verbs.append({QStringLiteral("revoke"),
                  peerFolder,
                  QStringLiteral("takes that back; what is there stays, and is mirrored no more"),
                  {QStringLiteral("revoke alpha /srv/mirrors")},
                  {},
                  2,
                  2,
                  prepareGrant<control::Revoke>("%1 may no longer keep replicas below %2")});
    return verbs;
}

} // namespace

QList<Verb> machineVerbs()
{
    QList<Verb> verbs;
    verbs.append({QStringLiteral("identity"),
                  {},
                  QStringLiteral("this machine's name, id, addresses and version"),
                  {QStringLiteral("identity"), QStringLiteral("--json identity")},
                  {},
                  0,
                  0,
                  [](const Usage &, const Context &context) {
                      return job(context, {control::GetIdentity{}, presentIdentity});
                  }});
    verbs.append({QStringLiteral("peers"),
                  QStringLiteral("[--discover SECONDS]"),
                  QStringLiteral("the machines that this one knows or has found on the network"),
                  {QStringLiteral("peers"), QStringLiteral("peers --discover 3")},
                  {{QStringLiteral("discover"),
                    QStringLiteral("ask the network first, and wait this long for answers"),
                    QStringLiteral("SECONDS")}},
                  0,
                  0,
                  preparePeers});
    return verbs + pairingVerbs() + trustVerbs();
}

} // namespace octopus::cli
