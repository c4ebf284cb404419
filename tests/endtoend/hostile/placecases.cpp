// Paired peers at places, vaults and sessions that are not theirs.
#include "tests/endtoend/hostile/cases.h"

namespace octopus::hostile {

namespace {

constexpr int soon = 8000; // ms; at once, but for a busy machine

using Edit = std::function<void(const Scene &, wire::OpenMirror &)>;

Case refused(const QByteArray &name, ErrorCode code, const Edit &edit)
{
    return {"opens " + name, [=](Scene &scene) -> QByteArray {
                Mirror mirror(scene, "place-" + name.left(8).toHex());
                edit(scene, mirror.request());
                if (mirror.open())
                    return "it was let in";
                const auto caller = scene.greet(scene.paired);
                if (!caller || !caller->send(mirror.request()))
                    return "cannot ask again";
                return mustRefuse(*caller, code, soon);
            }};
}

Case refusedAt(const QByteArray &name, ErrorCode code,
               const std::function<QByteArray(const Scene &)> &destination)
{
    return refused(name, code, [destination](const Scene &scene, wire::OpenMirror &open) {
        open.destination = destination(scene);
    });
}

Cases outsideTheGrant()
{
    const ErrorCode foreign = ErrorCode::NotGranted;
    const ErrorCode wrong = ErrorCode::Invalid;
    return {
        refusedAt("a folder outside", foreign, [](auto &s) { return s.outside + "/mirror"; }),
        refusedAt("the outside itself", foreign, [](auto &s) { return s.outside; }),
        refusedAt("the root of the system", foreign, [](auto &) { return QByteArray("/"); }),
        refusedAt("/etc/octopus", foreign, [](auto &) { return QByteArray("/etc/octopus"); }),
        refusedAt("a neighbour whose name begins like the grant", foreign,
                  [](auto &s) { return s.grant + "-and-more/x"; }),
        refusedAt("the grant itself", wrong, [](auto &s) { return s.grant; }),
        refusedAt("the grant with a slash", wrong, [](auto &s) { return s.grant + '/'; }),
        refusedAt("no place at all", wrong, [](auto &) { return QByteArray(); }),
        refusedAt("two slashes", wrong, [](auto &s) { return s.prefix + "a//b"; }),
        refusedAt("a slash at the end", wrong, [](auto &s) { return s.prefix + "a/"; }),
        refusedAt("a name of 256 bytes", wrong,
                  [](auto &s) { return s.prefix + QByteArray(256 - s.prefix.size(), 'n'); }),
        refusedAt("a path of 300 components", wrong,
                  [](auto &s) { return s.prefix + QByteArray("x/").repeated(300) + 'x'; }),
        refusedAt("a planted link to the outside", ErrorCode::NotDirectory,
                  [](auto &) { return QByteArray("planted-link"); }),
        refusedAt("a folder behind a planted link", ErrorCode::OutsideRoot,
                  [](auto &) { return QByteArray("planted-link/mirror"); }),
        refusedAt("the same by its absolute path", ErrorCode::OutsideRoot,
                  [](auto &s) { return s.grant + "/planted-link/mirror"; }),
        refusedAt("a file", ErrorCode::NotDirectory,
                  [](auto &) { return QByteArray("planted-file"); }),
        refusedAt("a folder below a file", ErrorCode::NotDirectory,
                  [](auto &) { return QByteArray("planted-file/mirror"); }),
        refusedAt("a folder with other people's files", ErrorCode::Refused,
                  [](auto &) { return QByteArray("planted-folder"); }),
    };
}

Cases otherReplicas()
{
    const ErrorCode code = ErrorCode::Refused;
    const auto inHonest = [](const char *below, bool adopt) {
        return [=](const Scene &scene, wire::OpenMirror &open) {
            open.destination = scene.honest + below;
            open.adopt = adopt;
        };
    };
    const auto asHonest = [](const Scene &scene, wire::OpenMirror &open) {
        open.vault = *VaultId::fromBytes(scene.honestVault);
    };
    return {
        refused("another peer's replica", code, inHonest("", false)),
        refused("another peer's replica, to adopt it", code, inHonest("", true)),
        refused("a folder in another peer's replica", code, inHonest("/stolen", false)),
        refused("a deep folder in another peer's replica", code, inHonest("/stolen/a/b", true)),
        refused("the control folder of another replica", code, inHonest("/.octopus", true)),
        refused("a folder in the control folder of another replica", code,
                inHonest("/.octopus/staging/mine", true)),
        refused("another peer's vault in its place", code,
                [=](const Scene &scene, wire::OpenMirror &open) {
                    asHonest(scene, open);
                    open.destination = scene.honest;
                }),
    };
}

// Fields that no OpenMirror may have; the connection ends without a word of what is there.
Cases malformed()
{
    Cases all;
    const auto with = [&](const QByteArray &name, int key, const QCborValue &value) {
        all.push_back({"opens with " + name, [=](Scene &scene) -> QByteArray {
                           Fields fields{{0, QByteArray(16, 'v')},
                                         {1, QStringLiteral("vault")},
                                         {2, 1},
                                         {3, 1},
                                         {4, scene.prefix + "m"},
                                         {5, false},
                                         {6, 1}};
                           fields[key].second = value;
                           const auto caller = scene.greet(scene.paired);
                           if (!caller)
                               return "not greeted";
                           (void)caller->sendRaw(
                               frame(wire::MessageType::OpenMirror, cbor(fields)));
                           return mustClose(*caller, soon);
                       }});
    };
    for (const QByteArray &place :
         {QByteArray(".."), QByteArray("../x"), QByteArray("a/../../x"), QByteArray("a/./b"),
          QByteArray("."), QByteArray("a\0b", 3), QByteArray("/../etc"), QByteArray(4096, 'x')})
        with("the destination " + place.left(20).toPercentEncoding(), 4, place);
    with("a vault of 15 bytes", 0, QByteArray(15, 'v'));
    with("a vault of 17 bytes", 0, QByteArray(17, 'v'));
    with("a name with a slash", 1, QStringLiteral("a/b"));
    with("a name that starts with a dot", 1, QStringLiteral(".."));
    with("a name that starts with a dash", 1, QStringLiteral("-rf"));
    with("an empty name", 1, QString());
    with("a name with an escape", 1, QStringLiteral("a\x1b]0;b"));
    with("epoch 0", 2, 0);
    with("a negative epoch", 2, -1);
    with("stream 0", 3, 0);
    with("a number instead of a flag", 5, 1);
    return all;
}

QByteArray withoutGrant(Scene &scene)
{
    const auto caller = scene.greet(scene.ungranted);
    if (!caller)
        return "not greeted";
    (void)caller->send(Mirror(scene, "ungranted").request());
    return mustRefuse(*caller, ErrorCode::NotGranted, soon);
}

QByteArray withTheGrantOfAnother(Scene &scene)
{
    const auto caller = scene.greet(scene.ungranted);
    wire::OpenMirror open = Mirror(scene, "ungranted").request();
    open.destination = scene.grant + '/' + scene.prefix + "x";
    if (!caller)
        return "not greeted";
    (void)caller->send(open);
    return mustRefuse(*caller, ErrorCode::NotGranted, soon);
}

// A vault's id is no secret; what another peer calls so is another vault, at its own place.
QByteArray vaultOfAnother(Scene &scene)
{
    Mirror mirror(scene, "samevault");
    mirror.request().vault = *VaultId::fromBytes(scene.honestVault);
    return mirror.prepare() && mirror.isAlive() ? QByteArray()
                                                : QByteArray("its own mirror failed");
}

QByteArray twoVaultsOnePlace(Scene &scene)
{
    Mirror first(scene, "shared");
    Mirror second(scene, "another");
    second.request().destination = first.request().destination;
    if (!first.open())
        return "not opened";
    if (second.open())
        return "the second vault was let in";
    second.request().destination += "/below";
    if (second.open())
        return "a vault below the first was let in";
    return {};
}

QByteArray opensAgain(Scene &scene)
{
    Mirror first(scene, "again");
    if (!first.prepare())
        return "not opened";
    Mirror second(scene, "again");
    if (!second.open())
        return "not opened again";
    return mustClose(first.caller(), soon); // one session a mirror
}

QByteArray goesBackInEpochs(Scene &scene)
{
    Mirror mirror(scene, "epochs");
    mirror.request().epoch = Epoch(5);
    if (!mirror.prepare())
        return "not opened";
    mirror.request().epoch = Epoch(4);
    mirror.request().stream = StreamId(99);
    const auto caller = scene.greet(scene.paired);
    if (!caller)
        return "not greeted";
    (void)caller->send(mirror.request());
    return mustRefuse(*caller, ErrorCode::VersionMismatch, soon);
}

QByteArray lastEpoch(Scene &scene)
{
    Mirror mirror(scene, "lastepoch");
    mirror.request().epoch = Epoch(~quint64(0));
    return mirror.prepare() && mirror.isAlive() ? QByteArray()
                                                : QByteArray("its own mirror failed");
}

} // namespace

Cases placeCases()
{
    Cases all = outsideTheGrant();
    for (auto more : {otherReplicas(), malformed()})
        all.insert(all.end(), more.begin(), more.end());
    all.push_back({"a paired peer without a grant opens a mirror", withoutGrant});
    all.push_back({"a paired peer names the grant of another", withTheGrantOfAnother});
    all.push_back({"another peer's vault at a place of one's own", vaultOfAnother});
    all.push_back({"two vaults in one place, and one below the other", twoVaultsOnePlace});
    all.push_back({"a mirror is opened while it is open", opensAgain});
    all.push_back({"an epoch lower than one that was seen", goesBackInEpochs});
    all.push_back({"the highest epoch there is", lastEpoch});
    return all;
}

} // namespace octopus::hostile
