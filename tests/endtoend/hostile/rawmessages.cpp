#include "tests/endtoend/hostile/rawmessages.h"

#include "engine/model/bytes.h"

#include <QCborStreamWriter>
#include <QtEndian>

namespace octopus::hostile {

QByteArray frame(quint8 type, const QByteArray &payload, const FrameLie &lie)
{
    QByteArray header(wire::frameHeaderSize, '\0');
    qToLittleEndian(lie.length.value_or(quint32(payload.size())), header.data());
    header[4] = char(type);
    header[5] = char(lie.flags);
    qToLittleEndian(lie.reserved, header.data() + 6);
    return header + payload;
}

QByteArray frame(wire::MessageType type, const QByteArray &payload, const FrameLie &lie)
{
    return frame(quint8(type), payload, lie);
}

QByteArray cbor(const Fields &fields)
{
    QByteArray out;
    QCborStreamWriter writer(&out);
    writer.startMap(quint64(fields.size()));
    for (const auto &[key, value] : fields) {
        writer.append(key);
        value.toCbor(writer);
    }
    writer.endMap();
    return out;
}

QByteArray varint(quint64 value)
{
    QByteArray out;
    {
        ByteWriter writer(out, maximumVarintSize);
        writer.varint(value);
    }
    return out;
}

QByteArray sized(QByteArrayView bytes)
{
    return varint(quint64(bytes.size())) + bytes.toByteArray();
}

QByteArray encoded(const RawOperation &operation)
{
    const QByteArray path = operation.sizedPath.value_or(sized(operation.path));
    const QByteArray attributes =
        operation.mode + QByteArray(2, '\0') + QByteArray(8, '\x01') + operation.xattrs;
    QByteArray head = char(operation.kind) + varint(operation.sequence);
    const QByteArray digest(16, '\0');
    switch (operation.kind) {
    case OperationKind::PutFile:
        return head + path + attributes + operation.size + operation.content + digest;
    case OperationKind::WriteRanges:
        return head + path + attributes + operation.size + operation.holes + operation.content
            + digest;
    case OperationKind::MakeSymlink: return head + path + attributes + sized(operation.target);
    case OperationKind::Link:
    case OperationKind::Rename:
    case OperationKind::Exchange: return head + path + sized(operation.other);
    case OperationKind::Remove:
    case OperationKind::Adopt: return head + path;
    case OperationKind::Consistent: return head;
    default: return head + path + attributes;
    }
}

QByteArray operationsFrame(const RawOperation &operation)
{
    return frame(wire::MessageType::Operations, encoded(operation));
}

} // namespace octopus::hostile
