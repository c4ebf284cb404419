// Symbolic links that the peer itself plants in its replica, and then uses as if they led somewhere.
#include "tests/endtoend/hostile/cases.h"

namespace octopus::hostile {

namespace {

struct Planted {
    QByteArray name;
    std::function<QByteArray(const Scene &)> target; // a directory with an entry "secret"
};

QList<Planted> plantedLinks()
{
    return {
        {"absolute", [](const Scene &s) { return s.outside; }},
        {"relative",
         [](const Scene &s) {
             return "../../" + s.outside.sliced(s.outside.lastIndexOf('/') + 1);
         }},
        {"by way of /proc", [](const Scene &s) { return "/proc/self/root" + s.outside; }},
        {"up", [](const Scene &) { return QByteArray("../"); }},
        {"into another replica", [](const Scene &s) { return "../" + s.honest; }},
        {"into the control folder", [](const Scene &) { return QByteArray(".octopus"); }},
        {"to a link", [](const Scene &) { return QByteArray("first"); }},
        {"to itself", [](const Scene &) { return QByteArray("way"); }},
        {"within", [](const Scene &) { return QByteArray("d"); }},
    };
}

QList<std::pair<QByteArray, Operation>> uses(HashKey key)
{
    const QByteArray secret = "way/secret";
    Operation write = putFile(secret, "overwritten", key);
    write.kind = OperationKind::WriteRanges;
    Operation attributes = plain(OperationKind::SetAttributes, secret);
    attributes.attributes.mode = 0777;
    attributes.attributes.xattrs = {{"user.owned", "yes"}};
    return {
        {"a directory is made", makeDirectory("way/made")},
        {"a file is put", putFile("way/made", "content", key)},
        {"a file is overwritten", putFile(secret, "content", key)},
        {"a range is written", write},
        {"a link is made", makeSymlink("way/made", "x")},
        {"a FIFO is made", plain(OperationKind::MakeFifo, "way/made")},
        {"a name is made", plain(OperationKind::Link, "way/made", "f")},
        {"a name is taken from there", plain(OperationKind::Link, "stolen", secret)},
        {"an entry is moved there", plain(OperationKind::Rename, "way/made", "d/g")},
        {"an entry is moved from there", plain(OperationKind::Rename, "stolen", secret)},
        {"an entry is exchanged", plain(OperationKind::Exchange, "f", secret)},
        {"attributes are set", attributes},
        {"an entry is adopted", plain(OperationKind::Adopt, secret)},
    };
}

// All uses of one link on one connection, each of which must fail.
QByteArray useAll(Scene &scene, const Planted &planted)
{
    Mirror mirror(scene, "links");
    const HashKey key = mirror.request().key;
    if (!mirror.prepare())
        return "not opened";
    if (!mirror.carryOut(makeSymlink("first", scene.outside))
        || !mirror.carryOut(makeSymlink("way", planted.target(scene)))->applied)
        return "the link itself cannot be made";
    for (const auto &[name, use] : uses(key)) {
        const auto outcome = mirror.carryOut(use);
        if (!outcome)
            return "the connection ended when " + name;
        if (outcome->applied)
            return name;
    }
    // Nothing is there for the target's hands: removing it is done, or refused; never followed.
    if (!mirror.carryOut(plain(OperationKind::Remove, "way/secret")))
        return "the connection ended at a removal";
    const auto hashes = mirror.hashes(RelPath::of("way/secret"));
    if (!hashes || hashes->size != 0 || !hashes->hashes.isEmpty())
        return "the content behind it was read";
    const auto listed = mirror.list(RelPath::of("way"));
    if (!listed || listed->size() > 1)
        return "what is behind it was listed";
    return mirror.isAlive() ? QByteArray() : QByteArray("the mirror is gone");
}

Case linkUsed(const Planted &planted)
{
    return {"13 uses of a link " + planted.name,
            [planted](Scene &scene) { return useAll(scene, planted); }};
}

// One use each, on links of its own: the rest of the table above, case by case.
Case oneUse(const Planted &planted, qsizetype index)
{
    const QByteArray name = uses(HashKey{7})[index].first;
    return {name + " behind a link " + planted.name, [=](Scene &scene) -> QByteArray {
                Mirror mirror(scene, "link");
                if (!mirror.prepare())
                    return "not opened";
                (void)mirror.carryOut(makeSymlink("first", scene.outside));
                (void)mirror.carryOut(makeSymlink("way", planted.target(scene)));
                const auto outcome = mirror.carryOut(uses(HashKey{7})[index].second);
                if (!outcome)
                    return "the connection ended";
                return outcome->applied ? QByteArray("carried out") : QByteArray();
            }};
}

// A directory of the peer's own becomes a link, and is used in the same batch as a directory.
QByteArray swapsInABatch(Scene &scene)
{
    Mirror mirror(scene, "swapped");
    const HashKey key = mirror.request().key;
    if (!mirror.prepare())
        return "not opened";
    QList<Operation> batch{plain(OperationKind::Remove, "d/e"),
                           plain(OperationKind::Remove, "d/g"),
                           plain(OperationKind::Remove, "d"),
                           makeSymlink("d", scene.outside),
                           putFile("d/made", "content", key),
                           makeDirectory("d/e"),
                           plain(OperationKind::Rename, "d/stolen", "f")};
    quint64 sequence = mirror.nextSequence();
    for (Operation &one : batch)
        one.sequence = Sequence(sequence++);
    if (!mirror.caller().send(wire::Operations{batch}))
        return "not sent";
    int failures = 0;
    while (const auto message = mirror.caller().next(9000)) {
        failures += std::holds_alternative<wire::OperationFailed>(*message);
        const auto *done = std::get_if<wire::Acknowledgement>(&*message);
        if (done && done->applied == batch.last().sequence)
            return failures == 3 ? QByteArray() : QByteArray::number(failures) + " of three failed";
    }
    return "no acknowledgement";
}

// A link comes to stand where a directory stood by an exchange, and the directory's name is used.
QByteArray exchangesForALink(Scene &scene)
{
    Mirror mirror(scene, "exchanged");
    const HashKey key = mirror.request().key;
    if (!mirror.prepare() || !mirror.carryOut(makeSymlink("way", scene.outside))
        || !mirror.carryOut(plain(OperationKind::Exchange, "d", "way")))
        return "not opened";
    for (const Operation &use : {putFile("d/made", "content", key), makeDirectory("d/e/made"),
                                 plain(OperationKind::SetAttributes, "d/secret")}) {
        const auto outcome = mirror.carryOut(use);
        if (!outcome || outcome->applied)
            return "it was followed";
    }
    const auto moved = mirror.carryOut(putFile("way/made", "content", key));
    return moved && moved->applied ? QByteArray() : QByteArray("the directory did not move");
}

} // namespace

Cases linkCases()
{
    Cases all;
    for (const Planted &planted : plantedLinks())
        all.push_back(linkUsed(planted));
    for (const Planted &planted : plantedLinks().first(2)) {
        for (qsizetype i = 0; i < uses(HashKey{7}).size(); ++i)
            all.push_back(oneUse(planted, i));
    }
    all.push_back({"a directory becomes a link within one batch", swapsInABatch});
    all.push_back({"a directory and a link are exchanged", exchangesForALink});
    return all;
}

} // namespace octopus::hostile
