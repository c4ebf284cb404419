// JSON of the control socket: paths without loss, times, and the status document exactly as the
// command-line contract words it, in both directions. Pure; any thread.
//
// Raw bytes (paths, details) are a string where they are valid UTF-8, else {"bytes": BASE64}.
// Times are RFC 3339 UTC with milliseconds, durations and sizes plain numbers.
#pragma once

#include "engine/control/api.h"
#include "engine/model/activity.h"

#include <QJsonArray>
#include <QJsonObject>

namespace octopus::control {

[[nodiscard]] QJsonValue bytesToJson(const QByteArray &bytes);
[[nodiscard]] Result<QByteArray> bytesFromJson(const QJsonValue &value); // Invalid

[[nodiscard]] QJsonValue timeToJson(WallTime time);
[[nodiscard]] Result<WallTime> timeFromJson(const QJsonValue &value); // Invalid

[[nodiscard]] QString captureName(CaptureGrade grade);       // "watch"
[[nodiscard]] QString acknowledgeName(AcknowledgeMode mode); // "async"

[[nodiscard]] QJsonObject toJson(const Problem &problem);
[[nodiscard]] QJsonObject toJson(const Halt &halt);
[[nodiscard]] QJsonObject toJson(const ActivityEntry &entry);
[[nodiscard]] ActivityEntry activityFromJson(const QJsonValue &json);
[[nodiscard]] QJsonObject toJson(const LastVerification &verification);
[[nodiscard]] QJsonObject toJson(const VerificationRecord &record);
[[nodiscard]] VerificationRecord verificationFromJson(const QJsonValue &json);
[[nodiscard]] QJsonObject toJson(const PairingStatus &pairing);
[[nodiscard]] PairingStatus pairingFromJson(const QJsonObject &json);
[[nodiscard]] QJsonObject toJson(const VaultStatus &vault);
[[nodiscard]] QJsonObject toJson(const ReplicaStatus &replica);
// With `vault`, only what has that name.
[[nodiscard]] QJsonObject toJson(const EngineStatus &status, const QString &vault = {});

// Invalid: not a status document. Fields that are missing keep their defaults.
[[nodiscard]] Result<EngineStatus> statusFromJson(const QJsonObject &document);

[[nodiscard]] QJsonObject toJson(const Failure &failure);
[[nodiscard]] Failure failureFromJson(const QJsonObject &document);

} // namespace octopus::control
