#include "tests/endtoend/desktop/tray.h"

#include <QCryptographicHash>
#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QDir>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>

#include <cstdio>

namespace octopus::endtoend {

namespace {

const auto itemInterface = QStringLiteral("org.kde.StatusNotifierItem");
const auto menuInterface = QStringLiteral("com.canonical.dbusmenu");
const auto watcherService = QStringLiteral("org.kde.StatusNotifierWatcher");

struct Picture {
    int width = 0;
    int height = 0;
    QByteArray argb; // in the order of the network
};

// Of a(iiay): the largest.
Picture largest(const QDBusArgument &argument)
{
    Picture best;
    argument.beginArray();
    while (!argument.atEnd()) {
        Picture one;
        argument.beginStructure();
        argument >> one.width >> one.height >> one.argb;
        argument.endStructure();
        if (one.width > best.width)
            best = one;
    }
    argument.endArray();
    return best;
}

// The title of (sa(iiay)ss) and its text.
QString toolTipOf(const QDBusArgument &argument)
{
    QString iconName;
    QString title;
    QString text;
    argument.beginStructure();
    argument >> iconName;
    (void)largest(argument);
    argument >> title >> text;
    argument.endStructure();
    return text.isEmpty() ? title : title + u'\n' + text;
}

} // namespace

void say(const QString &kind, const QJsonValue &what)
{
    const QByteArray line =
        QJsonDocument(QJsonObject{{kind, what}}).toJson(QJsonDocument::Compact) + '\n';
    std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
    std::fflush(stdout);
}

Tray::Tray(const QString &pictures) : m_pictures(pictures)
{
    auto *watcher = new QDBusServiceWatcher(this);
    watcher->setConnection(m_bus);
    watcher->setWatchMode(QDBusServiceWatcher::WatchForUnregistration);
    connect(this, &Tray::StatusNotifierItemRegistered, watcher,
            &QDBusServiceWatcher::addWatchedService);
    connect(watcher, &QDBusServiceWatcher::serviceUnregistered, this, &Tray::leave);
}

bool Tray::serve()
{
    return m_bus.registerObject(QStringLiteral("/StatusNotifierWatcher"), this,
                                QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals
                                    | QDBusConnection::ExportAllProperties)
        && m_bus.registerService(watcherService);
}

void Tray::RegisterStatusNotifierItem(const QString &service)
{
    m_service = message().service(); // whatever it calls itself, this is who it is
    m_path = service.startsWith(u'/') ? service : QStringLiteral("/StatusNotifierItem");
    for (const char *signal : {"NewTitle", "NewIcon", "NewAttentionIcon", "NewOverlayIcon",
                               "NewToolTip", "NewStatus", "NewMenu"})
        m_bus.connect(m_service, m_path, itemInterface, QLatin1StringView(signal), this,
                      SLOT(refresh()));
    Q_EMIT StatusNotifierItemRegistered(m_service);
    refresh();
}

void Tray::RegisterStatusNotifierHost(const QString & /*service*/) {}

void Tray::leave(const QString &service)
{
    if (service != m_service)
        return;
    m_service.clear();
    m_shown = {};
    Q_EMIT StatusNotifierItemUnregistered(service);
    say(QStringLiteral("gone"), service);
}

void Tray::refresh()
{
    QDBusMessage call = QDBusMessage::createMethodCall(
        m_service, m_path, QStringLiteral("org.freedesktop.DBus.Properties"),
        QStringLiteral("GetAll"));
    call << itemInterface;
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QVariantMap> reply = *watcher;
        if (reply.isValid())
            take(reply.value());
        else
            say(QStringLiteral("error"), reply.error().message());
    });
}

void Tray::take(const QVariantMap &properties)
{
    m_menuPath = properties[QStringLiteral("Menu")].value<QDBusObjectPath>().path();
    const QJsonObject shown{
        {QStringLiteral("title"), properties[QStringLiteral("Title")].toString()},
        {QStringLiteral("status"), properties[QStringLiteral("Status")].toString()},
        {QStringLiteral("look"), lookOf(properties[QStringLiteral("IconPixmap")])},
        {QStringLiteral("toolTip"),
         toolTipOf(properties[QStringLiteral("ToolTip")].value<QDBusArgument>())}};
    if (shown == m_shown)
        return;
    m_shown = shown;
    say(QStringLiteral("item"), shown);
}

