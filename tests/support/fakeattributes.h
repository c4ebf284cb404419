// The rules of the calls that change attributes, shared by FakeRoot and FakeFile. Pure but for the
// disk that is handed in; source: Linux 6.
#pragma once

#include "tests/support/fakekernel.h"

namespace octopus::testing {

[[nodiscard]] EntryStat entryStatOf(const FakeNode &node);

[[nodiscard]] Result<void> changeMode(FakeKernel &kernel, const FakeNodePointer &node,
                                      quint32 mode);
[[nodiscard]] Result<void> changeOwner(FakeKernel &kernel, const FakeNodePointer &node, quint32 uid,
                                       quint32 gid);
void changeModificationTime(FakeKernel &kernel, const FakeNodePointer &node, qint64 mtimeNs);
[[nodiscard]] Result<void> changeXattr(FakeKernel &kernel, const FakeNodePointer &node,
                                       const QByteArray &name, const QByteArray &value);
[[nodiscard]] Result<void> dropXattr(FakeKernel &kernel, const FakeNodePointer &node,
                                     const QByteArray &name);

} // namespace octopus::testing
