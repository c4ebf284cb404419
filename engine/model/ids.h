// The types of ids and numbers, so that none can be mistaken for another. Values; any thread.
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QHashFunctions>
#include <QString>

#include <compare>

namespace octopus {

// A machine: the SHA-256 of its public key (DER SubjectPublicKeyInfo), 32 bytes; null when empty.
class MachineId
{
public:
    MachineId() = default;
    [[nodiscard]] static Result<MachineId> fromBytes(const QByteArray &bytes); // Invalid
    [[nodiscard]] static Result<MachineId> fromText(const QString &hex);       // Invalid
    [[nodiscard]] bool isNull() const { return m_bytes.isEmpty(); }
    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }
    [[nodiscard]] QString text() const; // 64 lower-case hexadecimal digits
    friend auto operator<=>(const MachineId &a, const MachineId &b)
    {
        return a.m_bytes <=> b.m_bytes;
    }
    friend bool operator==(const MachineId &, const MachineId &) = default;
    friend size_t qHash(const MachineId &id, size_t seed = 0) { return qHash(id.m_bytes, seed); }

private:
    QByteArray m_bytes;
};

// A vault: 16 random bytes given at its creation.
class VaultId
{
public:
    VaultId() = default;
    [[nodiscard]] static Result<VaultId> fromBytes(const QByteArray &bytes); // Invalid
    [[nodiscard]] static Result<VaultId> fromText(const QString &hex);       // Invalid
    [[nodiscard]] bool isNull() const { return m_bytes.isEmpty(); }
    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }
    [[nodiscard]] QString text() const;
    friend auto operator<=>(const VaultId &a, const VaultId &b) { return a.m_bytes <=> b.m_bytes; }
    friend bool operator==(const VaultId &, const VaultId &) = default;
    friend size_t qHash(const VaultId &id, size_t seed = 0) { return qHash(id.m_bytes, seed); }

private:
    QByteArray m_bytes;
};

// Names a content that may be sent ahead over several connections: 16 bytes that its primary derives
// from what the content is taken from.
class StageToken
{
public:
    static constexpr qsizetype size = 16;
    StageToken() = default;
    [[nodiscard]] static Result<StageToken> fromBytes(const QByteArray &bytes); // Invalid
    [[nodiscard]] bool isNull() const { return m_bytes.isEmpty(); }
    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }
    friend auto operator<=>(const StageToken &a, const StageToken &b)
    {
        return a.m_bytes <=> b.m_bytes;
    }
    friend bool operator==(const StageToken &, const StageToken &) = default;

private:
    QByteArray m_bytes;
};

// Raised by every take-over.
enum class Epoch : quint64 {};
// Counts operations of one mirror within an epoch, from 1; 0 is "none".
enum class Sequence : quint64 {};
// One uninterrupted run of a primary; drawn at random when it starts. Sequences of another stream
// say nothing about what this run knows.
enum class StreamId : quint64 {};
// Content sent ahead of its operation; unique within a stream; 0 is "none".
enum class StageId : quint64 {};

[[nodiscard]] constexpr quint64 number(Epoch v)
{
    return quint64(v);
}
[[nodiscard]] constexpr quint64 number(Sequence v)
{
    return quint64(v);
}
[[nodiscard]] constexpr quint64 number(StreamId v)
{
    return quint64(v);
}
[[nodiscard]] constexpr quint64 number(StageId v)
{
    return quint64(v);
}
[[nodiscard]] constexpr Sequence next(Sequence v)
{
    return Sequence(quint64(v) + 1);
}

} // namespace octopus
