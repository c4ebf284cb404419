#include "app/desktop/start/practice.h"

#include "app/desktop/failurewording.h"
#include "app/desktop/wording.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr Milliseconds endPatience{8000};

control::Location locationOf(const QByteArray &state)
{
    const auto nothing = [](const char *) { return QByteArray(); };
    return control::locate(state, nothing).value_or(control::Location());
}

} // namespace

Practice::Practice(EngineLink &link, QString program) : m_link(link), m_program(std::move(program))
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(endPatience);
    connect(&m_patience, &QTimer::timeout, this, &Practice::stopTarget);
    connect(&m_link, &EngineLink::stateChanged, this, &Practice::clearLeftovers);
}

Practice::~Practice()
{
    m_target.reset();
    // With the record left, the next start removes the vault and the pairing.
    if (m_folder)
        PracticeFolder::remove(m_folder->path());
}

QByteArray Practice::replica() const
{
    return m_folder ? m_folder->replicas() + '/' + m_record.vault.toUtf8() : QByteArray();
}

void Practice::start(const QByteArray &source, const QString &vaultName)
{
    if (m_state != State::Idle)
        return;
    const auto folder = PracticeFolder::make();
    if (!folder)
        return Q_EMIT failed(tr("The practice needs a temporary folder, and none can be made: %1")
                                 .arg(FailureWording::text(folder.error())));
    m_folder = *folder;
    m_ownSource = source.isEmpty();
    m_source = m_ownSource ? m_folder->sample() : source;
    m_record = {m_folder->path(), {}, vaultName};
    setState(State::Starting);
    prepare();
}

void Practice::prepare()
{
    if (m_ownSource) {
        const auto written = m_folder->writeSample(
            tr("Change this file, save it, and look at its copy in the replica."));
        if (!written)
            return giveUp(FailureWording::text(written.error()));
    }
    m_target = std::make_unique<process::EngineProcess>(tr("practice"), m_folder->state());
    connect(m_target.get(), &process::EngineProcess::serving, this, &Practice::invite);
    connect(m_target.get(), &process::EngineProcess::failed, this, [this](const QString &reason) {
        giveUp(FailureWording::text(Error{ErrorCode::Other, reason.toUtf8(), 0}));
    });
    connect(m_target.get(), &process::EngineProcess::stopped, this, &Practice::finish);
    m_target->start(m_program);
}

void Practice::invite()
{
    m_targetClient = std::make_unique<control::Client>();
    connect(m_targetClient.get(), &control::Client::ended, this,
            [this](const Error &error) { giveUp(FailureWording::text(error)); });
    connect(m_targetClient.get(), &control::Client::opened, this, [this] {
        m_targetClient->send(control::Invite{m_folder->replicas(), std::chrono::minutes(5)},
                             [this](const control::Answer &answer) {
                                 if (m_state != State::Starting)
                                     return;
                                 if (answer)
                                     pair(*answer);
                                 else
                                     giveUp(
                                         FailureWording::text(answer.error(), control::Invite{}));
                             });
    });
    m_targetClient->open(locationOf(m_folder->state()).entrance);
}

void Practice::pair(const QJsonValue &ticket)
{
    ask(control::Pair{ticket[u"ticket"].toString()}, &Practice::addVault);
}

void Practice::addVault(const QJsonValue &peer)
{
    m_record.target = MachineId::fromText(peer[u"id"].toString()).value_or(MachineId());
    PracticeFolder::writeRecord(m_link.location().stateDirectory, m_record);
    control::AddVault command;
    command.name = m_record.vault;
    command.sources = {m_source};
    command.targets = {{m_record.target.text(), m_record.vault.toUtf8()}};
    ask(command, &Practice::run);
}

void Practice::run(const QJsonValue & /*vault*/)
{
    setState(State::Running);
}

void Practice::ask(const control::Command &command, Next next)
{
    m_link.send(command, this, [this, command, next](const control::Answer &answer) {
        if (m_state != State::Starting)
            return;
        if (answer)
            (this->*next)(*answer);
        else
            giveUp(FailureWording::text(answer.error(), command));
    });
}

