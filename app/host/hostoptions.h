// What an engine is started with, and the command-line options that say so. Pure.
#pragma once

#include "engine/base/result.h"
#include "engine/control/location.h"

#include <QCommandLineOption>
#include <QHostAddress>
#include <QString>

#include <optional>

class QCommandLineParser;

namespace octopus::host {

struct HostOptions {
    control::Location location;
    QString name; // empty: as configured, else the host's name
    QHostAddress listenAddress{QHostAddress::Any};
    std::optional<quint16> port; // nullopt: as configured; 0: any free one
    bool discovery = true;       // announce this machine, and look for others
};

// --state, --name, --listen, --no-discovery.
[[nodiscard]] QList<QCommandLineOption> hostOptionList();
// Invalid: an option has no valid value.
[[nodiscard]] Result<HostOptions> hostOptionsOf(const QCommandLineParser &parser);

// "127.0.0.1:0", "[::1]:17290", ":17290" (every address). Invalid: none of these.
[[nodiscard]] Result<std::pair<QHostAddress, quint16>> parseListenAddress(const QString &text);

} // namespace octopus::host
