// Whoever takes their time, before and after they are known. Each deadline counts from a moment that
// the peer cannot move.
#include "tests/endtoend/hostile/cases.h"

#include <QDeadlineTimer>
#include <QThread>

#include <sys/socket.h>

namespace octopus::hostile {

namespace {

constexpr int strangersLife = 9000; // 5 s, and patience with a busy machine
constexpr int silence = 15'000;     // 10 s, likewise

// Sends `bytes` one at a time, five a second, until the other side closes.
QByteArray trickle(Caller &caller, const QByteArray &bytes, int milliseconds = strangersLife)
{
    QDeadlineTimer deadline(milliseconds);
    for (qsizetype i = 0; !deadline.hasExpired(); ++i) {
        if (i < bytes.size() && !caller.sendRaw(bytes.sliced(i, 1), 500))
            return {};
        if (caller.ending(200).closed)
            return {};
    }
    return "still open after " + QByteArray::number(milliseconds) + " ms";
}

QByteArray connected(Scene &scene, const std::function<QByteArray(Caller &)> &then)
{
    const auto caller = scene.call(scene.paired);
    return caller ? then(*caller) : QByteArray("cannot connect");
}

QByteArray secured(Scene &scene, const Identity &identity,
                   const std::function<QByteArray(Caller &)> &then)
{
    const auto caller = scene.call(identity);
    if (!caller || !caller->secure())
        return "no TLS";
    return then(*caller);
}

QByteArray greeted(Scene &scene, const Identity &identity,
                   const std::function<QByteArray(Caller &)> &then)
{
    const auto caller = scene.greet(identity);
    return caller ? then(*caller) : QByteArray("not greeted");
}

Cases strangers()
{
    const QByteArray hello = wire::encode(ordinaryHello());
    const QByteArray tls =
        QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + QByteArray(500, 'r');
    const auto closes = [](Caller &x) { return mustClose(x, strangersLife); };
    return {
        {"a connection that says nothing", [=](Scene &s) { return connected(s, closes); }},
        {"a ClientHello, one byte at a time",
         [=](Scene &s) {
             return connected(s, [&](Caller &x) { return trickle(x, tls, strangersLife); });
         }},
        {"half a ClientHello and then nothing",
         [=](Scene &s) {
             return connected(s, [&](Caller &x) {
                 (void)x.sendRaw(tls.first(100));
                 return closes(x);
             });
         }},
        {"a connection whose writing end is shut",
         [=](Scene &s) {
             return connected(s, [&](Caller &x) {
                 ::shutdown(int(x.socket().socketDescriptor()), SHUT_WR);
                 return closes(x);
             });
         }},
        {"TLS and then nothing",
         [=](Scene &s) { return secured(s, Identity::ordinary(), closes); }},
        {"a Hello, one byte at a time",
         [=](Scene &s) {
             return secured(s, Identity::ordinary(),
                            [&](Caller &x) { return trickle(x, hello, strangersLife); });
         }},
        {"the header of a Hello and then nothing",
         [=](Scene &s) {
             return secured(s, Identity::ordinary(), [&](Caller &x) {
                 (void)x.sendRaw(hello.first(8));
                 return closes(x);
             });
         }},
        {"a stranger that greets and then says nothing",
         [=](Scene &s) { return greeted(s, Identity::ordinary(), closes); }},
        {"a stranger that greets and then sends heartbeats",
         [=](Scene &s) {
             return greeted(s, Identity::ordinary(), [&](Caller &x) {
                 return trickle(x, QByteArray(wire::encode(wire::Heartbeat{})).repeated(100),
                                strangersLife);
             });
         }},
    };
}

Cases peers()
{
    const QByteArray hello = wire::encode(ordinaryHello());
    return {
        {"a paired peer that does not greet",
         [](Scene &s) {
             return secured(s, s.paired, [](Caller &x) { return mustClose(x, strangersLife); });
         }},
        {"a paired peer that greets one byte at a time",
         [=](Scene &s) {
             return secured(s, s.paired,
                            [&](Caller &x) { return trickle(x, hello, strangersLife); });
         }},
        {"a paired peer that opens no mirror",
         [](Scene &s) {
             return greeted(s, s.paired, [](Caller &x) { return mustClose(x, strangersLife); });
         }},
        {"a paired peer that sends heartbeats instead of opening a mirror",
         [](Scene &s) {
             return greeted(s, s.paired, [](Caller &x) {
                 return trickle(x, QByteArray(wire::encode(wire::Heartbeat{})).repeated(100),
                                strangersLife);
             });
         }},
        {"a paired peer that opens its mirror one byte at a time",
         [](Scene &s) {
             const QByteArray open = wire::encode(Mirror(s, "trickled").request());
             return greeted(s, s.paired, [&](Caller &x) {
                 return trickle(x, open.first(open.size() - 1), strangersLife);
             });
         }},
        {"a primary that falls silent",
         [](Scene &s) {
             Mirror mirror(s, "silent");
             return mirror.open() ? mustClose(mirror.caller(), silence) : QByteArray("not opened");
         }},
        {"a primary that falls silent in the middle of a frame",
         [](Scene &s) {
             Mirror mirror(s, "middle");
             if (!mirror.open())
                 return QByteArray("not opened");
             (void)mirror.caller().sendRaw(frame(wire::MessageType::StageChunk, "x", {1u << 20}));
             return mustClose(mirror.caller(), silence);
         }},
    };
}

} // namespace

Cases slowCases()
{
    Cases all = strangers();
    for (Case &one : peers())
        all.push_back(std::move(one));
    return all;
}

} // namespace octopus::hostile
