#include "app/desktop/singleinstance.h"

#include <QCryptographicHash>
#include <QLocalSocket>
#include <QStandardPaths>

namespace octopus::desktop {

namespace {

constexpr int patience = 2000; // ms
// What a later start writes, one byte.
constexpr char showWord = 's';
constexpr char quietWord = 'q';

QString nameFor(const QByteArray &stateDirectory)
{
    const QByteArray digest =
        QCryptographicHash::hash(stateDirectory, QCryptographicHash::Sha256).toHex().first(16);
    return QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation)
        + QStringLiteral("/octopus-mirror-") + QLatin1StringView(digest);
}

} // namespace

SingleInstance::SingleInstance(const QByteArray &stateDirectory) : m_name(nameFor(stateDirectory))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *socket = m_server.nextPendingConnection())
            take(socket);
    });
}

void SingleInstance::take(QLocalSocket *socket)
{
    const auto read = [this, socket] {
        char word = 0;
        if (socket->getChar(&word) && word == showWord)
            Q_EMIT windowWanted();
    };
    connect(socket, &QLocalSocket::readyRead, this, read);
    connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    read();
}

bool SingleInstance::handOver(bool quietly)
{
    QLocalSocket other;
    other.connectToServer(m_name);
    if (other.waitForConnected(patience)) {
        other.putChar(quietly ? quietWord : showWord);
        other.waitForBytesWritten(patience);
        return true;
    }
    // Nobody answers there: it is what a crash left. Without a name of one's own there is still a
    // window; the engine itself is kept single by its state directory.
    QLocalServer::removeServer(m_name);
    m_server.listen(m_name);
    return false;
}

} // namespace octopus::desktop
