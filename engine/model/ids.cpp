#include "engine/model/ids.h"

namespace octopus {

static constexpr qsizetype machineIdSize = 32;
static constexpr qsizetype vaultIdSize = 16;

static Result<QByteArray> checked(const QByteArray &bytes, qsizetype size, const char *what)
{
    if (bytes.size() != size)
        return failure(ErrorCode::Invalid, QByteArray(what) + " has the wrong length");
    return bytes;
}

static Result<QByteArray> fromHex(const QString &hex, qsizetype size, const char *what)
{
    const QByteArray latin = hex.toLatin1();
    const QByteArray bytes = QByteArray::fromHex(latin);
    if (bytes.toHex() != latin.toLower())
        return failure(ErrorCode::Invalid, QByteArray(what) + " is not hexadecimal");
    return checked(bytes, size, what);
}

Result<MachineId> MachineId::fromBytes(const QByteArray &bytes)
{
    return checked(bytes, machineIdSize, "machine id").transform([](const QByteArray &valid) {
        MachineId id;
        id.m_bytes = valid;
        return id;
    });
}

Result<MachineId> MachineId::fromText(const QString &hex)
{
    return fromHex(hex, machineIdSize, "machine id").and_then(fromBytes);
}

QString MachineId::text() const
{
    return QString::fromLatin1(m_bytes.toHex());
}

Result<VaultId> VaultId::fromBytes(const QByteArray &bytes)
{
    return checked(bytes, vaultIdSize, "vault id").transform([](const QByteArray &valid) {
        VaultId id;
        id.m_bytes = valid;
        return id;
    });
}

Result<VaultId> VaultId::fromText(const QString &hex)
{
    return fromHex(hex, vaultIdSize, "vault id").and_then(fromBytes);
}

QString VaultId::text() const
{
    return QString::fromLatin1(m_bytes.toHex());
}

Result<StageToken> StageToken::fromBytes(const QByteArray &bytes)
{
    return checked(bytes, StageToken::size, "stage token").transform([](const QByteArray &valid) {
        StageToken token;
        token.m_bytes = valid;
        return token;
    });
}

} // namespace octopus
