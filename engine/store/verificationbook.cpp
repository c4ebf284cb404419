#include "engine/store/verificationbook.h"

#include "engine/base/log.h"
#include "engine/store/privatefile.h"
#include "engine/store/verificationcodec.h"

#include <algorithm>

namespace octopus::store {

namespace {

constexpr const char *folderName = "verified";

RelPath fileOf(const VerificationBook::Key &mirror)
{
    const QByteArray name = mirror.first.bytes().toHex() + '-' + mirror.second.bytes().toHex();
    return RelPath::of(folderName).child(name + ".json").value_or(RelPath());
}

} // namespace

void VerificationBook::load(const QList<Key> &mirrors)
{
    m_records.clear();
    for (const Key &mirror : mirrors) {
        const RelPath file = fileOf(mirror);
        const auto bytes = readStateFile(m_root, file, verificationFileCap);
        if (!bytes && bytes.error().code == ErrorCode::NotFound)
            continue;
        const auto records = bytes ? decodeVerifications(*bytes) : passOn(bytes);
        if (records)
            m_records[mirror] = *records;
        else
            qCWarning(logStore) << file.displayText()
                                << "is not understood:" << displayText(records.error().detail);
    }
    const auto entries = m_root.list(RelPath::of(folderName));
    if (!entries)
        return; // nothing was ever verified
    for (const DirectoryEntry &entry : *entries) {
        const auto path = RelPath::of(folderName).child(entry.name);
        if (path && entry.kind == EntryKind::File
            && !std::ranges::contains(mirrors, *path, &fileOf))
            static_cast<void>(m_root.removeFile(*path)); // of a mirror that is no more
    }
}

QList<VerificationRecord> VerificationBook::of(const Key &mirror) const
{
    const auto found = m_records.find(mirror);
    return found == m_records.end() ? QList<VerificationRecord>() : found->second;
}

std::optional<LastVerification> VerificationBook::last(const Key &mirror) const
{
    const auto found = m_records.find(mirror);
    if (found == m_records.end() || found->second.isEmpty())
        return std::nullopt;
    return found->second.first().summary;
}

Result<void> VerificationBook::add(const Key &mirror, const VerificationRecord &record)
{
    QList<VerificationRecord> &records = m_records[mirror];
    records.prepend(record);
    records.first().differences.resize(
        std::min(record.differences.size(), VerificationRecord::mostDifferences));
    records.resize(std::min(records.size(), mostVerificationRecords));
    return write(mirror);
}

Result<void> VerificationBook::write(const Key &mirror)
{
    if (const auto made = m_root.makeDirectory(RelPath::of(folderName), 0700);
        !made && made.error().code != ErrorCode::Exists)
        return made;
    return writeStateFile(m_root, fileOf(mirror), encodeVerifications(m_records[mirror]),
                          RenameMode::Replace);
}

void VerificationBook::forget(const VaultId &vault)
{
    std::erase_if(m_records, [&](const Records::value_type &entry) {
        if (entry.first.first != vault)
            return false;
        static_cast<void>(m_root.removeFile(fileOf(entry.first))); // a leftover: see load()
        return true;
    });
}

} // namespace octopus::store
