#include "engine/mirror/targetrunner.h"

#include "engine/apply/replicarecord.h"
#include "engine/base/log.h"
#include "engine/wire/codec.h"

#include <algorithm>

namespace octopus::mirror {

static constexpr int publishInterval = 500; // ms
static constexpr int placeInterval = 5000;  // no event tells that something is mounted over it

TargetRunner::TargetRunner(ReplicaSettings settings, FileSystem &files, const Clock &clock)
    : m_settings(std::move(settings)),
      m_files(files),
      m_clock(clock),
      m_dueTimer(this),
      m_publishTimer(this),
      m_placeTimer(this)
{
    m_dueTimer.setSingleShot(true);
    m_publishTimer.setInterval(publishInterval);
    m_placeTimer.setInterval(placeInterval);
    connect(&m_dueTimer, &QTimer::timeout, this, &TargetRunner::pump);
    connect(&m_publishTimer, &QTimer::timeout, this, &TargetRunner::publish);
    connect(&m_placeTimer, &QTimer::timeout, this, &TargetRunner::watchOverPlace);
}

TargetRunner::~TargetRunner() = default;

std::unexpected<Error> TargetRunner::isGone() const
{
    return failure(ErrorCode::NotFound,
                   "there is no replica at " + m_settings.destination + " any more");
}

Result<void> TargetRunner::openReplica(const wire::OpenMirror &open)
{
    auto root = m_files.openRoot(m_settings.destination);
    if (!root)
        return passOn(root);
    const auto stat = (*root)->stat(RelPath());
    if (!stat)
        return passOn(stat);
    if (stat->identity != m_settings.identity)
        return failure(ErrorCode::Busy, "the destination was replaced while it was opened");
    if (open.founded) { // it may have been erased since that was looked at
        const auto record = apply::readReplicaRecord(**root);
        if (record && !*record)
            return isGone();
    }
    auto applier = apply::Applier::open(**root, m_clock,
                                        {.vault = m_settings.vault,
                                         .primary = m_settings.primary,
                                         .adopt = open.adopt || m_settings.adopt});
    if (!applier)
        return passOn(applier);
    m_root = std::move(*root);
    m_target =
        std::make_unique<Target>(*m_root, std::move(*applier), m_clock, m_settings.destination);
    return {};
}

void TargetRunner::serve(std::unique_ptr<link::Channel> channel, const wire::OpenMirror &open,
                         const QString &primaryName)
{
    m_publishTimer.start();
    m_placeTimer.start();
    m_vaultName = open.vaultName;
    m_primaryName = primaryName;
    m_channel = std::move(channel);
    connect(m_channel.get(), &link::Channel::received, this, &TargetRunner::onReceived);
    connect(m_channel.get(), &link::Channel::writable, this, &TargetRunner::pump);
    connect(m_channel.get(), &link::Channel::closed, this, [this] {
        m_channel.release()->deleteLater(); // it is emitting this very signal
        if (m_target)
            m_target->disconnected();
        publish();
        pumpLater();
    });
    m_channel->release();
    if (!m_target) {
        if (const auto opened = openReplica(open); !opened) {
            fail(opened.error());
            if (opened.error().code == ErrorCode::Refused)
                Q_EMIT refused();
            return;
        }
    }
    m_failure.reset();
    m_parted.reset();
    m_target->connected(open);
    pump();
}

void TargetRunner::dismiss(const wire::Refusal &why)
{
    if (m_channel)
        m_channel->refuse(why);
}

void TargetRunner::stop()
{
    m_publishTimer.stop();
    m_placeTimer.stop();
    m_dueTimer.stop();
    m_channel.reset();
    m_target.reset();
    m_root.reset();
}

void TargetRunner::onReceived(const wire::Message &message)
{
    if (!m_target)
        return;
    if (const auto *refusal = std::get_if<wire::Refusal>(&message)) {
        onRefusal(*refusal);
        return;
    }
    if (const auto taken = m_target->receive(message); !taken) {
        qCWarning(logMirror) << "closing the primary's connection:" << taken.error().detail;
        m_channel->refuse({taken.error().code, taken.error().detail, {}});
        return;
    }
    if (m_target->isFull())
        m_channel->hold();
    pumpLater();
}

// The primary ends it, and says why.
void TargetRunner::onRefusal(const wire::Refusal &refusal)
{
    qCWarning(logMirror) << "the primary" << m_primaryName
                         << "has ended the mirror:" << displayText(refusal.detail);
    if (refusal.code == ErrorCode::NotPaired) {
        const QByteArray name = displayText(m_primaryName.toUtf8()).toUtf8();
        m_parted = Halt{HaltReason::NotPaired, '"' + name + "\" says: " + refusal.detail, {}};
    }
    m_channel->close();
    publish();
}

void TargetRunner::pumpLater()
{
    if (std::exchange(m_pumpQueued, true))
        return;
    QMetaObject::invokeMethod(this, &TargetRunner::pump, Qt::QueuedConnection);
}

void TargetRunner::pump()
{
    m_pumpQueued = false;
    if (!m_target)
        return;
    const auto more = m_target->work();
    if (!more) {
        fail(more.error());
        return;
    }
    if (m_channel && m_target->hasRoom())
        m_channel->release();
    bool waiting = false;
    while (m_channel && !(waiting = m_channel->pendingBytes() >= link::highWater)) {
        const auto message = m_target->next();
        if (!message)
            break;
        m_channel->send(*message);
    }
    if (m_channel && m_target->refusal() && !waiting)
        m_channel->close(); // it has been said why
    if (m_target->isErased()) {
        if (m_channel)
            m_channel->close();
        m_target.reset();
        Q_EMIT erased();
        return;
    }
    if (*more && !waiting)
        pumpLater();
    if (const auto due = m_target->nextDue()) {
        const Nanoseconds wait = std::max(*due - m_clock.monotonic(), Nanoseconds(0));
        m_dueTimer.start(std::chrono::ceil<Milliseconds>(wait) + Milliseconds(1));
    }
}

// What is written to a replica that was moved, removed or hidden by a mount must not pass for one
// that is there.
void TargetRunner::watchOverPlace()
{
    if (!m_target || m_root->isInPlace())
        return;
    fail(isGone().error());
    Q_EMIT refused();
}

// The replica cannot be served now. It is opened anew, with recovery, when the primary comes again.
void TargetRunner::fail(const Error &error)
{
    qCWarning(logMirror) << "replica at" << displayText(m_settings.destination)
                         << "failed:" << displayText(error.detail);
    QList<QByteArray> paths;
    if (error.code == ErrorCode::Refused) {
        if (auto root = m_files.openRoot(m_settings.destination)) {
            const auto foreign = apply::Applier::foreignEntries(**root, wire::maximumListedPaths);
            for (const RelPath &path : foreign.value_or(QList<RelPath>()))
                paths.append(path.bytes());
        }
    }
    m_failure = Problem{RelPath(), ProblemCode::CannotApply, error.detail, m_clock.wall()};
    m_target.reset();
    m_root.reset();
    if (m_channel)
        m_channel->refuse({error.code, error.detail, paths});
    publish();
}

void TargetRunner::publish()
{
    ReplicaStatus status;
    status.vault = m_settings.vault;
    status.name = m_vaultName;
    status.primary = m_settings.primary;
    status.primaryName = m_primaryName;
    status.destination = m_settings.destination;
    if (m_target) {
        status.consistent = m_target->applier().record().consistent;
        status.asOf = m_target->lastApplied();
        status.phase = !m_channel ? Phase::Offline
            : status.consistent   ? Phase::Mirroring
                                  : Phase::Copying;
    }
    if (m_parted && !m_channel) {
        status.phase = Phase::Halted;
        status.halt = m_parted;
    }
    if (m_failure)
        status.problems.append(*m_failure);
    if (m_published == status)
        return;
    m_published = status;
    Q_EMIT statusChanged(status);
}

} // namespace octopus::mirror
