// Messages and events in one line of text each, for traces. For reading only.
#pragma once

#include "engine/wire/message.h"
#include "tests/support/fakekernel.h"

namespace octopus::testing {

[[nodiscard]] QByteArray text(const Operation &operation);
[[nodiscard]] QByteArray text(const wire::Message &message);
[[nodiscard]] QByteArray text(const FakeEvent &event);

} // namespace octopus::testing
