// The machine's key is made once, kept secret, and never replaced behind anybody's back.
#include "engine/base/digest.h"
#include "engine/store/identity.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakefilesystem.h"
#include "tests/support/resultcheck.h"
#include "tests/support/seededrandom.h"
#include "tests/support/treebuilder.h"

#include <QTest>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

using namespace octopus;
using namespace octopus::store;
using namespace octopus::testing;

namespace {

constexpr quint32 user = 1000;
const QByteArray directory = "/state";
const RelPath keyFile = RelPath::of("identity.key");
const RelPath certificateFile = RelPath::of("identity.crt");

struct State {
    State()
    {
        FakeSettings settings;
        settings.uid = user;
        files.configure(settings);
        outside = files.bypass(directory);
        root = *files.openRoot(directory);
    }
    FakeClock clock;
    FakeFileSystem files{clock};
    std::unique_ptr<FakeRoot> outside;
    std::unique_ptr<Root> root;
};

struct CertificateFacts {
    QByteArray subject;
    QByteArray curve;
    int extensions = -1;
    int days = 0; // from now to its end
};

CertificateFacts factsOf(const QByteArray &pem)
{
    CertificateFacts facts;
    BIO *bio = BIO_new_mem_buf(pem.constData(), int(pem.size()));
    X509 *certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    if (certificate) {
        char text[256] = {};
        X509_NAME_oneline(X509_get_subject_name(certificate), text, sizeof text);
        facts.subject = text;
        size_t length = 0;
        EVP_PKEY_get_group_name(X509_get0_pubkey(certificate), text, sizeof text, &length);
        facts.curve = text;
        facts.extensions = X509_get_ext_count(certificate);
        int seconds = 0;
        ASN1_TIME_diff(&facts.days, &seconds, nullptr, X509_get0_notAfter(certificate));
    }
    X509_free(certificate);
    BIO_free(bio);
    return facts;
}

} // namespace

class IdentityTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isMadeOnceAndStaysTheSame();
    void twoMachinesAreTwo();
    void theIdIsTheHashOfThePublicKey();
    void theCertificateSaysNothingPersonalAndDoesNotEnd();
    void onlyTheUserCanReadTheFiles();
    void aKeyThatOthersCanReadIsRefused_data();
    void aKeyThatOthersCanReadIsRefused();
    void aKeyOfAnotherUserIsRefused();
    void aKeyThatIsNoRegularFileIsRefused_data();
    void aKeyThatIsNoRegularFileIsRefused();
    void brokenFilesAreRefusedAndLeftAsTheyAre_data();
    void brokenFilesAreRefusedAndLeftAsTheyAre();
    void aMissingCertificateIsMadeAgainForTheSameKey();
    void aMissingKeyIsNotReplaced();
    void aCrashWhileItIsMadeLeavesAllOrNothing();
};

void IdentityTest::isMadeOnceAndStaysTheSame()
{
    State state;
    const Result<Identity> first = Identity::loadOrCreate(*state.root, user);
    VERIFY_OK(first);
    const Result<Identity> again = Identity::loadOrCreate(*state.root, user);
    VERIFY_OK(again);
    QCOMPARE(again->id(), first->id());
    QCOMPARE(again->keyPem(), first->keyPem());
    QCOMPARE(again->certificatePem(), first->certificatePem());
}

void IdentityTest::twoMachinesAreTwo()
{
    State one;
    State other;
    const Result<Identity> a = Identity::loadOrCreate(*one.root, user);
    const Result<Identity> b = Identity::loadOrCreate(*other.root, user);
    VERIFY_OK(a);
    VERIFY_OK(b);
    QVERIFY(a->id() != b->id());
}

void IdentityTest::theIdIsTheHashOfThePublicKey()
{
    State state;
    const Result<Identity> identity = Identity::loadOrCreate(*state.root, user);
    VERIFY_OK(identity);
    const QByteArray &pem = identity->certificatePem();
    BIO *bio = BIO_new_mem_buf(pem.constData(), int(pem.size()));
    X509 *certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    QVERIFY(certificate);
    unsigned char *der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    QVERIFY(size > 0);
    QCOMPARE(identity->id().bytes(),
             sha256({reinterpret_cast<const char *>(der), size}).toByteArray());
    OPENSSL_free(der);
    X509_free(certificate);
    BIO_free(bio);
}

void IdentityTest::theCertificateSaysNothingPersonalAndDoesNotEnd()
{
    State state;
    const Result<Identity> identity = Identity::loadOrCreate(*state.root, user);
    VERIFY_OK(identity);
    const CertificateFacts facts = factsOf(identity->certificatePem());
    QCOMPARE(facts.subject, "/CN=" + identity->id().text().toLatin1());
    QCOMPARE(facts.curve, "prime256v1");
    QCOMPARE(facts.extensions, 0);
    QVERIFY(facts.days > 365 * 100);
}

void IdentityTest::onlyTheUserCanReadTheFiles()
{
    State state;
    VERIFY_OK(Identity::loadOrCreate(*state.root, user));
    QCOMPARE(state.root->stat(keyFile)->mode, 0600U);
    QCOMPARE(state.root->stat(certificateFile)->mode, 0600U);
    QCOMPARE(*listTree(*state.outside), (QList<QByteArray>{"identity.crt", "identity.key"}));
}

void IdentityTest::aKeyThatOthersCanReadIsRefused_data()
{
    QTest::addColumn<quint32>("mode");
    for (const quint32 mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0644U, 0777U})
        QTest::newRow(QByteArray::number(mode, 8).constData()) << mode;
}

