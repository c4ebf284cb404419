// screenreader SERVICE PATH: reads aloud, as JSON, what a program shows: its windows, and in them
// everything that is visible, as a tree of {role, name, text, states, children}. By AT-SPI, as a
// screen reader does.
#include <QCoreApplication>
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

namespace {

constexpr int patience = 5000; // ms
constexpr int deepest = 40;
constexpr int mostObjects = 4000;
// Of AtspiStateType, in two words of 32 bits.
constexpr quint32 showing = 1U << 25;
constexpr quint32 enabled = 1U << 8;
constexpr quint32 focused = 1U << 12;
constexpr quint32 checked = 1U << 4;

const auto accessible = QStringLiteral("org.a11y.atspi.Accessible");

class Reader
{
public:
    explicit Reader(const QString &service) : m_service(service) {}

    [[nodiscard]] QJsonObject read(const QString &path, int depth)
    {
        QJsonObject object;
        const QStringList texts{property(path, QStringLiteral("Name")),
                                property(path, QStringLiteral("Description"))};
        object[QStringLiteral("role")] =
            call(path, accessible, QStringLiteral("GetRoleName")).value(0).toString();
        object[QStringLiteral("name")] = texts[0];
        if (!texts[1].isEmpty())
            object[QStringLiteral("description")] = texts[1];
        const QVariantList text =
            call(path, QStringLiteral("org.a11y.atspi.Text"), QStringLiteral("GetText"), {0, -1});
        if (!text.isEmpty())
            object[QStringLiteral("text")] = text.first().toString();
        QJsonArray children;
        for (const QString &child : childrenOf(path)) {
            if (depth > deepest || ++m_count > mostObjects)
                break;
            const quint32 states = statesOf(child);
            if (depth > 0 && !(states & showing))
                continue;
            QJsonObject one = read(child, depth + 1);
            one[QStringLiteral("enabled")] = bool(states & enabled);
            one[QStringLiteral("focused")] = bool(states & focused);
            one[QStringLiteral("checked")] = bool(states & checked);
            children.append(one);
        }
        object[QStringLiteral("children")] = children;
        return object;
    }

private:
    [[nodiscard]] QVariantList call(const QString &path, const QString &interface,
                                    const QString &method, const QVariantList &arguments = {}) const
    {
        QDBusMessage message = QDBusMessage::createMethodCall(m_service, path, interface, method);
        message.setArguments(arguments);
        const QDBusMessage reply =
            QDBusConnection::sessionBus().call(message, QDBus::Block, patience);
        return reply.type() == QDBusMessage::ReplyMessage ? reply.arguments() : QVariantList();
    }

    [[nodiscard]] QString property(const QString &path, const QString &name) const
    {
        const QVariantList reply = call(path, QStringLiteral("org.freedesktop.DBus.Properties"),
                                        QStringLiteral("Get"), {accessible, name});
        return reply.value(0).value<QDBusVariant>().variant().toString();
    }

    [[nodiscard]] quint32 statesOf(const QString &path) const
    {
        const QVariantList reply = call(path, accessible, QStringLiteral("GetState"));
        if (reply.isEmpty())
            return 0;
        const auto argument = reply.first().value<QDBusArgument>();
        quint32 first = 0;
        argument.beginArray();
        if (!argument.atEnd())
            argument >> first;
        return first;
    }

    [[nodiscard]] QStringList childrenOf(const QString &path) const
    {
        const QVariantList reply = call(path, accessible, QStringLiteral("GetChildren"));
        if (reply.isEmpty())
            return {};
        QStringList paths;
        const auto argument = reply.first().value<QDBusArgument>();
        argument.beginArray();
        while (!argument.atEnd()) {
            QString service;
            QDBusObjectPath child;
            argument.beginStructure();
            argument >> service >> child;
            argument.endStructure();
            if (!child.path().endsWith(QStringLiteral("/null")))
                paths.append(child.path());
        }
        argument.endArray();
        return paths;
    }

    const QString m_service;
    int m_count = 0;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 3)
        return 2;
    const QJsonObject tree = Reader(arguments[1]).read(arguments[2], 0);
    const QByteArray text = QJsonDocument(tree).toJson(QJsonDocument::Compact) + '\n';
    std::fwrite(text.constData(), 1, size_t(text.size()), stdout);
    return 0;
}
