// The file of kept verification reports as a value (FORMAT.md). Pure; any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/model/verificationrecord.h"

namespace octopus::store {

inline constexpr qsizetype verificationFileCap = 16 * 1024 * 1024;
inline constexpr qsizetype mostVerificationRecords = 5;

// The newest first; records and differences over their caps are dropped.
[[nodiscard]] QByteArray encodeVerifications(const QList<VerificationRecord> &records);
// TooLong: larger than the cap; Corrupt: no JSON object; Invalid; VersionMismatch.
[[nodiscard]] Result<QList<VerificationRecord>> decodeVerifications(const QByteArray &bytes);

} // namespace octopus::store
