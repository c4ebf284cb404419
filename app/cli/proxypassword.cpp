#include "app/cli/proxypassword.h"

#include "app/cli/text.h"
#include "engine/model/transport.h"

namespace octopus::cli {

namespace {

bool isAskedFor(const Transport &way, const QString &typed)
{
    return way.kind == Transport::Kind::Socks5 && way.password == "-"
        && typed.contains(QStringLiteral(":-@"));
}

} // namespace

Result<QString> withAskedPasswords(const QString &list, Terminal &terminal)
{
    const auto whole = Transports::parse(list);
    OCTOPUS_TRY(whole);
    QStringList ways = list.split(u','); // a comma within a way is written %2C
    for (QString &typed : ways) {
        const auto one = Transports::parse(typed);
        OCTOPUS_TRY(one);
        Transport way = one->list().first();
        if (!isAskedFor(way, typed))
            continue;
        const auto password = terminal.askSecret(QStringLiteral("Password of %1 at the proxy %2: ")
                                                     .arg(shown(way.user), shown(way.proxy())));
        if (!password)
            return failure(ErrorCode::Invalid,
                           "the password of the proxy: " + password.error().detail);
        if (password->isEmpty())
            return failure(ErrorCode::Invalid, "the password of the proxy is empty");
        way.password = *password;
        typed = way.text();
    }
    QString filled = ways.join(u',');
    OCTOPUS_TRY(Transports::parse(filled));
    return filled;
}

} // namespace octopus::cli
