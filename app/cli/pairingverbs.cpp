// The verbs with which two machines come to trust each other: invite and pair.
#include "app/cli/commandjob.h"
#include "app/cli/text.h"
#include "app/cli/verb.h"
#include "engine/control/json.h"

#include <QJsonArray>

namespace octopus::cli {

namespace {

JobResult job(const Context &context, CommandPlan plan)
{
    return std::make_unique<CommandJob>(context, std::move(plan));
}

Result<QByteArray> grantOf(const Usage &usage)
{
    if (!usage.has("grant"))
        return QByteArray();
    if (usage.text("grant").isEmpty())
        return failure(ErrorCode::Invalid, "--grant needs a folder");
    return absolutePath(usage.rawList("grant").constLast());
}

QString timeOf(const QJsonValue &json)
{
    const auto time = control::timeFromJson(json);
    return time ? timeText(*time) : QStringLiteral("-");
}

QString shownBytes(const QJsonValue &json)
{
    return shown(control::bytesFromJson(json).value_or(QByteArray()));
}

// ---- invite

void presentTickets(const QJsonValue &answer, Terminal &terminal)
{
    const QJsonArray tickets = answer.toArray();
    if (tickets.isEmpty())
        return terminal.print(QStringLiteral("no invitation is open"));
    Table table({QStringLiteral("ID"), QStringLiteral("USABLE UNTIL"), QStringLiteral("GRANTS")});
    for (const QJsonValue &ticket : tickets) {
        const QString grant = shownBytes(ticket[u"grant"]);
        table.addRow({{ticket[u"id"].toString()},
                      {timeOf(ticket[u"expires"])},
                      {grant.isEmpty() ? QStringLiteral("-") : grant}});
    }
    for (const QString &line : table.lines(terminal))
        terminal.print(line);
}

CommandPlan newTicket(const control::Invite &invite, bool qr)
{
    return {invite, [qr](const QJsonValue &answer, Terminal &terminal) {
                terminal.print(
                    answer[qr ? QStringLiteral("qr") : QStringLiteral("ticket")].toString());
                if (!terminal.draws())
                    return;
                terminal.print(QStringLiteral("usable once, until %1, with: octopusctl pair TICKET")
                                   .arg(timeOf(answer[u"expires"])));
                terminal.print(QStringLiteral("taken back with: octopusctl invite --revoke %1")
                                   .arg(answer[u"id"].toString()));
            }};
}

JobResult prepareInvite(const Usage &usage, const Context &context)
{
    const bool making = usage.has("grant") || usage.has("minutes") || usage.has("qr");
    if (int(making) + int(usage.has("list")) + int(usage.has("revoke")) > 1)
        return failure(ErrorCode::Invalid, "--list and --revoke stand alone");
    if (usage.has("list"))
        return job(context, {control::ListTickets{}, presentTickets});
    if (usage.has("revoke"))
        return job(context,
                   {control::RevokeTicket{usage.text("revoke")},
                    [](const QJsonValue &, Terminal &terminal) {
                        terminal.print(QStringLiteral(
                            "the invitation is revoked; nobody can use it any more"));
                    }});
    control::Invite invite;
    const auto grant = grantOf(usage);
    if (!grant)
        return passOn(grant);
    invite.grant = *grant;
    if (usage.has("minutes")) {
        bool valid = false;
        invite.lifetime = std::chrono::minutes(usage.text("minutes").toInt(&valid));
        if (!valid || invite.lifetime.count() < 1 || invite.lifetime > std::chrono::days(7))
            return failure(ErrorCode::Invalid, "--minutes takes a whole number from 1 to 10080");
    }
    return job(context, newTicket(invite, usage.has("qr")));
}

// ---- pair

QString spaced(const QString &digits)
{
    return digits.first(digits.size() / 2) + u' ' + digits.sliced(digits.size() / 2);
}

void presentPairing(const QJsonValue &answer, Terminal &terminal)
{
    const PairingStatus pairing = control::pairingFromJson(answer.toObject());
    const QString name = shown(pairing.name);
    switch (pairing.state) {
    case PairingState::Comparing:
        terminal.print(QStringLiteral("%1 (%2, id %3…) shows the digits")
                           .arg(name, shown(pairing.address), pairing.peer.text().left(16)));
        terminal.print(QStringLiteral("    %1").arg(spaced(pairing.digits)));
        terminal.print(QStringLiteral("if both machines show the same, type on both within %1 s:  "
                                      "octopusctl pair --confirm %2")
                           .arg(pairing.left.count() / 1000)
                           .arg(pairing.digits));
        terminal.print(QStringLiteral("if they differ, somebody is between the two:  "
                                      "octopusctl pair --decline"));
        break;
    case PairingState::Waiting:
        terminal.print(QStringLiteral("confirmed here; now type on %1 within %2 s:  octopusctl "
                                      "pair --confirm %3")
                           .arg(name)
                           .arg(pairing.left.count() / 1000)
                           .arg(pairing.digits));
        break;
    case PairingState::Paired:
        terminal.print(QStringLiteral("paired with %1 (%2)").arg(name, pairing.peer.text()));
        break;
    case PairingState::Failed:
        terminal.print(QStringLiteral("not paired with %1: %2").arg(name, shown(pairing.detail)));
        break;
    }
}

void presentPairings(const QJsonValue &answer, Terminal &terminal)
{
    const QJsonArray pairings = answer.toArray();
    for (const QJsonValue &pairing : pairings)
        presentPairing(pairing, terminal);
    if (pairings.isEmpty())
        terminal.print(QStringLiteral("no pairing is going on"));
}

JobResult prepareTicketOrAddress(const Usage &usage, const Context &context)
{
    const QString text = usage.argument(0).trimmed();
    if (text.isEmpty())
        return failure(ErrorCode::Invalid, "the address is empty");
    if (!text.startsWith(QStringLiteral("octopus:"), Qt::CaseInsensitive))
        return job(context, {control::PairWith{text}, presentPairing});
    return job(context, {control::Pair{text}, [](const QJsonValue &answer, Terminal &terminal) {
                             terminal.print(QStringLiteral("paired with %1 (%2)")
                                                .arg(shown(answer[u"name"].toString()),
                                                     answer[u"id"].toString()));
                         }});
}

JobResult preparePair(const Usage &usage, const Context &context)
{
    const bool named = !usage.arguments().isEmpty();
    if (int(named) + int(usage.has("confirm")) + int(usage.has("decline")) + int(usage.has("list"))
        != 1)
        return failure(ErrorCode::Invalid,
                       "one of them is needed: a TICKET, an ADDRESS, --confirm DIGITS, --decline "
                       "or --list");
    if (usage.has("grant") && !usage.has("confirm"))
        return failure(ErrorCode::Invalid, "--grant goes with --confirm");
    if (usage.has("decline"))
        return job(context, {control::DeclinePairing{}, [](const QJsonValue &, Terminal &terminal) {
                                 terminal.print(QStringLiteral("declined; nothing was changed"));
                             }});
    if (usage.has("list"))
        return job(context, {control::ListPairings{}, presentPairings});
    if (named)
        return prepareTicketOrAddress(usage, context);
    const auto grant = grantOf(usage);
    if (!grant)
        return passOn(grant);
    return job(context, {control::ConfirmPairing{usage.text("confirm"), *grant}, presentPairing});
}

Verb inviteVerb()
{
    return {
        QStringLiteral("invite"),
        QStringLiteral("[--grant DIR] [--minutes N] [--qr] | --list | --revoke ID"),
        QStringLiteral(
            "prints a ticket, usable once, with which another machine pairs with this one"),
        {QStringLiteral("invite --grant /srv/mirrors"), QStringLiteral("invite --minutes 10"),
         QStringLiteral("invite --list"), QStringLiteral("invite --revoke 3f1c")},
        {{QStringLiteral("grant"), QStringLiteral("it may keep replicas below this folder"),
          QStringLiteral("DIR")},
         {QStringLiteral("minutes"),
          QStringLiteral("how long the ticket can be used, 60 by default"), QStringLiteral("N")},
         {QStringLiteral("qr"), QStringLiteral("print it in the letters that QR codes hold best")},
         {QStringLiteral("list"), QStringLiteral("the tickets that can still be used")},
         {QStringLiteral("revoke"), QStringLiteral("makes a ticket of the list worthless"),
          QStringLiteral("ID")}},
        0,
        0,
        prepareInvite};
}

} // namespace

QList<Verb> pairingVerbs()
{
    QList<Verb> verbs{inviteVerb()};
    verbs.append(
        {QStringLiteral("pair"),
         QStringLiteral("TICKET | ADDRESS | --confirm DIGITS [--grant DIR] | --decline | --list"),
         QStringLiteral("pairs this machine with another one, by a ticket or by comparing digits"),
         {QStringLiteral("pair octopus:AUm1…"), QStringLiteral("pair 192.0.2.7"),
          QStringLiteral("pair --confirm 271828 --grant /srv/mirrors")},
         {{QStringLiteral("confirm"),
           QStringLiteral("both machines show these digits: trust the other one"),
           QStringLiteral("DIGITS")},
          {QStringLiteral("grant"), QStringLiteral("it may keep replicas below this folder here"),
           QStringLiteral("DIR")},
          {QStringLiteral("decline"), QStringLiteral("end the pairing that is going on")},
          {QStringLiteral("list"), QStringLiteral("the pairing that is going on, and its digits")}},
         0,
         1,
         preparePair});
    return verbs;
}

} // namespace octopus::cli
