#include "engine/replicas.h"

#include "engine/apply/layout.h"
#include "engine/apply/replicarecord.h"
#include "engine/base/log.h"
#include "engine/granted.h"

#include <QTimer>

#include <algorithm>

namespace octopus {

// A connection that does not say what it is about is closed after this.
static constexpr int openingTime = 5000; // ms
// Each is a thread and a few descriptors; a peer has no more sessions than this either.
static constexpr qsizetype replicasPerPeer = 64;

Replicas::~Replicas() = default;

// From any thread.
static void dropLater(link::Channel *channel)
{
    channel->deleteLater();
}

void Replicas::take(const link::Incoming &incoming)
{
    const quint64 arrival = ++m_lastArrival;
    auto channel = std::make_unique<link::Channel>(incoming);
    link::Channel *line = channel.get();
    m_arriving.emplace(arrival, std::move(channel));
    connect(line, &link::Channel::received, this,
            [this, arrival, incoming](const wire::Message &message) {
                if (auto node = m_arriving.extract(arrival))
                    begin(std::move(node.mapped()), incoming, message);
            });
    const auto drop = [this, arrival] {
        if (auto node = m_arriving.extract(arrival))
            node.mapped().release()->deleteLater();
    };
    connect(line, &link::Channel::closed, this, drop);
    QTimer::singleShot(openingTime, this, drop);
}

// The first message of a connection says what it is about.
void Replicas::begin(std::unique_ptr<link::Channel> channel, const link::Incoming &incoming,
                     const wire::Message &message)
{
    channel->hold(); // until it is on the replica's thread
    channel->disconnect(this);
    if (std::holds_alternative<wire::GrantsRequest>(message))
        return tellGrants(std::move(channel), incoming.peer);
    const auto *opening = std::get_if<wire::OpenMirror>(&message);
    if (!opening) {
        channel->refuse({ErrorCode::Corrupt, "a connection begins with its mirror", {}});
        channel.release()->deleteLater();
        return;
    }
    // Not from within its own signal: it moves to another thread.
    QMetaObject::invokeMethod(
        this,
        [this, line = channel.release(), incoming, request = *opening] {
            open(std::unique_ptr<link::Channel>(line), incoming.peer, incoming.hello.name, request);
        },
        Qt::QueuedConnection);
}

// On a thread of the pool: a file system may take its time.
void Replicas::tellGrants(std::unique_ptr<link::Channel> channel, const MachineId &peer)
{
    const auto tell = [this, line = std::shared_ptr<link::Channel>(channel.release(), &dropLater),
                       folders = m_peers.grants(peer), now = m_clock.wall()] {
        const wire::Grants grants = describeGrants(folders, m_files, now);
        QMetaObject::invokeMethod(
            this,
            [line, grants] {
                line->send(wire::Message(grants));
                line->close();
            },
            Qt::QueuedConnection);
    };
    if (!m_inquiries.tryStart(tell))
        qCDebug(logMirror) << "too many ask for grants at the same time";
}

static Result<void> makeBelow(Root &grant, const RelPath &path)
{
    if (path.isRoot())
        return {};
    OCTOPUS_TRY(makeBelow(grant, path.parent()));
    const auto made = grant.makeDirectory(path, 0700);
    if (!made && made.error().code != ErrorCode::Exists)
        return made;
    return {};
}

static std::unexpected<Error> anotherIsThere()
{
    return failure(ErrorCode::Refused, "another replica is kept in this place");
}

// Refused: on the way to `path` there is a replica, or it is one that is not `open`'s, whether
// it was opened since this program started or not.
static Result<void> checkReplicas(Root &grant, const RelPath &path, const MachineId &peer,
                                  const wire::OpenMirror &open)
{
    for (RelPath at = path; !at.isRoot(); at = at.parent()) {
        if (at.name() == apply::controlFolder)
            return anotherIsThere();
        // A damaged one at the path itself is a matter of whoever opens the replica.
        const auto record = apply::readReplicaRecord(grant, at);
        if (record && !*record)
            continue;
        const bool isOurs = at == path
            && (!record || ((*record)->primary == peer && (*record)->vault == open.vault));
        const bool isRecord = record || record.error().code == ErrorCode::Corrupt
            || record.error().code == ErrorCode::VersionMismatch;
        if (isRecord && !isOurs)
            return anotherIsThere();
    }
    return {};
}

// A disk that is not mounted, say: what would be put there instead would hide it, and fill another.
static Result<void> expectReplica(Root &grant, const RelPath &path, const QByteArray &absolute)
{
    const auto record = apply::readReplicaRecord(grant, path);
    if (record && !*record)
        return failure(ErrorCode::NotFound, "there is no replica at " + absolute + " any more");
    return {}; // a damaged one is there
}

// Nothing is made before everything was checked.
Result<mirror::ReplicaSettings> Replicas::settle(const MachineId &peer,
                                                 const wire::OpenMirror &open)
{
    for (const QByteArray &grant : m_peers.grants(peer)) {
        const auto part = partBelow(open.destination, grant);
        if (!part)
            continue;
        const auto path = RelPath::parse(*part);
        if (!path || path->isRoot())
            return failure(ErrorCode::Invalid,
                           "the destination must be a folder of its own below a granted folder");
        const QByteArray absolute = (grant.endsWith('/') ? grant : grant + '/') + path->bytes();
        dropVanished({peer, open.vault}, absolute);
        if (overlapsAnother({peer, open.vault}, absolute))
            return anotherIsThere();
        if (!open.founded)
            OCTOPUS_TRY(m_files.makePath(grant));
        const auto root = m_files.openRoot(grant);
        if (!root)
            return passOn(root);
        OCTOPUS_TRY(checkReplicas(**root, *path, peer, open));
        if (open.founded)
            OCTOPUS_TRY(expectReplica(**root, *path, absolute));
        OCTOPUS_TRY(makeBelow(**root, *path));
        const auto stat = (*root)->stat(*path);
        if (!stat)
            return passOn(stat);
        if (stat->kind != EntryKind::Directory)
            return failure(ErrorCode::NotDirectory, "the destination is not a folder");
        return mirror::ReplicaSettings{open.vault, peer, absolute, open.adopt, stat->identity};
    }
    return failure(ErrorCode::NotGranted, "no folder is granted for this destination");
}

// Two folders of which one is, or holds, the other.
static bool overlap(const QByteArray &one, const QByteArray &other)
{
    return one == other || one.startsWith(other + '/') || other.startsWith(one + '/');
}

// Others that would be in the way, but are not where they were: of a vault that was removed, say, and
// whose folder somebody has removed since.
void Replicas::dropVanished(const Key &key, const QByteArray &destination)
{
    std::erase_if(m_replicas, [&](const auto &x) {
        const Replica &replica = x.second;
        if (x.first == key || !overlap(replica.destination, destination)
            || replica.status.phase != Phase::Offline || replica.status.vault.isNull())
            return false;
        const auto root = m_files.openRoot(replica.destination);
        const auto stat = root ? (*root)->stat(RelPath()) : Result<EntryStat>(passOn(root));
        return stat ? stat->identity != replica.identity : stat.error().code == ErrorCode::NotFound;
    });
}

bool Replicas::overlapsAnother(const Key &key, const QByteArray &destination) const
{
    return std::ranges::any_of(m_replicas, [&](const auto &x) {
        return x.first != key && overlap(x.second.destination, destination);
    });
}

// Those without a connection make room; their primary opens them again when it comes.
Result<void> Replicas::makeRoom(const MachineId &peer)
{
    const auto isOf = [&](const auto &x) { return x.first.primary == peer; };
    if (std::ranges::count_if(m_replicas, isOf) < replicasPerPeer)
        return {};
    const auto idle = std::ranges::find_if(m_replicas, [&](const auto &x) {
        return isOf(x) && x.second.status.phase == Phase::Offline
            && !x.second.status.vault.isNull();
    });
    if (idle == m_replicas.end())
        return failure(ErrorCode::LimitReached, "too many mirrors of one machine");
    m_replicas.erase(idle);
    return {};
}

Replicas::Replica &Replicas::launch(const mirror::ReplicaSettings &settings, const QString &name)
{
    const Key key{settings.primary, settings.vault};
    // What an earlier one has said before it ended says nothing of this one.
    const auto find = [this, key, run = ++m_lastRun] {
        const auto it = m_replicas.find(key);
        return it != m_replicas.end() && it->second.run == run ? it : m_replicas.end();
    };
    auto runner = std::make_unique<Runner>(settings, m_files, m_clock);
    connect(runner.get(), &Runner::statusChanged, this, [this, find](const ReplicaStatus &x) {
        const auto it = find();
        if (it == m_replicas.end())
            return;
        it->second.status = x;
        Q_EMIT changed();
    });
    const auto end = [this, find] {
        const auto it = find();
        if (it == m_replicas.end())
            return;
        m_replicas.erase(it);
        Q_EMIT changed();
    };
    connect(runner.get(), &Runner::erased, this, end);
    connect(runner.get(), &Runner::refused, this, end);
    Replica replica{m_lastRun,
                    settings.destination,
                    settings.identity,
                    std::make_unique<WorkerThread<Runner>>(std::move(runner),
                                                           QStringLiteral("replica ") + name),
                    {}};
    return m_replicas.emplace(key, std::move(replica)).first->second;
}

void Replicas::open(std::unique_ptr<link::Channel> channel, const MachineId &peer,
                    const QString &name, const wire::OpenMirror &open)
{
    const auto refuse = [&](const Error &error) {
        qCWarning(logMirror) << "refused a mirror of" << name << ':' << displayText(error.detail);
        channel->refuse({error.code, error.detail, {}});
        channel.release()->deleteLater();
    };
    const auto settings = settle(peer, open);
    if (!settings)
        return refuse(settings.error());
    auto known = m_replicas.find({peer, open.vault});
    if (known != m_replicas.end()
        && (known->second.destination != settings->destination
            || known->second.identity != settings->identity)) {
        m_replicas.erase(known);
        known = m_replicas.end();
    }
    if (known == m_replicas.end()) {
        if (const auto room = makeRoom(peer); !room)
            return refuse(room.error());
    }
    Replica &replica =
        known == m_replicas.end() ? launch(*settings, open.vaultName) : known->second;
    WorkerThread<Runner> &worker = *replica.worker;
    channel->moveToThread(worker.thread());
    worker.post([line = channel.release(), open, name](Runner &runner) {
        runner.serve(std::unique_ptr<link::Channel>(line), open, name);
    });
}

QList<ReplicaStatus> Replicas::status() const
{
    QList<ReplicaStatus> all;
    for (const auto &[key, replica] : m_replicas) {
        if (!replica.status.vault.isNull())
            all.append(replica.status);
    }
    return all;
}

void Replicas::review(const MachineId &peer)
{
    const QList<QByteArray> grants = m_peers.grants(peer);
    const wire::Refusal why = m_peers.isPaired(peer)
        ? wire::Refusal{ErrorCode::NotGranted, "the grant for this destination was revoked", {}}
        : wire::Refusal{ErrorCode::NotPaired, "this machine is not paired with yours", {}};
    std::erase_if(m_replicas, [&](const auto &x) {
        const Replica &replica = x.second;
        const auto covers = [&](const QByteArray &grant) {
            return partBelow(replica.destination, grant).has_value();
        };
        if (x.first.primary != peer || std::ranges::any_of(grants, covers))
            return false;
        replica.worker->post([why](Runner &runner) { runner.dismiss(why); });
        return true;
    });
    Q_EMIT changed();
}

void Replicas::stopAll()
{
    m_arriving.clear();
    m_replicas.clear();
}

} // namespace octopus
