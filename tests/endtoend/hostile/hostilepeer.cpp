// hostilepeer pair STATE NAME TICKET      redeems a ticket as the identity NAME kept in STATE
// hostilepeer target STATE                makes every case of a false target; see falsetarget.h
// hostilepeer attack SETTINGS [GROUP…]    makes every case (of these groups) and says how each went
//
// SETTINGS is a JSON file: state, port, engine, grant, outside, honest, honestVault. Exit code 1 if
// something happened that must not happen. See hostile.py.
#include "engine/link/ticketredemption.h"
#include "tests/endtoend/hostile/cases.h"
#include "tests/endtoend/hostile/falsetarget.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMutex>
#include <QSemaphore>
#include <QThread>

#include <cstdio>

using namespace octopus;
using namespace octopus::hostile;

namespace {

int pairWith(const QByteArray &state, const QByteArray &name, const QString &text)
{
    const auto ticket = link::parseTicket(text);
    const Identity identity = storedIdentity(state, name);
    const auto tls = link::TlsIdentity::fromPem(identity.certificatePem, identity.keyPem);
    if (!ticket || !tls)
        return 2;
    wire::Hello hello = ordinaryHello();
    hello.name = QString::fromUtf8(name);
    link::TicketRedemption redemption({*tls, hello, {}}, *ticket);
    QObject::connect(&redemption, &link::TicketRedemption::paired, &redemption,
                     [] { QCoreApplication::exit(0); });
    QObject::connect(&redemption, &link::TicketRedemption::failed, &redemption,
                     [](const Error &error) {
                         std::fprintf(stderr, "%s\n", error.detail.constData());
                         QCoreApplication::exit(1);
                     });
    redemption.start();
    return QCoreApplication::exec();
}

// Where results come together.
class Tally
{
public:
    void add(const QByteArray &group, const QByteArray &name, const QByteArray &fault, qint64 time)
    {
        const QMutexLocker lock(&m_mutex);
        ++m_cases;
        m_faults += !fault.isEmpty();
        if (fault.isEmpty())
            std::printf("ok      %5lld ms  %s: %s\n", time, group.constData(), name.constData());
        else
            std::printf("FAILED  %5lld ms  %s: %s: %s\n", time, group.constData(), name.constData(),
                        fault.constData());
        std::fflush(stdout);
    }
    int finish()
    {
        std::printf("%d cases, %d failed\n", m_cases, m_faults);
        return m_faults ? 1 : 0;
    }

private:
    QMutex m_mutex;
    int m_cases = 0;
    int m_faults = 0;
};

std::optional<Scene> sceneFrom(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QJsonObject settings = QJsonDocument::fromJson(file.readAll()).object();
    const auto text = [&](const char *key) {
        return settings[QLatin1StringView(key)].toString().toUtf8();
    };
    Scene scene;
    scene.port = quint16(settings[QStringLiteral("port")].toInt());
    scene.engine = settings[QStringLiteral("engine")].toInteger();
    scene.paired = storedIdentity(text("state"), "paired");
    scene.ungranted = storedIdentity(text("state"), "ungranted");
    scene.grant = text("grant");
    scene.outside = text("outside");
    scene.honest = text("honest");
    scene.honestVault = QByteArray::fromHex(text("honestVault"));
    return scene;
}

std::vector<Group> allGroups()
{
    return {
        {"slow", slowCases(), true},
        {"handshake", handshakeCases(), true},
        {"stranger", strangerCases()},
        {"place", placeCases()},
        {"order", orderCases()},
        {"name", nameCases()},
        {"field", fieldCases()},
        {"link", linkCases()},
        {"ownership", ownershipCases()},
        {"exhaustion", exhaustionCases()},
        {"compression", compressionCases()},
    };
}

// What one thread does: cases one after the other, from an address of its own.
void runCases(const Group &group, Scene scene, int number, const Cases &cases, Tally &tally)
{
    scene.source = QHostAddress(0x7f000000u + 0x100u + quint32(number)); // 127.0.1.x
    scene.prefix = "hostile-" + group.name + '-' + QByteArray::number(number) + '-';
    for (const Case &one : cases) {
        QElapsedTimer timer;
        timer.start();
        const QByteArray fault = one.run(scene);
        tally.add(group.name, one.name, fault, timer.elapsed());
    }
}

// Cases that run at once stay below the cap on strangers, so that the other groups get in.
constexpr int mostAtOnce = 20;

int attack(const Scene &scene, const QList<QByteArray> &wanted)
{
    Tally tally;
    std::vector<std::unique_ptr<QThread>> threads;
    const std::vector<Group> groups = allGroups();
    QSemaphore room(mostAtOnce);
    int number = 0;
    for (const Group &group : groups) {
        if (!wanted.isEmpty() && !wanted.contains(group.name))
            continue;
        std::vector<Cases> shares;
        if (group.atOnce) {
            for (const Case &one : group.cases)
                shares.push_back({one});
        } else {
            shares.push_back(group.cases);
        }
        for (Cases &share : shares) {
            threads.emplace_back(
                QThread::create([&tally, &group, &room, scene, share = std::move(share), number] {
                    const int permits = group.atOnce ? 1 : 0;
                    room.acquire(permits);
                    runCases(group, scene, number, share, tally);
                    room.release(permits);
                }));
            ++number;
        }
    }
    for (const auto &thread : threads)
        thread->start();
    for (const auto &thread : threads)
        thread->wait();
    return tally.finish();
}

} // namespace

int main(int count, char **values)
{
    QCoreApplication application(count, values);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 5 && arguments[1] == QStringLiteral("pair"))
        return pairWith(arguments[2].toUtf8(), arguments[3].toUtf8(), arguments[4]);
    if (arguments.size() == 3 && arguments[1] == QStringLiteral("target"))
        return serveAsFalseTarget(storedIdentity(arguments[2].toUtf8(), "target"));
    if (arguments.size() >= 3 && arguments[1] == QStringLiteral("attack")) {
        QList<QByteArray> groups;
        for (const QString &name : arguments.sliced(3))
            groups.append(name.toUtf8());
        if (const auto scene = sceneFrom(arguments[2]))
            return attack(*scene, groups);
    }
    std::fprintf(stderr,
                 "hostilepeer pair STATE NAME TICKET | target STATE | "
                 "attack SETTINGS [GROUP...]\n");
    return 2;
}
