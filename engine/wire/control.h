// Control messages: small maps in CBOR (RFC 8949) with ascending integer keys. Pure; any thread.
#pragma once

#include "engine/wire/codec.h"

namespace octopus::wire {

// The type under which a message travels, control or bulk.
[[nodiscard]] MessageType typeOf(const Message &message);

// The payload of a control message (a type below MessageType::Operations).
[[nodiscard]] QByteArray encodeControl(const Message &message);
[[nodiscard]] Result<Message> decodeControl(MessageType type, QByteArrayView payload); // Corrupt

} // namespace octopus::wire
