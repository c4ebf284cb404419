// What a desktop offers its programs beside the tray: notifications, which are said, and the bus of
// accessibility, by which programs can be read as a screen reader does.
#pragma once

#include <QDBusContext>
#include <QDBusObjectPath>
#include <QObject>
#include <QStringList>
#include <QVariantMap>

namespace octopus::endtoend {

class Notifications : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    [[nodiscard]] bool serve();

public Q_SLOTS:
    uint Notify(const QString &program, uint replaced, const QString &icon, const QString &title,
                const QString &text, const QStringList &actions, const QVariantMap &hints,
                int timeout);
    void CloseNotification(uint id);
    QStringList GetCapabilities();
    QString GetServerInformation(QString &vendor, QString &version, QString &specification);

Q_SIGNALS:
    void NotificationClosed(uint id, uint reason);
    void ActionInvoked(uint id, const QString &action);

private:
    uint m_last = 0;
};

// Says where the bus of accessibility is: it is the session's.
class AccessibilityBus : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.a11y.Bus")

public:
    [[nodiscard]] bool serve();

public Q_SLOTS:
    QString GetAddress();
};

// An object of a program, by the name of its owner on the bus.
struct ObjectReference {
    QString service;
    QDBusObjectPath path;
};

// Programs announce themselves here; each is said.
class AccessibilityRegistry
    : public QObject
    , protected QDBusContext
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.a11y.atspi.Socket")

public:
    [[nodiscard]] bool serve();

public Q_SLOTS:
    octopus::endtoend::ObjectReference Embed(const octopus::endtoend::ObjectReference &program);
    void Unembed(const octopus::endtoend::ObjectReference &program);
};

} // namespace octopus::endtoend

Q_DECLARE_METATYPE(octopus::endtoend::ObjectReference)
