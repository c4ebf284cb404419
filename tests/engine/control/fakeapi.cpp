#include "tests/engine/control/fakeapi.h"

namespace octopus::control {

namespace {

MachineId machine(char letter)
{
    return MachineId::fromBytes(QByteArray(32, letter)).value();
}

MirrorStatus mirrorTo(char letter, const QString &name, const QByteArray &destination)
{
    MirrorStatus mirror;
    mirror.peer = machine(letter);
    mirror.peerName = name;
    mirror.destination = destination;
    mirror.phase = Phase::Mirroring;
    mirror.via = QStringLiteral("eth0");
    mirror.address = QStringLiteral("192.0.2.7:17290");
    mirror.inSync = true;
    mirror.lag = Milliseconds(0);
    mirror.files = 1000;
    mirror.bytes = 4096000;
    mirror.lastInSync = WallTime{1'795'348'800'123'000'000};
    return mirror;
}

} // namespace

EngineStatus exampleStatus()
{
    EngineStatus status;
    status.machine = {QStringLiteral("alpha"), machine('a'), QStringLiteral("127.0.0.1:17290")};

    VaultStatus docs;
    docs.vault.id = VaultId::fromBytes(QByteArray(16, 'd')).value();
    docs.vault.name = QStringLiteral("docs");
    docs.vault.sources = {"/home/a/docs"};
    docs.targets = {mirrorTo('b', QStringLiteral("beta"), "/srv/mirrors/docs")};

    VaultStatus photos;
    photos.vault.id = VaultId::fromBytes(QByteArray(16, 'p')).value();
    photos.vault.name = QStringLiteral("photos");
    photos.vault.sources = {"/home/a/photos"};
    photos.targets = {mirrorTo('b', QStringLiteral("beta"), "/srv/mirrors/photos")};
    MirrorStatus &copying = photos.targets.first();
    copying.phase = Phase::Copying;
    copying.inSync = false;
    copying.lag = std::nullopt;
    copying.lastInSync = std::nullopt;
    copying.backlogOperations = 12;
    copying.backlogBytes = 5'000'000;
    copying.progress = {250, 1000, Milliseconds(90'000)};
    status.vaults = {docs, photos};

    ReplicaStatus mail;
    mail.vault = VaultId::fromBytes(QByteArray(16, 'm')).value();
    mail.name = QStringLiteral("mail");
    mail.primary = machine('g');
    mail.primaryName = QStringLiteral("gamma");
    mail.destination = "/srv/mirrors/mail";
    mail.phase = Phase::Mirroring;
    mail.consistent = true;
    mail.asOf = WallTime{1'795'348'800'000'000'000};
    mail.lag = Milliseconds(12);
    status.replicas = {mail};
    return status;
}

} // namespace octopus::control
