#include "tests/screenshots/stage.h"

#include "engine/control/answer.h"
#include "engine/control/json.h"

#include <QDateTime>
#include <QDeadlineTimer>
#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <array>
#include <cmath>

namespace octopus::screenshots {

namespace {

constexpr WallTime noon{1'795'348'800'000'000'000};

MachineId machine(char letter)
{
    return MachineId::fromBytes(QByteArray(32, letter)).value();
}

control::Location locationIn(const QTemporaryDir &folder)
{
    const QByteArray state = QFile::encodeName(folder.path());
    return {state, state + "/run/control.sock", state + "/run/control.sock"};
}

QJsonArray peers()
{
    control::KnownPeer beta{
        {machine('b'),
         QStringLiteral("beta"),
         {QStringLiteral("192.0.2.17:17290"), QStringLiteral("[2001:db8::17]:17290")},
         {"/srv/mirrors", "/home/a/mirrors of beta"},
         0},
        true,
        true,
        {QStringLiteral("manual"), QStringLiteral("dns-sd")},
        QStringLiteral("0.1.0")};
    control::KnownPeer gamma{{machine('g'),
                              QStringLiteral("gamma-in-the-cellar"),
                              {QStringLiteral("198.51.100.4:17290")},
                              {},
                              0},
                             true,
                             false,
                             {QStringLiteral("manual")},
                             {}};
    control::KnownPeer delta{
        {machine('d'), QStringLiteral("delta"), {QStringLiteral("192.0.2.99:17290")}, {}, 0},
        false,
        false,
        {QStringLiteral("broadcast"), QStringLiteral("dns-sd")},
        QStringLiteral("0.1.0")};
    return {toJson(beta), toJson(gamma), toJson(delta)};
}

void play(MirrorStatus &mirror, int part)
{
    switch (part) {
    case 1:
        mirror.phase = Phase::Copying;
        mirror.inSync = false;
        mirror.lag = std::nullopt;
        mirror.progress = {2'700'000'000, 4'096'000'000, Milliseconds(95'000)};
        break;
    case 2:
        mirror.phase = Phase::Halted;
        mirror.inSync = false;
        mirror.lag = std::nullopt;
        mirror.halt = Halt{HaltReason::MassDeletion,
                           "4000 of 9000 entries are gone",
                           {"letters/2019", "letters/2020", "letters/2021"},
                           4000,
                           9000};
        break;
    case 3:
        mirror.inSync = false;
        mirror.lag = Milliseconds(74'300);
        mirror.backlogOperations = 1532;
        break;
    case 4:
        mirror.inSync = false;
        mirror.problems = {
            {RelPath::of("private/letters/key.txt"), ProblemCode::CannotRead, "permission denied",
             noon},
            {RelPath::of("a very long folder name that goes on and on/and another one below "
                         "it/a file whose name is long, too.odt"),
             ProblemCode::NoSpace,
             {},
             noon},
            {RelPath::of("run/socket"), ProblemCode::NotMirrored, {}, noon}};
        break;
    case 5:
        mirror.phase = Phase::Offline;
        mirror.inSync = false;
        mirror.lag = Milliseconds(4'000'000);
        break;
    case 6: mirror.phase = Phase::Paused; break;
    case 7:
        mirror.phase = Phase::Checking;
        mirror.inSync = false;
        mirror.lag = std::nullopt;
        break;
    default: break;
    }
}

// Of so many hours ago.
VerificationRecord report(quint64 different, int hours)
{
    VerificationRecord record;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    record.summary = {WallTime{(now - hours * 3'600'000LL - 120'000) * 1'000'000},
                      12'345 - different,
                      different,
                      Milliseconds(83'000),
                      QByteArray("5f").repeated(32),
                      false};
    const std::array paths{"letters/2019/a.odt", "photos/holidays/beach.jpg",
                           "accounts/a very long name that goes on and on and has no end.ods"};
    const std::array kinds{"content", "missing", "attributes"};
    for (quint64 i = 0; i < std::min<quint64>(different, paths.size()); ++i)
        record.differences.append({RelPath::of(paths[i]), kinds[i]});
    return record;
}

QJsonArray activity()
{
    const std::array<std::tuple<ActivityKind, const char *, quint64>, 8> what{{
        {ActivityKind::Appended, "logs/server.log", 512},
        {ActivityKind::Changed, "letters/2026/to the bank.odt", 48'213},
        {ActivityKind::Created, "photos/2026/november/IMG_4711.jpg", 3'812'345},
        {ActivityKind::Created, "photos/2026/november", 0},
        {ActivityKind::Moved, "letters/2026/draft 2.odt", 0},
        {ActivityKind::Removed, "cache/thumbnail-0042.png", 0},
        {ActivityKind::Attributes, "bin/start.sh", 0},
        {ActivityKind::Created, "bin/start.sh", 1'204},
    }};
    QJsonArray list;
    quint64 number = 5000;
    for (const auto &[kind, path, bytes] : what) {
        ActivityEntry entry{number,
                            WallTime{noon.nanoseconds - qint64(5000 - number) * 7'000'000},
                            kind,
                            RelPath::of(path),
                            {},
                            bytes,
                            number == 4600 ? 391ULL : 0ULL};
        if (kind == ActivityKind::Moved)
            entry.from = RelPath::of("letters/2026/draft.odt");
        list.append(control::toJson(entry));
        number -= 100;
    }
    return list;
}

control::CheckReport checked(const control::Check &asked)
{
    control::CheckReport report;
    const QString address = QStringLiteral("192.0.2.99:17290");
    const QString name = QStringLiteral("delta");
    const auto stage = [&](const char *word, const char *finding, const QJsonObject &facts) {
        report.stages.append({word, qstrcmp(word, "pairing") != 0, {}, {}, finding, facts});
    };
    stage("resolve", "found",
          {{QStringLiteral("asked"), name}, {QStringLiteral("addresses"), address}});
    stage("reach", "listening", {{QStringLiteral("address"), address}});
    stage("tls", "encrypted", {});
    stage("identity", "told",
          {{QStringLiteral("name"), name}, {QStringLiteral("id"), machine('d').text()}});
    stage("version", "known", {{QStringLiteral("version"), QStringLiteral("0.1.0")}});
    if (!asked.destination.isEmpty()) { // the editor asks
        const QString folder = QStringLiteral("/srv/mirrors");
        stage("grant", "granted", {{QStringLiteral("folder"), folder}});
        stage("space", "free",
              {{QStringLiteral("folder"), folder},
               {QStringLiteral("freeBytes"), qint64(412'316'860'416)}});
        return report;
    }
    stage("pairing", "none", {{QStringLiteral("name"), name}});
    report.id = machine('d');
    report.name = QStringLiteral("delta");
    return report;
}

VaultStatus vault(int number)
{
    static const std::array names{"documents", "photos", "letters", "mail",
                                  "accounts",  "music",  "scans",   "projects"};
    const int part = number % int(names.size());
    VaultStatus vault;
    QByteArray id(16, 'v');
    id[0] = char(number);
    vault.vault.id = VaultId::fromBytes(id).value();
    vault.vault.name = QString::fromLatin1(names[size_t(part)]);
    if (number >= int(names.size()))
        vault.vault.name += u' ' + QString::number(number / int(names.size()) + 1);
    vault.vault.sources = {"/home/a/" + vault.vault.name.toUtf8()};
    MirrorStatus mirror;
    mirror.peer = machine('b');
    mirror.peerName = part == 5 ? QStringLiteral("gamma-in-the-cellar") : QStringLiteral("beta");
    mirror.destination = "/srv/mirrors/" + vault.vault.name.toUtf8();
    mirror.phase = Phase::Mirroring;
    mirror.inSync = true;
    mirror.lag = Milliseconds(0);
    mirror.files = 12'345;
    mirror.bytes = 4'096'000'000;
    mirror.lastInSync = noon;
    if (part != 1 && part != 7)
        mirror.lastVerified = report(part == 4 ? 3 : 0, part).summary;
    play(mirror, part);
    vault.targets = {mirror};
    return vault;
}

} // namespace

control::EngineStatus statusWith(int vaults)
{
    control::EngineStatus status;
    status.machine = {QStringLiteral("alpha"), machine('a'), QStringLiteral("192.0.2.5:17290")};
    for (int number = 0; number < vaults; ++number)
        status.vaults.append(vault(number));
    if (vaults > 1) {
        ReplicaStatus replica = control::exampleStatus().replicas.first();
        replica.name = QStringLiteral("backup of gamma");
        status.replicas = {replica};
    }
    return status;
}

control::EngineStatus statusWithLongNames()
{
    control::EngineStatus status = statusWith(8);
    const QString name = QStringLiteral("the documents of the whole family since the year ");
    const QByteArray deep = "/home/a person with a long name/documents of the whole family"
                            "/letters and contracts/from the years before we moved/number ";
    status.machine.name =
        QStringLiteral("the-desktop-computer-in-the-study-on-the-second-floor.home");
    for (int at = 0; at < status.vaults.size(); ++at) {
        VaultStatus &vault = status.vaults[at];
        MirrorStatus &mirror = vault.targets.first();
        vault.vault.name = name + QString::number(1989 + at); // 53 letters
        vault.vault.sources = {deep + QByteArray::number(at)};
        mirror.peerName =
            QStringLiteral("the-server-in-the-cellar-behind-the-washing-machine.home");
        mirror.destination = "/srv/mirrors" + vault.vault.sources.first();
        mirror.via = QStringLiteral("wireguard-to-the-cellar");
        mirror.address = QStringLiteral("[2001:db8:1234:5678:9abc:def0:1234:5678]:17290");
        mirror.files = 123'456'789;
        mirror.bytes = 123'456'789'012'345;
    }
    MirrorStatus &troubled = status.vaults[4].targets.first();
    troubled.problems.clear();
    for (const ProblemCode code :
         {ProblemCode::CannotRead, ProblemCode::NoSpace, ProblemCode::ForeignEntry,
          ProblemCode::NotWatched, ProblemCode::Unstable})
        troubled.problems.append({RelPath::of(deep.mid(1).constData()), code, {}, noon});
    return status;
}

control::EngineStatus statusOfManyMachines()
{
    control::EngineStatus status = statusWith(8);
    const std::array peers{std::pair('b', "beta"), std::pair('g', "gamma-in-the-cellar"),
                           std::pair('d', "delta"), std::pair('e', "epsilon")};
    for (size_t at = 0; at < 8; ++at) {
        MirrorStatus &mirror = status.vaults[qsizetype(at)].targets.first();
        mirror.peer = machine(peers[at % 3].first);
        mirror.peerName = QString::fromLatin1(peers[at % 3].second);
    }
    const auto keep = [&](char letter, const char *from, const char *name, const char *place) {
        ReplicaStatus replica = control::exampleStatus().replicas.first();
        replica.vault = VaultId::fromBytes(QByteArray(16, letter)).value();
        replica.primary = machine(letter);
        replica.primaryName = QString::fromLatin1(from);
        replica.name = QString::fromLatin1(name);
        replica.destination = place;
        status.replicas.append(replica);
    };
    status.replicas.clear();
    keep('b', "beta", "mail of beta", "/srv/mirrors/mail");
    // It is mirrored on.
    keep('e', "epsilon", "projects of epsilon", "/home/a/projects/epsilon");
    return status;
}

Stage::Stage(const control::EngineStatus &status) : m_server(m_api, QStringLiteral("1"))
{
    m_api.current = status;
    m_api.answer = [this](const control::Command &command,
                          const std::shared_ptr<control::Responder> &responder) {
        answer(command, responder);
    };
    const control::Location location = locationIn(m_folder);
    const auto listening = m_server.listen(location);
    Q_ASSERT(listening);
    m_link = std::make_unique<desktop::EngineLink>(location);
    m_window = std::make_unique<desktop::MainWindow>(*m_link, QStringLiteral("octopusd"));
    m_window->show();
    m_link->open();
}

Stage::~Stage() = default;

void Stage::answer(const control::Command &command,
                   const std::shared_ptr<control::Responder> &responder)
{
    if (std::holds_alternative<control::ListPeers>(command))
        return responder->finish(peers());
    const auto mirrorOf = [](const char *what, const QJsonArray &list) {
        QJsonArray mirrors; // whatever machine is asked about
        for (const char peer : {'b', 'g'})
            mirrors.append(QJsonObject{{QStringLiteral("peerId"), machine(peer).text()},
                                       {QLatin1StringView(what), list}});
        return mirrors;
    };
    if (std::holds_alternative<control::Activity>(command))
        return responder->finish(mirrorOf("entries", activity()));
    if (const auto *asked = std::get_if<control::Verifications>(&command)) {
        const bool differs = asked->vault == u"accounts";
        return responder->finish(
            mirrorOf("reports",
                     {control::toJson(report(differs ? 3 : 0, 4)), control::toJson(report(0, 28)),
                      control::toJson(report(0, 52))}));
    }
    if (std::holds_alternative<control::Synchronize>(command)) {
        return responder->fail(
            {{ErrorCode::PermissionDenied,
              "cannot open /home/a person with a long name/documents of the whole family/letters "
              "and contracts/from the years before we moved/to be sorted at last.odt: permission "
              "denied",
              0},
             {}});
    }
    if (std::holds_alternative<control::Invite>(command)) {
        return responder->finish(toJson(control::Ticket{
            .ticket = QStringLiteral("octopus:") + QStringLiteral("k3vt7q2m").repeated(14),
            .expires = noon}));
    }
    if (const auto *asked = std::get_if<control::Check>(&command))
        return responder->finish(toJson(checked(*asked)));
    if (std::holds_alternative<control::AddVault>(command)) {
        return responder->fail({{ErrorCode::Refused,
                                 "the destination holds entries that Octopus did not put there", 0},
                                {"old letters", "holiday.jpg", "thesis.odt"}});
    }
    responder->finish();
}

bool Stage::isReady()
{
    const qsizetype rows = desktop::rowsOf(m_api.current).size();
    return QTest::qWaitFor([&] {
        return m_link->state() == desktop::LinkState::Connected
            && m_window->model().rows().size() == rows;
    });
}

void Stage::stopEngine()
{
    m_server.close();
    settle(200);
}

void Stage::writeHistory()
{
    desktop::HistoryBook &book = m_window->history();
    const Milliseconds now = book.now();
    quint32 seed = 7;
    for (const desktop::VaultRow &row : m_window->model().rows()) {
        desktop::History &history = book.edit(row);
        quint64 sent = 0;
        const auto add = [&](Milliseconds ago) {
            const double hours = double(ago.count()) / 3'600'000.0;
            seed = (seed * 1103515 + 12345) % 32768;
            const double wave = 1.2 + std::sin(hours * 2.1) + std::sin(hours * 37);
            const double noise = double(seed) / 32768.0;
            const auto lag =
                Milliseconds(qint64(18 + 60 * wave * noise + (noise > 0.985 ? 2200 * noise : 0)));
            sent += quint64(800'000 * std::max(0.1, wave) * noise);
            // Two hours in the morning nobody knew.
            const bool unknown = hours > 9 && hours < 11;
            history.add(now - ago, unknown ? std::nullopt : std::optional(lag), sent);
        };
        for (int minute = 20 * 60; minute > 10; --minute)
            add(Milliseconds(minute * 60'000));
        for (int second = 600; second > 0; --second)
            add(Milliseconds(second * 1000));
    }
    book.record();
}

void Stage::settle(int milliseconds)
{
    QTest::qWait(milliseconds);
}

} // namespace octopus::screenshots
