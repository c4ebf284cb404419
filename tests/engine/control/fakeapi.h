// FakeApi: an engine that does only what a test tells it to. Remembers every command; answers by
// `answer`, or leaves the responder in `held` for later.
#pragma once

#include "engine/control/api.h"

#include <QList>

namespace octopus::control {

class FakeApi final : public Api
{
public:
    using Reaction = std::function<void(const Command &, const std::shared_ptr<Responder> &)>;

    [[nodiscard]] EngineStatus status() const override { return current; }
    void handle(const Command &command, std::shared_ptr<Responder> responder) override
    {
        commands.append(command);
        if (answer)
            answer(command, responder);
        else
            held.append(std::move(responder));
    }
    void setStatus(const EngineStatus &status)
    {
        current = status;
        Q_EMIT changed();
    }
    // The last command, which must be of this kind.
    template <typename One> [[nodiscard]] One last() const
    {
        const One *one = commands.isEmpty() ? nullptr : std::get_if<One>(&commands.last());
        return one ? *one : One();
    }

    EngineStatus current;
    QList<Command> commands;
    QList<std::shared_ptr<Responder>> held;
    Reaction answer;
};

// Two vaults in ordinary states, one replica.
[[nodiscard]] EngineStatus exampleStatus();

} // namespace octopus::control
