// MessageGenerator: arbitrary valid messages, the same ones for the same seed. For the tests of the
// wire and as seeds of its fuzz targets.
#pragma once

#include "engine/wire/message.h"
#include "tests/engine/model/operationgenerator.h"

namespace octopus::wire {

class MessageGenerator
{
public:
    explicit MessageGenerator(quint64 seed) : m_any(seed) {}

    [[nodiscard]] Message message();
    [[nodiscard]] Message message(size_t index); // of the variant
    [[nodiscard]] OperationGenerator &any() { return m_any; }

private:
    template <typename T> T make();
    QString name();
    QByteArray destination();
    QList<QByteArray> listedPaths();
    StageToken token();
    ErrorCode code() { return ErrorCode(1 + m_any.below(quint64(ErrorCode::Other))); }

    OperationGenerator m_any;
};

} // namespace octopus::wire
