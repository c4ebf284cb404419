#include "engine/store/jsonfields.h"

#include <QUtf8StringView>

#include <algorithm>

namespace octopus::store {

std::unexpected<Error> fieldFailure(const QByteArray &where, const QByteArray &what)
{
    return failure(ErrorCode::Invalid, where + ": " + what);
}

static std::unexpected<Error> tooLong(const QByteArray &where, qsizetype longest)
{
    return failure(ErrorCode::TooLong, where + ": longer than " + QByteArray::number(longest));
}

QJsonValue bytesToJson(const QByteArray &bytes)
{
    // A byte order mark at the start would get lost.
    if (QUtf8StringView(bytes).isValidUtf8() && !bytes.startsWith("\xef\xbb\xbf"))
        return QString::fromUtf8(bytes);
    return QJsonObject{{QStringLiteral("bytes"), QString::fromLatin1(bytes.toBase64())}};
}

Result<QString> textFromJson(const QJsonValue &value, const QByteArray &where, qsizetype longest)
{
    if (!value.isString())
        return fieldFailure(where, "is not text");
    QString text = value.toString();
    if (text.size() > longest)
        return tooLong(where, longest);
    const bool bad = !text.isValidUtf16()
        || std::ranges::any_of(text, [](QChar c) { return c.category() == QChar::Other_Control; });
    if (bad)
        return fieldFailure(where, "holds a control character or is not valid Unicode");
    return text;
}

static Result<QByteArray> base64FromJson(const QJsonObject &object, const QByteArray &where)
{
    const QJsonValue encoded = object.value(QStringLiteral("bytes"));
    if (object.size() != 1 || !encoded.isString())
        return fieldFailure(where, "is neither text nor {\"bytes\": …}");
    const QByteArray latin = encoded.toString().toUtf8();
    const auto decoded =
        QByteArray::fromBase64Encoding(latin, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.toBase64() != latin)
        return fieldFailure(where, "is not base64");
    return *decoded;
}

Result<QByteArray> bytesFromJson(const QJsonValue &value, const QByteArray &where,
                                 qsizetype longest)
{
    QByteArray bytes;
    if (value.isObject()) {
        const Result<QByteArray> decoded = base64FromJson(value.toObject(), where);
        if (!decoded)
            return decoded;
        bytes = *decoded;
    } else if (value.isString() && value.toString().isValidUtf16()) {
        bytes = value.toString().toUtf8();
    } else {
        return fieldFailure(where, "is neither text nor {\"bytes\": …}");
    }
    if (bytes.size() > longest)
        return tooLong(where, longest);
    if (bytes.contains('\0'))
        return fieldFailure(where, "holds a NUL byte");
    return bytes;
}

Result<JsonFields> JsonFields::of(const QJsonValue &value, const QByteArray &where)
{
    if (!value.isObject())
        return fieldFailure(where, "is not an object");
    JsonFields fields;
    fields.m_rest = value.toObject();
    fields.m_where = where;
    return fields;
}

QByteArray JsonFields::at(const char *key) const
{
    return m_where.isEmpty() ? QByteArray(key) : m_where + '.' + key;
}

Result<QJsonValue> JsonFields::take(const char *key)
{
    QJsonValue value = m_rest.take(QLatin1StringView(key));
    if (value.isUndefined())
        return fieldFailure(at(key), "is missing");
    return value;
}

Result<QString> JsonFields::text(const char *key, qsizetype longest)
{
    return take(key).and_then(
        [&](const QJsonValue &value) { return textFromJson(value, at(key), longest); });
}

Result<QByteArray> JsonFields::bytes(const char *key, qsizetype longest)
{
    return take(key).and_then(
        [&](const QJsonValue &value) { return bytesFromJson(value, at(key), longest); });
}

Result<qint64> JsonFields::integer(const char *key, qint64 least, qint64 most)
{
    const Result<QJsonValue> value = take(key);
    if (!value)
        return passOn(value);
    const qint64 number = value->toInteger(-1);
    if (!value->isDouble() || number < least || number > most) {
        return fieldFailure(at(key),
                            "is not a whole number from " + QByteArray::number(least) + " to "
                                + QByteArray::number(most));
    }
    return number;
}

Result<bool> JsonFields::flag(const char *key)
{
    const Result<QJsonValue> value = take(key);
    if (!value)
        return passOn(value);
    if (!value->isBool())
        return fieldFailure(at(key), "is neither true nor false");
    return value->toBool();
}

Result<QJsonArray> JsonFields::elements(const char *key, qsizetype most)
{
    const Result<QJsonValue> value = take(key);
    if (!value)
        return passOn(value);
    if (!value->isArray())
        return fieldFailure(at(key), "is not a list");
    if (value->toArray().size() > most)
        return tooLong(at(key), most);
    return value->toArray();
}

Result<void> JsonFields::finish() const
{
    if (m_rest.isEmpty())
        return {};
    return fieldFailure(at(m_rest.keys().constFirst().toUtf8().constData()),
                        "is not known to this version of Octopus");
}

} // namespace octopus::store
