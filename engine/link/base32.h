// Base 32 (RFC 4648, section 6) without padding: what QR codes hold in their dense alphanumeric mode,
// and people can read out. Pure; any thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace octopus::link {

[[nodiscard]] QByteArray toBase32(QByteArrayView bytes); // capitals
// Small letters count as capitals. nullopt: not what toBase32() gives for any bytes.
[[nodiscard]] std::optional<QByteArray> fromBase32(QByteArrayView text);

} // namespace octopus::link