QString Tray::lookOf(const QVariant &pixmaps) const
{
    const Picture picture = largest(pixmaps.value<QDBusArgument>());
    const QString look = QString::fromLatin1(
        QCryptographicHash::hash(picture.argb, QCryptographicHash::Sha256).toHex().first(12));
    const QString file = QStringLiteral("%1/tray-%2.png").arg(m_pictures, look);
    if (m_pictures.isEmpty() || QFile::exists(file)
        || picture.argb.size() != qsizetype(picture.width) * picture.height * 4)
        return look;
    QImage image(picture.width, picture.height, QImage::Format_ARGB32);
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            const qsizetype at = (qsizetype(y) * picture.width + x) * 4;
            const auto byte = [&](int i) { return int(uchar(picture.argb[at + i])); };
            image.setPixel(x, y, qRgba(byte(1), byte(2), byte(3), byte(0)));
        }
    }
    if (!image.save(file))
        say(QStringLiteral("error"), file);
    return look;
}

// As a person opens it: the owner is told, then asked what is in it.
void Tray::withMenu(const std::function<void(const QList<Entry> &)> &use)
{
    QDBusMessage about = QDBusMessage::createMethodCall(m_service, m_menuPath, menuInterface,
                                                        QStringLiteral("AboutToShow"));
    about << 0;
    m_bus.asyncCall(about); // answered before what follows
    QDBusMessage call = QDBusMessage::createMethodCall(m_service, m_menuPath, menuInterface,
                                                       QStringLiteral("GetLayout"));
    call << 0 << -1 << QStringList();
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [watcher, use] {
        watcher->deleteLater();
        const QDBusMessage reply = watcher->reply();
        if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().size() < 2)
            return say(QStringLiteral("error"), reply.errorMessage());
        // (ia{sv}av), whose last holds the entries, each of the same kind.
        const auto root = reply.arguments()[1].value<QDBusArgument>();
        int id = 0;
        QVariantMap properties;
        QList<Entry> entries;
        root.beginStructure();
        root >> id >> properties;
        root.beginArray();
        while (!root.atEnd()) {
            QDBusVariant child;
            root >> child;
            const auto entry = child.variant().value<QDBusArgument>();
            entry.beginStructure();
            entry >> id >> properties;
            entry.endStructure();
            if (properties.contains(QStringLiteral("label")))
                entries.append({id, properties[QStringLiteral("label")].toString(),
                                properties.value(QStringLiteral("enabled"), true).toBool()});
        }
        root.endArray();
        root.endStructure();
        use(entries);
    });
}

void Tray::showMenu()
{
    withMenu([](const QList<Entry> &entries) {
        QJsonArray labels;
        for (const Entry &entry : entries)
            labels.append(entry.label);
        say(QStringLiteral("menu"), labels);
    });
}

void Tray::choose(const QString &label)
{
    withMenu([this, label](const QList<Entry> &entries) {
        for (const Entry &entry : entries) {
            if (entry.label != label || !entry.enabled)
                continue;
            QDBusMessage call = QDBusMessage::createMethodCall(m_service, m_menuPath, menuInterface,
                                                               QStringLiteral("Event"));
            call << entry.id << QStringLiteral("clicked")
                 << QVariant::fromValue(QDBusVariant(QVariant(0))) << uint(0);
            m_bus.asyncCall(call);
            return say(QStringLiteral("chosen"), label);
        }
        say(QStringLiteral("error"), QStringLiteral("no such entry: ") + label);
    });
}

void Tray::activate()
{
    QDBusMessage call = QDBusMessage::createMethodCall(m_service, m_path, itemInterface,
                                                       QStringLiteral("Activate"));
    call << 0 << 0;
    m_bus.asyncCall(call);
}

} // namespace octopus::endtoend
