#include "tests/endtoend/desktop/services.h"

#include "tests/endtoend/desktop/tray.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMetaType>

namespace octopus::endtoend {

namespace {

bool serveAt(const QString &service, const QString &path, QObject *object)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    return bus.registerObject(path, object,
                              QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals)
        && bus.registerService(service);
}

} // namespace

QDBusArgument &operator<<(QDBusArgument &argument, const ObjectReference &object)
{
    argument.beginStructure();
    argument << object.service << object.path;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, ObjectReference &object)
{
    argument.beginStructure();
    argument >> object.service >> object.path;
    argument.endStructure();
    return argument; // NOLINT(bugprone-return-const-ref-from-parameter): so QtDBus wants it
}

bool Notifications::serve()
{
    return serveAt(QStringLiteral("org.freedesktop.Notifications"),
                   QStringLiteral("/org/freedesktop/Notifications"), this);
}

uint Notifications::Notify(const QString &program, uint replaced, const QString & /*icon*/,
                           const QString &title, const QString &text,
                           const QStringList & /*actions*/, const QVariantMap & /*hints*/,
                           int /*timeout*/)
{
    say(QStringLiteral("notice"),
        QJsonObject{{QStringLiteral("program"), program},
                    {QStringLiteral("title"), title},
                    {QStringLiteral("text"), text}});
    return replaced != 0 ? replaced : ++m_last;
}

void Notifications::CloseNotification(uint id)
{
    Q_EMIT NotificationClosed(id, 3);
}

QStringList Notifications::GetCapabilities()
{
    return {QStringLiteral("body"), QStringLiteral("actions")};
}

QString Notifications::GetServerInformation(QString &vendor, QString &version,
                                            QString &specification)
{
    vendor = QStringLiteral("octopus");
    version = QStringLiteral("1");
    specification = QStringLiteral("1.2");
    return QStringLiteral("tests");
}

bool AccessibilityBus::serve()
{
    return serveAt(QStringLiteral("org.a11y.Bus"), QStringLiteral("/org/a11y/bus"), this);
}

QString AccessibilityBus::GetAddress()
{
    return qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS");
}

bool AccessibilityRegistry::serve()
{
    qDBusRegisterMetaType<ObjectReference>();
    return serveAt(QStringLiteral("org.a11y.atspi.Registry"),
                   QStringLiteral("/org/a11y/atspi/accessible/root"), this);
}

ObjectReference AccessibilityRegistry::Embed(const ObjectReference &program)
{
    say(QStringLiteral("program"),
        QJsonObject{{QStringLiteral("service"), program.service},
                    {QStringLiteral("path"), program.path.path()}});
    return {QDBusConnection::sessionBus().baseService(),
            QDBusObjectPath(QStringLiteral("/org/a11y/atspi/accessible/root"))};
}

void AccessibilityRegistry::Unembed(const ObjectReference & /*program*/) {}

} // namespace octopus::endtoend
