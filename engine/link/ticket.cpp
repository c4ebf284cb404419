#include "engine/link/ticket.h"

#include "engine/base/digest.h"
#include "engine/link/base32.h"

#include <QtEndian>

namespace octopus::link {

namespace {

constexpr QLatin1StringView scheme("octopus:");
constexpr char qrMark = '/'; // in neither alphabet
constexpr quint8 ticketVersion = 1;
constexpr qsizetype machineSize = 32;
constexpr qsizetype checkSize = 4;
constexpr qsizetype fixedSize = 1 + machineSize + Ticket::secretSize + 8 + 2 + 1;
constexpr auto encoding = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
constexpr qint64 second = 1'000'000'000;

template <typename T> void appendNumber(QByteArray &out, T value)
{
    char bytes[sizeof(T)];
    qToBigEndian(value, bytes);
    out.append(bytes, sizeof(T));
}

// The caller has checked that the bytes are there.
template <typename T> T takeNumber(QByteArrayView &in)
{
    const T value = qFromBigEndian<T>(in.data());
    in = in.sliced(sizeof(T));
    return value;
}

QByteArray take(QByteArrayView &in, qsizetype size)
{
    const QByteArray bytes = in.first(size).toByteArray();
    in = in.sliced(size);
    return bytes;
}

QByteArray check(QByteArrayView bytes)
{
    return sha256(bytes).toByteArray().first(checkSize);
}

std::unexpected<Error> damaged(const char *what)
{
    return failure(ErrorCode::Invalid, QByteArray("this is not a whole ticket: ") + what);
}

Result<QByteArray> payloadOf(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.size() > Ticket::maximumText)
        return failure(ErrorCode::TooLong, "this is too long for a ticket");
    if (!trimmed.startsWith(scheme, Qt::CaseInsensitive))
        return failure(ErrorCode::Invalid, "a ticket begins with 'octopus:'");
    const QByteArray encoded = trimmed.sliced(scheme.size()).toUtf8();
    if (encoded.startsWith(qrMark)) {
        const auto bytes = fromBase32(QByteArrayView(encoded).sliced(1));
        if (!bytes)
            return damaged("it holds characters that cannot be in one");
        return *bytes;
    }
    const auto decoded =
        QByteArray::fromBase64Encoding(encoded, encoding | QByteArray::AbortOnBase64DecodingErrors);
    // Compared again: there are several texts for the same bytes otherwise.
    if (!decoded || decoded.decoded.toBase64(encoding) != encoded)
        return damaged("it holds characters that cannot be in one");
    return decoded.decoded;
}

Result<QStringList> takeHosts(QByteArrayView &in)
{
    const auto count = takeNumber<quint8>(in);
    if (count < 1 || count > Ticket::maximumHosts)
        return damaged("it has no address, or too many");
    QStringList hosts;
    for (int i = 0; i < count; ++i) {
        if (in.isEmpty() || in.size() - 1 < quint8(in.front()))
            return damaged("an address is cut off");
        const qsizetype size = takeNumber<quint8>(in);
        const QString host = QString::fromLatin1(take(in, size));
        if (!checkHost(host))
            return damaged("an address in it is none");
        hosts.append(host);
    }
    return hosts;
}

Result<Ticket> decodeBody(QByteArrayView in)
{
    Ticket ticket;
    const Result<MachineId> inviter = MachineId::fromBytes(take(in, machineSize));
    OCTOPUS_TRY(inviter);
    ticket.inviter = *inviter;
    ticket.secret = take(in, Ticket::secretSize);
    const auto expires = takeNumber<quint64>(in);
    if (expires > quint64(std::numeric_limits<qint64>::max() / second))
        return damaged("its expiry is out of range");
    ticket.expires = {qint64(expires) * second};
    ticket.port = takeNumber<quint16>(in);
    if (ticket.port == 0)
        return damaged("its port is 0");
    const Result<QStringList> hosts = takeHosts(in);
    OCTOPUS_TRY(hosts);
    ticket.hosts = *hosts;
    if (!in.isEmpty())
        return damaged("something follows after its end");
    return ticket;
}

} // namespace

Result<Ticket> newTicket(const MachineId &inviter, const QStringList &hosts, quint16 port,
                         WallTime expires, Random &random)
{
    Ticket ticket{inviter, random.bytes(Ticket::secretSize), {}, port, {}};
    ticket.expires = {expires.nanoseconds / second * second};
    for (const QString &host : hosts) {
        if (ticket.hosts.size() < Ticket::maximumHosts && checkHost(host)
            && !ticket.hosts.contains(host))
            ticket.hosts.append(host);
    }
    if (ticket.hosts.isEmpty())
        return failure(ErrorCode::Invalid, "this machine has no address that a ticket could name");
    return ticket;
}

static QByteArray bytesOf(const Ticket &ticket)
{
    QByteArray bytes;
    appendNumber(bytes, ticketVersion);
    bytes.append(ticket.inviter.bytes()).append(ticket.secret);
    appendNumber(bytes, quint64(ticket.expires.nanoseconds / second));
    appendNumber(bytes, ticket.port);
    appendNumber(bytes, quint8(ticket.hosts.size()));
    for (const QString &host : ticket.hosts) {
        appendNumber(bytes, quint8(host.size()));
        bytes.append(host.toLatin1());
    }
    bytes.append(check(bytes));
    return bytes;
}

QString encodeTicket(const Ticket &ticket)
{
    return scheme + QString::fromLatin1(bytesOf(ticket).toBase64(encoding));
}

QString encodeTicketForQr(const Ticket &ticket)
{
    return QString(scheme).toUpper() + QLatin1Char(qrMark)
        + QString::fromLatin1(toBase32(bytesOf(ticket)));
}

Result<Ticket> parseTicket(const QString &text)
{
    const Result<QByteArray> payload = payloadOf(text);
    if (!payload)
        return passOn(payload);
    QByteArrayView in(*payload);
    if (in.size() < fixedSize + checkSize)
        return damaged("it is too short");
    const QByteArrayView body = in.chopped(checkSize);
    if (check(body) != in.last(checkSize))
        return damaged("some of it is missing or was changed");
    in = body;
    const auto version = takeNumber<quint8>(in);
    if (version != ticketVersion) {
        return failure(ErrorCode::VersionMismatch,
                       "this ticket was made by another version of Octopus");
    }
    return decodeBody(in);
}

} // namespace octopus::link
