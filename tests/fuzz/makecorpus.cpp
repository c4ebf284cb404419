// makecorpus FOLDER: writes the seeds of the fuzz targets, a folder for each. Made from values, so
// that they always have the present format.
#include "engine/apply/journal.h"
#include "engine/apply/layout.h"
#include "engine/apply/manifest.h"
#include "engine/apply/planned.h"
#include "engine/apply/replicarecord.h"
#include "engine/archive/grouplog.h"
#include "engine/archive/versions.h"
#include "engine/control/command.h"
#include "engine/control/json.h"
#include "engine/link/ticket.h"
#include "engine/model/operationcodec.h"
#include "engine/store/configuration.h"
#include "engine/store/verificationcodec.h"
#include "engine/wire/codec.h"
#include "tests/engine/wire/messagegenerator.h"
#include "tests/fuzz/memoryroot.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>

#include <cstdio>

using namespace octopus;

namespace {

class Corpus
{
public:
    Corpus(const QString &folder, const char *target)
        : m_folder(folder + u'/' + QString::fromLatin1(target))
    {
        QDir(m_folder).removeRecursively();
        QDir().mkpath(m_folder);
    }
    void add(QByteArrayView bytes)
    {
        QFile file(m_folder + QStringLiteral("/%1").arg(m_count++, 4, 10, QLatin1Char('0')));
        const bool written = file.open(QIODevice::WriteOnly)
            && file.write(bytes.data(), bytes.size()) == bytes.size() && file.flush();
        if (!written)
            qFatal("cannot write %s", qPrintable(file.fileName()));
    }

private:
    const QString m_folder;
    int m_count = 0;
};

constexpr qsizetype largestSeed = 4000; // bytes; larger ones only slow the fuzzer down

// Small payloads, later ones with the help of those before.
void addCompressed(const QString &folder, Corpus &frames)
{
    Corpus payloads(folder, "compression");
    for (const int level : {1, 6, 9}) {
        wire::Compressor compressor;
        QByteArray stream(1, '\1');
        QByteArray list;
        for (int i = 0; i < 4; ++i) {
            const QByteArray bytes = QByteArray("the same again, ").repeated(10 + 20 * i);
            const QByteArray frame =
                compressor.compress(wire::encode(StageChunk{StageId(1), 0, bytes}), level);
            const QByteArrayView payload = QByteArrayView(frame).sliced(wire::frameHeaderSize);
            list += char(payload.size());
            list += char(payload.size() >> 8);
            list += payload;
            payloads.add(list);
            stream += frame;
        }
        frames.add(stream);
    }
}

void makeWireSeeds(const QString &folder)
{
    Corpus frames(folder, "frames");
    Corpus messages(folder, "messages");
    wire::MessageGenerator generator(1);
    for (int round = 0; round < 4; ++round) {
        QByteArray stream(1, char(round * 60));
        for (size_t kind = 0; kind < std::variant_size_v<wire::Message>; ++kind) {
            const QByteArray frame = wire::encode(generator.message(kind));
            if (frame.size() > largestSeed)
                continue;
            messages.add(frame[4] + frame.sliced(wire::frameHeaderSize));
            if (stream.size() + frame.size() <= largestSeed)
                stream += frame;
        }
        frames.add(stream);
    }
    addCompressed(folder, frames);
}

void makeOperationSeeds(const QString &folder)
{
    Corpus corpus(folder, "operation");
    OperationGenerator generator(2);
    for (int round = 0; round < 3; ++round) {
        for (quint8 kind = 1; kind <= lastOperationKind; ++kind) {
            QByteArray bytes;
            encodeOperation(bytes, generator.operation(OperationKind(kind), Sequence(kind)));
            if (bytes.size() <= largestSeed)
                corpus.add(bytes);
        }
    }
}

void makeGroupSeeds(const QString &folder)
{
    Corpus corpus(folder, "groups");
    OperationGenerator generator(3);
    QByteArray log;
    corpus.add(log);
    for (quint64 number = 0; number < 6; ++number) {
        log += archive::encodeGroup(7, number, generator.bytes(0, 60));
        corpus.add(log);
    }
    corpus.add(log.chopped(5));
    corpus.add(log + archive::encodeGroup(6, 9, "an older generation"));
}

// The parts, each behind its length, as the targets of stored logs take them.
QByteArray withLengths(const QList<QByteArray> &parts)
{
    QByteArray out;
    for (const QByteArray &part : parts) {
        if (part.size() < 256)
            out += char(part.size()) + part;
    }
    return out;
}

apply::PlannedOperation plannedOperation(OperationGenerator &generator, OperationKind kind)
{
    apply::PlannedOperation planned;
    planned.operation = generator.operation(kind, Sequence(quint64(kind)));
    planned.keepOld = generator.chance(50);
    if (kind == OperationKind::Exchange)
        planned.pathIdentity = {generator.number(), generator.number(), 3};
    return planned;
}

void makeJournalSeeds(const QString &folder)
{
    Corpus records(folder, "records");
    Corpus journal(folder, "journal");
    OperationGenerator generator(4);
    QByteArray groups;
    for (quint8 kind = 1; kind <= lastOperationKind; ++kind) {
        QByteArray bytes;
        encodeRecord(bytes, plannedOperation(generator, OperationKind(kind)));
        if (kind % 3 == 0)
            encodeRecord(bytes,
                         apply::FailedOperation{.sequence = Sequence(kind),
                                                .path = generator.path(),
                                                .other = kind == 3 ? RelPath::of("n") : RelPath(),
                                                .error = {ErrorCode::NoSpace, "full", 28}});
        if (bytes.size() > largestSeed)
            continue;
        records.add(bytes);
        groups += withLengths({bytes});
        journal.add(char(kind == 1 ? 3 : 1) + groups + QByteArray(groups.size(), '\x42'));
    }
    fuzz::MemoryRoot root;
    if (const auto file = apply::Journal::create(root, {2, StreamId(3), Sequence(4)}); file)
        journal.add('\0' + root.at(apply::layout::journal()));
}

void makeManifestSeeds(const QString &folder)
{
    Corpus corpus(folder, "manifest");
    fuzz::MemoryRoot root;
    const auto manifest = apply::Manifest::create(root);
    if (!manifest)
        qFatal("no manifest");
    apply::OwnEntry directory;
    directory.kind = EntryKind::Directory;
    (*manifest)->put(RelPath::of("a"), directory);
    (*manifest)->put(RelPath::of("a/b"), {});
    (*manifest)->put(RelPath::of("c"), {});
    (*manifest)->move(RelPath::of("a"), RelPath::of("d"));
    (*manifest)->swap(RelPath::of("d"), RelPath::of("c"));
    (*manifest)->drop(RelPath::of("c/b"));
    (*manifest)->failures().add({.sequence = Sequence(1),
                                 .path = RelPath::of("x"),
                                 .error = {ErrorCode::Corrupt, "bad", 0}});
    if (!(*manifest)->save({StreamId(1), Sequence(2), 3}))
        qFatal("the manifest cannot be saved");
    const QByteArray &file = root.at(apply::layout::manifest());
    corpus.add('\0' + file);
    // The payload of the second group: behind the head and the first group.
    const qsizetype second = file.lastIndexOf(QByteArray("\x01\x01"
                                                         "a",
                                                         3));
    corpus.add('\1' + withLengths({file.sliced(second)}));
}

void makeReplicaSeeds(const QString &folder)
{
    Corpus corpus(folder, "replica");
    apply::ReplicaRecord record;
    record.vault = VaultId::fromBytes(QByteArray(16, 'v')).value();
    record.primary = MachineId::fromBytes(QByteArray(32, 'p')).value();
    fuzz::MemoryRoot root;
    if (!writeReplicaRecord(root, record))
        qFatal("the record cannot be written");
    const QByteArray &file = root.at(apply::layout::replica());
    corpus.add('\0' + file);
    corpus.add('\1' + file.chopped(8));
}

void makeVersionSeeds(const QString &folder)
{
    Corpus corpus(folder, "versions");
    const SystemClock clock;
    fuzz::MemoryRoot root;
    const auto versions = archive::Versions::open(root, RelPath::of("v"), clock, Milliseconds(1));
    if (!versions)
        qFatal("no versions");
    for (quint64 i = 1; i < 4; ++i)
        (*versions)->remember({{StreamId(i), Sequence(i)},
                               RelPath::of("some/file"),
                               EntryKind::File,
                               archive::KeptBecause::Removed,
                               WallTime{1'700'000'000'000'000'000}});
    if (!(*versions)->flush())
        qFatal("the index cannot be written");
    const QByteArray &file = root.at(RelPath::of("v/index"));
    corpus.add('\0' + file);
    // One entry: its numbers, then the path behind its length.
    const qsizetype path = file.lastIndexOf("some/file");
    corpus.add('\1' + withLengths({file.sliced(path - 27, 36), file.sliced(path - 27, 36)}));
}

MachineId machine(char letter)
{
    return MachineId::fromBytes(QByteArray(32, letter)).value();
}

Vault sampleVault()
{
    Vault vault;
    vault.id = VaultId::fromBytes(QByteArray(16, 'v')).value();
    vault.name = QStringLiteral("Documents");
    vault.sources = {"/home/somebody/Documents", QByteArray("/data/\xff", 7)};
    vault.rules = {{"*.txt"}, {".cache", "build/*"}};
    vault.targets = {{machine('p'), "/srv/copy", true, false}};
    return vault;
}

void makeConfigurationSeeds(const QString &folder)
{
    Corpus corpus(folder, "configuration");
    store::Configuration configuration;
    corpus.add(store::encode(configuration));
    configuration.machineName = QStringLiteral("laptop");
    configuration.vaults = {sampleVault()};
    corpus.add(store::encode(configuration));
    Peer peer;
    peer.id = machine('p');
    peer.name = QStringLiteral("server");
    peer.addresses = {QStringLiteral("192.0.2.1:17290"), QStringLiteral("[2001:db8::1]:17290")};
    configuration.peers = {peer};
    store::OutstandingTicket ticket;
    ticket.secretHash = sha256("secret");
    ticket.expires = WallTime{1'800'000'000'000'000'000};
    ticket.grant = "/srv";
    configuration.tickets = {ticket};
    corpus.add(store::encode(configuration));
}

void makeVerificationSeeds(const QString &folder)
{
    Corpus corpus(folder, "verifications");
    corpus.add(store::encodeVerifications({}));
    VerificationRecord record;
    record.summary = {WallTime{1'795'348'800'000'000'000},
                      12,
                      2,
                      Milliseconds(1500),
                      sha256("all").toHex(),
                      true};
    record.differences = {{RelPath::of("a/b"), "content"}, {RelPath::of("\xff"), "missing"}};
    corpus.add(store::encodeVerifications({record, VerificationRecord()}));
}

void makeTicketSeeds(const QString &folder)
{
    Corpus corpus(folder, "ticket");
    link::Ticket ticket;
    ticket.inviter = machine('i');
    ticket.secret = QByteArray(link::Ticket::secretSize, 's');
    ticket.expires = WallTime{1'800'000'000'000'000'000};
    ticket.hosts = {QStringLiteral("192.0.2.1")};
    const auto add = [&] {
        const QString text = link::encodeTicket(ticket);
        const QByteArray base64 = text.mid(text.indexOf(u':') + 1).toLatin1();
        corpus.add('\0' + text.toLatin1());
        corpus.add('\0' + link::encodeTicketForQr(ticket).toLatin1());
        corpus.add('\1' + QByteArray::fromBase64(base64, QByteArray::Base64UrlEncoding).chopped(4));
    };
    add();
    ticket.hosts += {QStringLiteral("2001:db8::1"), QStringLiteral("host.example")};
    add();
}

void makeTransportSeeds(const QString &folder)
{
    Corpus lists(folder, "transport");
    lists.add("auto");
    lists.add("eth0,socks5://joe:s%40cret@proxy:1080,unix:/run/tunnel.sock,ipv6,ipv4,auto");
    lists.add("socks5://joe:***@[2001:db8::1]");
}

void makeCommandSeeds(const QString &folder)
{
    Corpus corpus(folder, "command");
    const auto add = [&](const QJsonObject &line) {
        corpus.add(QJsonDocument(line).toJson(QJsonDocument::Compact));
    };
    using namespace control;
    AddVault addVault;
    addVault.name = QStringLiteral("Documents");
    addVault.sources = {"/home/somebody", QByteArray("/data/\xff", 7)};
    addVault.targets = {{QStringLiteral("server"), "/srv/copy"}};
    EditVault edit;
    edit.vault = addVault.name;
    edit.limit = 1000;
    edit.excludes = {{"*.tmp"}};
    const QList<Command> commands{GetIdentity{},
                                  ListPeers{},
                                  Invite{"/srv", std::chrono::minutes(9)},
                                  Pair{QStringLiteral("octopus:AAAA")},
                                  Grant{addVault.name, "/srv"},
                                  addVault,
                                  edit,
                                  RemoveVault{addVault.name, true},
                                  Resume{addVault.name, {}, true},
                                  WaitInSync{addVault.name}};
    for (const Command &command : commands)
        add({{QStringLiteral("id"), 1},
             {QStringLiteral("command"), commandName(command)},
             {QStringLiteral("arguments"), commandArguments(command)}});

    EngineStatus status;
    add({{QStringLiteral("result"), toJson(status)}});
    MirrorStatus mirror;
    mirror.peer = machine('p');
    mirror.destination = QByteArray("/srv/\xff", 6);
    mirror.lag = Milliseconds(12);
    mirror.lastInSync = WallTime{1'700'000'000'000'000'000};
    status.vaults = {{sampleVault(), {mirror}}};
    status.replicas.append(ReplicaStatus{});
    add({{QStringLiteral("result"), toJson(status)}});
    const Failure failure{{ErrorCode::NoSpace, "no room", 28}, {"/a", "b"}};
    add({{QStringLiteral("error"), toJson(failure)}});
}

} // namespace

int main(int count, char **values)
{
    if (count != 2) {
        std::fprintf(stderr, "makecorpus FOLDER\n");
        return 2;
    }
    const QString folder = QFile::decodeName(values[1]);
    makeWireSeeds(folder);
    makeOperationSeeds(folder);
    makeGroupSeeds(folder);
    makeJournalSeeds(folder);
    makeManifestSeeds(folder);
    makeReplicaSeeds(folder);
    makeVersionSeeds(folder);
    makeConfigurationSeeds(folder);
    makeVerificationSeeds(folder);
    makeTicketSeeds(folder);
    makeTransportSeeds(folder);
    makeCommandSeeds(folder);
    return 0;
}
