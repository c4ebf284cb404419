// The fields of each command, named once for both directions: FieldWriter makes their JSON,
// FieldReader takes them from it and checks type and bounds. check() holds what a command must
// fulfil beyond its single fields. Internal to command.cpp.
#pragma once

#include "engine/control/command.h"

namespace octopus::control {

class FieldWriter
{
public:
    template <typename Value> void required(QLatin1StringView key, const Value &value)
    {
        m_object.insert(key, json(value));
    }
    template <typename Value> void optional(QLatin1StringView key, const Value &value)
    {
        required(key, value);
    }
    template <typename Value>
    void optional(QLatin1StringView key, const std::optional<Value> &value)
    {
        if (value)
            required(key, *value);
    }
    [[nodiscard]] const QJsonObject &object() const { return m_object; }

private:
    static QJsonValue json(const QString &value);
    static QJsonValue json(const QByteArray &value);
    static QJsonValue json(bool value);
    static QJsonValue json(quint64 value);
    static QJsonValue json(std::chrono::minutes value);
    static QJsonValue json(CaptureGrade value);
    static QJsonValue json(AcknowledgeMode value);
    static QJsonValue json(const QList<QByteArray> &value);
    static QJsonValue json(const QList<TargetChoice> &value);
    static QJsonValue json(const QList<TargetTransport> &value);

    QJsonObject m_object;
};

class FieldReader
{
public:
    explicit FieldReader(const QJsonObject &object) : m_object(object) {}

    template <typename Value> void required(QLatin1StringView key, Value &value)
    {
        if (!m_object.contains(key))
            refuse(key, "is missing");
        else if (const char *fault = take(m_object.value(key), value))
            refuse(key, fault);
    }
    template <typename Value> void optional(QLatin1StringView key, Value &value)
    {
        if (m_object.contains(key))
            required(key, value);
    }
    template <typename Value> void optional(QLatin1StringView key, std::optional<Value> &value)
    {
        if (m_object.contains(key))
            required(key, value.emplace());
    }
    // The first thing that was wrong.
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

private:
    // Each returns nullptr, or what is wrong with the value.
    static const char *take(const QJsonValue &json, QString &value);
    static const char *take(const QJsonValue &json, QByteArray &value);
    static const char *take(const QJsonValue &json, bool &value);
    static const char *take(const QJsonValue &json, quint64 &value);
    static const char *take(const QJsonValue &json, std::chrono::minutes &value);
    static const char *take(const QJsonValue &json, CaptureGrade &value);
    static const char *take(const QJsonValue &json, AcknowledgeMode &value);
    static const char *take(const QJsonValue &json, QList<QByteArray> &value);
    static const char *take(const QJsonValue &json, QList<TargetChoice> &value);
    static const char *take(const QJsonValue &json, QList<TargetTransport> &value);
    void refuse(QLatin1StringView key, const char *fault);

