// Tray: the part of a desktop that shows status icons (org.kde.StatusNotifierWatcher, and a host of
// it). Says a line for each change of an item, and opens its menu and clicks it when told.
#pragma once

#include <QDBusConnection>
#include <QDBusContext>
#include <QDBusVariant>
#include <QJsonObject>
#include <QObject>
#include <QStringList>

namespace octopus::endtoend {

void say(const QString &kind, const QJsonValue &what); // one line of JSON

class Tray
    : public QObject
    , protected QDBusContext
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierWatcher")
    Q_PROPERTY(QStringList RegisteredStatusNotifierItems READ items)
    Q_PROPERTY(bool IsStatusNotifierHostRegistered READ hasHost)
    Q_PROPERTY(int ProtocolVersion READ version)

public:
    // `pictures`: where each look of an icon is saved as LOOK.png; empty: nowhere.
    explicit Tray(const QString &pictures);

    [[nodiscard]] bool serve();
    void showMenu();
    void choose(const QString &label); // an entry of the menu
    void activate();                   // a click
    [[nodiscard]] QStringList items() const
    {
        return m_service.isEmpty() ? QStringList() : QStringList{m_service};
    }
    [[nodiscard]] bool hasHost() const { return true; }
    [[nodiscard]] int version() const { return 0; }

public Q_SLOTS:
    void RegisterStatusNotifierItem(const QString &service);
    void RegisterStatusNotifierHost(const QString &service);

Q_SIGNALS:
    void StatusNotifierItemRegistered(const QString &service);
    void StatusNotifierItemUnregistered(const QString &service);
    void StatusNotifierHostRegistered();

private Q_SLOTS:
    void refresh();
    void leave(const QString &service);

private:
    struct Entry {
        int id = 0;
        QString label;
        bool enabled = true;
    };
    void take(const QVariantMap &properties);
    [[nodiscard]] QString lookOf(const QVariant &pixmaps) const;
    void withMenu(const std::function<void(const QList<Entry> &)> &use);

    QDBusConnection m_bus = QDBusConnection::sessionBus();
    const QString m_pictures;
    QString m_service;
    QString m_path;
    QString m_menuPath;
    QJsonObject m_shown;
};

} // namespace octopus::endtoend
