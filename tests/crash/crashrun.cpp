#include "tests/crash/crashrun.h"

#include "engine/archive/versions.h"

namespace octopus::crash {

using testing::SeededRandom;

static const QByteArray place("/replica");
static constexpr StreamId stream{0x5741};

static QByteArray text(const Error &error)
{
    return QByteArray(errorName(error.code)) + " (" + error.detail + ')';
}

static apply::OpenOptions openOptions()
{
    apply::OpenOptions options;
    options.vault = *VaultId::fromBytes(QByteArray(16, 'v'));
    options.primary = *MachineId::fromBytes(QByteArray(32, 'p'));
    options.adopt = true;
    return options;
}

CrashRun::CrashRun(const Script &script) : m_script(script), m_files(m_clock) {}

static Result<void> build(Root &root, const RelPath &path, const ModelNode &node)
{
    if (node.kind == EntryKind::Directory) {
        OCTOPUS_TRY(root.makeDirectory(path, node.attributes.mode));
    } else {
        const auto file = root.open(path, OpenMode::CreateNew);
        if (!file)
            return passOn(file);
        OCTOPUS_TRY((*file)->write(0, node.content));
        OCTOPUS_TRY((*file)->setMode(node.attributes.mode));
    }
    return {};
}

QByteArray CrashRun::found()
{
    const auto bypass = m_files.bypass(place);
    for (const auto &[path, node] : m_script.foreign) {
        if (const auto built = build(*bypass, path, node); !built)
            return "foreign entries: " + text(built.error());
    }
    for (const auto &[path, node] : m_script.foreign)
        (void)bypass->setModificationTime(path, node.attributes.mtimeNs);
    m_files.settle();
    if (const QByteArray complaint = open(); !complaint.isEmpty())
        return complaint;
    const auto begun = m_applier->beginStream(Epoch{1}, stream, m_script.key);
    return begun ? QByteArray() : "beginStream: " + text(begun.error());
}

QByteArray CrashRun::open()
{
    m_applier.reset();
    auto root = m_files.openRoot(place);
    if (!root)
        return "openRoot: " + text(root.error());
    m_root = std::move(*root);
    auto applier = apply::Applier::open(*m_root, m_clock, openOptions());
    if (!applier)
        return "open: " + text(applier.error());
    m_applier = std::move(*applier);
    return {};
}

QByteArray CrashRun::checkFailures(const QList<apply::FailedOperation> &failed, qsizetype from,
                                   qsizetype to) const
{
    for (qsizetype i = from; i < to; ++i) {
        const Step &step = m_script.steps[i];
        const Sequence sequence = step.operation.sequence;
        const apply::FailedOperation *told = nullptr;
        for (const apply::FailedOperation &one : failed) {
            if (one.sequence == sequence)
                told = &one;
        }
        const bool failedNow = told && !told->applied;
        if (failedNow == step.succeeds)
            return "operation " + QByteArray::number(number(sequence))
                + (failedNow ? " failed: " + text(told->error) : QByteArray(" did not fail"));
    }
    return {};
}

// Goes on where the target says that it holds the content; from the start where it says nothing.
Result<quint64> CrashRun::beginStage(const Step &step)
{
    quint64 offset = 0;
    for (const HeldStage &held : m_applier->heldStages()) {
        if (held.token == step.token)
            offset = held.end;
    }
    OCTOPUS_TRY(m_applier->beginStage({step.operation.stage, step.token, offset}));
    return offset;
}

QByteArray CrashRun::sendContent(const Step &step, bool mayPart)
{
    Result<quint64> from = 0;
    for (qsizetype i = 0; i < step.chunks.size(); ++i) {
        const bool parts = step.parts && mayPart && i > 0 && i + 1 == step.chunks.size();
        if (parts)
            m_applier->partStages();
        if (!step.token.isNull() && (i == 0 || parts))
            from = beginStage(step);
        if (!from)
            return "beginStage: " + text(from.error());
        StageChunk chunk = step.chunks[i];
        const quint64 end = chunk.offset + quint64(chunk.bytes.size());
        if (end <= *from)
            continue;
        if (chunk.offset < *from) {
            chunk.bytes = chunk.bytes.last(qsizetype(end - *from));
            chunk.offset = *from;
        }
        if (const auto added = m_applier->addChunk(chunk); !added)
            return "addChunk: " + text(added.error());
    }
    return {};
}

QByteArray CrashRun::playBatch(qsizetype from, qsizetype &next)
{
    QList<Operation> batch;
    next = from;
    for (; next < m_script.steps.size(); ++next) {
        const Step &step = m_script.steps[next];
        const bool startsAnew = step.checkpoint || step.pause > Milliseconds(0);
        if (next > from && (startsAnew || m_script.steps[next - 1].endsBatch))
            break;
        m_clock.advance(step.pause);
        if (step.checkpoint) {
            if (const auto done = m_applier->checkpoint(); !done)
                return "checkpoint: " + text(done.error());
        }
        if (const QByteArray complaint = sendContent(step, batch.isEmpty()); !complaint.isEmpty())
            return complaint;
        batch.append(step.operation);
    }
    const auto failed = m_applier->apply(batch);
    if (!failed)
        return "apply: " + text(failed.error());
    m_durable = m_applier->durable();
    return checkFailures(*failed, from, next);
}

QByteArray CrashRun::play()
{
    for (auto next = qsizetype(number(m_applier->applied())); next < m_script.steps.size();) {
        const qsizetype from = next;
        QByteArray complaint = playBatch(from, next);
        if (m_files.faults().isDead())
            return {};
        if (!complaint.isEmpty())
            return complaint;
    }
    return {};
}

QByteArray CrashRun::compareVersions(qsizetype applied)
{
    const auto bypass = m_files.bypass(place);
    const auto versions = archive::Versions::open(*bypass, RelPath::of(".octopus/versions"),
                                                  m_clock, openOptions().retention);
    if (!versions)
        return "versions: " + text(versions.error());
    const auto kept = (*versions)->listAll();
    if (!kept)
        return "versions: " + text(kept.error());
    const auto &expected = m_script.states[size_t(applied)].versions();
    for (const ModelVersion &version : expected) {
        const archive::Version *found = nullptr;
        for (const archive::Version &one : *kept) {
            const bool isIt =
                one.id.sequence == version.sequence && one.why != archive::KeptBecause::Found;
            found = isIt ? &one : found;
        }
        const QByteArray what = "version of " + version.path.bytes() + " before operation "
            + QByteArray::number(number(version.sequence));
        if (!found && version.mustBeKept)
            return what + " is not kept";
        if (!found)
            continue;
        const RelPath file = (*versions)->fileOf(found->id);
        const auto stat = bypass->stat(file);
        if (found->path != version.path || !stat || stat->kind != version.node->kind)
            return what + " is not what was there";
        if (stat->kind == EntryKind::Symlink
            && bypass->readSymlink(file) != version.node->linkTarget)
            return what + " leads elsewhere";
        if (stat->kind != EntryKind::File)
            continue;
        const auto opened = bypass->open(file, OpenMode::Read);
        if (!opened || (*opened)->read(0, 1 << 20) != version.node->content)
            return what + " has another content";
    }
    return {};
}

QByteArray CrashRun::compare()
{
    const auto applied = qsizetype(number(m_applier->applied()));
    if (m_applier->applied() < m_durable)
        return "only " + QByteArray::number(applied) + " operations, though "
            + QByteArray::number(number(m_durable)) + " were acknowledged";
    const auto bypass = m_files.bypass(place);
    const auto actual = testing::takeSnapshot(*bypass, {.directoryTimes = true});
    if (!actual)
        return "snapshot: " + text(actual.error());
    const QString differences =
        testing::differences(m_script.states[size_t(applied)].snapshot(), *actual);
    if (!differences.isEmpty())
        return "after " + QByteArray::number(applied) + " operations:\n" + differences.toUtf8();
    for (const auto &[path, entry] : m_script.states[size_t(applied)].entries()) {
        if (m_applier->isOwn(path) == entry.foreign)
            return path.bytes() + (entry.foreign ? " is taken for own" : " is taken for foreign");
    }
    std::map<RelPath, bool> failed;
    for (const apply::FailedOperation &one : m_applier->failures()) {
        if (!one.applied)
            failed[one.path] = one.inDoubt;
    }
    if (failed != m_script.states[size_t(applied)].failed())
        return "another set of open failures";
    return compareVersions(applied);
}

QByteArray CrashRun::playThrough()
{
    if (const QByteArray complaint = found(); !complaint.isEmpty())
        return complaint;
    const quint64 before = m_files.faults().mutatingCalls();
    if (const QByteArray complaint = play(); !complaint.isEmpty())
        return complaint;
    m_calls = m_files.faults().mutatingCalls() - before;
    if (const auto done = m_applier->checkpoint(); !done)
        return "checkpoint: " + text(done.error());
    return compare();
}

void CrashRun::die(Death death, Random &random)
{
    if (death == Death::Kill)
        m_files.kill();
    else
        m_files.crash(random);
}

// Recovery may be interrupted as well, more than once.
QByteArray CrashRun::recover(const Crash &crash)
{
    SeededRandom random(crash.seed);
    die(crash.death, random);
    for (int attempt = 0; attempt < 3 && random.below(2) == 0; ++attempt) {
        m_files.faults().dieAfter(random.below(40));
        const QByteArray complaint = open();
        const bool died = m_files.faults().isDead();
        if (!died && !complaint.isEmpty())
            return complaint;
        die(random.below(2) == 0 ? Death::Kill : Death::PowerLoss, random);
        if (!died)
            break;
    }
    return open();
}

QByteArray CrashRun::playWithCrash(const Crash &crash)
{
    if (const QByteArray complaint = found(); !complaint.isEmpty())
        return complaint;
    m_files.faults().dieAfter(crash.afterCalls);
    if (const QByteArray complaint = play(); !complaint.isEmpty())
        return complaint;
    if (const QByteArray complaint = recover(crash); !complaint.isEmpty())
        return "recovery: " + complaint;
    if (const QByteArray complaint = compare(); !complaint.isEmpty())
        return "recovered " + complaint;
    if (const QByteArray complaint = play(); !complaint.isEmpty())
        return "afterwards " + complaint;
    if (const auto done = m_applier->checkpoint(); !done)
        return "afterwards checkpoint: " + text(done.error());
    const QByteArray complaint = compare();
    return complaint.isEmpty() ? complaint : "afterwards " + complaint;
}

} // namespace octopus::crash
