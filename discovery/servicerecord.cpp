#include "discovery/servicerecord.h"

#include <QStringDecoder>

#include <algorithm>

namespace octopus::discovery {

static constexpr qsizetype longestLabel = 63; // bytes (RFC 6763, 4.1.1)
static constexpr qsizetype longestProtocols = 21;

ServiceText serviceText(const Announcement &self)
{
    return {{QStringLiteral("id"), self.id.toHex()},
            {QStringLiteral("name"), self.name.toUtf8()},
            {QStringLiteral("v"), self.version.toLatin1()},
            {QStringLiteral("proto"),
             QByteArray::number(self.leastProtocol) + '-' + QByteArray::number(self.mostProtocol)}};
}

QString serviceNameOf(const Announcement &self)
{
    QList<uint> characters = self.name.toUcs4();
    const auto text = [&] {
        return QString::fromUcs4(reinterpret_cast<const char32_t *>(characters.constData()),
                                 characters.size());
    };
    while (text().toUtf8().size() > longestLabel)
        characters.removeLast();
    return text();
}

static Result<QString> readName(const QByteArray &bytes)
{
    QStringDecoder decoder(QStringConverter::Utf8,
                           QStringConverter::Flag::Stateless
                               | QStringConverter::Flag::ConvertInitialBom);
    QString name = decoder(bytes);
    if (decoder.hasError() || !isAnnounceable(name))
        return failure(ErrorCode::Invalid, "the name");
    return name;
}

static bool isLowerHex(const QByteArray &text)
{
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

static Result<quint32> readNumber(QByteArrayView digits)
{
    const bool plain = !digits.isEmpty()
        && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    bool fits = false;
    const quint32 number = digits.toUInt(&fits);
    if (!plain || !fits || number == 0)
        return failure(ErrorCode::Invalid, "the protocol versions");
    return number;
}

static Result<void> readProtocols(Sighting &sighting, const QByteArray &text)
{
    const qsizetype dash = text.indexOf('-');
    if (dash < 0 || text.size() > longestProtocols)
        return failure(ErrorCode::Invalid, "the protocol versions");
    const Result<quint32> least = readNumber(QByteArrayView(text).first(dash));
    const Result<quint32> most = readNumber(QByteArrayView(text).sliced(dash + 1));
    if (!least || !most || *least > *most)
        return failure(ErrorCode::Invalid, "the protocol versions");
    sighting.leastProtocol = *least;
    sighting.mostProtocol = *most;
    return {};
}

Result<Sighting> readService(const QString &service, const ServiceText &text, quint16 port)
{
    const QByteArray id = text.value(QStringLiteral("id"));
    const QString version = QString::fromLatin1(text.value(QStringLiteral("v")));
    if (id.size() != 2 * idSize || !isLowerHex(id) || !isVersion(version) || port < leastPort)
        return failure(ErrorCode::Invalid, "this service is not one of ours");
    Sighting sighting;
    sighting.id = QByteArray::fromHex(id);
    sighting.version = version;
    sighting.port = port;
    sighting.source = Source::DnsSd;
    sighting.service = service;
    OCTOPUS_TRY(readProtocols(sighting, text.value(QStringLiteral("proto"))));
    Result<QString> name = readName(text.value(QStringLiteral("name")));
    if (!name)
        return passOn(name);
    sighting.name = std::move(*name);
    return sighting;
}

} // namespace octopus::discovery
