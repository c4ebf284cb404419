// Strangers before and during TLS: nothing of what they send is looked at (I8).
#include "tests/endtoend/hostile/cases.h"

namespace octopus::hostile {

namespace {

constexpr int lifetime = 9000; // ms: the 5 s that a stranger may live, and some

QByteArray clientHelloStart(quint16 length)
{
    return QByteArray("\x16\x03\x01", 3) + char(length >> 8) + char(length & 0xff)
        + QByteArray("\x01\x00\x3f\xff\x03\x03", 6);
}

QList<std::pair<QByteArray, QByteArray>> notTls()
{
    const QByteArray hello = wire::encode(ordinaryHello());
    return {
        {"an HTTP request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an SSH banner", "SSH-2.0-OpenSSH_9.9\r\n"},
        {"zeros", QByteArray(4096, '\0')},
        {"ones", QByteArray(4096, '\xff')},
        {"64 KiB of noise", QByteArray(65536, '\x5a')},
        {"a Hello in the clear", hello},
        {"a Hello in the clear and 8 MiB behind it", hello + QByteArray(8 << 20, 'x')},
        {"an SSL 2 hello", QByteArray("\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10", 11)},
        {"a TLS alert first", QByteArray("\x15\x03\x03\x00\x02\x02\x28", 7)},
        {"TLS application data first", QByteArray("\x17\x03\x03\x00\x10", 5) + QByteArray(16, 'a')},
        {"a TLS record of 65535 bytes", clientHelloStart(0xffff) + QByteArray(65535, '\0')},
        {"a ClientHello of nothing but zeros", clientHelloStart(512) + QByteArray(506, '\0')},
        {"a ClientHello that never ends", clientHelloStart(0x3fff)},
        {"heartbeat of TLS (Heartbleed)", QByteArray("\x18\x03\x02\x00\x03\x01\x40\x00", 8)},
        {"a line of an Octopus frame with a length of 2^32-1",
         QByteArray("\xff\xff\xff\xff\x05\x00\x00\x00", 8)},
    };
}

Case sends(const QByteArray &name, const QByteArray &bytes)
{
    return {"instead of TLS, " + name, [bytes](Scene &scene) -> QByteArray {
                const auto caller = scene.call(scene.paired);
                if (!caller)
                    return "cannot connect";
                (void)caller->sendRaw(bytes, 500);
                return mustClose(*caller, lifetime);
            }};
}

// TLS must fail, or the connection be closed right after it.
Case securesWith(const QByteArray &name, const TlsChoice &choice)
{
    return {name, [choice](Scene &scene) -> QByteArray {
                const auto caller = scene.call(scene.paired, choice);
                if (!caller)
                    return "cannot connect";
                if (caller->secure())
                    (void)caller->send(ordinaryHello());
                if (caller->await<wire::Hello>(lifetime))
                    return "it was greeted";
                return mustClose(*caller, lifetime);
            }};
}

// A key that nobody knows, of whatever kind, is a stranger.
Case comesWith(const QByteArray &name, const std::function<Identity()> &make)
{
    return {"a stranger with " + name, [make](Scene &scene) -> QByteArray {
                const auto caller = scene.greet(make());
                if (!caller)
                    return {}; // refused even earlier
                wire::OpenMirror open = Mirror(scene, "stranger").request();
                (void)caller->send(open);
                return mustRefuse(*caller, ErrorCode::NotPaired);
            }};
}

Cases strangeKeys()
{
    using Kind = Identity::Kind;
    Cases all;
    const auto kind = [&](const QByteArray &name, Kind which) {
        all.push_back(comesWith(name, [which] { return Identity::ofKind(which); }));
    };
    kind("an RSA key", Kind::Rsa);
    kind("a P-384 key", Kind::P384);
    kind("a P-521 key", Kind::P521);
    kind("a secp256k1 key", Kind::Secp256k1);
    kind("an Ed25519 key", Kind::Ed25519);
    all.push_back(comesWith("a key as it should be", [] { return Identity::ordinary(); }));
    all.push_back(
        comesWith("an expired certificate", [] { return Identity::ordinary().expired(); }));
    all.push_back(comesWith("a certificate of 20 KiB",
                            [] { return Identity::ordinary().bloated(20 << 10); }));
    all.push_back(comesWith("a certificate of 300 KiB",
                            [] { return Identity::ordinary().bloated(300 << 10); }));
    return all;
}

QByteArray mayComeThoughExpired(Scene &scene)
{
    // The key is what counts, and clocks can be wrong.
    const Identity genuine = scene.paired;
    scene.paired = genuine.expired();
    Mirror mirror(scene, "expired");
    const bool opened = mirror.open().has_value();
    scene.paired = genuine;
    return opened ? QByteArray() : QByteArray("an expired certificate of a pinned key is no harm");
}

QByteArray comeAndGo(Scene &scene)
{
    for (int i = 0; i < 200; ++i) {
        const auto caller = scene.call(scene.paired);
        if (caller)
            caller->abort();
    }
    // Places are free again when the engine has seen that nobody is there.
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < lifetime) {
        if (scene.greet(scene.paired))
            return {};
    }
    return "nobody is greeted any more";
}

} // namespace

Cases handshakeCases()
{
    Cases all;
    for (const auto &[name, bytes] : notTls())
        all.push_back(sends(name, bytes));
    QT_WARNING_PUSH
    QT_WARNING_DISABLE_DEPRECATED
    all.push_back(securesWith("TLS 1.0", {QSsl::TlsV1_0, "octopus-mirror/1", true}));
    all.push_back(securesWith("TLS 1.1", {QSsl::TlsV1_1, "octopus-mirror/1", true}));
    QT_WARNING_POP
    all.push_back(securesWith("TLS 1.2", {QSsl::TlsV1_2, "octopus-mirror/1", true}));
    all.push_back(securesWith("no certificate", {QSsl::TlsV1_3, "octopus-mirror/1", false}));
    all.push_back(securesWith("no application protocol", {QSsl::TlsV1_3, {}, true}));
    all.push_back(securesWith("another application protocol", {QSsl::TlsV1_3, "h2", true}));
    all.push_back(
        securesWith("a later application protocol", {QSsl::TlsV1_3, "octopus-mirror/2", true}));
    for (Case &one : strangeKeys())
        all.push_back(std::move(one));
    all.push_back({"a paired key with an expired certificate is known", mayComeThoughExpired});
    all.push_back({"200 connections that are dropped at once", comeAndGo});
    return all;
}

} // namespace octopus::hostile
