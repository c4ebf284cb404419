#include "tests/screenshots/stage.h"

#include "engine/control/answer.h"
#include "engine/control/json.h"

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
                           {"letters/2019", "letters/2020", "letters/2021"}};
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
    if (std::holds_alternative<control::Invite>(command)) {
        return responder->finish(toJson(control::Ticket{
            .ticket = QStringLiteral("octopus:") + QStringLiteral("k3vt7q2m").repeated(14),
            .expires = noon}));
    }
    if (std::holds_alternative<control::Check>(command)) {
        control::CheckReport report;
        report.stages = {{"resolve", true, "beta is 192.0.2.17", {}},
                         {"reach", true, "it answers after 2 ms", {}},
                         {"tls", true, "encrypted, TLS 1.3", {}},
                         {"identity", true, "it proves its key", {}},
                         {"version", true, "0.1.0", {}},
                         {"pairing", false, "it does not know this machine",
                          "pair the two machines by a ticket or by six digits"}};
        report.id = machine('d');
        report.name = QStringLiteral("delta");
        return responder->finish(toJson(report));
    }
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
