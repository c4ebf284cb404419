// Entries in the own replica that Octopus did not put there: whoever started this program planted
// "foreign" (a folder with file, other, link, hard and directory/inner) and "linked" (a further name
// of a file outside). They are compared with what they were.
#include "tests/endtoend/hostile/cases.h"

namespace octopus::hostile {

namespace {

Mirror foreignMirror(const Scene &scene, const QByteArray &destination)
{
    Mirror mirror(scene, destination);
    mirror.request().destination = destination;
    mirror.request().adopt = true;
    return mirror;
}

QList<std::pair<QByteArray, Operation>> attempts(HashKey key)
{
    Operation write = putFile("file", "overwritten", key);
    write.kind = OperationKind::WriteRanges;
    return {
        {"overwritten", putFile("file", "overwritten", key)},
        {"written into", write},
        {"replaced by a link", makeSymlink("file", "x")},
        {"replaced by a FIFO", plain(OperationKind::MakeFifo, "file")},
        {"replaced by a directory", makeDirectory("file")},
        {"replaced by a further name", plain(OperationKind::Link, "file", "own")},
        {"given a further name", plain(OperationKind::Link, "stolen", "file")},
        {"moved away", plain(OperationKind::Rename, "stolen", "file")},
        {"moved over", plain(OperationKind::Rename, "file", "own")},
        {"exchanged with an own entry", plain(OperationKind::Exchange, "own", "file")},
        {"exchanged with another", plain(OperationKind::Exchange, "file", "other")},
        {"removed", plain(OperationKind::Remove, "file")},
        {"given attributes", plain(OperationKind::SetAttributes, "file")},
        {"a link, given attributes", plain(OperationKind::SetAttributes, "link")},
        {"a link, removed", plain(OperationKind::Remove, "link")},
        {"a directory, removed", plain(OperationKind::Remove, "directory")},
        {"a directory, moved", plain(OperationKind::Rename, "stolen", "directory")},
        {"a directory, replaced", putFile("directory", "x", key)},
        {"a file below a foreign directory, removed",
         plain(OperationKind::Remove, "directory/inner")},
        {"a file put into a foreign directory", putFile("directory/new", "x", key)},
        {"a further name of a file outside, written into",
         [&] {
             Operation x = write;
             x.path = RelPath::of("hard");
             return x;
         }()},
        {"a further name of a file outside, given attributes",
         plain(OperationKind::SetAttributes, "hard")},
    };
}

Case foreignEntry(qsizetype index)
{
    const QByteArray name = attempts(HashKey{7})[index].first;
    return {"a foreign entry is " + name, [index](Scene &scene) -> QByteArray {
                Mirror mirror = foreignMirror(scene, "planted-foreign");
                if (!mirror.open() || !mirror.list(RelPath()))
                    return "not opened";
                if (!mirror.carryOut(putFile("own", "own", HashKey{7})))
                    return "cannot write at all";
                const auto outcome = mirror.carryOut(attempts(HashKey{7})[index].second);
                if (!outcome)
                    return "the connection ended";
                return outcome->applied ? QByteArray("carried out") : QByteArray();
            }};
}

// Adopting is telling that an entry may be changed; its inode may have a name elsewhere, and what
// is behind that name was granted to nobody.
QByteArray adoptsAHardLink(Scene &scene, const std::function<Operation(HashKey)> &use)
{
    Mirror mirror = foreignMirror(scene, "planted-linked");
    if (!mirror.open() || !mirror.list(RelPath()))
        return "not opened";
    (void)mirror.carryOut(plain(OperationKind::Adopt, "hard"));
    return mirror.carryOut(use(mirror.request().key)) ? QByteArray()
                                                      : QByteArray("the connection ended");
}

Cases hardLinks()
{
    const auto adopting = [](const QByteArray &name, const std::function<Operation(HashKey)> &use) {
        return Case{"an adopted further name of a file outside is " + name,
                    [use](Scene &scene) { return adoptsAHardLink(scene, use); }};
    };
    return {
        adopting("given a mode",
                 [](HashKey) {
                     Operation x = plain(OperationKind::SetAttributes, "hard");
                     x.attributes.mode = 04777;
                     return x;
                 }),
        adopting("given an attribute",
                 [](HashKey) {
                     Operation x = plain(OperationKind::SetAttributes, "hard");
                     x.attributes.xattrs = {{"user.owned", "yes"}};
                     return x;
                 }),
        adopting("written into",
                 [](HashKey key) {
                     Operation x = putFile("hard", "overwritten", key);
                     x.kind = OperationKind::WriteRanges;
                     return x;
                 }),
        adopting("cut off",
                 [](HashKey key) {
                     Operation x = putFile("hard", "", key);
                     x.kind = OperationKind::WriteRanges;
                     return x;
                 }),
        adopting("given a further name and a mode",
                 [](HashKey) { return plain(OperationKind::Link, "harder", "hard"); }),
        adopting("given a mode by that name",
                 [](HashKey) {
                     Operation x = plain(OperationKind::SetAttributes, "harder");
                     x.attributes.mode = 0;
                     return x;
                 }),
    };
}

// Erasing takes what is the peer's own, and nothing else.
QByteArray erases(Scene &scene)
{
    Mirror mirror = foreignMirror(scene, "planted-erased");
    if (!mirror.open() || !mirror.list(RelPath())
        || !mirror.carryOut(putFile("own", "own", HashKey{7})))
        return "not opened";
    (void)mirror.caller().send(wire::CloseMirror{true});
    return mirror.caller().await<wire::MirrorClosed>(9000) ? QByteArray()
                                                           : QByteArray("not closed");
}

QByteArray opensWithoutAdopting(Scene &scene)
{
    const auto caller = scene.greet(scene.paired);
    Mirror mirror(scene, "unadopted");
    mirror.request().destination = "planted-folder";
    if (!caller)
        return "not greeted";
    (void)caller->send(mirror.request());
    const Ending ending = caller->ending(9000);
    if (!ending.refusal || ending.refusal->code != ErrorCode::Refused)
        return "not refused";
    return ending.refusal->paths.isEmpty() ? QByteArray("it is not said what is in the way")
                                           : QByteArray();
}

} // namespace

Cases ownershipCases()
{
    Cases all{{"a folder with foreign files is opened without adopting", opensWithoutAdopting}};
    for (qsizetype i = 0; i < attempts(HashKey{7}).size(); ++i)
        all.push_back(foreignEntry(i));
    for (Case &one : hardLinks())
        all.push_back(std::move(one));
    all.push_back({"a replica with foreign entries is erased", erases});
    return all;
}

} // namespace octopus::hostile
