// Strangers after TLS: Hello, one PairRequest, and nothing else.
#include "tests/endtoend/hostile/cases.h"
#include "tests/engine/wire/messagegenerator.h"

namespace octopus::hostile {

namespace {

constexpr int soon = 8000; // ms; at once, but for a busy machine
constexpr int everyKind = int(std::variant_size_v<wire::Message>);

QByteArray validMessage(int index)
{
    return wire::encode(wire::MessageGenerator(quint64(index) + 1).message(size_t(index)));
}

QByteArray nameOf(int index)
{
    return "message " + QByteArray::number(index) + " of the table";
}

// Before the own Hello, every message but Hello and Refusal ends the connection.
Case beforeHello(const QByteArray &name, const QByteArray &bytes)
{
    return {"before Hello, " + name, [bytes](Scene &scene) -> QByteArray {
                const auto caller = scene.call(Identity::ordinary());
                if (!caller || !caller->secure())
                    return "no TLS";
                (void)caller->sendRaw(bytes);
                return mustClose(*caller, soon);
            }};
}

Case afterHello(const QByteArray &name, const QByteArray &bytes)
{
    return {"a stranger after Hello, " + name, [bytes](Scene &scene) -> QByteArray {
                const auto caller = scene.greet(Identity::ordinary());
                if (!caller)
                    return "not greeted";
                (void)caller->sendRaw(bytes);
                return mustClose(*caller, soon);
            }};
}

Cases everyMessage()
{
    Cases all;
    for (int index = 0; index < everyKind; ++index) {
        const wire::Message message =
            wire::MessageGenerator(quint64(index) + 1).message(size_t(index));
        if (std::holds_alternative<wire::Hello>(message))
            continue;
        all.push_back(beforeHello(nameOf(index), validMessage(index)));
        if (!std::holds_alternative<wire::PairRequest>(message)
            && !std::holds_alternative<wire::Heartbeat>(message))
            all.push_back(afterHello(nameOf(index), validMessage(index)));
    }
    for (const int type : {0, 16, 63, 68, 127, 128, 255}) {
        const QByteArray bytes = frame(quint8(type), QByteArray(4, 'x'));
        all.push_back(beforeHello("unknown type " + QByteArray::number(type), bytes));
        all.push_back(afterHello("unknown type " + QByteArray::number(type), bytes));
    }
    return all;
}

Cases wrongFrames()
{
    const QByteArray hello = wire::encode(ordinaryHello());
    const QByteArray payload = hello.sliced(wire::frameHeaderSize);
    const auto lie = [&](FrameLie how) { return frame(wire::MessageType::Hello, payload, how); };
    return {
        beforeHello("a Hello of 0 bytes", frame(wire::MessageType::Hello, {})),
        beforeHello("a Hello with a length of 8193", lie({8193})),
        beforeHello("a Hello with a length of 2^31", lie({1u << 31})),
        beforeHello("a Hello with a length of 2^32-1", lie({~0u})),
        beforeHello("a Hello with flags", lie({std::nullopt, 1})),
        beforeHello("a Hello with reserved bits", lie({std::nullopt, 0, 1})),
        beforeHello("a Hello with a byte behind it",
                    frame(wire::MessageType::Hello, payload + 'x')),
        beforeHello("a Hello twice", hello + hello),
        beforeHello("a batch of operations with a length of 4 MiB",
                    frame(wire::MessageType::Operations, "x", {4u << 20})),
        beforeHello("9 KiB of heartbeats",
                    QByteArray(wire::encode(wire::Heartbeat{})).repeated(1024)),
        afterHello("9 KiB of heartbeats",
                   QByteArray(wire::encode(wire::Heartbeat{})).repeated(1024)),
        afterHello("1 MiB of one frame",
                   frame(wire::MessageType::ListTree, QByteArray(1 << 20, 'x'))),
    };
}

Fields helloFields()
{
    return {{0, 1},
            {1, 1},
            {2, QStringLiteral("name")},
            {3, QStringLiteral("1")},
            {4, QByteArray(16, 'i')}};
}

Case helloWith(const QByteArray &name, int key, const QCborValue &value)
{
    Fields fields = helloFields();
    fields[key].second = value;
    return beforeHello("a Hello with " + name, frame(wire::MessageType::Hello, cbor(fields)));
}

Cases wrongHellos()
{
    Cases all{
        helloWith("lowest version 0", 0, 0),
        helloWith("lowest above highest", 0, 5),
        helloWith("a negative version", 1, -1),
        helloWith("version 2^40", 1, qint64(1) << 40),
        helloWith("an empty name", 2, QString()),
        helloWith("a name of 65 characters", 2, QString(65, u'n')),
        helloWith("a control character in its name", 2, QStringLiteral("a\x1b[2J")),
        helloWith("a newline in its name", 2, QStringLiteral("a\nb")),
        helloWith("a name that is bytes", 2, QByteArray("name")),
        helloWith("an instance of 15 bytes", 4, QByteArray(15, 'i')),
        helloWith("an instance of 17 bytes", 4, QByteArray(17, 'i')),
        helloWith("an instance that is text", 4, QStringLiteral("0123456789abcdef")),
        helloWith("a floating-point version", 0, 1.0),
    };
    const auto raw = [&](const QByteArray &name, const QByteArray &payload) {
        all.push_back(
            beforeHello("a Hello that is " + name, frame(wire::MessageType::Hello, payload)));
    };
    const Fields fields = helloFields();
    raw("without its last field", cbor(fields.first(4)));
    raw("with a field twice", cbor(fields + Fields{{4, QByteArray(16, 'j')}}));
    raw("in the wrong order", cbor({fields[1], fields[0], fields[2], fields[3], fields[4]}));
    raw("a list", QByteArray("\x85\x01\x01\x61n\x61v\x40", 9));
    raw("an endless map", QByteArray("\xbf\x00\x01", 3));
    raw("a map of 2^63 pairs", QByteArray("\xbb\x80\0\0\0\0\0\0\0", 9));
    raw("a text of 2^62 bytes", QByteArray("\xa1\x02\x7b\x40\0\0\0\0\0\0\0", 11));
    raw("nested 2,000 deep", QByteArray("\xa1\x09", 2) + QByteArray(2000, '\x81') + '\0');
    raw("tagged", QByteArray("\xc0", 1) + cbor(fields));
    raw("invalid UTF-8", QByteArray("\xa1\x02\x62\xff\xfe", 5));
    return all;
}

QByteArray pairs(Scene &scene, const QByteArray &secret, ErrorCode code)
{
    const auto caller = scene.greet(Identity::ordinary());
    if (!caller)
        return "not greeted";
    (void)caller->send(wire::PairRequest{secret, QStringLiteral("stranger")});
    return mustRefuse(*caller, code);
}

QByteArray floodsWithTickets(Scene &scene)
{
    int limited = 0;
    for (int i = 0; i < 30; ++i) {
        const auto caller = scene.greet(Identity::ordinary());
        if (!caller)
            return "not greeted";
        (void)caller->send(wire::PairRequest{QByteArray(20, char(i)), QStringLiteral("flood")});
        const Ending ending = caller->ending(soon);
        if (!ending.closed || !ending.refusal)
            return "not refused";
        limited += ending.refusal->code == ErrorCode::LimitReached;
    }
    // Ten a minute; those of the cases before count as well.
    return limited >= 20 ? QByteArray() : "only " + QByteArray::number(limited) + " were limited";
}

QByteArray twoRequests(Scene &scene)
{
    const auto caller = scene.greet(Identity::ordinary());
    const wire::PairRequest request{QByteArray(20, 's'), QStringLiteral("two")};
    if (!caller)
        return "not greeted";
    (void)caller->sendRaw(wire::encode(request) + wire::encode(request));
    return mustClose(*caller, soon);
}

QByteArray futureVersion(Scene &scene)
{
    const auto caller = scene.call(scene.paired);
    wire::Hello hello = ordinaryHello();
    hello.lowest = 77;
    hello.highest = 99;
    if (!caller || !caller->secure())
        return "no TLS";
    (void)caller->send(hello);
    return mustRefuse(*caller, ErrorCode::VersionMismatch);
}

QByteArray refusesItself(Scene &scene)
{
    const auto caller = scene.call(Identity::ordinary());
    if (!caller || !caller->secure())
        return "no TLS";
    (void)caller->send(wire::Refusal{ErrorCode::Refused, QByteArray(4000, '\x1b'), {}});
    return mustClose(*caller, soon);
}

} // namespace

Cases strangerCases()
{
    Cases all = everyMessage();
    for (auto more : {wrongFrames(), wrongHellos()})
        all.insert(all.end(), more.begin(), more.end());
    all.push_back({"a PairRequest with a wrong secret", [](Scene &scene) {
                       return pairs(scene, QByteArray(20, 'w'), ErrorCode::Refused);
                   }});
    for (const int length : {0, 15, 65, 4000}) {
        const QByteArray bytes =
            frame(wire::MessageType::PairRequest,
                  cbor({{0, QByteArray(length, 's')}, {1, QStringLiteral("n")}}));
        all.push_back(
            afterHello("a PairRequest with a secret of " + QByteArray::number(length), bytes));
    }
    all.push_back({"two PairRequests on one connection", twoRequests});
    all.push_back({"30 PairRequests, each on a connection of its own", floodsWithTickets});
    all.push_back({"only protocol versions that are not known", futureVersion});
    all.push_back({"a Refusal as the first message", refusesItself});
    return all;
}

} // namespace octopus::hostile
