// Raw bytes as QString and back without loss, for what comes from the command line: QStringList
// based parsers take it, and a path that is not UTF-8 survives them.
//
// A byte that is no part of valid UTF-8 becomes the lone surrogate U+DC00 + byte (the convention of
// PEP 383). Pure; any thread.
#pragma once

#include <QByteArray>
#include <QStringList>

namespace octopus::process {

[[nodiscard]] QString textFromRaw(QByteArrayView bytes);
[[nodiscard]] QByteArray rawFromText(QStringView text);

// The arguments of main(), without loss.
[[nodiscard]] QStringList rawArguments(int count, char **arguments);

} // namespace octopus::process
