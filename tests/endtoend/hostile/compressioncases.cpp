// Compressed frames that are not what they must be, and stages that are another's or go on where
// nothing ended.
#include "engine/model/bytes.h"
#include "tests/endtoend/hostile/cases.h"

#include <QtEndian>

#include <zstd.h>

namespace octopus::hostile {

namespace {

using Type = wire::MessageType;

constexpr int soon = 8000; // ms; at once, but for a busy machine
constexpr quint8 compressed = 1;

QByteArray packed(QByteArrayView content, quint32 declared)
{
    QByteArray out(4 + qsizetype(ZSTD_compressBound(size_t(content.size()))), '\0');
    qToLittleEndian(declared, out.data());
    out.truncate(4
                 + qsizetype(ZSTD_compress(out.data() + 4, size_t(out.size() - 4), content.data(),
                                           size_t(content.size()), 3)));
    return out;
}

QByteArray packed(QByteArrayView content)
{
    return packed(content, quint32(content.size()));
}

QByteArray flagged(Type type, const QByteArray &payload)
{
    return frame(type, payload, {std::nullopt, compressed});
}

// The payload of a chunk that compresses well.
QByteArray chunkPayload(qsizetype size, char content = 'c')
{
    return varint(9) + varint(0) + QByteArray(size, content);
}

Case closes(const QByteArray &name, const QByteArray &bytes)
{
    return {name, [bytes](Scene &scene) -> QByteArray {
                Mirror mirror(scene, "compressed");
                if (!mirror.open())
                    return "not opened";
                (void)mirror.caller().sendRaw(bytes);
                return mustClose(mirror.caller(), soon);
            }};
}

Cases hostileFrames()
{
    const QByteArray chunk = chunkPayload(2000);
    const QByteArray good = packed(chunk);
    const auto size = quint32(chunk.size());
    QByteArray bombs;
    for (int i = 0; i < 100; ++i)
        bombs += flagged(Type::StageChunk, packed(chunkPayload(4'000'000, '\0')));
    const QByteArray skippable = QByteArray::fromHex("502a4d1804000000") + "skip";
    return {
        closes("a bomb", flagged(Type::StageChunk, packed(chunkPayload(4'000'000, '\0')))),
        closes("a hundred bombs", bombs),
        closes("a bomb of operations",
               flagged(Type::Operations, packed(QByteArray(4'000'000, '\0')))),
        closes("4 GiB declared", flagged(Type::StageChunk, packed(chunk, 0xffffffff))),
        closes("4 MiB and one byte declared",
               flagged(Type::StageChunk, packed(chunk, (4u << 20) + 1))),
        closes("a byte less declared", flagged(Type::StageChunk, packed(chunk, size - 1))),
        closes("a byte more declared", flagged(Type::StageChunk, packed(chunk, size + 1))),
        closes("nothing declared", flagged(Type::StageChunk, packed(chunk, 0))),
        closes("nothing inside", flagged(Type::StageChunk, {})),
        closes("a length alone", flagged(Type::StageChunk, good.first(4))),
        closes("a truncated frame", flagged(Type::StageChunk, good.chopped(1))),
        closes("a byte behind the frame", flagged(Type::StageChunk, good + 'x')),
        closes("two frames in one", flagged(Type::StageChunk, good + good.sliced(4))),
        closes("a skippable frame behind it", flagged(Type::StageChunk, good + skippable)),
        closes("a skippable frame alone", flagged(Type::StageChunk, good.first(4) + skippable)),
        closes("noise as a compressed frame",
               flagged(Type::StageChunk, good.first(4) + QByteArray(500, '\x35'))),
        closes("a compressed chunk without a stage",
               flagged(Type::StageChunk, packed(varint(0) + varint(0) + QByteArray(500, 'x')))),
        closes("a compressed heartbeat", flagged(Type::Heartbeat, packed(cbor({})))),
        closes("a compressed request for a listing",
               flagged(Type::ListTree, packed(QByteArray(300, '\xa0')))),
        closes("a compressed frame of no type", frame(200, good, {std::nullopt, compressed})),
        closes("compressed and another flag",
               frame(Type::StageChunk, good, {std::nullopt, compressed | 2})),
    };
}

// What is known here of the peer does not matter: nothing is decompressed before the mirror begins.
Case beforeTheMirror(const QByteArray &name, bool known, bool greeted)
{
    return {"a compressed frame " + name, [=](Scene &scene) -> QByteArray {
                const QByteArray bytes = flagged(Type::StageChunk, packed(chunkPayload(2000)));
                const Identity stranger = Identity::ordinary();
                const Identity &identity = known ? scene.paired : stranger;
                auto caller = greeted ? scene.greet(identity) : scene.call(identity);
                if (!caller || (!greeted && !caller->secure()))
                    return "not reached";
                (void)caller->sendRaw(bytes);
                return mustClose(*caller, soon);
            }};
}

Case worksOn(const QByteArray &name, const std::function<void(Mirror &)> &deed)
{
    return {name, [deed](Scene &scene) -> QByteArray {
                Mirror mirror(scene, "staged");
                if (!mirror.prepare())
                    return "not opened";
                deed(mirror);
                Operation operation = putFile("staged", "content", mirror.request().key);
                operation.ranges.clear();
                operation.stage = StageId(1);
                const auto outcome = mirror.carryOut(operation);
                if (!outcome)
                    return "the connection ended";
                if (outcome->applied)
                    return "it was carried out";
                return mirror.isAlive() ? QByteArray() : QByteArray("the mirror is gone");
            }};
}

StageToken token(char letter)
{
    return *StageToken::fromBytes(QByteArray(StageToken::size, letter));
}

Cases hostileStages()
{
    const auto begin = [](const QByteArray &bytes, qint64 stage, const QCborValue &offset) {
        return frame(Type::StageBegin, cbor({{0, stage}, {1, bytes}, {2, offset}}));
    };
    const QByteArray sixteen(16, 't');
    return {
        closes("a stage that begins as 0", begin(sixteen, 0, 0)),
        closes("a token of 15 bytes", begin(sixteen.first(15), 1, 0)),
        closes("a token of 17 bytes", begin(sixteen + 't', 1, 0)),
        closes("no token", begin({}, 1, 0)),
        closes("a stage that goes on before its start", begin(sixteen, 1, -1)),
        worksOn("a stage that goes on where nothing is held",
                [](Mirror &mirror) {
                    (void)mirror.caller().send(StageBegin{StageId(1), token('n'), 4096});
                    (void)mirror.caller().send(StageChunk{StageId(1), 4096, "content"});
                }),
        worksOn("a stage that goes on at the end of everything",
                [](Mirror &mirror) {
                    (void)mirror.caller().send(StageBegin{StageId(1), token('n'), maximumFileSize});
                }),
        worksOn("a stage that begins twice",
                [](Mirror &mirror) {
                    (void)mirror.caller().send(StageBegin{StageId(1), token('a'), 0});
                    (void)mirror.caller().send(StageBegin{StageId(1), token('b'), 0});
                    (void)mirror.caller().send(StageChunk{StageId(1), 0, "content"});
                }),
        worksOn("one content in two stages at once",
                [](Mirror &mirror) {
                    (void)mirror.caller().send(StageBegin{StageId(2), token('a'), 0});
                    (void)mirror.caller().send(StageBegin{StageId(1), token('a'), 0});
                    (void)mirror.caller().send(StageChunk{StageId(1), 0, "content"});
                }),
        worksOn("five thousand stages that begin",
                [](Mirror &mirror) {
                    for (quint64 stage = 5001; stage > 1; --stage) {
                        const QByteArray name = QByteArray::number(stage).rightJustified(16, 's');
                        (void)mirror.caller().send(
                            StageBegin{StageId(stage), *StageToken::fromBytes(name), 0});
                    }
                }),
    };
}

// What a peer has left held is bounded, and nobody else's mirror is told of it.
QByteArray heldIsBounded(Scene &scene)
{
    Mirror mirror(scene, "held");
    if (!mirror.prepare())
        return "not opened";
    for (quint64 stage = 1; stage <= 100; ++stage) {
        const QByteArray name = QByteArray::number(stage).rightJustified(16, 'h');
        (void)mirror.caller().send(StageBegin{StageId(stage), *StageToken::fromBytes(name), 0});
        (void)mirror.caller().send(StageChunk{StageId(stage), 0, QByteArray(1000, 'c')});
    }
    if (!mirror.isAlive())
        return "the mirror is gone";
    mirror.caller().abort();
    const auto state = mirror.open();
    if (!state || !state->held)
        return "not opened again";
    if (state->held->size() != wire::MirrorState::maximumHeld)
        return "held: " + QByteArray::number(state->held->size());
    const auto other = Mirror(scene, "held-other").open();
    return other && other->held && other->held->isEmpty() ? QByteArray()
                                                          : QByteArray("another mirror is told");
}

} // namespace

Cases compressionCases()
{
    Cases all = hostileFrames();
    for (const auto &more : {hostileStages()})
        all.insert(all.end(), more.begin(), more.end());
    all.push_back(beforeTheMirror("before anything else, from a stranger", false, false));
    all.push_back(beforeTheMirror("behind the greeting, from a stranger", false, true));
    all.push_back(beforeTheMirror("before anything else, from a paired machine", true, false));
    all.push_back(beforeTheMirror("behind the greeting, from a paired machine", true, true));
    all.push_back({"a hundred contents left in part", heldIsBounded});
    return all;
}

} // namespace octopus::hostile
