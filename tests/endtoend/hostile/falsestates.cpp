// What a false target says where its MirrorState should come, and messages that no target sends.
#include "tests/endtoend/hostile/cases.h"
#include "tests/endtoend/hostile/falsetarget.h"
#include "tests/engine/wire/messagegenerator.h"

#include <QCborArray>

namespace octopus::hostile {

namespace {

constexpr int soon = 8000; // ms; at once, but for a busy machine

wire::MirrorState stateFor(const wire::OpenMirror &open)
{
    wire::MirrorState state;
    state.destination = "/replica";
    state.credit = 16 << 20;
    state.epoch = open.epoch;
    return state;
}

using Speech = std::function<void(Caller &, const wire::OpenMirror &)>;

Answer closesAfter(const QByteArray &name, const Speech &speech)
{
    return {name, [speech](Caller &caller, const wire::OpenMirror &open) {
                speech(caller, open);
                return mustClose(caller, soon);
            }};
}

// Nothing in particular must happen, but to the primary no harm.
Answer survives(const QByteArray &name, const Speech &speech)
{
    return {name, [speech](Caller &caller, const wire::OpenMirror &open) -> QByteArray {
                speech(caller, open);
                (void)caller.ending(1000);
                return {};
            }};
}

Answer insteadOfTheState(const QByteArray &name, const QByteArray &bytes)
{
    return closesAfter(
        "instead of its state, " + name,
        [bytes](Caller &caller, const wire::OpenMirror &) { (void)caller.sendRaw(bytes); });
}

Answer afterTheState(const QByteArray &name, const QByteArray &bytes)
{
    return closesAfter("after its state, " + name,
                       [bytes](Caller &caller, const wire::OpenMirror &open) {
                           (void)caller.send(stateFor(open));
                           (void)caller.sendRaw(bytes);
                       });
}

bool belongsToATarget(const wire::Message &message)
{
    using namespace wire;
    return std::holds_alternative<TreeListing>(message) || std::holds_alternative<TreeEnd>(message)
        || std::holds_alternative<BlockHashes>(message)
        || std::holds_alternative<Acknowledgement>(message)
        || std::holds_alternative<OperationFailed>(message)
        || std::holds_alternative<Heartbeat>(message) || std::holds_alternative<Refusal>(message);
}

Answers everyMessage()
{
    Answers all;
    for (size_t index = 0; index < std::variant_size_v<wire::Message>; ++index) {
        const wire::Message message = wire::MessageGenerator(index + 1).message(index);
        const QByteArray name = "message " + QByteArray::number(index) + " of the table";
        const bool isFirst = std::holds_alternative<wire::MirrorState>(message)
            || std::holds_alternative<wire::Heartbeat>(message)
            || std::holds_alternative<wire::Refusal>(message);
        if (!isFirst)
            all.push_back(insteadOfTheState(name, wire::encode(message)));
        if (!belongsToATarget(message))
            all.push_back(afterTheState(name, wire::encode(message)));
    }
    return all;
}

wire::Refusal loudRefusal(ErrorCode code)
{
    wire::Refusal refusal{code, "\x1b[2J\x1b]0;owned\x07" + QByteArray(4000, '\n'), {}};
    for (int i = 0; i < 100; ++i)
        refusal.paths.append("\x1b[31m\xe2\x80\xae" + QByteArray(4000, 'p'));
    return refusal;
}

Answers states()
{
    const auto with =
        [](const std::function<void(wire::MirrorState &, const wire::OpenMirror &)> &edit) {
            return [edit](Caller &caller, const wire::OpenMirror &open) {
                wire::MirrorState state = stateFor(open);
                edit(state, open);
                (void)caller.send(state);
            };
        };
    return {
        closesAfter("a higher epoch", with([](auto &state, auto &) { state.epoch = Epoch(9); })),
        survives("all operations there will ever be are applied", with([](auto &state, auto &open) {
                     state.stream = open.stream;
                     state.applied = Sequence(~quint64(0));
                 })),
        survives("operations of another stream are applied", with([](auto &state, auto &) {
                     state.stream = StreamId(77);
                     state.applied = Sequence(quint64(1) << 63);
                 })),
        survives("all credit there is",
                 with([](auto &state, auto &) { state.credit = ~quint64(0); })),
        survives("no credit", with([](auto &state, auto &) { state.credit = 0; })),
        survives("a destination that is a curse",
                 with([](auto &state, auto &) { state.destination = "/\x1b[2J\n\xff"; })),
        survives("nothing but heartbeats",
                 [](Caller &caller, const wire::OpenMirror &) {
                     for (int i = 0; i < 1000; ++i)
                         (void)caller.send(wire::Heartbeat{});
                 }),
        {"nothing at all",
         [](Caller &caller, const wire::OpenMirror &) { return mustClose(caller, 20'000); }},
        {"a state, and then nothing",
         [](Caller &caller, const wire::OpenMirror &open) {
             (void)caller.send(stateFor(open));
             return mustClose(caller, 20'000);
         }},
        closesAfter("a loud refusal",
                    [](Caller &caller, const wire::OpenMirror &) {
                        (void)caller.send(loudRefusal(ErrorCode::Refused));
                        caller.socket().disconnectFromHost();
                    }),
        closesAfter("a refusal of a kind that nobody knows",
                    [](Caller &caller, const wire::OpenMirror &) {
                        (void)caller.sendRaw(
                            frame(wire::MessageType::Refusal,
                                  cbor({{0, 255}, {1, QByteArray("x")}, {2, QCborArray()}})));
                        caller.socket().disconnectFromHost();
                    }),
    };
}

Answers frames()
{
    using Type = wire::MessageType;
    return {
        afterTheState("an unknown type", frame(quint8(99), "x")),
        afterTheState("flags in a frame", frame(Type::Heartbeat, cbor({}), {std::nullopt, 1})),
        afterTheState("a frame of -1", frame(Type::TreeListing, "x", {~0u})),
        afterTheState("a frame of 2^31", frame(Type::TreeListing, "x", {1u << 31})),
        afterTheState("a control message of 1 MiB + 1",
                      frame(Type::TreeEnd, "x", {(1u << 20) + 1})),
        afterTheState("noise", QByteArray(100'000, '\x42')),
        insteadOfTheState("a state that is malformed",
                          frame(Type::MirrorState, cbor({{0, 1}, {1, 1}}))),
    };
}

} // namespace

Answers falseStates()
{
    Answers all = everyMessage();
    for (auto more : {states(), frames()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

} // namespace octopus::hostile
