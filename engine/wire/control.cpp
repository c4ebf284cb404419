#include "engine/wire/control.h"

#include "engine/model/bytes.h"
#include "engine/wire/fieldreader.h"
#include "engine/wire/fieldwriter.h"

#include <bit>

namespace octopus::wire {

// The numbers of error codes travel; whoever adds one adds it before Other and raises the protocol.
static_assert(quint8(ErrorCode::NotFound) == 1 && quint8(ErrorCode::Other) == 25);

namespace {

constexpr quint32 smallestBlock = 4 * 1024;
constexpr quint32 largestBlock = 1024 * 1024;
constexpr qsizetype pairBytes = 32; // nonces and commitments
constexpr quint32 largestPort = 65535;

// The fields of each message with their keys and limits, for both directions: V is a FieldWriter or
// a FieldReader. Keys are never given to another field, and new fields get higher ones.
template <typename V, typename T> using Field = typename V::template Field<T>;

template <typename V> void fields(V &v, Field<V, Hello> m)
{
    v.number(0, m.lowest, 1);
    v.number(1, m.highest, 1);
    v.name(2, m.name);
    v.label(3, m.version);
    v.bytes(4, m.instance, 16, 16);
}

template <typename V> void fields(V &v, Field<V, PairRequest> m)
{
    v.bytes(0, m.secret, 16, 64);
    v.name(1, m.name);
}

template <typename V> void fields(V &v, Field<V, PairAccepted> m)
{
    v.name(0, m.name);
}

template <typename V> void fields(V &v, Field<V, PairCommit> m)
{
    v.bytes(0, m.commitment, pairBytes, pairBytes);
    v.number(1, m.port, 0, largestPort);
}

template <typename V> void fields(V &v, Field<V, PairNonce> m)
{
    v.bytes(0, m.nonce, pairBytes, pairBytes);
    v.number(1, m.port, 0, largestPort);
}

template <typename V> void fields(V &v, Field<V, PairReveal> m)
{
    v.bytes(0, m.nonce, pairBytes, pairBytes);
}

template <typename V> void fields(V &v, Field<V, Refusal> m)
{
    v.error(0, m.code);
    v.detail(1, m.detail);
    v.listedPaths(2, m.paths);
}

template <typename V> void fields(V &v, Field<V, OpenMirror> m)
{
    v.vault(0, m.vault);
    v.vaultName(1, m.vaultName);
    v.number(2, m.epoch, 1);
    v.number(3, m.stream, 1);
    v.destination(4, m.destination);
    v.flag(5, m.adopt);
    v.number(6, m.key.seed);
    v.laterFlag(7, m.founded);
}

template <typename V> void fields(V &v, Field<V, MirrorState> m)
{
    v.number(0, m.epoch);
    v.number(1, m.stream);
    v.number(2, m.applied);
    v.flag(3, m.consistent);
    v.flag(4, m.canSetOwner);
    v.destination(5, m.destination);
    v.number(6, m.credit);
    v.held(7, m.held);
}

template <typename V> void fields(V &v, Field<V, StageBegin> m)
{
    v.number(0, m.stage, 1);
    v.token(1, m.token);
    v.number(2, m.offset, 0, maximumFileSize);
}

template <typename V> void fields(V &v, Field<V, ListTree> m)
{
    v.number(0, m.request);
    v.path(1, m.path);
    v.flag(2, m.withContent);
    v.flag(3, m.forVerification);
}

template <typename V> void fields(V &v, Field<V, TreeEnd> m)
{
    v.number(0, m.request);
    v.number(1, m.entries);
    v.listedPaths(2, m.unreadable);
}

template <typename V> void fields(V &v, Field<V, BlocksRequest> m)
{
    v.number(0, m.request);
    v.path(1, m.path);
    v.number(2, m.blockSize, smallestBlock, largestBlock);
}

template <typename V> void fields(V &v, Field<V, StageDrop> m)
{
    v.number(0, m.stage, 1);
}

template <typename V> void fields(V &v, Field<V, Acknowledgement> m)
{
    v.number(0, m.received);
    v.number(1, m.durable);
    v.number(2, m.applied);
    v.number(3, m.credit);
}

template <typename V> void fields(V &v, Field<V, OperationFailed> m)
{
    v.number(0, m.sequence, 1);
    v.error(1, m.code);
    v.detail(2, m.detail);
}

template <typename V> void fields(V &v, Field<V, CloseMirror> m)
{
    v.flag(0, m.erase);
}

template <typename V> void fields(V &v, Field<V, Grants> m)
{
    v.number(0, m.time);
    v.listedPaths(1, m.folders);
    v.numbers(2, m.freeBytes, Grants::maximumFolders);
    v.numbers(3, m.faults, Grants::maximumFolders);
}

template <typename V> void fields(V &, Field<V, GrantsRequest>) {}
template <typename V> void fields(V &, Field<V, Heartbeat>) {}
template <typename V> void fields(V &, Field<V, MirrorClosed>) {}
template <typename V> void fields(V &, Field<V, PairConfirm>) {}

template <typename T>
constexpr bool isBulk = std::is_same_v<T, Operations> || std::is_same_v<T, TreeListing>
    || std::is_same_v<T, BlockHashes> || std::is_same_v<T, StageChunk>;

// What concerns more than one field.
template <typename T> bool isSound(const T &)
{
    return true;
}
bool isSound(const Hello &m)
{
    return m.lowest <= m.highest;
}
bool isSound(const BlocksRequest &m)
{
    return std::has_single_bit(m.blockSize) && !m.path.isRoot();
}

bool isSound(const Grants &m)
{
    return m.folders.size() == m.freeBytes.size() && m.folders.size() == m.faults.size()
        && std::ranges::all_of(m.folders, [](const QByteArray &x) { return x.startsWith('/'); });
}

template <typename T> Result<Message> decodeAs(QByteArrayView payload)
{
    T message;
    FieldReader reader(payload);
    fields(reader, message);
    if (!reader.finish() || !isSound(message))
        return failure(ErrorCode::Corrupt, "a control message is malformed");
    return Message(std::move(message));
}

} // namespace

bool Grants::add(const QByteArray &folder, quint64 free, quint64 fault)
{
    qsizetype bytes = folder.size();
    for (const QByteArray &one : std::as_const(folders))
        bytes += one.size();
    if (folders.size() >= maximumFolders || bytes > maximumBytes)
        return false;
    folders.append(folder);
    freeBytes.append(free);
    faults.append(fault);
    return true;
}

MessageType typeOf(const Message &message)
{
    // In the order of the variant.
    static constexpr MessageType types[] = {
        MessageType::Hello,           MessageType::PairRequest, MessageType::PairAccepted,
        MessageType::Refusal,         MessageType::OpenMirror,  MessageType::MirrorState,
        MessageType::ListTree,        MessageType::TreeListing, MessageType::TreeEnd,
        MessageType::BlocksRequest,   MessageType::BlockHashes, MessageType::Operations,
        MessageType::StageChunk,      MessageType::StageDrop,   MessageType::Acknowledgement,
        MessageType::OperationFailed, MessageType::Heartbeat,   MessageType::CloseMirror,
        MessageType::MirrorClosed,    MessageType::StageBegin,  MessageType::GrantsRequest,
        MessageType::Grants,          MessageType::PairCommit,  MessageType::PairNonce,
        MessageType::PairReveal,      MessageType::PairConfirm};
    static_assert(std::size(types) == std::variant_size_v<Message>);
    return types[message.index()];
}

QByteArray encodeControl(const Message &message)
{
    FieldWriter writer;
    std::visit(
        [&writer]<typename T>(const T &content) {
            if constexpr (!isBulk<T>)
                fields(writer, content);
        },
        message);
    return writer.map();
}

Result<Message> decodeControl(MessageType type, QByteArrayView payload)
{
    switch (type) {
    case MessageType::Hello: return decodeAs<Hello>(payload);
    case MessageType::PairRequest: return decodeAs<PairRequest>(payload);
    case MessageType::PairAccepted: return decodeAs<PairAccepted>(payload);
    case MessageType::Refusal: return decodeAs<Refusal>(payload);
    case MessageType::OpenMirror: return decodeAs<OpenMirror>(payload);
    case MessageType::MirrorState: return decodeAs<MirrorState>(payload);
    case MessageType::ListTree: return decodeAs<ListTree>(payload);
    case MessageType::TreeEnd: return decodeAs<TreeEnd>(payload);
    case MessageType::BlocksRequest: return decodeAs<BlocksRequest>(payload);
    case MessageType::StageDrop: return decodeAs<StageDrop>(payload);
    case MessageType::Acknowledgement: return decodeAs<Acknowledgement>(payload);
    case MessageType::OperationFailed: return decodeAs<OperationFailed>(payload);
    case MessageType::Heartbeat: return decodeAs<Heartbeat>(payload);
    case MessageType::CloseMirror: return decodeAs<CloseMirror>(payload);
    case MessageType::MirrorClosed: return decodeAs<MirrorClosed>(payload);
    case MessageType::StageBegin: return decodeAs<StageBegin>(payload);
    case MessageType::GrantsRequest: return decodeAs<GrantsRequest>(payload);
    case MessageType::Grants: return decodeAs<Grants>(payload);
    case MessageType::PairCommit: return decodeAs<PairCommit>(payload);
    case MessageType::PairNonce: return decodeAs<PairNonce>(payload);
    case MessageType::PairReveal: return decodeAs<PairReveal>(payload);
    case MessageType::PairConfirm: return decodeAs<PairConfirm>(payload);
    default: return failure(ErrorCode::Corrupt, "no such control message");
    }
}

} // namespace octopus::wire
