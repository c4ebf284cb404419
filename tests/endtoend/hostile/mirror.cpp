#include "tests/endtoend/hostile/mirror.h"

#include "engine/base/random.h"

#include <QCryptographicHash>
#include <QElapsedTimer>

namespace octopus::hostile {

static constexpr int patience = 30'000; // ms; a checkpoint syncs the whole file system
static constexpr int beat = 2'000;      // ms; who is silent for 10 s is hung up on
static constexpr int attempts = 4;      // to greet an engine that has much else to do

wire::Hello ordinaryHello()
{
    wire::Hello hello;
    hello.name = QStringLiteral("hostile");
    hello.version = QStringLiteral("1");
    hello.instance = QByteArray(16, 'h');
    return hello;
}

std::unique_ptr<Caller> Scene::call(const Identity &identity, const TlsChoice &choice,
                                    const QHostAddress &from) const
{
    auto caller = std::make_unique<Caller>(identity, from.isNull() ? source : from, choice);
    if (!caller->connectTo(host, port))
        return nullptr;
    return caller;
}

std::unique_ptr<Caller> Scene::greet(const Identity &identity, const QHostAddress &from) const
{
    for (int i = 0; i < attempts; ++i) {
        auto caller = call(identity, {}, from);
        if (caller && caller->secure() && caller->send(ordinaryHello())
            && caller->await<wire::Hello>(patience))
            return caller;
    }
    return nullptr;
}

Mirror::Mirror(const Scene &scene, const QByteArray &name) : m_scene(scene)
{
    const QByteArray digest = QCryptographicHash::hash(name, QCryptographicHash::Sha256);
    m_request.vault = *VaultId::fromBytes(digest.first(16));
    m_request.vaultName = QStringLiteral("hostile");
    m_request.stream = StreamId(SystemRandom().next64() | 1);
    m_request.destination = scene.prefix + name;
    m_request.key = HashKey{7};
}

std::optional<wire::Message> Mirror::next()
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < patience) {
        const qint64 before = timer.elapsed();
        if (auto message = m_caller->next(beat))
            return message;
        // What cannot be read does not get better.
        if (timer.elapsed() - before < beat || m_caller->isClosed()
            || !m_caller->send(wire::Heartbeat{}))
            break;
    }
    return std::nullopt;
}

std::optional<wire::MirrorState> Mirror::open()
{
    m_caller = m_scene.greet(m_scene.paired);
    if (!m_caller || !m_caller->send(m_request))
        return std::nullopt;
    const auto message = next();
    if (!message || !std::holds_alternative<wire::MirrorState>(*message))
        return std::nullopt;
    return std::get<wire::MirrorState>(*message);
}

bool Mirror::prepare()
{
    m_request.stream = StreamId(SystemRandom().next64() | 1);
    if (!open() || !list(RelPath()))
        return false;
    m_sequence = 0;
    const HashKey key = m_request.key;
    for (const Operation &one :
         {makeDirectory(""), makeDirectory("d"), makeDirectory("d/e"), putFile("f", "content", key),
          putFile("d/g", "content", key), makeSymlink("l", "f")}) {
        const auto outcome = carryOut(one);
        if (!outcome || !outcome->applied)
            return false;
    }
    return true;
}

std::optional<Mirror::Outcome> Mirror::carryOut(Operation operation)
{
    operation.sequence = Sequence(++m_sequence);
    if (!m_caller->send(wire::Operations{{operation}}))
        return std::nullopt;
    Outcome outcome{true, {}, {}};
    while (const auto message = next()) {
        if (const auto *failed = std::get_if<wire::OperationFailed>(&*message);
            failed && failed->sequence == operation.sequence)
            outcome = {false, failed->code, failed->detail};
        const auto *done = std::get_if<wire::Acknowledgement>(&*message);
        if (done && done->applied >= operation.sequence)
            return outcome;
    }
    return std::nullopt;
}

std::optional<QList<wire::TreeEntry>> Mirror::list(const RelPath &path)
{
    QList<wire::TreeEntry> entries;
    if (!m_caller->send(wire::ListTree{++m_listing, path, false, false}))
        return std::nullopt;
    while (const auto message = next()) {
        if (const auto *part = std::get_if<wire::TreeListing>(&*message))
            entries.append(part->entries);
        if (std::holds_alternative<wire::TreeEnd>(*message))
            return entries;
    }
    return std::nullopt;
}

std::optional<wire::BlockHashes> Mirror::hashes(const RelPath &path)
{
    if (!m_caller->send(wire::BlocksRequest{1, path, 4096}))
        return std::nullopt;
    while (const auto message = next()) {
        if (const auto *hashes = std::get_if<wire::BlockHashes>(&*message))
            return *hashes;
    }
    return std::nullopt;
}

bool Mirror::isAlive()
{
    return hashes(RelPath::of("f")).has_value();
}

Operation plain(OperationKind kind, const QByteArray &path, const QByteArray &other)
{
    Operation operation;
    operation.kind = kind;
    operation.path = RelPath::of(path.constData());
    operation.other = RelPath::of(other.constData());
    operation.attributes = {0644, 0, 0, 1'000'000'000'000'000'000, {}};
    return operation;
}

Operation makeDirectory(const QByteArray &path, quint32 mode)
{
    Operation operation = plain(OperationKind::MakeDirectory, path);
    operation.attributes.mode = mode;
    return operation;
}

Operation putFile(const QByteArray &path, const QByteArray &content, HashKey key)
{
    Operation operation = plain(OperationKind::PutFile, path);
    operation.size = quint64(content.size());
    if (!content.isEmpty())
        operation.ranges = {{0, content}};
    operation.digest = contentDigest(operation.ranges, operation.size, key);
    return operation;
}

Operation makeSymlink(const QByteArray &path, const QByteArray &target)
{
    Operation operation = plain(OperationKind::MakeSymlink, path);
    operation.linkTarget = target;
    return operation;
}

} // namespace octopus::hostile
