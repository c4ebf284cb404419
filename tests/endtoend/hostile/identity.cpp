#include "tests/endtoend/hostile/identity.h"

#include "engine/link/tlsidentity.h"
#include "engine/store/keypair.h"

#include <QFile>
#include <QSslCertificate>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace octopus::hostile {

namespace {

template <auto Free> struct Freer {
    template <typename T> void operator()(T *object) const { Free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;

void require(bool condition, const char *what)
{
    if (condition)
        return;
    std::fprintf(stderr, "cannot make an identity: %s\n", what);
    std::exit(2);
}

QByteArray contentOf(BIO *bio)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, qsizetype(size)};
}

Key parse(const QByteArray &pem)
{
    const Bio bio(BIO_new_mem_buf(pem.constData(), int(pem.size())));
    return Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

QByteArray toPem(EVP_PKEY *key)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr),
            "key");
    return contentOf(bio.get());
}

void pad(X509 *certificate, qsizetype bytes)
{
    const QByteArray text = "nsComment";
    const QByteArray value(bytes, 'x');
    X509_EXTENSION *extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_netscape_comment, value.constData());
    require(extension && X509_add_ext(certificate, extension, -1), text.constData());
    X509_EXTENSION_free(extension);
}

QByteArray certify(EVP_PKEY *key, const char *until, qsizetype padding = 0)
{
    const Certificate certificate(X509_new());
    X509_NAME *name = X509_get_subject_name(certificate.get());
    const auto *text = reinterpret_cast<const unsigned char *>("hostile");
    bool done = X509_set_version(certificate.get(), X509_VERSION_3)
        && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), 7)
        && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0)
        && X509_set_issuer_name(certificate.get(), name)
        && ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate.get()), "20000101000000Z")
        && ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate.get()), until)
        && X509_set_pubkey(certificate.get(), key);
    if (done && padding > 0)
        pad(certificate.get(), padding);
    const EVP_MD *digest = EVP_PKEY_is_a(key, "ED25519") ? nullptr : EVP_sha256();
    done = done && X509_sign(certificate.get(), key, digest) > 0;
    const Bio bio(BIO_new(BIO_s_mem()));
    require(done && PEM_write_bio_X509(bio.get(), certificate.get()), "certificate");
    return contentOf(bio.get());
}

constexpr const char *far = "99991231235959Z";

} // namespace

MachineId Identity::id() const
{
    const auto id = link::machineIdOf(QSslCertificate(certificatePem, QSsl::Pem));
    require(id.has_value(), "id");
    return *id;
}

Identity Identity::ordinary()
{
    const auto key = store::newKeyPem();
    require(key.has_value(), "key");
    const auto certificate = store::certificateFor(*key);
    require(certificate.has_value(), "certificate");
    return {*key, *certificate, QSsl::Ec};
}

Identity Identity::ofKind(Kind kind)
{
    Key key;
    switch (kind) {
    case Kind::Rsa: key.reset(EVP_RSA_gen(2048)); break;
    case Kind::P384: key.reset(EVP_EC_gen("P-384")); break;
    case Kind::P521: key.reset(EVP_EC_gen("P-521")); break;
    case Kind::Secp256k1: key.reset(EVP_EC_gen("secp256k1")); break;
    case Kind::Ed25519: key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); break;
    }
    require(key != nullptr, "key of another kind");
    return {toPem(key.get()), certify(key.get(), far), kind == Kind::Rsa ? QSsl::Rsa : QSsl::Ec};
}

Identity Identity::expired() const
{
    return {keyPem, certify(parse(keyPem).get(), "20010101000000Z"), algorithm};
}

Identity Identity::bloated(qsizetype bytes) const
{
    return {keyPem, certify(parse(keyPem).get(), far, bytes), algorithm};
}

Identity storedIdentity(const QByteArray &folder, const QByteArray &name)
{
    QFile file(QString::fromUtf8(folder + '/' + name + ".pem"));
    if (file.open(QIODevice::ReadOnly)) {
        const QByteArray key = file.readAll();
        const auto certificate = store::certificateFor(key);
        require(certificate.has_value(), "stored identity");
        return {key, *certificate, QSsl::Ec};
    }
    const Identity fresh = Identity::ordinary();
    require(file.open(QIODevice::WriteOnly) && file.write(fresh.keyPem) > 0, "store");
    return fresh;
}

} // namespace octopus::hostile
