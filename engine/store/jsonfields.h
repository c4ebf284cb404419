// JsonFields: takes one JSON object apart, strictly.
//
// Each getter takes its field out; a missing or ill-typed field is an Error that names the whole
// way to it ("vaults[2].targets[0].peer"). finish() refuses what nobody took. Single thread.
#pragma once

#include "engine/base/result.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>

namespace octopus::store {

// Invalid, with the way to the field in front.
[[nodiscard]] std::unexpected<Error> fieldFailure(const QByteArray &where, const QByteArray &what);

// Raw bytes as a string where they are valid UTF-8, else as {"bytes": BASE64}.
[[nodiscard]] QJsonValue bytesToJson(const QByteArray &bytes);

class JsonFields
{
public:
    [[nodiscard]] static Result<JsonFields> of(const QJsonValue &value, const QByteArray &where);

    [[nodiscard]] const QByteArray &where() const { return m_where; }
    [[nodiscard]] bool has(const char *key) const
    {
        return m_rest.contains(QLatin1StringView(key));
    }
    // Lengths in UTF-16 units; control characters are refused.
    [[nodiscard]] Result<QString> text(const char *key, qsizetype longest);
    [[nodiscard]] Result<qint64> integer(const char *key, qint64 least, qint64 most); // least >= 0
    [[nodiscard]] Result<bool> flag(const char *key);
    [[nodiscard]] Result<QByteArray> bytes(const char *key, qsizetype longest); // without NUL
    // The list under `key`, each element through `decode(value, where)`.
    template <typename Decode>
    [[nodiscard]] auto list(const char *key, qsizetype most, Decode decode)
        -> Result<QList<typename decltype(decode(QJsonValue(), QByteArray()))::value_type>>
    {
        QList<typename decltype(decode(QJsonValue(), QByteArray()))::value_type> out;
        const Result<QJsonArray> array = elements(key, most);
        if (!array)
            return passOn(array);
        for (qsizetype i = 0; i < array->size(); ++i) {
            auto element = decode(array->at(i), at(key) + '[' + QByteArray::number(i) + ']');
            if (!element)
                return passOn(element);
            out.append(std::move(*element));
        }
        return out;
    }
    // Invalid: a field is left that no getter took.
    [[nodiscard]] Result<void> finish() const;

private:
    [[nodiscard]] Result<QJsonValue> take(const char *key);
    [[nodiscard]] Result<QJsonArray> elements(const char *key, qsizetype most);
    [[nodiscard]] QByteArray at(const char *key) const;

    QJsonObject m_rest;
    QByteArray m_where;
};

// The rules of text() and bytes() for a value that is no field of its own.
[[nodiscard]] Result<QString> textFromJson(const QJsonValue &value, const QByteArray &where,
                                           qsizetype longest);
[[nodiscard]] Result<QByteArray> bytesFromJson(const QJsonValue &value, const QByteArray &where,
                                               qsizetype longest);

} // namespace octopus::store
