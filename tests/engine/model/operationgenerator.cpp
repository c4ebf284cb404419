#include "tests/engine/model/operationgenerator.h"

#include "engine/model/bytes.h"

namespace octopus {

quint64 OperationGenerator::below(quint64 limit)
{
    return m_random() % limit;
}

quint64 OperationGenerator::number()
{
    const quint64 value = m_random();
    const quint64 choice = below(16);
    if (choice == 0)
        return 0;
    if (choice == 1)
        return std::numeric_limits<quint64>::max();
    return value >> below(64);
}

QByteArray OperationGenerator::bytes(qsizetype least, qsizetype most)
{
    QByteArray result(least + qsizetype(below(quint64(most - least + 1))), Qt::Uninitialized);
    for (char &byte : result)
        byte = char(m_random() >> 32);
    return result;
}

RelPath OperationGenerator::path()
{
    QByteArray path;
    for (quint64 depth = 1 + below(4); depth > 0; --depth) {
        QByteArray name = bytes(1, chance(5) ? 255 : 12);
        name.replace('\0', 'z').replace('/', '\n');
        if (name == "." || name == "..")
            name = "...";
        path += (path.isEmpty() ? QByteArray() : QByteArray("/")) + name;
    }
    return RelPath::parse(path).value();
}

QByteArray OperationGenerator::linkTarget()
{
    return bytes(1, chance(5) ? 4095 : 40).replace('\0', '/');
}

EntryAttributes OperationGenerator::attributes()
{
    EntryAttributes attributes;
    attributes.mode = quint32(below(010000));
    attributes.uid = quint32(number());
    attributes.gid = quint32(number());
    attributes.mtimeNs = qint64(number());
    if (chance(70))
        return attributes;
    for (quint64 left = below(4); left > 0; --left) {
        const QByteArray name = "user." + bytes(1, 20).replace('\0', 'x');
        attributes.xattrs[name] = bytes(0, chance(5) ? 64 * 1024 : 30);
    }
    if (chance(30))
        attributes.xattrs["system.posix_acl_access"] = bytes(4, 44);
    return attributes;
}

void OperationGenerator::addContent(Operation &operation)
{
    quint64 end = 0;
    const bool sparse = operation.kind == OperationKind::WriteRanges;
    for (quint64 left = sparse ? below(4) : 0; left > 0; --left) {
        const quint64 offset = end + number() / 16;
        operation.holes.append({offset % (maximumFileSize / 4), 1 + below(1000'000)});
        if (operation.holes.constLast().offset < end)
            operation.holes.removeLast();
        else
            end = operation.holes.constLast().offset + operation.holes.constLast().length;
    }
    operation.size = end;
    operation.digest = {number(), number()};
    if (chance(30)) {
        operation.stage = StageId(1 + below(1000));
    } else {
        end = 0;
        for (quint64 left = below(4); left > 0; --left) {
            operation.ranges.append({end + below(100'000), bytes(1, chance(5) ? 70'000 : 60)});
            end = operation.ranges.constLast().offset
                + quint64(operation.ranges.constLast().bytes.size());
        }
        operation.size = std::max(operation.size, end);
    }
    operation.size += chance(50) ? 0 : number() / 4;
}

Operation OperationGenerator::operation(Sequence sequence)
{
    return operation(OperationKind(1 + below(lastOperationKind)), sequence);
}

Operation OperationGenerator::operation(OperationKind kind, Sequence sequence)
{
    Operation operation;
    operation.kind = kind;
    operation.sequence = sequence;
    if (kind != OperationKind::Consistent)
        operation.path = path();
    switch (kind) {
    case OperationKind::PutFile:
    case OperationKind::WriteRanges:
        operation.attributes = attributes();
        addContent(operation);
        break;
    case OperationKind::MakeSymlink:
        operation.attributes = attributes();
        operation.linkTarget = linkTarget();
        break;
    case OperationKind::MakeDirectory:
    case OperationKind::SetAttributes:
        operation.path = chance(10) ? RelPath() : operation.path;
        operation.attributes = attributes();
        break;
    case OperationKind::MakeFifo: operation.attributes = attributes(); break;
    case OperationKind::Link:
    case OperationKind::Rename:
    case OperationKind::Exchange: operation.other = path(); break;
    case OperationKind::Remove:
    case OperationKind::Adopt:
    case OperationKind::Consistent: break;
    }
    return operation;
}

} // namespace octopus
