// Tickets that somebody pastes. With an odd first byte the rest is what the text stands for, and
// its check is right, so that what is behind the check is reached.
#include "engine/base/digest.h"
#include "engine/link/ticket.h"
#include "tests/fuzz/property.h"

using namespace octopus;

static constexpr qsizetype scheme = 8; // "octopus:", in any letters

static QString withCheck(QByteArrayView content)
{
    const QByteArray check = sha256(content).toByteArray().first(4);
    const auto options = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
    return QStringLiteral("octopus:")
        + QString::fromLatin1((content.toByteArray() + check).toBase64(options));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const QByteArrayView rest = fuzz::inputOf(data, size).sliced(1);
    const QString text = data[0] & 1 ? withCheck(rest) : QString::fromUtf8(rest);
    const auto ticket = link::parseTicket(text);
    if (!ticket)
        return 0;
    const QString again = link::encodeTicket(*ticket);
    const QString typed = text.trimmed();
    const bool isIt = QStringView(again).sliced(scheme) == QStringView(typed).sliced(scheme);
    fuzz::claim(isIt || link::encodeTicketForQr(*ticket) == typed.toUpper(),
                "there is one text of each form for a ticket");
    const auto back = link::parseTicket(again);
    fuzz::claim(back && *back == *ticket, "a ticket survives another encoding");
    return 0;
}
