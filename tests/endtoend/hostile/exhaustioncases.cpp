// Floods, bombs and leaks: what a paired peer can make its target keep. Memory, threads and
// descriptors of the target are read from /proc.
#include "tests/endtoend/hostile/cases.h"

#include <QFile>

#include <algorithm>

namespace octopus::hostile {

namespace {

constexpr qint64 mebibyte = 1024 * 1024;

qint64 statusField(qint64 process, const QByteArray &name)
{
    QFile file(QStringLiteral("/proc/%1/status").arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(name + ':'))
            return line.sliced(name.size() + 1).simplified().split(' ').first().toLongLong();
    }
    return -1;
}

qint64 residentBytes(const Scene &scene)
{
    return statusField(scene.engine, "VmRSS") * 1024;
}

// Runs `flood` and looks at the target's memory while it lasts.
QByteArray grows(Scene &scene, qint64 most,
                 const std::function<void(const std::function<bool()> &)> &flood)
{
    const qint64 before = residentBytes(scene);
    qint64 peak = before;
    flood([&] {
        peak = std::max(peak, residentBytes(scene));
        return peak - before <= most;
    });
    peak = std::max(peak, residentBytes(scene));
    if (before > 0 && peak - before <= most)
        return {};
    return "the target's memory grew by " + QByteArray::number((peak - before) / mebibyte) + " MiB";
}

// Sends `bytes` over and over without reading an answer, until it is not taken any more.
QByteArray floodsWith(Scene &scene, const QByteArray &name, const QByteArray &bytes, int times,
                      qint64 most)
{
    Mirror mirror(scene, name);
    if (!mirror.prepare())
        return "not opened";
    return grows(scene, most, [&](const std::function<bool()> &go) {
        for (int i = 0; i < times && go(); ++i) {
            if (!mirror.caller().sendRaw(bytes, 1000))
                break;
        }
    });
}

QByteArray tinyOperations(Scene &scene)
{
    Mirror mirror(scene, "tiny");
    if (!mirror.prepare())
        return "not opened";
    quint64 sequence = mirror.nextSequence();
    return grows(scene, 192 * mebibyte, [&](const std::function<bool()> &go) {
        for (int batch = 0; batch < 100 && go(); ++batch) {
            QByteArray payload;
            for (int i = 0; i < 16384; ++i)
                payload += encoded(
                    {.kind = OperationKind::Remove, .sequence = sequence++, .path = "none"});
            if (!mirror.caller().sendRaw(frame(wire::MessageType::Operations, payload), 1000))
                break;
        }
    });
}

// Each fails with a long path in what is said of it; nobody reads the answers.
QByteArray failingOperations(Scene &scene)
{
    Mirror mirror(scene, "failures");
    if (!mirror.prepare())
        return "not opened";
    quint64 sequence = mirror.nextSequence();
    const QByteArray path = QByteArray("abcdefg/").repeated(120) + "none";
    return grows(scene, 192 * mebibyte, [&](const std::function<bool()> &go) {
        for (int batch = 0; batch < 200 && go(); ++batch) {
            QByteArray payload;
            for (int i = 0; i < 2000; ++i)
                payload += encoded(
                    {.kind = OperationKind::SetAttributes, .sequence = sequence++, .path = path});
            if (!mirror.caller().sendRaw(frame(wire::MessageType::Operations, payload), 1000))
                break;
        }
    });
}

QByteArray manyFailures(Scene &scene)
{
    Mirror mirror(scene, "toomany");
    if (!mirror.prepare())
        return "not opened";
    quint64 sequence = mirror.nextSequence();
    for (int batch = 0; batch < 12; ++batch) {
        QByteArray payload;
        for (int i = 0; i < 1000; ++i)
            payload += encoded({.kind = OperationKind::SetAttributes,
                                .sequence = sequence++,
                                .path = "none" + QByteArray::number(batch * 1000 + i)});
        (void)mirror.caller().sendRaw(frame(wire::MessageType::Operations, payload));
    }
    if (!mirror.caller().ending(20'000).closed)
        return "12,000 failures are kept";
    Mirror again(scene, "toomany");
    return again.prepare() ? QByteArray() : QByteArray("the mirror cannot be opened any more");
}

QByteArray beyondTheCredit(Scene &scene)
{
    const QByteArray megabyte =
        frame(wire::MessageType::StageChunk, varint(5) + varint(0) + QByteArray(mebibyte, 'c'));
    return floodsWith(scene, "credit", megabyte, 400, 192 * mebibyte);
}

QByteArray hashFlood(Scene &scene)
{
    const QByteArray one = wire::encode(wire::BlocksRequest{1, RelPath::of("f"), 4096});
    return floodsWith(scene, "hashes", one.repeated(10'000), 40, 96 * mebibyte);
}

QByteArray listFlood(Scene &scene)
{
    const QByteArray one = wire::encode(wire::ListTree{1, RelPath(), true, false});
    return floodsWith(scene, "listings", one.repeated(1'000), 20, 96 * mebibyte);
}

QByteArray heartbeatFlood(Scene &scene)
{
    return floodsWith(scene, "beats", QByteArray(wire::encode(wire::Heartbeat{})).repeated(50'000),
                      20, 96 * mebibyte);
}

QByteArray stagesAreDropped(Scene &scene)
{
    Mirror mirror(scene, "stages");
    if (!mirror.prepare())
        return "not opened";
    for (quint64 stage = 1; stage <= 3000; ++stage) {
        if (!mirror.caller().send(StageChunk{StageId(stage), 0, "left behind"}))
            break;
    }
    Mirror again(scene, "stages");
    if (!again.prepare())
        return "not opened again";
    const QByteArray folder = scene.grant + '/' + scene.prefix + "stages/.octopus/staging";
    // A new stream has begun: what the old one left is gone.
    QByteArray left;
    for (int stage = 1; stage <= 3000; ++stage) {
        Operation put = putFile("staged", "left behind", HashKey{7});
        put.ranges.clear();
        put.stage = StageId(quint64(stage));
        if (stage % 500)
            continue;
        const auto outcome = again.carryOut(put);
        if (!outcome || outcome->applied)
            left = "a stage of an earlier connection can be used";
    }
    return left;
}

// Each mirror is a thread and a folder; nobody needs so many.
QByteArray manyVaults(Scene &scene)
{
    constexpr int most = 64;
    int opened = 0;
    for (int i = 0; i < 2 * most; ++i) {
        Mirror mirror(scene, "vault" + QByteArray::number(i));
        opened += mirror.open().has_value();
    }
    const qint64 threads = statusField(scene.engine, "Threads");
    if (opened < most / 2)
        return "only " + QByteArray::number(opened) + " vaults can be mirrored";
    return threads > 0 && threads < most + 32
        ? QByteArray()
        : QByteArray::number(threads) + " threads for " + QByteArray::number(opened) + " vaults";
}

QByteArray manySessions(Scene &scene)
{
    constexpr int most = 64;
    std::vector<std::unique_ptr<Caller>> callers;
    for (int i = 0; i < most + 16; ++i) {
        if (auto caller = scene.greet(scene.ungranted))
            callers.push_back(std::move(caller));
    }
    QElapsedTimer timer;
    timer.start();
    qsizetype open = 0;
    do {
        open = std::ranges::count_if(callers,
                                     [](const auto &caller) { return !caller->ending(5).closed; });
    } while (open > most && timer.elapsed() < 3000); // those that say nothing live for 5 s
    return open <= most ? QByteArray()
                        : QByteArray::number(open) + " sessions of one peer are open";
}

// Two files of the largest size that the disk takes, all holes; then their hashes. The connection
// ends, and so must the work.
QByteArray sparseBomb(Scene &scene)
{
    Mirror mirror(scene, "sparse");
    if (!mirror.prepare())
        return "not opened";
    Operation bomb = putFile("bomb", {}, HashKey{7});
    bomb.size = quint64(1) << 43;
    bomb.digest = contentDigest({}, bomb.size, HashKey{7});
    const auto made = mirror.carryOut(bomb);
    if (!made)
        return "the connection ended";
    if (!made->applied)
        return {}; // this file system does not take it
    for (quint32 i = 0; i < 8; ++i)
        (void)mirror.caller().send(wire::BlocksRequest{i, RelPath::of("bomb"), 1 << 20});
    (void)mirror.caller().send(wire::ListTree{9, RelPath(), true, true});
    mirror.caller().abort();
    // The same replica is at hand at once.
    Mirror again(scene, "sparse");
    if (!again.prepare())
        return "the replica does not open any more";
    const auto removed = again.carryOut(plain(OperationKind::Remove, "bomb"));
    return removed && removed->applied ? QByteArray() : QByteArray("it cannot be removed");
}

} // namespace

Cases exhaustionCases()
{
    return {
        {"1.6 million tiny operations", tinyOperations},
        {"operations that fail, and nobody who reads of it", failingOperations},
        {"12,000 failures", manyFailures},
        {"400 MiB of content without credit", beyondTheCredit},
        {"400,000 requests for hashes", hashFlood},
        {"20,000 requests for listings", listFlood},
        {"a million heartbeats", heartbeatFlood},
        {"3,000 stages that are left behind", stagesAreDropped},
        {"a file of 8 TiB of nothing, hashed and listed", sparseBomb},
        {"80 sessions of one peer", manySessions},
        {"128 vaults", manyVaults},
    };
}

} // namespace octopus::hostile
