// Frames that the project's own encoder would never write: any type, length, field and path. What is
// not said to be wrong is as FORMAT.md has it. Pure.
#pragma once

#include "engine/model/operation.h"
#include "engine/wire/frame.h"

#include <QByteArray>
#include <QCborValue>

#include <optional>
#include <utility>

namespace octopus::hostile {

struct FrameLie {
    std::optional<quint32> length; // instead of the payload's
    quint8 flags = 0;
    quint16 reserved = 0;
};
[[nodiscard]] QByteArray frame(quint8 type, const QByteArray &payload, const FrameLie &lie = {});
[[nodiscard]] QByteArray frame(wire::MessageType type, const QByteArray &payload,
                               const FrameLie &lie = {});

// A CBOR map with ascending keys, as it is given.
using Fields = QList<std::pair<int, QCborValue>>;
[[nodiscard]] QByteArray cbor(const Fields &fields);

[[nodiscard]] QByteArray varint(quint64 value);
[[nodiscard]] QByteArray sized(QByteArrayView bytes);

// The fields of an operation, each as raw bytes.
struct RawOperation {
    OperationKind kind = OperationKind::MakeDirectory;
    quint64 sequence = 1;
    QByteArray path = "x";
    QByteArray other = "y";
    QByteArray mode = QByteArray(1, '\x24'); // varints
    QByteArray size = QByteArray(1, '\0');
    QByteArray xattrs = QByteArray(1, '\0');  // count and pairs
    QByteArray holes = QByteArray(1, '\0');   // count and pairs
    QByteArray content = QByteArray(2, '\0'); // stage 0, no ranges
    QByteArray target = "nowhere";
    std::optional<QByteArray> sizedPath; // with its length, instead of `path`
};
[[nodiscard]] QByteArray encoded(const RawOperation &operation);
[[nodiscard]] QByteArray operationsFrame(const RawOperation &operation);

} // namespace octopus::hostile
