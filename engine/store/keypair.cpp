#include "engine/store/keypair.h"

#include "engine/base/digest.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <memory>

namespace octopus::store {

namespace {

template <auto Free> struct Freer {
    template <typename T> void operator()(T *object) const { Free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;

std::unexpected<Error> opensslFailure(ErrorCode code, const QByteArray &what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return failure(code, reason ? what + ": " + reason : what);
}

QByteArray contentOf(BIO *bio)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, qsizetype(size)};
}

Bio reading(const QByteArray &bytes)
{
    return Bio(BIO_new_mem_buf(bytes.constData(), int(bytes.size())));
}

// A passphrase is never asked for: nobody sits at the terminal of a daemon.
int noPassphrase(char *, int, int, void *)
{
    return -1;
}

Result<Key> readKey(const QByteArray &pem)
{
    Key key(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, noPassphrase, nullptr));
    if (!key)
        return opensslFailure(ErrorCode::Corrupt, "not a private key");
    char group[32] = {};
    size_t length = 0;
    if (!EVP_PKEY_is_a(key.get(), "EC")
        || !EVP_PKEY_get_group_name(key.get(), group, sizeof group, &length)
        || QByteArrayView(group) != "prime256v1")
        return failure(ErrorCode::Corrupt, "not a P-256 key");
    return key;
}

Result<MachineId> idOf(EVP_PKEY *key)
{
    unsigned char *der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    if (size <= 0)
        return opensslFailure(ErrorCode::Corrupt, "the public key cannot be written");
    const Sha256Digest digest = sha256({reinterpret_cast<const char *>(der), size});
    OPENSSL_free(der);
    return MachineId::fromBytes(digest.toByteArray());
}

bool fill(X509 *certificate, EVP_PKEY *key, const QByteArray &commonName)
{
    quint64 serial = 0;
    if (RAND_bytes(reinterpret_cast<unsigned char *>(&serial), sizeof serial) != 1)
        return false;
    serial = (serial >> 1) | 1; // positive
    X509_NAME *name = X509_get_subject_name(certificate);
    return X509_set_version(certificate, X509_VERSION_3)
        && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial)
        && X509_NAME_add_entry_by_txt(
               name, "CN", MBSTRING_ASC,
               reinterpret_cast<const unsigned char *>(commonName.constData()),
               int(commonName.size()), -1, 0)
        && X509_set_issuer_name(certificate, name)
        && ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "20000101000000Z")
        && ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "99991231235959Z")
        && X509_set_pubkey(certificate, key) && X509_sign(certificate, key, EVP_sha256()) > 0;
}

} // namespace

Result<QByteArray> newKeyPem()
{
    const Key key(EVP_EC_gen("P-256"));
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!key || !bio
        || !PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                          nullptr))
        return opensslFailure(ErrorCode::Other, "no key could be made");
    return contentOf(bio.get());
}

Result<QByteArray> certificateFor(const QByteArray &keyPem)
{
    const Result<Key> key = readKey(keyPem);
    if (!key)
        return passOn(key);
    const Result<MachineId> id = idOf(key->get());
    if (!id)
        return passOn(id);
    const Certificate certificate(X509_new());
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!certificate || !bio || !fill(certificate.get(), key->get(), id->bytes().toHex())
        || !PEM_write_bio_X509(bio.get(), certificate.get()))
        return opensslFailure(ErrorCode::Other, "no certificate could be made");
    return contentOf(bio.get());
}

Result<MachineId> machineIdOf(const QByteArray &keyPem, const QByteArray &certificatePem)
{
    const Result<Key> key = readKey(keyPem);
    if (!key)
        return passOn(key);
    const Certificate certificate(
        PEM_read_bio_X509(reading(certificatePem).get(), nullptr, noPassphrase, nullptr));
    if (!certificate)
        return opensslFailure(ErrorCode::Corrupt, "not a certificate");
    if (X509_check_private_key(certificate.get(), key->get()) != 1)
        return opensslFailure(ErrorCode::Corrupt, "the certificate is for another key");
    return idOf(key->get());
}

} // namespace octopus::store
