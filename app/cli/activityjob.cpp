#include "app/cli/activityjob.h"

#include "app/cli/text.h"
#include "engine/control/json.h"

namespace octopus::cli {

namespace {

constexpr Milliseconds interval{500};

QString lineOf(const ActivityEntry &entry, const QString &peer)
{
    QString line = QStringLiteral("%1  %2  %3  %4")
                       .arg(timeText(entry.at), shown(peer),
                            QString::fromLatin1(activityName(entry.what)).leftJustified(10),
                            entry.path.isRoot() ? QStringLiteral(".") : entry.path.displayText());
    if (entry.what == ActivityKind::Moved)
        line += QStringLiteral("  from %1").arg(entry.from.displayText());
    if (entry.bytes > 0)
        line += QStringLiteral("  %1").arg(sizeText(entry.bytes));
    return line;
}

} // namespace

ActivityJob::ActivityJob(const Context &context, QString vault, bool watch)
    : Job(context),
      m_vault(std::move(vault)),
      m_watch(watch)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &ActivityJob::ask);
    connect(&m_client, &control::Client::opened, this, &ActivityJob::ask);
    connect(&m_client, &control::Client::ended, this, [this](const Error &error) {
        Q_EMIT finished(presentNoEngine(this->context(), error));
    });
}

void ActivityJob::start()
{
    m_client.open(context().location.entrance);
}

void ActivityJob::ask()
{
    m_client.send(control::Activity{m_vault}, [this](const control::Answer &answer) {
        if (m_client.isOpen()) // else ended() follows
            take(answer);
    });
}

void ActivityJob::take(const control::Answer &answer)
{
    if (!answer) {
        m_client.disconnect(this);
        Q_EMIT finished(presentFailure(context(), answer.error(), nullptr));
        return;
    }
    if (*answer != m_last)
        show(*answer);
    m_last = *answer;
    if (m_watch)
        return m_timer.start();
    m_client.disconnect(this);
    Q_EMIT finished(ExitCode::Done);
}

void ActivityJob::show(const QJsonValue &answer)
{
    if (context().json)
        return terminal().printJson(answer);
    const QJsonArray mirrors = answer.toArray();
    for (const QJsonValue &mirror : mirrors) {
        const QString peer = mirror[u"peer"].toString();
        ActivityEntry &last = m_shown[mirror[u"peerId"].toString()];
        const QJsonArray entries = mirror[u"entries"].toArray();
        for (qsizetype at = entries.size() - 1; at >= 0; --at) { // the oldest first
            const ActivityEntry entry = control::activityFromJson(entries[at]);
            const bool isKnown = entry.number <= last.number;
            const quint64 told = entry.number == last.number ? last.more : 0;
            if (!isKnown)
                terminal().print(lineOf(entry, peer));
            if (entry.number >= last.number && entry.more > told)
                terminal().print(QStringLiteral("and %1 more").arg(countText(entry.more - told)));
            if (entry.number >= last.number)
                last = entry;
        }
    }
}

} // namespace octopus::cli
