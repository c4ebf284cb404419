#include "engine/engine.h"

#include "engine/base/log.h"

#include <QNetworkInterface>
#include <QSysInfo>

#include <unistd.h>

#include <algorithm>

namespace octopus {

Engine::Engine(EngineOptions options)
    : m_options(std::move(options)),
      m_mirrors(m_network, m_files, m_clock),
      m_replicas(*m_peers, m_files, m_clock),
      m_pairings(m_clock, m_random, [this](const Peer &peer) { return trust(peer); })
{
    connect(&m_mirrors, &Mirrors::protocolAgreed, this, &Engine::noteProtocol);
    connect(&m_mirrors, &Mirrors::changed, this, [this] { Q_EMIT changed(); });
    connect(&m_mirrors, &Mirrors::sourceIdentified, this, &Engine::keepSourceRoot);
    connect(&m_mirrors, &Mirrors::replicaFounded, this, &Engine::keepFounded);
    connect(&m_replicas, &Replicas::changed, this, [this] { Q_EMIT changed(); });
    connect(&m_pairings, &Pairings::changed, this, [this] { Q_EMIT changed(); });
    m_spreadTimer.setSingleShot(true);
    connect(&m_spreadTimer, &QTimer::timeout, this, &Engine::spreadAddresses);
}

Engine::~Engine()
{
    m_listener.reset();
    m_mirrors.stopAll();
    m_replicas.stopAll();
}

Result<void> Engine::start()
{
    auto state = store::StateDirectory::open(m_files, m_options.stateDirectory, geteuid());
    if (!state)
        return passOn(state);
    m_state = std::move(*state);
    m_configurationFile = std::make_unique<store::ConfigurationFile>(m_state->root());
    auto configuration = m_configurationFile->load();
    if (!configuration)
        return passOn(configuration);
    m_configuration = std::move(*configuration);
    const auto identity = store::Identity::loadOrCreate(m_state->root(), geteuid());
    if (!identity)
        return passOn(identity);
    m_id = identity->id();
    const auto tls = link::TlsIdentity::fromPem(identity->certificatePem(), identity->keyPem());
    if (!tls)
        return passOn(tls);

    const QString chosen = !m_options.name.isEmpty() ? m_options.name
        : !m_configuration.machineName.isEmpty()     ? m_configuration.machineName
                                                     : QSysInfo::machineHostName().left(64);
    const auto named = change([&](store::Configuration &x) -> Result<void> {
        x.machineName = chosen.isEmpty() ? QStringLiteral("octopus") : chosen;
        return {};
    });
    if (!named)
        return passOn(named);
    wire::Hello hello;
    hello.name = m_configuration.machineName;
    hello.version = m_options.version;
    hello.instance = m_random.bytes(16);
    const auto watch = std::make_shared<link::IdentityWatch>(m_clock, m_id, hello.instance);
    connect(watch.get(), &link::IdentityWatch::doubled, this, &Engine::onDoubled);
    m_session = link::SessionSettings{*tls, hello, {}, watch};
    m_verifications = std::make_unique<store::VerificationBook>(m_state->root());
    QList<store::VerificationBook::Key> mirrors;
    for (const Vault &vault : m_configuration.vaults) {
        for (const VaultTarget &target : vault.targets)
            mirrors.append({vault.id, target.peer});
    }
    m_verifications->load(mirrors);
    OCTOPUS_TRY(listen());
    for (const Vault &vault : m_configuration.vaults)
        startMirrors(vault);
    return {};
}

Result<void> Engine::listen()
{
    m_listener = std::make_unique<link::Listener>(m_network, m_clock, *m_session, m_peers);
    connect(m_listener.get(), &link::Listener::arrived, &m_replicas, &Replicas::take);
    connect(m_listener.get(), &link::Listener::arrived, this, [this](const link::Incoming &x) {
        noteProtocol(x.peer, x.protocol);
        m_peers->cameFrom(x.peer, x.address);
    });
    connect(m_listener.get(), &link::Listener::pairingRequested, this, &Engine::onPairing);
    m_pairings.start(*m_session, *m_listener);
    return m_listener->start(m_options.listenAddress,
                             m_options.port.value_or(m_configuration.listenPort));
}

void Engine::startMirrors(const Vault &vault)
{
    for (const VaultTarget &target : vault.targets)
        startMirror(vault, target);
}

void Engine::startMirror(const Vault &vault, const VaultTarget &target)
{
    const auto peer = std::ranges::find(m_configuration.peers, target.peer, &Peer::id);
    if (peer != m_configuration.peers.end())
        m_mirrors.start(vault, target, withFoundAddresses(*peer), *m_session);
}

// Edits the configuration; it counts once it is saved.
Result<store::Configuration> Engine::change(
    const std::function<Result<void>(store::Configuration &)> &edit)
{
    store::Configuration edited = m_configuration;
    if (const auto done = edit(edited); !done)
        return std::unexpected(done.error());
    if (const auto saved = m_configurationFile->save(edited); !saved)
        return std::unexpected(saved.error());
    const bool peersDiffer = edited.peers != m_configuration.peers;
    m_configuration = edited;
    m_peers->update(m_configuration.peers);
    if (peersDiffer)
        Q_EMIT peersChanged();
    Q_EMIT changed();
    return edited;
}

control::EngineStatus Engine::status() const
{
    control::EngineStatus status;
    status.machine.name = m_configuration.machineName;
    status.machine.id = m_id;
    status.machine.address = addresses().value(0);
    status.machine.warning = warning();
    for (const Vault &vault : m_configuration.vaults) {
        VaultStatus one{vault, m_mirrors.status(vault)};
        for (MirrorStatus &mirror : one.targets) {
            if (mirror.peerName.isEmpty())
                mirror.peerName = nameOf(mirror.peer);
            if (m_verifications)
                mirror.lastVerified = m_verifications->last({vault.id, mirror.peer});
        }
        status.vaults.append(std::move(one));
    }
    status.replicas = m_replicas.status();
    status.pairings = m_pairings.status();
    return status;
}

void Engine::handle(const control::Command &command, std::shared_ptr<control::Responder> responder)
{
    std::visit([&](const auto &x) { on(x, responder); }, command);
}

Result<Peer> Engine::findPeer(const QString &text) const
{
    QList<Peer> found;
    const QString wanted = text.toLower();
    const auto isMeant = [&](const auto &machine) {
        return machine.name == text || (wanted.size() >= 4 && machine.id.text().startsWith(wanted));
    };
    std::ranges::copy_if(m_configuration.peers, std::back_inserter(found), isMeant);
    if (found.size() == 1)
        return found.first();
    if (found.isEmpty() && std::ranges::any_of(m_found, isMeant))
        return failure(ErrorCode::NotPaired,
                       '"' + text.toUtf8() + "\" is on the network, but not paired with this one");
    if (found.isEmpty())
        return failure(ErrorCode::NotFound,
                       "no paired machine is called \"" + text.toUtf8()
                           + "\"; see: octopusctl peers");
    return failure(ErrorCode::Invalid,
                   "several machines are called \"" + text.toUtf8()
                       + "\"; use the beginning of the id instead");
}

Result<Vault> Engine::findVault(const QString &name) const
{
    const auto vault = std::ranges::find(m_configuration.vaults, name, &Vault::name);
    if (vault != m_configuration.vaults.end())
        return *vault;
    return failure(ErrorCode::NotFound,
                   "there is no vault \"" + name.toUtf8() + "\"; see: octopusctl vault list");
}

QString Engine::nameOf(const MachineId &id) const
{
    const auto peer = std::ranges::find(m_configuration.peers, id, &Peer::id);
    return peer != m_configuration.peers.end() ? peer->name : id.text().left(12);
}

// Where others may reach this machine, best first.
QStringList Engine::addresses() const
{
    if (!m_listener)
        return {};
    const quint16 port = m_listener->serverPort();
    const QHostAddress bound = m_listener->serverAddress();
    const bool any = bound == QHostAddress(QHostAddress::Any)
        || bound == QHostAddress(QHostAddress::AnyIPv4)
        || bound == QHostAddress(QHostAddress::AnyIPv6);
    if (!any)
        return {link::Endpoint{bound.toString(), port}.text()};
    QStringList global;
    QStringList local;
    for (const QHostAddress &address : QNetworkInterface::allAddresses()) {
        if (address.isLinkLocal())
            continue;
        const QString text = link::Endpoint{address.toString(), port}.text();
        (address.isLoopback() ? local : global).append(text);
    }
    return global.isEmpty() ? local : global;
}

} // namespace octopus
