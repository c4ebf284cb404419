#include "engine/store/privatefile.h"

namespace octopus::store {

static Error named(Error error, const RelPath &path)
{
    error.detail = path.bytes() + ": " + error.detail;
    return error;
}

static Result<std::unique_ptr<File>> openRegular(Root &root, const RelPath &path)
{
    const Result<EntryStat> entry = root.stat(path);
    if (!entry)
        return std::unexpected(named(entry.error(), path));
    if (entry->kind != EntryKind::File) {
        return failure(ErrorCode::Refused,
                       path.bytes() + " is not a regular file (symbolic links are not followed)");
    }
    Result<std::unique_ptr<File>> file = root.open(path, OpenMode::Read);
    if (!file)
        return std::unexpected(named(file.error(), path));
    return file;
}

static Result<QByteArray> readAll(File &file, const EntryStat &stat, const RelPath &path,
                                  qsizetype cap)
{
    if (stat.size > quint64(cap)) {
        return failure(ErrorCode::TooLong,
                       path.bytes() + " is larger than " + QByteArray::number(cap) + " bytes");
    }
    // One byte more than it should have: a file that grew meanwhile does not pass for whole.
    Result<QByteArray> content = file.read(0, qsizetype(stat.size) + 1);
    if (!content)
        return std::unexpected(named(content.error(), path));
    if (content->size() != qsizetype(stat.size))
        return failure(ErrorCode::Unstable, path.bytes() + " changed while it was read");
    return content;
}

Result<QByteArray> readStateFile(Root &root, const RelPath &path, qsizetype cap)
{
    const Result<std::unique_ptr<File>> file = openRegular(root, path);
    if (!file)
        return passOn(file);
    const Result<EntryStat> stat = (*file)->stat();
    if (!stat)
        return std::unexpected(named(stat.error(), path));
    return readAll(**file, *stat, path, cap);
}

Result<QByteArray> readSecretFile(Root &root, const RelPath &path, qsizetype cap, quint32 user)
{
    const Result<std::unique_ptr<File>> file = openRegular(root, path);
    if (!file)
        return passOn(file);
    // Of the open file: what the name stands for could be another one by now.
    const Result<EntryStat> stat = (*file)->stat();
    if (!stat)
        return std::unexpected(named(stat.error(), path));
    if (stat->uid != user)
        return failure(ErrorCode::Refused, path.bytes() + " belongs to another user");
    if ((stat->mode & 077) != 0) {
        return failure(ErrorCode::Refused,
                       path.bytes()
                           + " can be read by other users and may be known to them; if it was "
                             "never copied, make it private with: chmod 600 "
                           + path.bytes());
    }
    return readAll(**file, *stat, path, cap);
}

static Result<void> writeTemporary(Root &root, const RelPath &path, QByteArrayView content)
{
    if (const Result<void> gone = root.removeFile(path);
        !gone && gone.error().code != ErrorCode::NotFound)
        return gone;
    const Result<std::unique_ptr<File>> file = root.open(path, OpenMode::CreateNew);
    if (!file)
        return passOn(file);
    OCTOPUS_TRY((*file)->write(0, content));
    return (*file)->syncData();
}

Result<void> writeStateFile(Root &root, const RelPath &path, QByteArrayView content,
                            RenameMode mode)
{
    const Result<RelPath> temporary = RelPath::parse(path.bytes() + ".new");
    if (!temporary)
        return passOn(temporary);
    Result<void> done = writeTemporary(root, *temporary, content);
    if (done)
        done = root.rename(*temporary, path, mode);
    if (!done) {
        // Best effort: a leftover is removed by the next write as well.
        static_cast<void>(root.removeFile(*temporary));
        return std::unexpected(named(done.error(), path));
    }
    return root.syncDirectory(path.parent());
}

} // namespace octopus::store
