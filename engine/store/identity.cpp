#include "engine/store/identity.h"

#include "engine/base/log.h"
#include "engine/store/keypair.h"
#include "engine/store/privatefile.h"

namespace octopus::store {

static constexpr qsizetype pemCap = 64 * 1024;
static constexpr const char *advice =
    ". This file is the machine's identity and was left as it is: restore it from a copy, or, to "
    "become a new machine that has to be paired again, move identity.key and identity.crt away";

static std::unexpected<Error> advised(Error error, const RelPath &path)
{
    if (!error.detail.startsWith(path.bytes()))
        error.detail = path.bytes() + ": " + error.detail;
    error.detail += advice;
    return std::unexpected(std::move(error));
}

static Result<void> write(Root &state, const RelPath &path, const Result<QByteArray> &pem)
{
    if (!pem)
        return passOn(pem);
    return writeStateFile(state, path, *pem, RenameMode::NoReplace);
}

static Result<bool> exists(Root &state, const RelPath &path)
{
    const Result<EntryStat> entry = state.stat(path);
    if (!entry && entry.error().code != ErrorCode::NotFound)
        return passOn(entry);
    return entry.has_value();
}

// The key first: from it alone the certificate can be made again.
static Result<void> createWhatIsMissing(Root &state, const RelPath &keyPath,
                                        const RelPath &certificatePath, quint32 user)
{
    const Result<bool> hasKey = exists(state, keyPath);
    const Result<bool> hasCertificate = exists(state, certificatePath);
    if (!hasKey)
        return passOn(hasKey);
    if (!hasCertificate)
        return passOn(hasCertificate);
    if (!*hasKey && *hasCertificate)
        return advised({ErrorCode::Corrupt, "is missing while its certificate is there"}, keyPath);
    if (!*hasKey)
        OCTOPUS_TRY(write(state, keyPath, newKeyPem()));
    if (*hasCertificate)
        return {};
    const Result<QByteArray> key = readSecretFile(state, keyPath, pemCap, user);
    if (!key)
        return advised(key.error(), keyPath);
    const Result<QByteArray> certificate = certificateFor(*key);
    if (!certificate)
        return advised(certificate.error(), keyPath);
    qCInfo(logStore,
           *hasKey ? "made the certificate of this machine again"
                   : "made a new identity for this machine");
    return write(state, certificatePath, certificate);
}

Result<Identity> Identity::loadOrCreate(Root &state, quint32 user)
{
    const RelPath keyPath = RelPath::of("identity.key");
    const RelPath certificatePath = RelPath::of("identity.crt");
    OCTOPUS_TRY(createWhatIsMissing(state, keyPath, certificatePath, user));

    Identity identity;
    const Result<QByteArray> key = readSecretFile(state, keyPath, pemCap, user);
    if (!key)
        return advised(key.error(), keyPath);
    const Result<QByteArray> certificate = readStateFile(state, certificatePath, pemCap);
    if (!certificate)
        return advised(certificate.error(), certificatePath);
    identity.m_keyPem = *key;
    identity.m_certificatePem = *certificate;
    const Result<MachineId> id = machineIdOf(*key, *certificate);
    if (!id)
        return advised(id.error(), RelPath::of("identity.key or identity.crt"));
    identity.m_id = *id;
    return identity;
}

} // namespace octopus::store
