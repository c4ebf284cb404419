#include "tests/support/fakefile.h"

#include "tests/support/fakeattributes.h"

#include <algorithm>
#include <limits>

namespace octopus::testing {

static Result<void> checkRange(quint64 offset, quint64 length)
{
    constexpr quint64 largest = quint64(std::numeric_limits<qint64>::max());
    if (offset > largest || length > largest - offset)
        return failure(ErrorCode::TooLong, "a file cannot be that large");
    return {};
}

FakeFile::FakeFile(std::shared_ptr<FakeKernel> kernel, FakeNamePointer entry, bool writable,
                   bool exempt)
    : m_kernel(std::move(kernel)),
      m_entry(std::move(entry)),
      m_node(m_entry->node),
      m_generation(m_kernel->generation),
      m_writable(writable),
      m_exempt(exempt)
{
    ++m_node->openFiles;
}

FakeFile::~FakeFile()
{
    // After a crash or a kill the kernel has closed it already.
    if (m_generation != m_kernel->generation)
        return;
    if (m_holdsLock)
        m_node->isLocked = false;
    m_kernel->disk.fileClosed(m_node);
}

bool FakeFile::lock()
{
    if (m_node->isLocked)
        return false;
    m_node->isLocked = m_holdsLock = true;
    return true;
}

Result<void> FakeFile::enter(FakeCall call) const
{
    if (m_generation != m_kernel->generation)
        return failure(ErrorCode::Disconnected, "opened before a crash");
    if (m_exempt)
        return {};
    return m_kernel->faults.meet(call, [this] { return m_kernel->pathOf(m_entry); });
}

Result<void> FakeFile::enterToWrite(FakeCall call) const
{
    if (!m_writable)
        return failure(ErrorCode::Other, "not open for writing");
    return enter(call);
}

Result<EntryStat> FakeFile::stat()
{
    OCTOPUS_TRY(enter(FakeCall::FileStat));
    return entryStatOf(*m_node);
}

Result<QByteArray> FakeFile::read(quint64 offset, qsizetype length)
{
    if (length < 0)
        return failure(ErrorCode::Invalid, "negative length");
    OCTOPUS_TRY(checkRange(offset, quint64(length)));
    OCTOPUS_TRY(enter(FakeCall::Read));
    return m_node->content.read(offset, length);
}

Result<void> FakeFile::write(quint64 offset, QByteArrayView bytes)
{
    OCTOPUS_TRY(checkRange(offset, quint64(bytes.size())));
    OCTOPUS_TRY(enterToWrite(FakeCall::Write));
    const auto written = m_kernel->disk.write(m_node, offset, bytes);
    m_kernel->tellChanged(m_entry); // of a part that was written, too
    return written;
}

Result<void> FakeFile::truncate(quint64 size)
{
    OCTOPUS_TRY(checkRange(size, 0));
    OCTOPUS_TRY(enterToWrite(FakeCall::Truncate));
    m_kernel->disk.resize(m_node, size);
    m_kernel->tellChanged(m_entry);
    return {};
}

Result<void> FakeFile::punchHole(Extent range)
{
    OCTOPUS_TRY(checkRange(range.offset, range.length));
    if (range.length == 0)
        return {};
    OCTOPUS_TRY(enterToWrite(FakeCall::PunchHole));
    m_kernel->disk.punch(m_node, range);
    m_kernel->tellChanged(m_entry);
    return {};
}

Result<std::optional<Extent>> FakeFile::nextData(quint64 from)
{
    OCTOPUS_TRY(enter(FakeCall::NextData));
    return m_node->content.nextData(from);
}

Result<void> FakeFile::copyFrom(File &source, quint64 sourceOffset, quint64 offset, quint64 length)
{
    OCTOPUS_TRY(checkRange(sourceOffset, length));
    OCTOPUS_TRY(checkRange(offset, length));
    OCTOPUS_TRY(enterToWrite(FakeCall::CopyFrom));
    const auto *fake = dynamic_cast<FakeFile *>(&source);
    for (quint64 done = 0; done < length;) {
        const auto step = qsizetype(std::min<quint64>(length - done, 1 << 20));
        const auto bytes = fake
            ? Result<QByteArray>(fake->m_node->content.read(sourceOffset + done, step))
            : source.read(sourceOffset + done, step);
        if (!bytes)
            return passOn(bytes);
        if (bytes->size() != step)
            return failure(ErrorCode::Invalid, "the source ends before the range does");
        OCTOPUS_TRY(m_kernel->disk.write(m_node, offset + done, *bytes));
        done += quint64(step);
    }
    m_kernel->tellChanged(m_entry);
    return {};
}

Result<void> FakeFile::cloneFrom(File &source)
{
    const auto *fake = dynamic_cast<FakeFile *>(&source);
    if (!m_kernel->canClone || !fake || fake->m_kernel != m_kernel)
        return failure(ErrorCode::Unsupported, "clone: not on this file system");
    OCTOPUS_TRY(enterToWrite(FakeCall::CloneFrom));
    m_kernel->disk.clone(m_node, *fake->m_node);
    m_kernel->tellChanged(m_entry);
    return {};
}

Result<void> FakeFile::syncData()
{
    OCTOPUS_TRY(enter(FakeCall::SyncData));
    m_kernel->disk.syncData(m_node);
    return {};
}

Result<void> FakeFile::setMode(quint32 mode)
{
    OCTOPUS_TRY(enter(FakeCall::SetMode));
    OCTOPUS_TRY(changeMode(*m_kernel, m_node, mode));
    m_kernel->tellChanged(m_entry);
    return {};
}

Result<void> FakeFile::setOwner(quint32 uid, quint32 gid)
{
    OCTOPUS_TRY(enter(FakeCall::SetOwner));
    OCTOPUS_TRY(changeOwner(*m_kernel, m_node, uid, gid));
    m_kernel->tellChanged(m_entry);
    return {};
}

Result<void> FakeFile::setModificationTime(qint64 mtimeNs)
{
    OCTOPUS_TRY(enter(FakeCall::SetTime));
    changeModificationTime(*m_kernel, m_node, mtimeNs);
    m_kernel->tellChanged(m_entry);
    return {};
}

Result<Xattrs> FakeFile::xattrs()
{
    OCTOPUS_TRY(enter(FakeCall::Xattrs));
    return m_node->attributes.xattrs;
}

Result<void> FakeFile::setXattr(const QByteArray &name, const QByteArray &value)
{
    OCTOPUS_TRY(enter(FakeCall::SetXattr));
    OCTOPUS_TRY(changeXattr(*m_kernel, m_node, name, value));
    m_kernel->tellChanged(m_entry);
    return {};
}

Result<void> FakeFile::removeXattr(const QByteArray &name)
{
    OCTOPUS_TRY(enter(FakeCall::SetXattr));
    OCTOPUS_TRY(dropXattr(*m_kernel, m_node, name));
    m_kernel->tellChanged(m_entry);
    return {};
}

} // namespace octopus::testing
