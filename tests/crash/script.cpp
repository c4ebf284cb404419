#include "tests/crash/script.h"

#include "tests/support/fakeclock.h"

#include <algorithm>

namespace octopus::crash {

namespace {

class Writer
{
public:
    Writer(quint64 seed, const ScriptOptions &options) : m_random(seed), m_options(options) {}
    Script write();

private:
    bool oneIn(int n) { return m_random.below(quint64(n)) == 0; }
    template <typename T> T pick(const QList<T> &list)
    {
        return list[qsizetype(m_random.below(quint64(list.size())))];
    }
    void addForeign();
    RelPath anyPath();
    RelPath ownPath(bool (*accept)(const ModelEntry &));
    RelPath newPath();
    EntryAttributes attributes(EntryKind kind);
    QByteArray bytes(qsizetype length);
    Operation draw();
    OperationKind drawKind();
    void fillWhole(Operation &operation);
    void fillRanges(Operation &operation);
    void stage(Step &step);
    void keep(Step &step);
    void add(Operation operation);

    testing::SeededRandom m_random;
    const ScriptOptions m_options;
    Script m_script;
    ReplicaModel m_model;
    MonotonicTime m_now = testing::FakeClock().monotonic();
    quint64 m_stages = 0;
};

bool isFile(const ModelEntry &entry)
{
    return entry.node->kind == EntryKind::File;
}

bool isAny(const ModelEntry &)
{
    return true;
}

bool isNoDirectory(const ModelEntry &entry)
{
    return entry.node->kind != EntryKind::Directory;
}

void Writer::addForeign()
{
    const auto node = [&](EntryKind kind, const QByteArray &content) {
        EntryAttributes plain;
        plain.mode = kind == EntryKind::Directory ? 0755 : 0644;
        plain.mtimeNs = 1'600'000'000'000'000'000;
        return ModelNode{kind, plain, content, {}};
    };
    m_script.foreign = {{RelPath::of("foreign"), node(EntryKind::Directory, {})},
                        {RelPath::of("foreign/canary"), node(EntryKind::File, "untouched")},
                        {RelPath::of("b"), node(EntryKind::File, "in the way")}};
    if (oneIn(2))
        m_script.foreign.append({RelPath::of("c"), node(EntryKind::Directory, {})});
    for (const auto &[path, entry] : m_script.foreign)
        m_model.addForeign(path, entry);
}

RelPath Writer::anyPath()
{
    RelPath path;
    const quint64 depth = 1 + m_random.below(3);
    for (quint64 i = 0; i < depth; ++i) {
        const char name = char('a' + m_random.below(quint64(m_options.names)));
        path = *path.child(QByteArrayView(&name, 1));
    }
    return path;
}

// Some own entry, or any path where there is none.
RelPath Writer::ownPath(bool (*accept)(const ModelEntry &))
{
    QList<RelPath> paths;
    for (const auto &[path, entry] : m_model.entries()) {
        if (!entry.foreign && accept(entry))
            paths.append(path);
    }
    return paths.isEmpty() || oneIn(m_options.refusedOneIn) ? anyPath() : pick(paths);
}

// A path in an own directory, taken or not.
RelPath Writer::newPath()
{
    QList<RelPath> directories = {RelPath()};
    for (const auto &[path, entry] : m_model.entries()) {
        if (!entry.foreign && entry.node->kind == EntryKind::Directory && path.depth() < 3)
            directories.append(path);
    }
    if (oneIn(m_options.refusedOneIn))
        return anyPath();
    const char name = char('a' + m_random.below(quint64(m_options.names)));
    return *pick(directories).child(QByteArrayView(&name, 1));
}

EntryAttributes Writer::attributes(EntryKind kind)
{
    EntryAttributes out;
    const QList<quint32> modes = {0600, 0644, 0755, 0444, 04755};
    out.mode = pick(modes);
    out.uid = quint32(m_random.below(3)) * 500;
    out.gid = quint32(m_random.below(2)) * 100;
    // Few different times: equal ones must not be taken for equal things.
    out.mtimeNs = 1'700'000'000'000'000'000 + qint64(m_random.below(oneIn(3) ? 2 : 1'000'000'000));
    if (oneIn(4) && kind != EntryKind::Fifo)
        out.xattrs["user.tag"] = QByteArray::number(m_random.below(100));
    return out;
}

QByteArray Writer::bytes(qsizetype length)
{
    QByteArray out(length, char('A' + m_random.below(26)));
    for (qsizetype i = 0; i < length; i += 64)
        out[i] = char(m_random.below(256));
    return out;
}

OperationKind Writer::drawKind()
{
    using enum OperationKind;
    static const QList<OperationKind> kinds = {
        PutFile,       PutFile,     PutFile,     PutFile,       PutFile,       PutFile,
        WriteRanges,   WriteRanges, WriteRanges, MakeDirectory, MakeDirectory, MakeDirectory,
        MakeDirectory, MakeSymlink, MakeFifo,    Link,          Link,          Rename,
        Rename,        Rename,      Rename,      Rename,        Exchange,      Exchange,
        Remove,        Remove,      Remove,      Remove,        SetAttributes, SetAttributes,
        Adopt,         Consistent};
    return pick(kinds);
}

void Writer::fillWhole(Operation &operation)
{
    const auto length = qsizetype(m_random.below(quint64(oneIn(3) ? m_options.contentCap : 300)));
    quint64 offset = oneIn(4) ? 4096 * m_random.below(3) : 0;
    if (length > 0)
        operation.ranges.append({offset, bytes(length)});
    offset += quint64(length);
    if (oneIn(4)) {
        offset += m_random.below(9000);
        operation.ranges.append({offset, bytes(50)});
        offset += 50;
    }
    operation.size = offset + (oneIn(5) ? m_random.below(5000) : 0);
}

void Writer::fillRanges(Operation &operation)
{
    const auto found = m_model.entries().find(operation.path);
    const quint64 old =
        found == m_model.entries().end() ? 0 : quint64(found->second.node->content.size());
    operation.size = oneIn(3) ? m_random.below(old + 6000) : old;
    for (quint64 at = m_random.below(3000); at < operation.size && operation.ranges.size() < 3;) {
        const quint64 length = std::min(1 + m_random.below(2000), operation.size - at);
        operation.ranges.append({at, bytes(qsizetype(length))});
        at += length + 1 + m_random.below(6000);
    }
    if (operation.size > 0 && oneIn(3)) {
        const quint64 offset = m_random.below(operation.size);
        operation.holes.append({offset, 1 + m_random.below(operation.size - offset)});
    }
}

Operation Writer::draw()
{
    Operation operation;
    operation.kind = drawKind();
    operation.path = newPath();
    switch (operation.kind) {
    case OperationKind::PutFile:
        operation.attributes = attributes(EntryKind::File);
        fillWhole(operation);
        break;
    case OperationKind::WriteRanges:
        operation.path = ownPath(isFile);
        operation.attributes = attributes(EntryKind::File);
        fillRanges(operation);
        break;
    case OperationKind::MakeDirectory:
        operation.attributes = attributes(EntryKind::Directory);
        break;
    case OperationKind::MakeSymlink:
        operation.attributes = attributes(EntryKind::Symlink);
        operation.attributes.xattrs.clear();
        operation.linkTarget = bytes(1 + qsizetype(m_random.below(20))).replace('\0', '0');
        break;
    case OperationKind::MakeFifo: operation.attributes = attributes(EntryKind::Fifo); break;
    case OperationKind::Link: operation.other = ownPath(isNoDirectory); break;
    case OperationKind::Rename: operation.other = ownPath(isAny); break;
    case OperationKind::Exchange:
        operation.path = ownPath(isAny);
        operation.other = ownPath(isAny);
        break;
    case OperationKind::Remove: operation.path = ownPath(isAny); break;
    case OperationKind::SetAttributes: {
        operation.path = ownPath(isAny);
        const auto found = m_model.entries().find(operation.path);
        const bool isFifo =
            found != m_model.entries().end() && found->second.node->kind == EntryKind::Fifo;
        operation.attributes = attributes(isFifo ? EntryKind::Fifo : EntryKind::File);
        break;
    }
    case OperationKind::Adopt: operation.path = pick(m_script.foreign).first; break;
    case OperationKind::Consistent: operation.path = {}; break;
    }
    return operation;
}

// Sends the content ahead instead of inside.
void Writer::stage(Step &step)
{
    step.operation.stage = StageId(++m_stages);
    for (const DataRange &range : std::exchange(step.operation.ranges, {}))
        step.chunks.append({step.operation.stage, range.offset, range.bytes});
    if (step.chunks.isEmpty()) // a stage has at least one chunk
        step.operation.stage = {};
    else if (oneIn(2))
        keep(step);
}

// Under a token; in more chunks than there are ranges.
void Writer::keep(Step &step)
{
    const QByteArray name = QByteArray::number(m_stages).rightJustified(StageToken::size, 't');
    step.token = *StageToken::fromBytes(name);
    step.parts = oneIn(2);
    ContentDigest counted(m_script.key);
    ContentDigest joined(m_script.key, ContentDigest::Cuts::Joined);
    QList<StageChunk> pieces;
    for (const StageChunk &chunk : std::as_const(step.chunks)) {
        counted.add(chunk.offset, chunk.bytes);
        joined.add(chunk.offset, chunk.bytes);
        const qsizetype first = chunk.bytes.size() / 2;
        if (first > 0)
            pieces.append({chunk.stage, chunk.offset, chunk.bytes.first(first)});
        pieces.append({chunk.stage, chunk.offset + quint64(first), chunk.bytes.sliced(first)});
    }
    step.chunks = pieces;
    const bool isIntact = counted.finish(step.operation.size) == step.operation.digest;
    if (isIntact)
        step.operation.digest = joined.finish(step.operation.size);
}

void Writer::add(Operation operation)
{
    Step step;
    operation.sequence = Sequence(quint64(m_script.steps.size()) + 1);
    if (oneIn(6))
        step.pause = Milliseconds(1000 * qint64(1 + m_random.below(20)));
    m_now = m_now + step.pause;
    step.checkpoint = oneIn(m_options.checkpointOneIn);
    step.endsBatch = oneIn(3);
    operation.digest = contentDigest(operation.ranges, operation.size, m_script.key);
    if (oneIn(40))
        operation.digest.low ^= 1;
    const bool isIntact =
        operation.digest == contentDigest(operation.ranges, operation.size, m_script.key);
    const bool hasContent =
        operation.kind == OperationKind::PutFile || operation.kind == OperationKind::WriteRanges;
    if (hasContent && !isIntact) {
        m_model.refuse(operation);
        step.succeeds = false;
    } else {
        step.succeeds = m_model.apply(operation, m_now);
    }
    step.operation = std::move(operation);
    if (hasContent && oneIn(4))
        stage(step);
    m_script.steps.append(std::move(step));
    m_script.states.push_back(m_model);
}

Script Writer::write()
{
    addForeign();
    m_script.states.push_back(m_model);
    while (m_script.steps.size() < m_options.operations) {
        Operation operation = draw();
        ReplicaModel trial = m_model;
        // Most must be valid; some of those that are not go in as well.
        if (trial.apply(operation, m_now) || oneIn(m_options.refusedOneIn))
            add(std::move(operation));
    }
    return std::move(m_script);
}

} // namespace

static QByteArray kindText(OperationKind kind)
{
    static const char *const names[] = {"?",     "mkdir", "put",       "ranges",   "symlink",
                                        "fifo",  "link",  "rename",    "exchange", "remove",
                                        "attrs", "adopt", "consistent"};
    return names[int(kind)];
}

QByteArray Script::text() const
{
    QByteArray out;
    for (const Step &step : steps) {
        const Operation &operation = step.operation;
        if (step.checkpoint)
            out += "  checkpoint\n";
        if (step.pause > Milliseconds(0))
            out += "  pause " + QByteArray::number(qint64(step.pause.count())) + " ms\n";
        out +=
            "  " + QByteArray::number(number(operation.sequence)) + ' ' + kindText(operation.kind);
        if (operation.stage != StageId{})
            out += step.token.isNull() ? " (staged)"
                : step.parts           ? " (staged in parts)"
                                       : " (kept)";
        if (!operation.other.isRoot())
            out += ' ' + operation.other.bytes() + " ->";
        out += ' ' + operation.path.bytes();
        if (operation.kind == OperationKind::PutFile
            || operation.kind == OperationKind::WriteRanges)
            out += ", size " + QByteArray::number(operation.size);
        out += step.succeeds ? "" : ", fails";
        out += step.endsBatch ? "\n  --\n" : "\n";
    }
    return out;
}

Script makeScript(quint64 seed, const ScriptOptions &options)
{
    return Writer(seed, options).write();
}

} // namespace octopus::crash
