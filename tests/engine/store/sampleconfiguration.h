// A configuration in which every field has a value of its own. Pure.
#pragma once

#include "engine/store/configuration.h"

namespace octopus::testing {

[[nodiscard]] inline store::Configuration sampleConfiguration()
{
    const auto machine = [](char fill) { return *MachineId::fromBytes(QByteArray(32, fill)); };
    store::Configuration sample;
    sample.machineName = QStringLiteral("alphä");
    sample.listenPort = 4711;

    Vault vault;
    vault.id = *VaultId::fromBytes(QByteArray(16, '\x01'));
    vault.name = QStringLiteral("docs");
    vault.sources = {"/home/a/docs", QByteArray("/home/a/not utf-8 \xff\xfe")};
    vault.rules = {{"*.txt"}, {"*.tmp", QByteArray("\xc3\x28")}};
    vault.targets = {{machine('\x02'), "/srv/mirrors/docs", true, false},
                     {machine('\x03'), QByteArray("relative \x80"), false, true}};
    vault.capture = CaptureGrade::Exact;
    vault.acknowledge = AcknowledgeMode::Durable;
    vault.transports = *Transports::parse(
        QStringLiteral("eth0,socks5://joe:secret@proxy:1080,unix:/run/t.sock,ipv6"));
    vault.targets[0].transports = *Transports::parse(QStringLiteral("wlan0,auto"));
    vault.targets[1].founded = true;
    vault.limitBytesPerSecond = 1'000'000;
    vault.epoch = Epoch(7);
    vault.sourceRoot = FileIdentity{~quint64(0), ~quint64(1), -5};
    Vault plain;
    plain.id = *VaultId::fromBytes(QByteArray(16, '\x04'));
    plain.name = QStringLiteral("mail");
    plain.sources = {"/"};
    sample.vaults = {vault, plain};

    sample.peers = {{machine('\x02'),
                     QStringLiteral("beta"),
                     {QStringLiteral("192.0.2.1:17290"), QStringLiteral("[2001:db8::1]:1")},
                     {"/srv/mirrors", QByteArray("/srv/\xff")},
                     3},
                    {machine('\x05'), {}, {}, {}, 0}};
    sample.tickets = {{sha256("secret"), {1'800'000'000'123'000'000}, "/srv/mirrors"},
                      {sha256("other"), {1'800'000'001'000'000'000}, {}}};
    return sample;
}

} // namespace octopus::testing
