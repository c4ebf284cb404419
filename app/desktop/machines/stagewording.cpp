#include "app/desktop/machines/stagewording.h"

#include "app/desktop/wording.h"
#include "engine/control/json.h"

#include <algorithm>

namespace octopus::desktop {

namespace {

QString fact(const QJsonValue &facts, QStringView name)
{
    return Wording::shown(control::bytesFromJson(facts[name]).value_or(QByteArray()));
}

// Of a number that is too long to be read: with its ellipsis behind it, in Arabic, too.
QString beginning(const QJsonValue &facts, QStringView name)
{
    constexpr qsizetype shown = 16;
    const auto bytes = control::bytesFromJson(facts[name]).value_or(QByteArray());
    return Wording::shown(bytes.left(shown) + QByteArrayLiteral("…"));
}

QString codeOf(const QJsonValue &stage)
{
    return stage[u"stage"].toString() + u'/' + stage[u"finding"].toString();
}

QString version(const QJsonValue &facts)
{
    return fact(facts, u"version");
}

QString apart(const QJsonValue &facts)
{
    return Wording::duration(Milliseconds(facts[u"milliseconds"].toInteger()));
}

QString room(const QJsonValue &facts)
{
    return Wording::size(quint64(facts[u"freeBytes"].toInteger()));
}

} // namespace

QString StageWording::title(const QString &stage)
{
    const std::initializer_list<std::pair<QLatin1StringView, QString>> texts{
        {QLatin1StringView("resolve"), tr("Name")},
        {QLatin1StringView("reach"), tr("Reachable")},
        {QLatin1StringView("tls"), tr("Encryption")},
        {QLatin1StringView("identity"), tr("Identity")},
        {QLatin1StringView("version"), tr("Version")},
        {QLatin1StringView("pairing"), tr("Pairing")},
        {QLatin1StringView("grant"), tr("Folder allowed")},
        {QLatin1StringView("space"), tr("Room")},
        {QLatin1StringView("clock"), tr("Clock")}};
    for (const auto &[word, text] : texts) {
        if (word == stage)
            return text;
    }
    return Wording::shown(stage);
}

QString StageWording::detail(const QJsonValue &stage)
{
    const QString code = codeOf(stage);
    const QJsonValue facts = stage[u"facts"];
    for (const auto words : {&StageWording::passed, &StageWording::unreached,
                             &StageWording::refused, &StageWording::unusable}) {
        if (const QString text = words(code, facts); !text.isEmpty())
            return text;
    }
    return fact(stage, u"detail");
}

QString StageWording::passed(const QString &code, const QJsonValue &facts)
{
    if (code == u"resolve/address")
        return tr("%1 is an address.").arg(fact(facts, u"address"));
    if (code == u"resolve/found")
        return tr("%1 is %2.", "a name and its addresses")
            .arg(fact(facts, u"asked"), fact(facts, u"addresses"));
    if (code == u"resolve/needless")
        return tr("Over %1 no address is needed.").arg(fact(facts, u"over"));
    if (code == u"resolve/by-proxy")
        return tr("%1 is a matter of the proxy %2.")
            .arg(fact(facts, u"asked"), fact(facts, u"proxy"));
    if (code == u"reach/listening-over")
        return tr("Something listens over %1.").arg(fact(facts, u"over"));
    if (code == u"reach/listening-at-over")
        return tr("Something listens at %1, reached over %2.")
            .arg(fact(facts, u"address"), fact(facts, u"over"));
    if (code == u"reach/listening")
        return tr("Something listens at %1.").arg(fact(facts, u"address"));
    if (code == u"tls/encrypted")
        return tr("The connection is encrypted (TLS 1.3).");
    if (code == u"identity/told")
        return tr("It is %1, id %2.").arg(fact(facts, u"name"), beginning(facts, u"id"));
    if (code == u"version/known")
        return tr("It runs Octopus %1.").arg(version(facts));
    if (code == u"pairing/paired")
        return tr("%1 and this machine are paired.").arg(fact(facts, u"name"));
    if (code == u"grant/granted")
        return tr("Replicas may be kept below %1.").arg(fact(facts, u"folder"));
    if (code == u"space/free")
        return tr("%1 are free below %2.").arg(room(facts), fact(facts, u"folder"));
    if (code == u"clock/near")
        return tr("The clocks differ by %1.").arg(apart(facts));
    return {};
}

QString StageWording::unreached(const QString &code, const QJsonValue &facts)
{
    const QString asked = fact(facts, u"asked");
    const QString address = fact(facts, u"address");
    if (code == u"resolve/late")
        return tr("%1 could not be looked up in time.").arg(asked);
    if (code == u"resolve/unknown")
        return tr("No machine is called %1.").arg(asked);
    if (code == u"resolve/invalid")
        return tr("%1 is neither the name nor the address of a machine.").arg(asked);
    if (code == u"reach/closed")
        return tr("The machine answers, but nothing listens at %1 (the port is closed).")
            .arg(address);
    if (code == u"reach/silent")
        return tr("Nothing answers at %1.").arg(address);
    if (code == u"reach/unreachable")
        return tr("%1 cannot be reached: %2").arg(address, fact(facts, u"detail"));
    if (code == u"reach/proxy")
        return tr("The proxy does not lead there: %1").arg(fact(facts, u"detail"));
    if (code == u"reach/tunnel")
        return tr("The tunnel cannot be used: %1").arg(fact(facts, u"detail"));
    if (code == u"reach/interface")
        return tr("The interface cannot be used: %1").arg(fact(facts, u"detail"));
    if (code == u"tls/hung-up")
        return tr("Something at %1 hung up before it said who it is.").arg(address);
    if (code == u"tls/foreign")
        return tr("What listens at %1 is not Octopus.").arg(address);
    return {};
}

QString StageWording::refused(const QString &code, const QJsonValue &facts)
{
    const QString name = fact(facts, u"name");
    if (code == u"identity/other")
        return tr("Another machine answers there than so far: %1, not %2.")
            .arg(name, fact(facts, u"expected"));
    if (code == u"identity/own")
        return tr("That is this very machine, or a copy of it.");
    if (code == u"version/older")
        return tr("It runs Octopus %1, which offers an older protocol than was spoken with it "
                  "before.")
            .arg(version(facts));
    if (code == u"version/old")
        return tr("It runs Octopus %1, which is too old to be checked any further.")
            .arg(version(facts));
    if (code == u"version/none")
        return tr("The two programs have no version in common.");
    if (code == u"version/mute")
        return tr("It did not introduce itself.");
    if (code == u"pairing/none")
        return tr("%1 is not paired with this machine.").arg(name);
    if (code == u"pairing/ended")
        return tr("%1 is no longer paired with this machine.").arg(name);
    if (code == u"pairing/mute")
        return tr("%1 did not say what it allows.").arg(name);
    return {};
}

QString StageWording::unusable(const QString &code, const QJsonValue &facts)
{
    const QString name = fact(facts, u"name");
    const QString folder = fact(facts, u"folder");
    if (code == u"grant/none")
        return tr("%1 allows this machine no folder.").arg(name);
    if (code == u"grant/elsewhere")
        return tr("%1 lies below no folder that %2 allows; these are %3.")
            .arg(fact(facts, u"destination"), name, fact(facts, u"folders"));
    if (code == u"space/missing")
        return tr("The folder %1 is missing there.").arg(folder);
    if (code == u"space/read-only")
        return tr("Octopus may not write to %1 there.").arg(folder);
    if (code == u"space/unusable")
        return tr("The folder %1 cannot be used there.").arg(folder);
    if (code == u"space/full")
        return tr("The disk is full: only %1 are free below %2.").arg(room(facts), folder);
    if (code == u"clock/ahead")
        return tr("Its clock is %1 ahead.").arg(apart(facts));
    if (code == u"clock/behind")
        return tr("Its clock is %1 behind.").arg(apart(facts));
    return {};
}

// What to do about a finding; empty: nothing, or it is not known here.
QString StageWording::remedy(const QString &code)
{
    const QString update = tr("Update Octopus there.");
    const QString pair = tr("Pair the two: with six digits or by a ticket.");
    const QString allow = tr("Allow this machine a folder there, in its list of machines.");
    const QString setClock = tr("Mirroring works, but kept versions and tickets go by the clock: "
                                "set the wrong one, best by the network.");
    const std::initializer_list<std::pair<QLatin1StringView, QString>> texts{
        {QLatin1StringView("resolve/late"),
         tr("See that the name server answers, or type the machine's IP address.")},
        {QLatin1StringView("resolve/unknown"),
         tr("See whether the name is spelt rightly, or type the machine's IP address.")},
        {QLatin1StringView("resolve/invalid"), tr("Type another address of that machine.")},
        {QLatin1StringView("reach/closed"),
         tr("Start Octopus there, see that the port is the one it listens at, and that no "
            "firewall rejects it.")},
        {QLatin1StringView("reach/silent"),
         tr("See that the machine is switched on and connected, that the address is right, and "
            "that no firewall drops this port.")},
        {QLatin1StringView("reach/unreachable"),
         tr("See that both machines are connected to the same network, or that a route leads "
            "there.")},
        {QLatin1StringView("reach/proxy"),
         tr("See that the proxy runs, lets this machine in, and allows the target.")},
        {QLatin1StringView("reach/tunnel"),
         tr("See that the tunnel runs and that its socket is where it is said.")},
        {QLatin1StringView("reach/interface"),
         tr("See that the interface is there, switched on and connected.")},
        {QLatin1StringView("tls/hung-up"),
         tr("If that is Octopus, it may be busy: try again in a minute. Else type the port at "
            "which Octopus listens.")},
        {QLatin1StringView("tls/foreign"),
         tr("See which port Octopus uses there and type it after the address.")},
        {QLatin1StringView("identity/other"),
         tr("If Octopus was set up anew there, unpair and pair again. Else find out who has taken "
            "this address.")},
        {QLatin1StringView("identity/own"),
         tr("Type the address of the other machine. If it was copied from this one, give it an "
            "identity of its own: delete identity.key and identity.crt in its state folder.")},
        {QLatin1StringView("version/older"), update},
        {QLatin1StringView("version/old"), update},
        {QLatin1StringView("version/none"), tr("Update the older of the two programs.")},
        {QLatin1StringView("version/mute"), tr("Update Octopus there, or try again.")},
        {QLatin1StringView("pairing/none"), pair},
        {QLatin1StringView("pairing/ended"), pair},
        {QLatin1StringView("pairing/mute"), tr("Try again.")},
        {QLatin1StringView("grant/none"), allow},
        {QLatin1StringView("grant/elsewhere"),
         tr("Choose a folder below one of them, or allow another one there.")},
        {QLatin1StringView("space/missing"),
         tr("See that its disk is mounted, or make the folder.")},
        {QLatin1StringView("space/read-only"),
         tr("Give the user that runs Octopus there the right to write to it.")},
        {QLatin1StringView("space/unusable"), tr("See to that folder, or allow another one.")},
        {QLatin1StringView("space/full"), tr("Make room there.")},
        {QLatin1StringView("clock/ahead"), setClock},
        {QLatin1StringView("clock/behind"), setClock}};
    const auto *found = std::ranges::find_if(texts, [&](const auto &x) { return x.first == code; });
    return found == texts.end() ? QString() : found->second;
}

QString StageWording::advice(const QJsonValue &stage)
{
    const QString code = codeOf(stage);
    if (const QString text = remedy(code); !text.isEmpty())
        return text;
    const bool isKnown = !passed(code, stage[u"facts"]).isEmpty();
    return isKnown ? QString() : fact(stage, u"advice");
}

} // namespace octopus::desktop
