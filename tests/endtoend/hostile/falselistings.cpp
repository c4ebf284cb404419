// What a false target says when a primary asks what is there, and of what became of its operations.
#include "engine/model/bytes.h"
#include "tests/endtoend/hostile/cases.h"
#include "tests/endtoend/hostile/falsetarget.h"

#include <QThread>

namespace octopus::hostile {

namespace {

constexpr int soon = 8000; // ms; at once, but for a busy machine

// Up to the primary's first question; nullopt: it does not ask.
std::optional<wire::ListTree> firstQuestion(Caller &caller, const wire::OpenMirror &open,
                                            quint64 credit = 16 << 20)
{
    wire::MirrorState state;
    state.destination = "/replica";
    state.credit = credit;
    state.epoch = open.epoch;
    (void)caller.send(state);
    return caller.await<wire::ListTree>(soon);
}

using Speech = std::function<void(Caller &, const wire::ListTree &)>;

Answer closesAfter(const QByteArray &name, const Speech &speech)
{
    return {name, [speech](Caller &caller, const wire::OpenMirror &open) -> QByteArray {
                const auto question = firstQuestion(caller, open);
                if (!question)
                    return "it did not ask";
                speech(caller, *question);
                return mustClose(caller, soon);
            }};
}

Answer survives(const QByteArray &name, const Speech &speech)
{
    return {name, [speech](Caller &caller, const wire::OpenMirror &open) -> QByteArray {
                const auto question = firstQuestion(caller, open);
                if (!question)
                    return "it did not ask";
                speech(caller, *question);
                (void)caller.ending(1000);
                return {};
            }};
}

// One entry of a listing with a path of raw bytes.
QByteArray rawEntry(const QByteArray &path, quint8 kind = 1, quint8 flags = 0, quint64 size = 1)
{
    return sized(path) + char(kind) + char(flags) + varint(0644) + QByteArray(2, '\0')
        + QByteArray(8, '\x01') + varint(0) + varint(size) + varint(0);
}

QByteArray listing(quint32 request, const QByteArray &entries)
{
    QByteArray payload(4, '\0');
    qToLittleEndian(request, payload.data());
    return frame(wire::MessageType::TreeListing, payload + entries);
}

Answer lists(const QByteArray &name, const QByteArray &entries)
{
    return closesAfter("lists " + name, [entries](Caller &caller, const wire::ListTree &question) {
        (void)caller.sendRaw(listing(question.request, entries));
    });
}

Answers hostileEntries()
{
    Answers all;
    for (const QByteArray &path :
         {QByteArray(".."), QByteArray("../x"), QByteArray("/etc/passwd"), QByteArray("a//b"),
          QByteArray("a/../b"), QByteArray("."), QByteArray("a/"), QByteArray("a\0b", 3),
          QByteArray(256, 'n'), QByteArray("a/").repeated(2100)})
        all.push_back(lists("the path " + path.left(16).toPercentEncoding(), rawEntry(path)));
    all.push_back(lists("kind 0", rawEntry("x", 0)));
    all.push_back(lists("kind 7", rawEntry("x", 7)));
    all.push_back(lists("flags that nobody knows", rawEntry("x", 1, 8)));
    all.push_back(lists("a directory with a digest", rawEntry("x", 2, 2) + QByteArray(32, 'd')));
    all.push_back(lists("a size of 2^63", rawEntry("x", 1, 0, quint64(1) << 63)));
    all.push_back(lists("entries in the wrong order", rawEntry("b") + rawEntry("a")));
    all.push_back(lists("an entry twice", rawEntry("a") + rawEntry("a")));
    all.push_back(lists("half an entry", rawEntry("a").chopped(3)));
    all.push_back(closesAfter("lists an entry twice, in two messages",
                              [](Caller &caller, const wire::ListTree &question) {
                                  (void)caller.sendRaw(listing(question.request, rawEntry("a")));
                                  (void)caller.sendRaw(listing(question.request, rawEntry("a")));
                              }));
    all.push_back(closesAfter("goes back in the order of its listing",
                              [](Caller &caller, const wire::ListTree &question) {
                                  (void)caller.sendRaw(listing(question.request, rawEntry("b")));
                                  (void)caller.sendRaw(listing(question.request, rawEntry("a")));
                              }));
    all.push_back(closesAfter("ends its listing with another number of entries",
                              [](Caller &caller, const wire::ListTree &question) {
                                  (void)caller.sendRaw(listing(question.request, rawEntry("a")));
                                  (void)caller.send(wire::TreeEnd{question.request, 77, {}});
                              }));
    return all;
}

Answers ends()
{
    const auto unreadable = [](const QByteArray &path) {
        return closesAfter("cannot read " + path.toPercentEncoding(),
                           [path](Caller &caller, const wire::ListTree &question) {
                               (void)caller.send(wire::TreeEnd{question.request, 0, {path}});
                           });
    };
    return {
        unreadable("../x"),
        unreadable("/etc"),
        unreadable("a//b"),
        survives("cannot read anything",
                 [](Caller &caller, const wire::ListTree &question) {
                     (void)caller.send(wire::TreeEnd{question.request, 0, {QByteArray()}});
                 }),
        survives("cannot read a hundred paths",
                 [](Caller &caller, const wire::ListTree &question) {
                     wire::TreeEnd end{question.request, 0, {}};
                     for (int i = 0; i < 100; ++i)
                         end.unreadable.append("\x1b[31m" + QByteArray::number(i));
                     (void)caller.send(end);
                 }),
        survives("answers what was not asked",
                 [](Caller &caller, const wire::ListTree &question) {
                     (void)caller.sendRaw(listing(question.request + 7, rawEntry("a")));
                     (void)caller.send(wire::TreeEnd{question.request + 7, 1, {}});
                     (void)caller.send(wire::BlockHashes{999, 4096, true, {1}});
                 }),
        survives("lists devices, sockets and foreign entries with the names of the source",
                 [](Caller &caller, const wire::ListTree &question) {
                     (void)caller.sendRaw(
                         listing(question.request,
                                 rawEntry("", 2) + rawEntry("large", 6) + rawEntry("small", 5, 1)));
                     (void)caller.send(wire::TreeEnd{question.request, 3, {}});
                 }),
    };
}

// Nothing is there, says the target; then the primary sends, and gets `acknowledgement`.
Answer acknowledges(const QByteArray &name, const wire::Acknowledgement &acknowledgement)
{
    return closesAfter("acknowledges " + name, [=](Caller &caller, const wire::ListTree &question) {
        (void)caller.send(wire::TreeEnd{question.request, 0, {}});
        (void)caller.send(acknowledgement);
    });
}

Answers acknowledgements()
{
    const auto far = Sequence(1'000'000'000);
    return {
        acknowledges("what was never sent", {far, far, far, 16 << 20}),
        acknowledges("2^64-1",
                     {Sequence(~quint64(0)), Sequence(~quint64(0)), Sequence(~quint64(0)), 0}),
        closesAfter("takes an acknowledgement back",
                    [](Caller &caller, const wire::ListTree &question) {
                        (void)caller.send(wire::TreeEnd{question.request, 0, {}});
                        const auto operations = caller.await<wire::Operations>(soon);
                        if (!operations)
                            return;
                        const auto one = Sequence(1);
                        (void)caller.send(wire::Acknowledgement{one, one, one, 16 << 20});
                        (void)caller.send(wire::Acknowledgement{one, one, {}, 16 << 20});
                    }),
        survives("says of every operation that it failed, and of a million more",
                 [](Caller &caller, const wire::ListTree &question) {
                     (void)caller.send(wire::TreeEnd{question.request, 0, {}});
                     for (quint64 i = 1; i < 20'000; ++i) {
                         if (!caller.send(wire::OperationFailed{Sequence(i), ErrorCode::Other,
                                                                QByteArray(200, '\x1b')}))
                             break;
                     }
                 }),
        survives("gives all credit and acknowledges nothing",
                 [](Caller &caller, const wire::ListTree &question) {
                     (void)caller.send(wire::TreeEnd{question.request, 0, {}});
                     (void)caller.send(wire::Acknowledgement{{}, {}, {}, ~quint64(0)});
                 }),
        survives("does not read what it is sent",
                 [](Caller &caller, const wire::ListTree &question) {
                     (void)caller.send(wire::TreeEnd{question.request, 0, {}});
                     (void)caller.send(wire::Acknowledgement{{}, {}, {}, ~quint64(0)});
                     QThread::sleep(3);
                 }),
    };
}

// The source's large file is there, but different: the primary asks for its hashes.
Answer hashes(const QByteArray &name, bool closes,
              const std::function<void(Caller &, const wire::BlocksRequest &)> &speech)
{
    return {"hashes with " + name, [=](Caller &caller, const wire::OpenMirror &open) -> QByteArray {
                const auto question = firstQuestion(caller, open);
                if (!question)
                    return "it did not ask";
                (void)caller.sendRaw(
                    listing(question->request, rawEntry("", 2) + rawEntry("large", 1, 0, 8 << 20)));
                (void)caller.send(wire::TreeEnd{question->request, 2, {}});
                const auto request = caller.await<wire::BlocksRequest>(soon);
                if (!request)
                    return "it did not ask for hashes";
                speech(caller, *request);
                if (closes)
                    return mustClose(caller, soon);
                (void)caller.ending(1000);
                return {};
            }};
}

Answers hashLists()
{
    return {
        hashes("more of them than blocks", true,
               [](Caller &caller, const wire::BlocksRequest &request) {
                   (void)caller.send(
                       wire::BlockHashes{request.request, 4096, true, QList<quint64>(400'000, 1)});
               }),
        hashes("a file of 2^62 bytes", false,
               [](Caller &caller, const wire::BlocksRequest &request) {
                   (void)caller.send(
                       wire::BlockHashes{request.request, quint64(1) << 62, true, {1, 2, 3}});
               }),
        hashes("no end", true,
               [](Caller &caller, const wire::BlocksRequest &request) {
                   for (int i = 0; i < 200; ++i) {
                       if (!caller.send(wire::BlockHashes{request.request, quint64(1) << 62, false,
                                                          QList<quint64>(400'000, 1)}))
                           return;
                   }
               }),
        hashes("fewer of them than blocks", false,
               [](Caller &caller, const wire::BlocksRequest &request) {
                   (void)caller.send(wire::BlockHashes{request.request, 8 << 20, true, {}});
               }),
    };
}

} // namespace

Answers falseListings()
{
    Answers all = hostileEntries();
    for (auto more : {ends(), acknowledgements(), hashLists()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

} // namespace octopus::hostile
