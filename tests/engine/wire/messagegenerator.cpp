#include "tests/engine/wire/messagegenerator.h"

#include "engine/model/bytes.h"
#include "engine/wire/codec.h"

#include <algorithm>
#include <array>
#include <utility>

namespace octopus::wire {

QString MessageGenerator::name()
{
    static constexpr char16_t letters[] = u"abc XYZ09_-.\u00e9\u4e2d\u0416\u202e";
    QString name(qsizetype(1 + m_any.below(maximumName)), u'n');
    for (qsizetype i = 1; i < name.size(); ++i)
        name[i] = letters[m_any.below(std::size(letters) - 1)];
    return name;
}

QByteArray MessageGenerator::destination()
{
    return (m_any.chance(50) ? "/" : "") + m_any.path().bytes();
}

QList<QByteArray> MessageGenerator::listedPaths()
{
    QList<QByteArray> paths;
    const quint64 count = m_any.chance(5) ? 100 : m_any.below(4);
    while (quint64(paths.size()) < count)
        paths.append(m_any.bytes(0, 30));
    return paths;
}

template <> Hello MessageGenerator::make()
{
    const auto lowest = quint32(1 + m_any.below(5));
    return {lowest, lowest + quint32(m_any.below(5)), name(), m_any.chance(10) ? QString() : name(),
            m_any.bytes(16, 16)};
}

template <> PairRequest MessageGenerator::make()
{
    return {m_any.bytes(16, 64), name()};
}

template <> PairAccepted MessageGenerator::make()
{
    return {name()};
}

template <> Refusal MessageGenerator::make()
{
    return {code(), m_any.bytes(0, 60), listedPaths()};
}

template <> OpenMirror MessageGenerator::make()
{
    return {VaultId::fromBytes(m_any.bytes(16, 16)).value(),
            name(),
            Epoch(m_any.number() | 1),
            StreamId(m_any.number() | 1),
            destination(),
            m_any.chance(50),
            HashKey{m_any.number()},
            m_any.chance(50)};
}

template <> MirrorState MessageGenerator::make()
{
    MirrorState state{Epoch(m_any.number()),    StreamId(m_any.number()),
                      Sequence(m_any.number()), m_any.chance(50),
                      m_any.chance(50),         destination(),
                      m_any.number(),           std::nullopt};
    if (m_any.chance(70))
        state.held.emplace();
    for (quint64 left = m_any.below(MirrorState::maximumHeld + 1); state.held && left > 0; --left)
        state.held->append({token(), 1 + m_any.number() / 4});
    return state;
}

template <> ListTree MessageGenerator::make()
{
    return {quint32(m_any.number()), m_any.chance(30) ? RelPath() : m_any.path(), m_any.chance(50),
            m_any.chance(50)};
}

template <> TreeListing MessageGenerator::make()
{
    TreeListing listing;
    listing.request = quint32(m_any.number());
    for (quint64 left = m_any.below(6); left > 0; --left) {
        TreeEntry entry;
        entry.path = m_any.chance(5) ? RelPath() : m_any.path();
        entry.kind = EntryKind(1 + m_any.below(6));
        entry.attributes = m_any.attributes();
        entry.size = m_any.number() / 2;
        entry.linkGroup = m_any.chance(80) ? 0 : m_any.number();
        entry.inDoubt = m_any.chance(20);
        entry.foreign = m_any.chance(20);
        if (entry.kind == EntryKind::Symlink)
            entry.linkTarget = m_any.linkTarget();
        if (entry.kind == EntryKind::File && m_any.chance(50)) {
            const QByteArray digest = m_any.bytes(32, 32);
            std::ranges::copy(digest, entry.content.emplace().bytes.begin());
        }
        listing.entries.append(entry);
    }
    std::ranges::sort(listing.entries, {}, &TreeEntry::path);
    const auto same = std::ranges::unique(listing.entries, {}, &TreeEntry::path);
    listing.entries.erase(same.begin(), same.end());
    return listing;
}

template <> TreeEnd MessageGenerator::make()
{
    return {quint32(m_any.number()), m_any.number(), listedPaths()};
}

template <> BlocksRequest MessageGenerator::make()
{
    return {quint32(m_any.number()), m_any.path(), quint32(4096) << m_any.below(9)};
}

template <> BlockHashes MessageGenerator::make()
{
    BlockHashes hashes{quint32(m_any.number()), m_any.number() / 2, m_any.chance(50), {}};
    for (quint64 left = m_any.below(20); left > 0; --left)
        hashes.hashes.append(m_any.number());
    return hashes;
}

template <> Operations MessageGenerator::make()
{
    Operations batch;
    quint64 sequence = m_any.number() / 2;
    for (quint64 left = 1 + m_any.below(6); left > 0; --left) {
        sequence += 1 + (m_any.chance(10) ? m_any.below(1000) : 0);
        batch.operations.append(m_any.operation(Sequence(sequence)));
    }
    return batch;
}

template <> StageChunk MessageGenerator::make()
{
    return {StageId(m_any.number() | 1), m_any.number() / 4,
            m_any.bytes(1, m_any.chance(5) ? 100'000 : 100)};
}

StageToken MessageGenerator::token()
{
    return StageToken::fromBytes(m_any.bytes(StageToken::size, StageToken::size)).value();
}

template <> StageBegin MessageGenerator::make()
{
    return {StageId(m_any.number() | 1), token(), m_any.number() / 4};
}

template <> StageDrop MessageGenerator::make()
{
    return {StageId(m_any.number() | 1)};
}

template <> Acknowledgement MessageGenerator::make()
{
    return {Sequence(m_any.number()), Sequence(m_any.number()), Sequence(m_any.number()),
            m_any.number()};
}

template <> OperationFailed MessageGenerator::make()
{
    return {Sequence(m_any.number() | 1), code(), m_any.bytes(0, 60)};
}

template <> Heartbeat MessageGenerator::make()
{
    return {};
}

template <> CloseMirror MessageGenerator::make()
{
    return {m_any.chance(50)};
}

template <> PairCommit MessageGenerator::make()
{
    return {m_any.bytes(32, 32), quint32(m_any.below(65536))};
}

template <> PairNonce MessageGenerator::make()
{
    return {m_any.bytes(32, 32), quint32(m_any.below(65536))};
}

template <> PairReveal MessageGenerator::make()
{
    return {m_any.bytes(32, 32)};
}

template <> PairConfirm MessageGenerator::make()
{
    return {};
}

template <> MirrorClosed MessageGenerator::make()
{
    return {};
}

template <> GrantsRequest MessageGenerator::make()
{
    return {};
}

template <> Grants MessageGenerator::make()
{
    Grants grants;
    grants.time = m_any.number();
    for (quint64 left = m_any.below(8); left > 0; --left)
        (void)grants.add('/' + m_any.bytes(0, 60), m_any.number(), m_any.below(26));
    return grants;
}

Message MessageGenerator::message(size_t index)
{
    return [&]<size_t... I>(std::index_sequence<I...>) {
        using Make = Message (*)(MessageGenerator &);
        static constexpr std::array<Make, sizeof...(I)> makers{[](MessageGenerator &generator) {
            return Message(generator.make<std::variant_alternative_t<I, Message>>());
        }...};
        return makers[index](*this);
    }(std::make_index_sequence<std::variant_size_v<Message>>());
}

Message MessageGenerator::message()
{
    return message(size_t(m_any.below(std::variant_size_v<Message>)));
}

} // namespace octopus::wire
