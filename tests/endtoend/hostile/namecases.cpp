// Hostile paths in every message of a primary that carries one.
#include "tests/endtoend/hostile/cases.h"

namespace octopus::hostile {

namespace {

constexpr int soon = 8000; // ms; at once, but for a busy machine

struct Carrier {
    QByteArray name;
    std::function<QByteArray(const QByteArray &path)> bytes;
};

QList<Carrier> carriers()
{
    QList<Carrier> all;
    static constexpr std::pair<const char *, OperationKind> kinds[] = {
        {"MakeDirectory", OperationKind::MakeDirectory},
        {"PutFile", OperationKind::PutFile},
        {"WriteRanges", OperationKind::WriteRanges},
        {"MakeSymlink", OperationKind::MakeSymlink},
        {"MakeFifo", OperationKind::MakeFifo},
        {"Link", OperationKind::Link},
        {"Rename", OperationKind::Rename},
        {"Exchange", OperationKind::Exchange},
        {"Remove", OperationKind::Remove},
        {"SetAttributes", OperationKind::SetAttributes},
        {"Adopt", OperationKind::Adopt}};
    for (const auto &[name, kind] : kinds) {
        all.append({name, [kind](const QByteArray &path) {
                        return operationsFrame({.kind = kind, .path = path});
                    }});
    }
    for (const auto &[name, kind] : {kinds[5], kinds[6], kinds[7]}) {
        all.append({QByteArray(name) + " from", [kind](const QByteArray &path) {
                        return operationsFrame({.kind = kind, .other = path});
                    }});
    }
    all.append({"ListTree", [](const QByteArray &path) {
                    return frame(wire::MessageType::ListTree,
                                 cbor({{0, 1}, {1, path}, {2, false}, {3, false}}));
                }});
    all.append({"BlocksRequest", [](const QByteArray &path) {
                    return frame(wire::MessageType::BlocksRequest,
                                 cbor({{0, 1}, {1, path}, {2, 4096}}));
                }});
    return all;
}

QList<std::pair<QByteArray, QByteArray>> notPaths()
{
    return {
        {"..", ".."},
        {"../x", "../x"},
        {"../../../../etc/passwd", "../../../../etc/passwd"},
        {"d/..", "d/.."},
        {"d/../..", "d/../.."},
        {"d/../../x", "d/../../x"},
        {"f/../f", "f/../f"},
        {".", "."},
        {"./f", "./f"},
        {"d/./g", "d/./g"},
        {"d/.", "d/."},
        {"/", "/"},
        {"/etc/passwd", "/etc/passwd"},
        {"//f", "//f"},
        {"d//g", "d//g"},
        {"d/", "d/"},
        {"NUL", QByteArray("\0", 1)},
        {"a NUL b", QByteArray("a\0b", 3)},
        {".. NUL", QByteArray("..\0", 3)},
        {"256 bytes", QByteArray(256, 'n')},
        {"d/256 bytes", "d/" + QByteArray(256, 'n')},
        {"4,096 bytes", QByteArray("abcdefg/").repeated(511) + "abcdefgh"},
        {"5,000 bytes", QByteArray("abcdefg/").repeated(625) + 'a'},
        {"5,000 components", QByteArray("a/").repeated(4999) + 'a'},
        {"257 components", QByteArray("a/").repeated(256) + 'a'},
    };
}

Case carries(const Carrier &carrier, const QByteArray &name, const QByteArray &path)
{
    return {carrier.name + " at " + name,
            [bytes = carrier.bytes(path)](Scene &scene) -> QByteArray {
                Mirror mirror(scene, "names");
                if (!mirror.open())
                    return "not opened";
                (void)mirror.caller().sendRaw(bytes);
                return mustClose(mirror.caller(), soon);
            }};
}

constexpr OperationKind allKinds[] = {
    OperationKind::MakeDirectory, OperationKind::PutFile,  OperationKind::WriteRanges,
    OperationKind::MakeSymlink,   OperationKind::MakeFifo, OperationKind::Link,
    OperationKind::Rename,        OperationKind::Exchange, OperationKind::Remove,
    OperationKind::SetAttributes, OperationKind::Adopt};

// Each kind at `path`, and from there; all must fail and leave the connection.
QByteArray allMustFail(Scene &scene, const QByteArray &path)
{
    Mirror mirror(scene, "reserved");
    if (!mirror.prepare())
        return "not opened";
    for (const OperationKind kind : allKinds) {
        Operation at = plain(kind, path, hasOther(kind) ? "f" : "");
        at.linkTarget = kind == OperationKind::MakeSymlink ? "x" : "";
        at.digest = contentDigest({}, 0, HashKey{7});
        for (const bool from : {false, true}) {
            if (from && !hasOther(kind))
                continue;
            const auto outcome = mirror.carryOut(from ? plain(kind, "stolen", path) : at);
            if (!outcome)
                return "the connection ended at kind " + QByteArray::number(int(kind));
            if (outcome->applied)
                return "kind " + QByteArray::number(int(kind)) + " was carried out";
        }
    }
    const auto hashes = mirror.hashes(RelPath::of(path.constData()));
    if (!hashes || hashes->size != 0 || !hashes->hashes.isEmpty())
        return "its content was looked into";
    return mirror.isAlive() && mirror.list(RelPath()) ? QByteArray()
                                                      : QByteArray("the mirror is gone");
}

Case reserved(const QByteArray &path)
{
    return {"every operation at and from " + path,
            [path](Scene &scene) { return allMustFail(scene, path); }};
}

// Odd, but a name like any other, below the own root.
QByteArray oddNames(Scene &scene)
{
    Mirror mirror(scene, "odd");
    if (!mirror.prepare())
        return "not opened";
    for (const QByteArray &name :
         {QByteArray(".octopus2"), QByteArray(".OCTOPUS"), QByteArray(".octopus "),
          QByteArray("d/.octopus"), QByteArray("..."), QByteArray("..x"), QByteArray("\xff\xfe"),
          QByteArray("\x1b[2J"), QByteArray("new\nline"), QByteArray("\xe2\x80\xae"),
          QByteArray("-rf"), QByteArray("~"), QByteArray("$(reboot)"), QByteArray("%s%n"),
          QByteArray(255, 'n')}) {
        const auto outcome = mirror.carryOut(putFile(name, "odd", HashKey{7}));
        if (!outcome)
            return "the connection ended at " + name.toPercentEncoding();
        if (!outcome->applied)
            return name.toPercentEncoding() + " failed: " + outcome->detail;
    }
    return mirror.isAlive() ? QByteArray() : QByteArray("the mirror is gone");
}

QByteArray listsTheControlFolder(Scene &scene)
{
    Mirror mirror(scene, "control");
    if (!mirror.prepare())
        return "not opened";
    const auto all = mirror.list(RelPath());
    if (!all)
        return "no listing";
    for (const wire::TreeEntry &entry : *all) {
        if (entry.path.bytes().startsWith(".octopus"))
            return entry.path.bytes() + " is listed";
    }
    (void)mirror.caller().send(wire::ListTree{77, RelPath::of(".octopus"), true, true});
    if (mirror.caller().await<wire::TreeListing>(300))
        return "the control folder is listed";
    return {};
}

} // namespace

Cases nameCases()
{
    Cases all;
    for (const Carrier &carrier : carriers()) {
        for (const auto &[name, path] : notPaths())
            all.push_back(carries(carrier, name, path));
    }
    for (const char *path :
         {".octopus", ".octopus/x", ".octopus/replica", ".octopus/journal", ".octopus/manifest",
          ".octopus/lock", ".octopus/staging", ".octopus/staging/x", ".octopus/versions"})
        all.push_back(reserved(path));
    all.push_back({"odd names that are no harm", oddNames});
    all.push_back({"listing the control folder", listsTheControlFolder});
    return all;
}

} // namespace octopus::hostile
