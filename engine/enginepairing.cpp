// What front ends ask about pairings by digits, and about invitations.
#include "engine/engine.h"

namespace octopus {

static void notYet(const std::shared_ptr<control::Responder> &responder)
{
    responder->fail({{ErrorCode::Unsupported, "this engine cannot do that yet", 0}, {}});
}

void Engine::on(const control::PairWith &, const Responder &responder)
{
    notYet(responder);
}

void Engine::on(const control::ListPairings &, const Responder &responder)
{
    responder->finish(QJsonArray());
}

void Engine::on(const control::ConfirmPairing &, const Responder &responder)
{
    notYet(responder);
}

void Engine::on(const control::DeclinePairing &, const Responder &responder)
{
    notYet(responder);
}

void Engine::on(const control::ListTickets &, const Responder &responder)
{
    responder->finish(QJsonArray());
}

void Engine::on(const control::RevokeTicket &, const Responder &responder)
{
    notYet(responder);
}

} // namespace octopus
