// What a proxy answers, in pieces of any size. The first byte says where to, and with which login.
#include "engine/link/socks5.h"
#include "tests/fuzz/property.h"

#include <algorithm>

using namespace octopus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const char *const login = data[0] & 1 ? "socks5://joe:secret@proxy" : "socks5://proxy";
    const auto parsed = Transports::parse(QString::fromLatin1(login));
    const QString host = data[0] & 2 ? QStringLiteral("2001:db8::1") : QStringLiteral("beta");
    link::Socks5 exchange(parsed->list().first(), {host, 17290});
    QByteArrayView rest = fuzz::inputOf(data, size).sliced(1);
    const qsizetype portion = 1 + (data[0] >> 2);
    qsizetype taken = 0;
    while (!rest.isEmpty() && !exchange.isDone()) {
        fuzz::claim(exchange.wanted() > 0, "it says how much it needs");
        const qsizetype some = std::min({portion, rest.size(), exchange.wanted()});
        const auto answer = exchange.receive(rest.first(some));
        if (!answer) {
            fuzz::claim(!answer.error().detail.contains("secret"), "no error holds the password");
            return 0;
        }
        taken += some;
        rest = rest.sliced(some);
    }
    constexpr qsizetype longest = 2 + 2 + 2 + 3 + 255 + 2;
    fuzz::claim(taken <= longest, "an exchange has an end");
    return 0;
}