    const QJsonObject &m_object;
    std::optional<Error> m_error;
};

constexpr const char *nameOf(const GetIdentity & /*command*/)
{
    return "identity";
}
constexpr const char *nameOf(const ListPeers & /*command*/)
{
    return "peers";
}
constexpr const char *nameOf(const Check & /*command*/)
{
    return "check";
}
constexpr const char *nameOf(const Invite & /*command*/)
{
    return "invite";
}
constexpr const char *nameOf(const Pair & /*command*/)
{
    return "pair";
}
constexpr const char *nameOf(const Unpair & /*command*/)
{
    return "unpair";
}
constexpr const char *nameOf(const Grant & /*command*/)
{
    return "grant";
}
constexpr const char *nameOf(const Revoke & /*command*/)
{
    return "revoke";
}
constexpr const char *nameOf(const AddVault & /*command*/)
{
    return "vault-add";
}
constexpr const char *nameOf(const ListVaults & /*command*/)
{
    return "vault-list";
}
constexpr const char *nameOf(const ShowVault & /*command*/)
{
    return "vault-show";
}
constexpr const char *nameOf(const EditVault & /*command*/)
{
    return "vault-edit";
}
constexpr const char *nameOf(const RemoveVault & /*command*/)
{
    return "vault-remove";
}
constexpr const char *nameOf(const Pause & /*command*/)
{
    return "pause";
}
constexpr const char *nameOf(const Resume & /*command*/)
{
    return "resume";
}
constexpr const char *nameOf(const Synchronize & /*command*/)
{
    return "synchronize";
}
constexpr const char *nameOf(const Verify & /*command*/)
{
    return "verify";
}
constexpr const char *nameOf(const WaitInSync & /*command*/)
{
    return "wait";
}
constexpr const char *nameOf(const PairWith & /*command*/)
{
    return "pair-with";
}
constexpr const char *nameOf(const ListPairings & /*command*/)
{
    return "pairings";
}
constexpr const char *nameOf(const ConfirmPairing & /*command*/)
{
    return "pair-confirm";
}
constexpr const char *nameOf(const DeclinePairing & /*command*/)
{
    return "pair-decline";
}
constexpr const char *nameOf(const ListTickets & /*command*/)
{
    return "tickets";
}
constexpr const char *nameOf(const RevokeTicket & /*command*/)
{
    return "ticket-revoke";
}

constexpr const char *nameOf(const Activity & /*command*/)
{
    return "activity";
}
constexpr const char *nameOf(const Verifications & /*command*/)
{
    return "verifications";
}

using Key = QLatin1StringView;

template <typename A> void fields(A & /*archive*/, GetIdentity & /*command*/) {}
template <typename A> void fields(A & /*archive*/, ListVaults & /*command*/) {}
template <typename A> void fields(A & /*archive*/, ListPairings & /*command*/) {}
template <typename A> void fields(A & /*archive*/, DeclinePairing & /*command*/) {}
template <typename A> void fields(A & /*archive*/, ListTickets & /*command*/) {}
template <typename A> void fields(A &archive, PairWith &command)
{
    archive.required(Key("address"), command.address);
}
template <typename A> void fields(A &archive, ConfirmPairing &command)
{
    archive.required(Key("digits"), command.digits);
    archive.optional(Key("grant"), command.grant);
}
template <typename A> void fields(A &archive, RevokeTicket &command)
{
    archive.required(Key("ticket"), command.ticket);
}
template <typename A> void fields(A &archive, ListPeers &command)
{
    archive.optional(Key("discover"), command.discover);
}
template <typename A> void fields(A &archive, Check &command)
{
    archive.required(Key("address"), command.address);
    archive.optional(Key("destination"), command.destination);
    archive.optional(Key("transport"), command.transport);
}
template <typename A> void fields(A &archive, Invite &command)
{
    archive.optional(Key("grant"), command.grant);
    archive.optional(Key("minutes"), command.lifetime);
}
template <typename A> void fields(A &archive, Pair &command)
{
    archive.required(Key("ticket"), command.ticket);
}
template <typename A> void fields(A &archive, Unpair &command)
{
    archive.required(Key("peer"), command.peer);
}
template <typename A> void fields(A &archive, Grant &command)
{
    archive.required(Key("peer"), command.peer);
    archive.required(Key("folder"), command.folder);
}
template <typename A> void fields(A &archive, Revoke &command)
{
    archive.required(Key("peer"), command.peer);
    archive.required(Key("folder"), command.folder);
}
template <typename A> void fields(A &archive, TargetChoice &choice)
{
    archive.required(Key("peer"), choice.peer);
    archive.optional(Key("destination"), choice.destination);
}
template <typename A> void fields(A &archive, TargetTransport &choice)
{
    archive.required(Key("peer"), choice.peer);
    archive.required(Key("transport"), choice.transport);
}
template <typename A> void fields(A &archive, AddVault &command)
{
    archive.required(Key("name"), command.name);
    archive.required(Key("sources"), command.sources);
    archive.required(Key("targets"), command.targets);
    archive.optional(Key("include"), command.rules.includes);
    archive.optional(Key("exclude"), command.rules.excludes);
    archive.optional(Key("capture"), command.capture);
    archive.optional(Key("acknowledge"), command.acknowledge);
    archive.optional(Key("transport"), command.transport);
    archive.optional(Key("targetTransports"), command.targetTransports);
    archive.optional(Key("limit"), command.limit);
    archive.optional(Key("adopt"), command.adopt);
}
template <typename A> void fields(A &archive, EditVault &command)
{
    archive.required(Key("vault"), command.vault);
    archive.optional(Key("name"), command.name);
    archive.optional(Key("sources"), command.sources);
    archive.optional(Key("targets"), command.targets);
    archive.optional(Key("include"), command.includes);
    archive.optional(Key("exclude"), command.excludes);
    archive.optional(Key("capture"), command.capture);
    archive.optional(Key("acknowledge"), command.acknowledge);
    archive.optional(Key("transport"), command.transport);
    archive.optional(Key("targetTransports"), command.targetTransports);
    archive.optional(Key("limit"), command.limit);
    archive.optional(Key("adopt"), command.adopt);
}
template <typename A> void fields(A &archive, ShowVault &command)
{
    archive.required(Key("vault"), command.vault);
}
template <typename A> void fields(A &archive, RemoveVault &command)
{
    archive.required(Key("vault"), command.vault);
    archive.optional(Key("eraseReplicas"), command.eraseReplicas);
}
template <typename A> void fields(A &archive, Pause &command)
{
    archive.required(Key("vault"), command.vault);
    archive.optional(Key("target"), command.target);
}
template <typename A> void fields(A &archive, Resume &command)
{
    archive.required(Key("vault"), command.vault);
    archive.optional(Key("target"), command.target);
    archive.optional(Key("confirm"), command.confirm);
}
template <typename A> void fields(A &archive, Synchronize &command)
{
    archive.required(Key("vault"), command.vault);
    archive.optional(Key("deep"), command.deep);
}
template <typename A> void fields(A &archive, Verify &command)
{
    archive.required(Key("vault"), command.vault);
}
template <typename A> void fields(A &archive, WaitInSync &command)
{
    archive.required(Key("vault"), command.vault);
}
template <typename A> void fields(A &archive, Activity &command)
{
    archive.required(Key("vault"), command.vault);
}
template <typename A> void fields(A &archive, Verifications &command)
{
    archive.required(Key("vault"), command.vault);
}

template <typename Command> [[nodiscard]] Result<void> check(const Command & /*command*/)
{
    return {};
}
[[nodiscard]] Result<void> check(const Check &command);
[[nodiscard]] Result<void> check(const Invite &command);
[[nodiscard]] Result<void> check(const ConfirmPairing &command);
[[nodiscard]] Result<void> check(const Grant &command);
[[nodiscard]] Result<void> check(const AddVault &command);
[[nodiscard]] Result<void> check(const EditVault &command);

} // namespace octopus::control
