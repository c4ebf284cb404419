// Paired peers that send what the other role sends, or what does not belong in the state.
#include "tests/endtoend/hostile/cases.h"
#include "tests/engine/wire/messagegenerator.h"

namespace octopus::hostile {

namespace {

constexpr int soon = 8000; // ms; at once, but for a busy machine

Case insteadOfOpening(const QByteArray &name, const QByteArray &bytes)
{
    return {"instead of opening a mirror, " + name, [bytes](Scene &scene) -> QByteArray {
                const auto caller = scene.greet(scene.paired);
                if (!caller)
                    return "not greeted";
                (void)caller->sendRaw(bytes);
                return mustClose(*caller, soon);
            }};
}

Case inTheMirror(const QByteArray &name, const QByteArray &bytes)
{
    return {"in an open mirror, " + name, [bytes](Scene &scene) -> QByteArray {
                Mirror mirror(scene, "order");
                if (!mirror.open())
                    return "not opened";
                (void)mirror.caller().sendRaw(bytes);
                return mustClose(mirror.caller(), soon);
            }};
}

template <typename T> bool isAny(const wire::Message &)
{
    return false;
}
template <typename T, typename First, typename... Rest> bool isAny(const wire::Message &message)
{
    return std::holds_alternative<First>(message) || isAny<T, Rest...>(message);
}

bool belongsToAPrimary(const wire::Message &message)
{
    return isAny<void, wire::Operations, StageBegin, StageChunk, wire::StageDrop, wire::ListTree,
                 wire::BlocksRequest, wire::CloseMirror, wire::Heartbeat>(message);
}

Cases everyMessage()
{
    Cases all;
    for (size_t index = 0; index < std::variant_size_v<wire::Message>; ++index) {
        const wire::Message message = wire::MessageGenerator(index + 1).message(index);
        const QByteArray name = "message " + QByteArray::number(index) + " of the table";
        const QByteArray bytes = wire::encode(message);
        if (!isAny<void, wire::OpenMirror, wire::Heartbeat>(message))
            all.push_back(insteadOfOpening(name, bytes));
        if (!belongsToAPrimary(message))
            all.push_back(inTheMirror(name, bytes));
    }
    for (const int type : {0, 17, 63, 68, 255})
        all.push_back(
            inTheMirror("unknown type " + QByteArray::number(type), frame(quint8(type), "x")));
    return all;
}

// Operations whose sequences do not follow.
Case sequences(const QByteArray &name, const QList<quint64> &numbers)
{
    QByteArray payload;
    for (const quint64 sequence : numbers) {
        RawOperation one;
        one.sequence = sequence;
        one.path = "s" + QByteArray::number(sequence);
        payload += encoded(one);
    }
    const QByteArray bytes = frame(wire::MessageType::Operations, payload);
    return {"sequences " + name, [bytes](Scene &scene) -> QByteArray {
                Mirror mirror(scene, "sequences");
                if (!mirror.open() || !mirror.list(RelPath()))
                    return "not opened";
                (void)mirror.caller().sendRaw(bytes);
                return mustClose(mirror.caller(), soon);
            }};
}

QByteArray repeats(Scene &scene)
{
    Mirror mirror(scene, "repeats");
    if (!mirror.prepare())
        return "not opened";
    Operation old = makeDirectory("repeated");
    old.sequence = Sequence(1);
    (void)mirror.caller().send(wire::Operations{{old}});
    return mustClose(mirror.caller(), soon);
}

// What an earlier session sent comes once more in a new one, with the same key.
QByteArray replaysASession(Scene &scene)
{
    Mirror mirror(scene, "replay");
    if (!mirror.prepare() || !mirror.carryOut(putFile("f", "newer", HashKey{7})))
        return "not opened";
    const wire::OpenMirror same = mirror.request();
    Mirror again(scene, "replay");
    again.request() = same;
    const auto state = again.open();
    if (!state || state->applied != Sequence(7))
        return "the stream does not go on where it was";
    Operation old = putFile("f", "content", HashKey{7});
    old.sequence = Sequence(4);
    (void)again.caller().send(wire::Operations{{old}});
    return mustClose(again.caller(), soon);
}

} // namespace

Cases orderCases()
{
    Cases all = everyMessage();
    all.push_back(sequences("from 0", {0}));
    all.push_back(sequences("from 2", {2}));
    all.push_back(sequences("with a gap", {1, 3}));
    all.push_back(sequences("twice the same", {1, 1}));
    all.push_back(sequences("backwards", {2, 1}));
    all.push_back(sequences("from 2^63", {quint64(1) << 63}));
    all.push_back(sequences("of 2^64-1", {~quint64(0)}));
    all.push_back({"an operation that was applied before, once more", repeats});
    all.push_back({"an earlier session, replayed", replaysASession});
    return all;
}

} // namespace octopus::hostile
