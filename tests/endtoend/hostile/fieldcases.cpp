// Lengths, counts, ranges, modes and attributes that FORMAT.md does not allow, and those that it
// allows and no disk can hold.
#include "engine/base/filedescriptor.h"
#include "engine/model/bytes.h"
#include "tests/endtoend/hostile/cases.h"

#include <fcntl.h>
#include <unistd.h>

namespace octopus::hostile {

namespace {

constexpr int soon = 8000; // ms; at once, but for a busy machine

Case closes(const QByteArray &name, const QByteArray &bytes)
{
    return {name, [bytes](Scene &scene) -> QByteArray {
                Mirror mirror(scene, "fields");
                if (!mirror.open())
                    return "not opened";
                (void)mirror.caller().sendRaw(bytes);
                return mustClose(mirror.caller(), soon);
            }};
}

Case operation(const QByteArray &name, const RawOperation &raw)
{
    return closes("an operation with " + name, operationsFrame(raw));
}

QByteArray xattr(const QByteArray &name, const QByteArray &value)
{
    return sized(name) + sized(value);
}

const QByteArray none(1, '\0');

Cases attributes()
{
    const auto one = [](const QByteArray &name) {
        return operation("the attribute " + name.left(24).toPercentEncoding(),
                         {.xattrs = varint(1) + xattr(name, "v")});
    };
    const QByteArray large = xattr("user.a", QByteArray(65537, 'v'));
    QByteArray many = varint(5);
    for (char c = 'a'; c < 'f'; ++c)
        many += xattr(QByteArray("user.") + c, QByteArray(65000, 'v'));
    return {
        operation("mode 010000", {.mode = varint(010000)}),
        operation("mode 2^32-1", {.mode = varint(~0u)}),
        operation("mode 2^64-1", {.mode = varint(~quint64(0))}),
        operation("a mode in an overlong number", {.mode = QByteArray("\xa4\x80\x00", 3)}),
        operation("a mode in eleven bytes", {.mode = QByteArray(10, '\xff') + '\x01'}),
        one("security.capability"),
        one("security.selinux"),
        one("trusted.overlay.opaque"),
        one("system.nfs4_acl"),
        one("user."),
        one(""),
        one(QByteArray("user.a\0b", 8)),
        one("user." + QByteArray(251, 'n')),
        operation("a value of 65,537 bytes", {.xattrs = varint(1) + large}),
        operation("320 KiB of attributes", {.xattrs = many}),
        operation("attributes in the wrong order",
                  {.xattrs = varint(2) + xattr("user.b", "v") + xattr("user.a", "v")}),
        operation("an attribute twice",
                  {.xattrs = varint(2) + xattr("user.a", "v") + xattr("user.a", "w")}),
        operation("2^63 attributes", {.xattrs = varint(quint64(1) << 63)}),
        operation("an attribute's name of 2^62 bytes",
                  {.xattrs = varint(1) + varint(quint64(1) << 62)}),
    };
}

Cases contents()
{
    const auto put = OperationKind::PutFile;
    const QByteArray inlined = none; // stage 0
    const QByteArray four = varint(4);
    const auto range = [](quint64 offset, const QByteArray &bytes) {
        return varint(offset) + sized(bytes);
    };
    const quint64 top = quint64(1) << 63;
    return {
        operation("a size of 2^63", {.kind = put, .size = varint(top)}),
        operation("a size of 2^64-1", {.kind = put, .size = varint(~quint64(0))}),
        operation("2^32-1 ranges", {.kind = put, .content = inlined + varint(~0u)}),
        operation("2^64-1 ranges", {.kind = put, .content = inlined + varint(~quint64(0))}),
        operation("65,537 ranges",
                  {.kind = put,
                   .size = varint(1 << 20),
                   .content = inlined + varint(65537) + QByteArray(200000, '\x01')}),
        operation("a range beyond its size",
                  {.kind = put, .size = four, .content = inlined + varint(1) + range(3, "ab")}),
        operation("a range whose end overflows",
                  {.kind = put,
                   .size = varint(top - 1),
                   .content = inlined + varint(1) + range(~quint64(0) - 1, "abcd")}),
        operation("an empty range",
                  {.kind = put, .size = four, .content = inlined + varint(1) + range(0, "")}),
        operation("ranges that overlap",
                  {.kind = put,
                   .size = four,
                   .content = inlined + varint(2) + range(0, "ab") + range(1, "c")}),
        operation("ranges in the wrong order",
                  {.kind = put,
                   .size = four,
                   .content = inlined + varint(2) + range(2, "ab") + range(0, "c")}),
        operation("a range longer than the message",
                  {.kind = put,
                   .size = varint(1 << 30),
                   .content = inlined + varint(1) + varint(0) + varint(1 << 29) + "abc"}),
        operation("a range of 2^63 bytes",
                  {.kind = put,
                   .size = varint(top - 1),
                   .content = inlined + varint(1) + varint(0) + varint(top)}),
    };
}

Cases holesAndLengths()
{
    const auto write = OperationKind::WriteRanges;
    const QByteArray four = varint(4);
    const quint64 top = quint64(1) << 63;
    return {
        operation("an empty hole",
                  {.kind = write, .size = four, .holes = varint(1) + varint(0) + varint(0)}),
        operation("a hole beyond its size",
                  {.kind = write, .size = four, .holes = varint(1) + varint(0) + varint(5)}),
        operation("a hole whose end overflows",
                  {.kind = write,
                   .size = varint(top - 1),
                   .holes = varint(1) + varint(top - 2) + varint(~quint64(0))}),
        operation("2^40 holes", {.kind = write, .holes = varint(quint64(1) << 40)}),
        operation("an empty link target", {.kind = OperationKind::MakeSymlink, .target = ""}),
        operation("a link target of 4,096 bytes",
                  {.kind = OperationKind::MakeSymlink, .target = QByteArray(4096, 't')}),
        operation("a NUL in its link target",
                  {.kind = OperationKind::MakeSymlink, .target = QByteArray("a\0b", 3)}),
        operation("kind 0", {.kind = OperationKind(0)}),
        operation("kind 13, a device say", {.kind = OperationKind(13)}),
        operation("kind 255", {.kind = OperationKind(255)}),
        operation("a path of 2^62 bytes", {.sizedPath = varint(quint64(1) << 62) + "x"}),
        operation("a path longer than the message", {.sizedPath = varint(200) + "x"}),
        operation("a path of 2^64-1 bytes", {.sizedPath = varint(~quint64(0))}),
    };
}

QByteArray chunk(quint64 stage, quint64 offset, const QByteArray &bytes)
{
    return frame(wire::MessageType::StageChunk, varint(stage) + varint(offset) + bytes);
}

Cases frames()
{
    using Type = wire::MessageType;
    QByteArray crowd;
    for (quint64 i = 1; i <= 16385; ++i)
        crowd += encoded({.kind = OperationKind::Remove, .sequence = i});
    const auto blocks = [](const QCborValue &request, const QCborValue &size) {
        return frame(Type::BlocksRequest, cbor({{0, request}, {1, QByteArray("f")}, {2, size}}));
    };
    return {
        closes("operations in a frame of 4 MiB + 1",
               frame(Type::Operations, "x", {(4u << 20) + 1})),
        closes("operations in a frame of 2^31", frame(Type::Operations, "x", {1u << 31})),
        closes("operations in a frame of -1", frame(Type::Operations, "x", {~0u})),
        closes("a control message of 1 MiB + 1", frame(Type::ListTree, "x", {(1u << 20) + 1})),
        closes("a frame with flags", frame(Type::Heartbeat, cbor({}), {std::nullopt, 0x80})),
        closes("a frame with reserved bits",
               frame(Type::Heartbeat, cbor({}), {std::nullopt, 0, 9})),
        closes("no operation at all", frame(Type::Operations, {})),
        closes("16,385 operations in a message", frame(Type::Operations, crowd)),
        closes("an operation and a byte behind it",
               frame(Type::Operations, encoded({.kind = OperationKind::Remove}) + 'x')),
        closes("noise as operations", frame(Type::Operations, QByteArray(100'000, '\x03'))),
        closes("a chunk without a stage", chunk(0, 0, "x")),
        closes("an empty chunk", chunk(1, 0, "")),
        closes("a chunk at 2^63", chunk(1, quint64(1) << 63, "x")),
        closes("a chunk that ends beyond 2^63", chunk(1, (quint64(1) << 63) - 2, "xyz")),
        closes("stage 0 dropped", frame(Type::StageDrop, cbor({{0, 0}}))),
        closes("blocks of 0 bytes", blocks(1, 0)),
        closes("blocks of 1 byte", blocks(1, 1)),
        closes("blocks of 3,000 bytes", blocks(1, 3000)),
        closes("blocks of 2 GiB", blocks(1, qint64(1) << 31)),
        closes("a request number of 2^32", blocks(qint64(1) << 32, 4096)),
        closes("a negative request number", blocks(-1, 4096)),
        closes("a heartbeat that holds something", frame(Type::Heartbeat, "x")),
        closes("a path that is text",
               frame(Type::ListTree,
                     cbor({{0, 1}, {1, QStringLiteral("f")}, {2, false}, {3, false}}))),
        closes("a flag that is null", frame(Type::CloseMirror, cbor({{0, QCborValue(nullptr)}}))),
    };
}

// What becomes of a well-formed operation that cannot be: it is refused on its own. `mayBe`: unless it
// can.
QByteArray verdictOf(Scene &scene, const std::function<Operation(HashKey)> &make, bool mayBe)
{
    Mirror mirror(scene, "failing");
    if (!mirror.prepare())
        return "not opened";
    const auto outcome = mirror.carryOut(make(mirror.request().key));
    if (!outcome)
        return "the connection ended";
    if (outcome->applied && !mayBe)
        return "it was carried out";
    return mirror.isAlive() ? QByteArray() : QByteArray("the mirror is gone");
}

Case fails(const QByteArray &name, const std::function<Operation(HashKey)> &make)
{
    return {name + " fails alone", [make](Scene &scene) { return verdictOf(scene, make, false); }};
}

Operation giant(const QByteArray &path, quint64 size, HashKey key)
{
    Operation operation = putFile(path, {}, key);
    operation.size = size;
    operation.digest = contentDigest({}, size, key);
    return operation;
}

// Some file systems, in memory, have files of any size.
bool holdsFilesOf(const QByteArray &folder, quint64 size)
{
    const FileDescriptor file(::open(folder.constData(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    return file.isOpen() && ::ftruncate(file.get(), off_t(size)) == 0;
}

Case giantFails()
{
    return {"a file of 2^63-1 bytes fails alone", [](Scene &scene) {
                const auto make = [](HashKey key) { return giant("big", maximumFileSize, key); };
                return verdictOf(scene, make, holdsFilesOf(scene.grant, maximumFileSize));
            }};
}

Cases impossible()
{
    return {
        giantFails(),
        fails("a content whose check is wrong",
              [](HashKey key) {
                  Operation x = putFile("wrong", "content", key);
                  x.digest.low ^= 1;
                  return x;
              }),
        fails("a content checked with another key",
              [](HashKey) { return putFile("wrong", "content", HashKey{8}); }),
        fails("a stage that was never sent",
              [](HashKey key) {
                  Operation x = putFile("staged", {}, key);
                  x.stage = StageId(12345);
                  return x;
              }),
        fails("a rename into itself",
              [](HashKey) { return plain(OperationKind::Rename, "d/e/d", "d"); }),
        fails("an exchange with what is below",
              [](HashKey) { return plain(OperationKind::Exchange, "d", "d/g"); }),
        fails("a further name for a directory",
              [](HashKey) { return plain(OperationKind::Link, "d2", "d"); }),
        fails("an entry below a file", [](HashKey) { return makeDirectory("f/x"); }),
        fails("an entry in no directory", [](HashKey) { return makeDirectory("none/x"); }),
        fails("the removal of a full directory",
              [](HashKey) { return plain(OperationKind::Remove, "d"); }),
        fails("a file over a directory", [](HashKey key) { return putFile("d", "x", key); }),
    };
}

} // namespace

Cases fieldCases()
{
    Cases all = attributes();
    for (auto more : {contents(), holesAndLengths(), frames(), impossible()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

} // namespace octopus::hostile