void Practice::giveUp(const QString &reason)
{
    if (m_state != State::Starting && m_state != State::Running)
        return;
    Q_EMIT failed(m_state == State::Starting
                      ? tr("The practice could not be started: %1").arg(reason)
                      : tr("The practice target has stopped: %1").arg(reason));
    end();
}

PracticeUsers Practice::usersAmong(const QList<VaultRow> &rows) const
{
    return m_record.target.isNull() ? PracticeUsers()
                                    : PracticeUsers::of(rows, m_record.target, m_record.vault);
}

void Practice::end(PracticeUsers::Fate fate)
{
    if (m_state == State::Idle || m_state == State::Ending)
        return;
    m_fate = fate;
    setState(State::Ending);
    m_patience.start();
    removeVault();
}

// Each step is tried, whatever became of the one before: what is left is cleared at the next start.
void Practice::removeVault()
{
    if (m_record.target.isNull() || m_link.state() != LinkState::Connected)
        return stopTarget();
    m_link.send(control::RemoveVault{m_record.vault, false}, this,
                [this](const control::Answer &) { findUsers(); });
}

// A vault that somebody made while the target was there would call for it for ever.
void Practice::findUsers()
{
    m_link.send(control::ListVaults(), this, [this](const control::Answer &answer) {
        m_releases = PracticeUsers::releases(answer.value_or(QJsonValue()).toArray(),
                                             m_record.target, m_fate);
        releaseNext();
    });
}

void Practice::releaseNext()
{
    if (m_releases.isEmpty())
        return unpair();
    m_link.send(m_releases.takeFirst(), this, [this](const control::Answer &) { releaseNext(); });
}

void Practice::unpair()
{
    m_link.send(control::Unpair{m_record.target.text()}, this,
                [this](const control::Answer &answer) {
                    if (answer || answer.error().error.code == ErrorCode::NotFound)
                        PracticeFolder::removeRecord(m_link.location().stateDirectory);
                    stopTarget();
                });
}

void Practice::stopTarget()
{
    m_patience.stop();
    if (m_state != State::Ending)
        return;
    // Not from within one of the client's own calls.
    if (m_targetClient) {
        m_targetClient->disconnect(this);
        m_targetClient->close();
    }
    if (m_target)
        m_target->stop();
    else
        QMetaObject::invokeMethod(this, &Practice::finish, Qt::QueuedConnection);
}

void Practice::finish()
{
    if (m_state != State::Ending)
        return;
    PracticeFolder::remove(m_folder->path());
    m_folder.reset();
    m_record = {};
    if (m_target)
        m_target.release()->deleteLater(); // this is one of its signals
    if (m_targetClient)
        m_targetClient.release()->deleteLater();
    setState(State::Idle);
    Q_EMIT ended();
}

void Practice::clearLeftovers()
{
    if (m_link.state() != LinkState::Connected || std::exchange(m_lookedForLeftovers, true)
        || m_state != State::Idle)
        return;
    const auto record = PracticeFolder::readRecord(m_link.location().stateDirectory);
    if (!record)
        return;
    m_record = *record;
    PracticeFolder::remove(record->folder);
    m_link.send(control::ShowVault{record->vault}, this, [this](const control::Answer &answer) {
        if (answer && isOurs(*answer))
            m_link.send(control::RemoveVault{m_record.vault, false}, this,
                        [this](const control::Answer &) { findUsers(); });
        else
            findUsers();
    });
}

// Somebody may have made another vault of that name since.
bool Practice::isOurs(const QJsonValue &vault) const
{
    const QJsonArray targets = vault[u"targets"].toArray();
    return std::ranges::any_of(targets, [this](const QJsonValue &target) {
        return target[u"peerId"].toString() == m_record.target.text();
    });
}

void Practice::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

} // namespace octopus::desktop
