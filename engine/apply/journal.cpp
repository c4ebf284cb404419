#include "engine/apply/journal.h"

#include "engine/apply/layout.h"
#include "engine/base/digest.h"
#include "engine/model/bytes.h"

namespace octopus::apply {

namespace {

constexpr QByteArrayView magic("OCTOPUS JOURNAL\n"); // 16 bytes
constexpr quint32 formatVersion = 1;
constexpr qsizetype slotSize = 4096; // a write to one never tears the other
constexpr qsizetype slotUsed = 56;
constexpr quint64 firstGroup = 2 * slotSize;

quint64 slotOf(quint64 generation)
{
    return generation % 2 == 0 ? 0 : quint64(slotSize);
}

QByteArray encodeSlot(const JournalHead &head)
{
    QByteArray out;
    {
        ByteWriter writer(out, slotUsed);
        writer.raw(magic);
        writer.u32(formatVersion);
        writer.u64(head.generation);
        writer.u64(number(head.stream));
        writer.u64(number(head.base));
    }
    const quint64 check = checksum(out);
    ByteWriter(out, 8).u64(check);
    return out;
}

// nullopt: no valid slot. VersionMismatch.
Result<std::optional<JournalHead>> decodeSlot(QByteArrayView slot)
{
    constexpr qsizetype checked = 16 + 4 + 3 * 8;
    if (slot.size() < checked + 8 || !slot.startsWith(magic))
        return std::optional<JournalHead>();
    ByteReader reader(slot.sliced(magic.size()));
    const quint32 version = reader.u32();
    JournalHead head;
    head.generation = reader.u64();
    head.stream = StreamId(reader.u64());
    head.base = Sequence(reader.u64());
    if (reader.u64() != checksum(slot.first(checked)))
        return std::optional<JournalHead>();
    if (version != formatVersion)
        return failure(ErrorCode::VersionMismatch, "the journal was written by a later release");
    return std::optional(head);
}

// The head of the newest generation.
Result<JournalHead> readHead(File &file)
{
    std::optional<JournalHead> newest;
    for (const quint64 position : {quint64(0), quint64(slotSize)}) {
        const auto slot = file.read(position, slotUsed);
        if (!slot)
            return passOn(slot);
        const auto head = decodeSlot(*slot);
        if (!head)
            return passOn(head);
        if (*head && (!newest || (*head)->generation > newest->generation))
            newest = *head;
    }
    if (!newest)
        return failure(ErrorCode::Corrupt, "the journal has no valid header");
    // A slot that was cut off has no groups; one that has was damaged later.
    const auto present = archive::groupGenerationAt(file, firstGroup);
    if (!present)
        return passOn(present);
    if (*present && **present > newest->generation)
        return failure(ErrorCode::Corrupt, "the journal's header is damaged");
    return *newest;
}

} // namespace

Result<std::unique_ptr<Journal>> Journal::create(Root &root, const JournalHead &head)
{
    QByteArray content(qsizetype(firstGroup), '\0');
    content.replace(qsizetype(slotOf(head.generation)), slotUsed,
                    encodeSlot(head).leftJustified(slotUsed, '\0'));
    auto file = writeFresh(root, layout::journal(), content);
    if (!file)
        return passOn(file);
    OCTOPUS_TRY(publishFresh(root, layout::journal()));
    std::unique_ptr<Journal> journal(new Journal(std::move(*file)));
    journal->m_head = head;
    journal->m_end = firstGroup;
    journal->m_allocated = firstGroup;
    return journal;
}

Result<std::unique_ptr<Journal>> Journal::open(Root &root, const archive::GroupVisitor &visit)
{
    auto file = root.open(layout::journal(), OpenMode::ReadWrite);
    if (!file)
        return passOn(file);
    // What a killed process wrote is read here, durable or not; the tree is going to be built upon it.
    OCTOPUS_TRY((*file)->syncData());
    const auto stat = (*file)->stat();
    if (!stat)
        return passOn(stat);
    const auto head = readHead(**file);
    if (!head)
        return passOn(head);
    const auto end = archive::readGroups(**file, firstGroup, head->generation, visit);
    if (!end)
        return passOn(end);
    std::unique_ptr<Journal> journal(new Journal(std::move(*file)));
    journal->m_head = *head;
    journal->m_end = end->position;
    journal->m_nextNumber = end->number;
    journal->m_allocated = stat->size;
    return journal;
}

quint64 Journal::size() const
{
    return m_end - firstGroup;
}

Result<void> Journal::append(QByteArrayView group)
{
    QByteArray bytes = archive::encodeGroup(m_head.generation, m_nextNumber, group);
    const quint64 end = m_end + quint64(bytes.size());
    if (end > m_allocated) {
        m_allocated = (end / growth + 1) * growth;
        bytes.resize(qsizetype(m_allocated - m_end), '\0');
    }
    OCTOPUS_TRY(m_file->write(m_end, bytes));
    OCTOPUS_TRY(m_file->syncData());
    m_end = end;
    ++m_nextNumber;
    return {};
}

Result<void> Journal::reset(const JournalHead &head)
{
    Q_ASSERT(head.generation > m_head.generation);
    OCTOPUS_TRY(m_file->write(slotOf(head.generation), encodeSlot(head)));
    OCTOPUS_TRY(m_file->syncData());
    m_head = head;
    m_end = firstGroup;
    m_nextNumber = 0;
    return {};
}

} // namespace octopus::apply
