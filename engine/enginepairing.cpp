// What front ends ask about pairings by digits, and about invitations.
#include "engine/control/json.h"
#include "engine/engine.h"
#include "engine/store/ticketbook.h"

namespace octopus {

void Engine::on(const control::PairWith &command, const Responder &responder)
{
    const auto endpoint = link::Endpoint::parse(command.address.trimmed());
    if (!endpoint)
        return responder->fail({endpoint.error(), {}});
    m_pairings.pairWith(*endpoint, [responder](const Result<PairingStatus> &shown) {
        if (shown)
            responder->finish(control::toJson(*shown));
        else
            responder->fail({shown.error(), {}});
    });
}

void Engine::on(const control::ListPairings &, const Responder &responder)
{
    QJsonArray all;
    for (const PairingStatus &one : m_pairings.status())
        all.append(control::toJson(one));
    responder->finish(all);
}

void Engine::on(const control::ConfirmPairing &command, const Responder &responder)
{
    if (!command.grant.isEmpty()) {
        if (const auto able = prepareGrant(command.grant); !able)
            return responder->fail({able.error(), {command.grant}});
    }
    const auto status = m_pairings.confirm(command.digits, command.grant);
    if (!status)
        return responder->fail({status.error(), {}});
    if (status->state == PairingState::Failed)
        return responder->fail({{ErrorCode::Refused, status->detail, 0}, {}});
    responder->finish(control::toJson(*status));
}

void Engine::on(const control::DeclinePairing &, const Responder &responder)
{
    if (const auto done = m_pairings.decline(); !done)
        return responder->fail({done.error(), {}});
    responder->finish();
}

void Engine::on(const control::ListTickets &, const Responder &responder)
{
    QJsonArray all;
    for (const store::OutstandingTicket &one : store::openTickets(m_configuration, m_clock.wall()))
        all.append(toJson(control::OpenTicket{store::ticketId(one), one.expires, one.grant}));
    responder->finish(all);
}

void Engine::on(const control::RevokeTicket &command, const Responder &responder)
{
    const auto saved = change([&](store::Configuration &x) {
        return store::revokeTicket(x, command.ticket.trimmed(), m_clock.wall());
    });
    if (!saved)
        return responder->fail({saved.error(), {}});
    responder->finish();
}

} // namespace octopus