void IdentityTest::aKeyThatOthersCanReadIsRefused()
{
    QFETCH(quint32, mode);
    State state;
    VERIFY_OK(Identity::loadOrCreate(*state.root, user));
    VERIFY_OK(state.outside->setMode(keyFile, mode));
    const Result<Identity> refused = Identity::loadOrCreate(*state.root, user);
    VERIFY_ERROR(refused, ErrorCode::Refused);
    QVERIFY(refused.error().detail.contains("chmod 600"));
    // Neither does a certificate get made from it.
    VERIFY_OK(state.outside->removeFile(certificateFile));
    VERIFY_ERROR(Identity::loadOrCreate(*state.root, user), ErrorCode::Refused);
}

void IdentityTest::aKeyOfAnotherUserIsRefused()
{
    State state;
    VERIFY_OK(Identity::loadOrCreate(*state.root, user));
    VERIFY_ERROR(Identity::loadOrCreate(*state.root, user + 1), ErrorCode::Refused);
}

void IdentityTest::aKeyThatIsNoRegularFileIsRefused_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("a symbolic link") << QByteArray("identity.key->real.key");
    QTest::newRow("a dangling link") << QByteArray("identity.key->nowhere");
    QTest::newRow("a directory") << QByteArray("identity.key/");
    QTest::newRow("a FIFO") << QByteArray("identity.key|");
}

void IdentityTest::aKeyThatIsNoRegularFileIsRefused()
{
    QFETCH(QByteArray, line);
    State state;
    VERIFY_OK(Identity::loadOrCreate(*state.root, user));
    VERIFY_OK(state.outside->rename(keyFile, RelPath::of("real.key"), RenameMode::Replace));
    VERIFY_OK(buildTree(*state.outside, {line}));
    VERIFY_ERROR(Identity::loadOrCreate(*state.root, user), ErrorCode::Refused);
}

void IdentityTest::brokenFilesAreRefusedAndLeftAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("content");
    State other;
    const Identity stranger = *Identity::loadOrCreate(*other.root, user);
    const auto rsa = [] {
        EVP_PKEY *key = EVP_RSA_gen(2048);
        BIO *bio = BIO_new(BIO_s_mem());
        PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
        char *data = nullptr;
        const long size = BIO_get_mem_data(bio, &data);
        const QByteArray pem(data, size);
        BIO_free(bio);
        EVP_PKEY_free(key);
        return pem;
    };
    const QByteArray key = "identity.key";
    const QByteArray certificate = "identity.crt";
    QTest::newRow("an empty key") << key << QByteArray();
    QTest::newRow("a torn key") << key << stranger.keyPem().first(100);
    QTest::newRow("another machine's key") << key << stranger.keyPem();
    QTest::newRow("an RSA key") << key << rsa();
    QTest::newRow("an empty certificate") << certificate << QByteArray();
    QTest::newRow("a torn certificate") << certificate << stranger.certificatePem().first(200);
    QTest::newRow("another machine's certificate") << certificate << stranger.certificatePem();
    QTest::newRow("zeros") << key << QByteArray(241, '\0');
}

void IdentityTest::brokenFilesAreRefusedAndLeftAsTheyAre()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, content);
    State state;
    VERIFY_OK(Identity::loadOrCreate(*state.root, user));
    const RelPath path = *RelPath::parse(name);
    VERIFY_OK(state.outside->removeFile(path));
    VERIFY_OK(buildTree(*state.outside, {name + '=' + content}));
    VERIFY_OK(state.outside->setMode(path, 0600));
    const Result<Identity> refused = Identity::loadOrCreate(*state.root, user);
    VERIFY_ERROR(refused, ErrorCode::Corrupt);
    QVERIFY2(refused.error().detail.contains("identity.key"), refused.error().detail.constData());
    QVERIFY(refused.error().detail.contains("restore it from a copy"));
    QCOMPARE(*readFile(*state.outside, path), content);
}

void IdentityTest::aMissingCertificateIsMadeAgainForTheSameKey()
{
    State state;
    const Result<Identity> first = Identity::loadOrCreate(*state.root, user);
    VERIFY_OK(first);
    VERIFY_OK(state.outside->removeFile(certificateFile));
    const Result<Identity> again = Identity::loadOrCreate(*state.root, user);
    VERIFY_OK(again);
    QCOMPARE(again->id(), first->id());
}

void IdentityTest::aMissingKeyIsNotReplaced()
{
    State state;
    VERIFY_OK(Identity::loadOrCreate(*state.root, user));
    VERIFY_OK(state.outside->removeFile(keyFile));
    VERIFY_ERROR(Identity::loadOrCreate(*state.root, user), ErrorCode::Corrupt);
    VERIFY_ERROR(state.outside->stat(keyFile), ErrorCode::NotFound);
}

void IdentityTest::aCrashWhileItIsMadeLeavesAllOrNothing()
{
    bool finished = false;
    for (quint64 calls = 0; !finished; ++calls) {
        State state;
        state.files.settle();
        SeededRandom random(calls);
        state.files.faults().dieAfter(calls);
        const Result<Identity> made = Identity::loadOrCreate(*state.root, user);
        finished = made.has_value();
        state.files.crash(random);
        const std::unique_ptr<Root> root = *state.files.openRoot(directory);
        const Result<Identity> found = Identity::loadOrCreate(*root, user);
        VERIFY_OK(found);
        if (finished)
            QCOMPARE(found->id(), made->id()); // nobody was told an id that a crash takes away
        QVERIFY(calls < 100);
    }
}

QTEST_APPLESS_MAIN(IdentityTest)
#include "tst_identity.moc"
