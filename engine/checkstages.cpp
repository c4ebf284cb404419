#include "engine/checkstages.h"

#include "engine/control/json.h"
#include "engine/granted.h"

#include <algorithm>
#include <cerrno>

namespace octopus::stages {

namespace {

constexpr quint64 mebibyte = 1024 * 1024;
constexpr quint64 leastSpace =
    64 * mebibyte; // what is kept for journals and versions, and a little
constexpr Milliseconds clockTolerance{30'000};
constexpr quint32 protocolWithGrants = 2;

QByteArray quoted(const QString &text)
{
    return '"' + text.toUtf8() + '"';
}

// The facts of a finding.
QJsonObject about(const std::initializer_list<std::pair<const char *, QJsonValue>> &facts)
{
    QJsonObject object;
    for (const auto &[name, value] : facts)
        object.insert(QLatin1StringView(name), value);
    return object;
}

CheckStage passed(const char *stage, const char *finding, const QJsonObject &facts,
                  const QByteArray &detail)
{
    return {stage, true, detail, {}, finding, facts};
}

CheckStage failed(const char *stage, const char *finding, const QJsonObject &facts,
                  const QByteArray &detail, const QByteArray &advice)
{
    return {stage, false, detail, advice, finding, facts};
}

QJsonValue text(const QByteArray &bytes)
{
    return control::bytesToJson(bytes);
}

QByteArray sizeText(quint64 bytes)
{
    const double mebibytes = double(bytes) / double(mebibyte);
    if (mebibytes < 1024)
        return QByteArray::number(mebibytes, 'f', 0) + " MiB";
    return QByteArray::number(mebibytes / 1024, 'f', 1) + " GiB";
}

CheckStage notResolved(const QString &asked, const Error &error)
{
    if (error.code == ErrorCode::TimedOut) {
        return failed("resolve", "late", about({{"asked", asked}}),
                      quoted(asked) + " could not be looked up in time",
                      "see that the name server answers, or type the machine's IP address");
    }
    if (error.code == ErrorCode::NotFound) {
        return failed("resolve", "unknown", about({{"asked", asked}}),
                      "no machine is called " + quoted(asked),
                      "see whether the name is spelt rightly, or type the machine's IP address; "
                      "\"octopusctl peers --discover 3\" lists those nearby");
    }
    return failed("resolve", "invalid", about({{"asked", asked}, {"detail", text(error.detail)}}),
                  quoted(asked) + ": " + error.detail, "type another address of that machine");
}

CheckStage notConnected(const link::CallFailure &failure)
{
    if (failure.transport.kind == Transport::Kind::Socks5) {
        return failed("reach", "proxy", about({{"detail", text(failure.error.detail)}}),
                      failure.error.detail,
                      "see that the proxy runs, lets this machine in, and allows the target");
    }
    if (failure.transport.kind == Transport::Kind::UnixSocket) {
        return failed("reach", "tunnel", about({{"detail", text(failure.error.detail)}}),
                      failure.error.detail,
                      "see that the tunnel runs and that its socket is where it is said");
    }
    if (failure.endpoint.host.isEmpty()) {
        return failed("reach", "interface", about({{"detail", text(failure.error.detail)}}),
                      failure.error.detail,
                      "see that the interface is there, switched on and connected");
    }
    const QString address = failure.endpoint.text();
    const QByteArray where = address.toUtf8();
    if (failure.error.systemError == ECONNREFUSED) {
        return failed("reach", "closed", about({{"address", address}}),
                      "the machine answers, but nothing listens at " + where
                          + " (the port is closed)",
                      "start octopusd or octopus-mirror there, see that the port is the one it "
                      "listens at, and that no firewall rejects it");
    }
    if (failure.error.code == ErrorCode::TimedOut) {
        return failed("reach", "silent", about({{"address", address}}),
                      "nothing answers at " + where,
                      "see that the machine is switched on and connected, that the address is "
                      "right, and that no firewall drops this port");
    }
    return failed("reach", "unreachable",
                  about({{"address", address}, {"detail", text(failure.error.detail)}}),
                  where + " cannot be reached: " + failure.error.detail,
                  "see that both machines are connected to the same network, or that a route leads "
                  "there");
}

} // namespace

CheckStage resolved(const QString &asked, const QList<link::Endpoint> &addresses,
                    const Transport &over)
{
    if (over.kind == Transport::Kind::UnixSocket)
        return passed("resolve", "needless", about({{"over", over.shown()}}),
                      "over " + over.shown().toUtf8() + " no address is needed");
    if (over.kind == Transport::Kind::Socks5)
        return passed("resolve", "by-proxy", about({{"asked", asked}, {"proxy", over.proxy()}}),
                      quoted(asked) + " is a matter of the proxy " + over.proxy().toUtf8());
    QByteArrayList texts;
    for (const link::Endpoint &one : addresses)
        texts.append(one.text().toUtf8());
    if (texts == QByteArrayList{asked.toUtf8()})
        return passed("resolve", "address", about({{"address", asked}}),
                      texts.first() + " is an address");
    return passed("resolve", "found",
                  about({{"asked", asked}, {"addresses", QString::fromUtf8(texts.join(", "))}}),
                  quoted(asked) + " is " + texts.join(", "));
}

CheckStage reached(const link::Endpoint &endpoint, const Transport &over)
{
    const QString way = over.shown();
    if (endpoint.host.isEmpty()) {
        return passed("reach", "listening-over", about({{"over", way}}),
                      "something listens over " + way.toUtf8());
    }
    const QString address = endpoint.text();
    if (over.kind == Transport::Kind::Automatic) {
        return passed("reach", "listening", about({{"address", address}}),
                      "something listens at " + address.toUtf8());
    }
    return passed("reach", "listening-at-over", about({{"address", address}, {"over", way}}),
                  "something listens at " + address.toUtf8() + ", reached over " + way.toUtf8());
}

CheckStage secured()
{
    return passed("tls", "encrypted", {}, "it speaks TLS 1.3 as Octopus does");
}

CheckStage identified(const MachineId &id, const QString &name, const std::optional<Peer> &expected)
{
    const QByteArray who = (name.isEmpty() ? "a machine" : quoted(name)) + ", id "
        + id.text().left(16).toLatin1() + "…";
    if (expected && expected->id != id) {
        return failed("identity", "other",
                      about({{"name", name}, {"id", id.text()}, {"expected", expected->name}}),
                      "another machine answers there than so far: " + who + ", not "
                          + quoted(expected->name),
                      "if Octopus was set up anew there, unpair and pair again; else find out who "
                      "has taken this address");
    }
    return passed("identity", "told", about({{"name", name}, {"id", id.text()}}), "it is " + who);
}

CheckStage versioned(const wire::Hello &hello, quint32 protocol, quint32 known)
{
    const QByteArray what = "it runs Octopus "
        + (hello.version.isEmpty() ? QByteArray("(unknown)") : hello.version.toUtf8());
    if (protocol < known) {
        return failed("version", "older",
                      about({{"version", hello.version},
                             {"protocol", qint64(protocol)},
                             {"known", qint64(known)}}),
                      what + ", which offers an older protocol (" + QByteArray::number(protocol)
                          + ") than was spoken with it before (" + QByteArray::number(known) + ')',
                      "update Octopus there");
    }
    if (protocol < protocolWithGrants)
        return failed("version", "old", about({{"version", hello.version}}),
                      what + ", which is too old to be checked any further",
                      "update Octopus there");
    return passed("version", "known",
                  about({{"version", hello.version}, {"protocol", qint64(protocol)}}),
                  what + ", protocol " + QByteArray::number(protocol));
}

CheckStage notReached(const QString &asked, const link::CallFailure &failure, const MachineId &self)
{
    using link::SessionState;
    if (failure.reached == SessionState::Idle)
        return notResolved(asked, failure.error);
    if (failure.reached == SessionState::Connecting)
        return notConnected(failure);
    if (failure.presented == self && !self.isNull())
        return failed("identity", "own", {}, "that is this very machine, or a copy of it",
                      "type the address of the other machine; if it was copied from this one, give "
                      "it an identity of its own (another state directory)");
    if (failure.error.code == ErrorCode::VersionMismatch
        && failure.reached == SessionState::Greeting)
        return failed("version", "none", about({{"detail", text(failure.error.detail)}}),
                      "there is no common version: " + failure.error.detail,
                      "update the older of the two programs");
    if (failure.reached == SessionState::Greeting)
        return failed("version", "mute", about({{"detail", text(failure.error.detail)}}),
                      "it did not introduce itself: " + failure.error.detail,
                      "update Octopus there, or try again");
    const QString address = failure.endpoint.text();
    const QByteArray where = address.toUtf8();
    if (failure.error.code == ErrorCode::Disconnected)
        return failed("tls", "hung-up", about({{"address", address}}),
                      "something at " + where + " hung up before it said who it is",
                      "if that is Octopus, it may be busy: try again in a minute; else type the "
                      "port at which Octopus listens");
    return failed("tls", "foreign", about({{"address", address}}),
                  "what listens at " + where + " is not Octopus",
                  "see which port Octopus uses there (\"octopusctl identity\") and type it after "
                  "the address");
}

CheckStage notPairedHere(const QString &name)
{
    return failed("pairing", "none", about({{"name", name}}),
                  quoted(name) + " is not paired with this machine",
                  "pair the two: \"octopusctl invite\" there, \"octopusctl pair TICKET\" here");
}

CheckStage notAnswered(const QString &name, const Error &error)
{
    if (error.code == ErrorCode::NotPaired) {
        return failed("pairing", "ended", about({{"name", name}}),
                      quoted(name) + " is no longer paired with this machine",
                      "pair again: \"octopusctl invite\" there, \"octopusctl pair TICKET\" here");
    }
    return failed("pairing", "mute", about({{"name", name}, {"detail", text(error.detail)}}),
                  quoted(name) + " did not say what it allows: "
                      + (error.detail.isEmpty() ? QByteArray(errorName(error.code)) : error.detail),
                  "try again");
}

CheckStage paired(const QString &name)
{
    return passed("pairing", "paired", about({{"name", name}}),
                  quoted(name) + " and this machine are paired");
}

GrantFound granted(const QString &name, const wire::Grants &grants, const QByteArray &destination)
{
    const QByteArray command = "\"octopusctl grant PEER DIR\" there allows one";
    if (grants.folders.isEmpty()) {
        return {failed("grant", "none", about({{"name", name}}),
                       quoted(name) + " has granted this machine no folder",
                       "a folder for replicas is needed; " + command),
                {}};
    }
    std::optional<qsizetype> found;
    for (qsizetype i = 0; i < grants.folders.size(); ++i) {
        const bool usable = partBelow(destination, grants.folders[i]).has_value();
        // The first is used, as it is when a mirror is opened.
        if (usable && !found)
            found = i;
    }
    if (!found) {
        const QByteArray some =
            grants.folders.first(std::min<qsizetype>(3, grants.folders.size())).join(", ");
        return {failed("grant", "elsewhere",
                       about({{"name", name},
                              {"destination", text(destination)},
                              {"folders", text(some)}}),
                       destination + " lies below no folder that " + quoted(name)
                           + " has granted this machine; these are " + some,
                       "choose a destination below one of them; " + command),
                {}};
    }
    return {passed("grant", "granted", about({{"folder", text(grants.folders[*found])}}),
                   "replicas may be kept below " + grants.folders[*found]),
            found};
}

CheckStage spaced(const wire::Grants &grants, qsizetype folder)
{
    const QByteArray &where = grants.folders[folder];
    const QJsonObject folderFact = about({{"folder", text(where)}});
    const QJsonObject room =
        about({{"folder", text(where)},
               {"freeBytes", qint64(std::min(grants.freeBytes[folder], quint64(1) << 62))}});
    const auto fault = ErrorCode(std::min(grants.faults[folder], quint64(ErrorCode::Other)));
    if (fault == ErrorCode::NotFound)
        return failed("space", "missing", folderFact, "the folder " + where + " is missing there",
                      "see that its disk is mounted, or make the folder");
    if (fault == ErrorCode::PermissionDenied)
        return failed("space", "read-only", folderFact,
                      "Octopus may not write to " + where + " there",
                      "give the user that runs Octopus there the right to write to it");
    if (fault != ErrorCode{})
        return failed("space", "unusable", folderFact,
                      "the folder " + where + " cannot be used there: " + errorName(fault),
                      "see to that folder, or grant another one");
    const QByteArray left = sizeText(grants.freeBytes[folder]) + " are free below " + where;
    if (grants.freeBytes[folder] < leastSpace)
        return failed("space", "full", room, "the disk is full: only " + left, "make room there");
    return passed("space", "free", room, left);
}

CheckStage clocked(Milliseconds ahead)
{
    const auto apart = std::chrono::abs(ahead);
    const QJsonObject apartFact = about({{"milliseconds", qint64(apart.count())}});
    const QByteArray seconds = QByteArray::number(double(apart.count()) / 1000, 'f', 1);
    if (apart > clockTolerance) {
        return failed("clock", ahead.count() > 0 ? "ahead" : "behind", apartFact,
                      "its clock is " + seconds + " s " + (ahead.count() > 0 ? "ahead" : "behind"),
                      "mirroring works, but kept versions and tickets go by the clock: set the "
                      "wrong one, best by NTP");
    }
    return passed("clock", "near", apartFact, "the clocks differ by " + seconds + " s");
}

} // namespace octopus::stages
