#include "app/cli/demojob.h"

#include "app/cli/posixtree.h"
#include "engine/control/json.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QRandomGenerator>
#include <QtConcurrentRun>

#include <sys/stat.h>

namespace octopus::cli {

namespace {

constexpr Milliseconds changeInterval{10};
constexpr Milliseconds stepPatience{180'000}; // without any answer
constexpr qsizetype shownDifferences = 20;
const QString vaultName = QStringLiteral("demo");

quint64 drawnSeed()
{
    // Short enough to be typed again.
    return QRandomGenerator::system()->generate() % 1'000'000;
}

} // namespace

DemoJob::DemoJob(const Context &context, DemoOptions options)
    : Job(context),
      m_options(std::move(options)),
      m_seed(m_options.seed.value_or(drawnSeed())),
      m_view(terminal())
{
    m_changeTimer.setInterval(changeInterval);
    m_liveTimer.setSingleShot(true);
    m_patience.setSingleShot(true);
    connect(&m_tree, &QFutureWatcherBase::finished, this, &DemoJob::pairWhenReady);
    connect(&m_comparison, &QFutureWatcherBase::finished, this, &DemoJob::conclude);
    connect(&m_changeTimer, &QTimer::timeout, this, &DemoJob::change);
    connect(&m_liveTimer, &QTimer::timeout, this, &DemoJob::settle);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        giveUp(QStringLiteral(
                   "the demonstration stands still; try again, and report it with the seed"),
               ExitCode::TimedOut);
    });
}

DemoJob::~DemoJob()
{
    m_cancelled = true;
    m_tree.waitForFinished();
    m_comparison.waitForFinished();
}

void DemoJob::start()
{
    const QString daemon = m_options.daemon.isEmpty()
        ? QCoreApplication::applicationDirPath() + QStringLiteral("/octopusd")
        : m_options.daemon;
    m_folder.emplace();
    if (!m_folder->isValid()) {
        return giveUp(
            QStringLiteral("no temporary folder can be made: %1; make room, or set TMPDIR")
                .arg(shown(m_folder->errorString())),
            ExitCode::Refused);
    }
    if (!QFileInfo(daemon).isExecutable())
        return giveUp(
            QStringLiteral("%1 is missing; build it, or install it beside octopusctl").arg(daemon),
            ExitCode::NoAnswer);
    const QByteArray base = m_folder->path().toUtf8();
    m_source = base + "/source";
    m_replica = base + "/replicas/" + vaultName.toUtf8();
    ::mkdir((base + "/replicas").constData(), 0755); // the target says so if it is missing
    say(QStringLiteral("octopus demonstration, seed %1, in %2").arg(m_seed).arg(shown(base)));

    m_primary = std::make_unique<DemoEngine>(QStringLiteral("alpha"), base + "/alpha");
    m_target = std::make_unique<DemoEngine>(QStringLiteral("beta"), base + "/beta");
    for (DemoEngine *engine : {m_primary.get(), m_target.get()}) {
        connect(engine, &DemoEngine::ready, this, [this] {
            ++m_ready;
            pairWhenReady();
        });
        connect(engine, &DemoEngine::failed, this,
                [this](const QString &reason) { giveUp(reason, ExitCode::NoAnswer); });
        connect(engine, &DemoEngine::stopped, this, [this] {
            ++m_stopped;
            finishWhenStopped();
        });
        engine->start(daemon);
    }
    prepareTree();
}

void DemoJob::stop()
{
    giveUp(QStringLiteral("interrupted; cleaning up"), ExitCode::Interrupted);
}

void DemoJob::prepareTree()
{
    m_tree.setFuture(QtConcurrent::run([this, origins = m_options.origins, source = m_source] {
        return makeDemoTree(origins, source, m_cancelled);
    }));
}

void DemoJob::pairWhenReady()
{
    if (m_outcome)
        return finishWhenStopped();
    if (m_ready < 2 || !m_tree.isFinished())
        return;
    const Result<TreeSize> tree = m_tree.result();
    if (!tree)
        return giveUp(QStringLiteral("the files could not be prepared: ")
                          + shown(tree.error().detail),
                      ExitCode::Refused);
    QStringList origins;
    for (const QByteArray &origin : tree->origins)
        origins.append(QStringLiteral("a copy of ") + shown(origin));
    if (tree->generated)
        origins.append(QStringLiteral("generated ones"));
    say(QStringLiteral("source      %1 files, %2: %3")
            .arg(countText(tree->files), sizeText(tree->bytes),
                 origins.join(QStringLiteral(", "))));
    say(QStringLiteral("engines     alpha at %1, beta at %2")
            .arg(m_primary->address(), m_target->address()));
    ask(*m_target,
        control::Invite{m_folder->path().toUtf8() + "/replicas", std::chrono::minutes(5)},
        &DemoJob::redeem);
}

void DemoJob::redeem(const QJsonValue &ticket)
{
    ask(*m_primary, control::Pair{ticket[u"ticket"].toString()}, &DemoJob::addVault);
}

void DemoJob::addVault(const QJsonValue &answer)
{
    say(QStringLiteral("paired      alpha with %1").arg(shown(answer[u"name"].toString())));
    control::AddVault add;
    add.name = vaultName;
    add.sources = {m_source};
    add.targets = {{answer[u"id"].toString(), vaultName.toUtf8()}};
    m_copyClock.start();
    ask(*m_primary, add, &DemoJob::watchFirstCopy);
}

void DemoJob::watchFirstCopy(const QJsonValue & /*answer*/)
{
    m_primary->client().subscribe(
        vaultName, [this](const QJsonObject &document) { showStatus(document); }, {});
    ask(*m_primary, control::WaitInSync{vaultName}, &DemoJob::beginChanges);
}

void DemoJob::beginChanges(const QJsonValue & /*answer*/)
{
    m_patience.stop();
    m_view.beginPhase();
    say(QStringLiteral("first copy  done in %1; now changing files for %2 s")
            .arg(durationText(Milliseconds(m_copyClock.elapsed())))
            .arg(m_options.seconds));
    m_changer = std::make_unique<TreeChanger>(m_source, m_seed);
    m_changeTimer.start();
    m_liveTimer.start(std::chrono::seconds(m_options.seconds));
}

void DemoJob::change()
{
    if (const Result<void> changed = m_changer->step(); !changed)
        giveUp(QStringLiteral("the source cannot be changed: ") + shown(changed.error().detail),
               ExitCode::Refused);
}

void DemoJob::settle()
{
    m_changeTimer.stop();
    ask(*m_primary, control::WaitInSync{vaultName}, &DemoJob::verify);
}

void DemoJob::verify(const QJsonValue & /*answer*/)
{
    ask(*m_primary, control::Verify{vaultName}, &DemoJob::compare);
}

void DemoJob::compare(const QJsonValue &verification)
{
    m_patience.stop();
    m_verification = verification.toObject();
    m_comparison.setFuture(QtConcurrent::run([this, source = m_source, replica = m_replica] {
        return compareTrees(source, replica, ".octopus", shownDifferences, m_cancelled);
    }));
}

void DemoJob::conclude()
{
    if (m_outcome)
        return finishWhenStopped();
    const TreeDifferences result = m_comparison.result();
    const bool identical = result.count == 0 && m_verification[u"different"].toArray().isEmpty()
        && m_verification[u"compared"].toInteger() > 0;
    m_view.beginPhase();
    printSummary(result, identical);
    cleanUp(identical ? ExitCode::Done : ExitCode::LookAtIt);
}

void DemoJob::printSummary(const TreeDifferences &result, bool identical)
{
    const auto compared = quint64(m_verification[u"compared"].toInteger());
    const auto different = quint64(m_verification[u"different"].toArray().size());
    if (context().json) {
        QJsonArray differences;
        for (const QByteArray &one : result.differences)
            differences.append(control::bytesToJson(one));
        QJsonObject changes;
        for (const auto &[name, count] : m_changer->counts())
            changes.insert(QString::fromLatin1(name), qint64(count));
        terminal().printJson(
            QJsonObject{{QStringLiteral("identical"), identical},
                        {QStringLiteral("seed"), qint64(m_seed)},
                        {QStringLiteral("changes"), changes},
                        {QStringLiteral("medianLagMs"), qint64(m_view.medianLag().count())},
                        {QStringLiteral("worstLagMs"), qint64(m_view.worstLag().count())},
                        {QStringLiteral("entries"), qint64(result.entries)},
                        {QStringLiteral("bytes"), qint64(result.bytes)},
                        {QStringLiteral("verification"), m_verification},
                        {QStringLiteral("differences"), differences}});
        return;
    }
    QStringList kinds;
    for (const auto &[name, count] : m_changer->counts())
        kinds.append(QStringLiteral("%1 %2").arg(count).arg(QLatin1StringView(name)));
    say(QStringLiteral("changes     %1 (%2)")
            .arg(countText(m_changer->changes()), kinds.join(QStringLiteral(", "))));
    say(QStringLiteral("lag         median %1, worst %2 of %3 samples")
            .arg(durationText(m_view.medianLag()), durationText(m_view.worstLag()),
                 countText(quint64(m_view.lagSamples()))));
    say(QStringLiteral("verify      %1 entries compared, %2 different")
            .arg(countText(compared), countText(different)));
    say(QStringLiteral("own check   %1 entries and %2 compared, %3 different")
            .arg(countText(result.entries), sizeText(result.bytes), countText(result.count)));
    for (const QByteArray &difference : result.differences)
        say(QStringLiteral("            ") + shown(difference));
    say(identical ? terminal().coloured(QStringLiteral("both trees are identical"), Colour::Good)
                  : terminal().coloured(QStringLiteral("the trees differ"), Colour::Bad));
}

void DemoJob::ask(DemoEngine &engine, const control::Command &command, Next next)
{
    m_patience.start(stepPatience);
    engine.client().send(command, [this, next, command](const control::Answer &answer) {
        if (m_outcome)
            return;
        if (answer)
            return (this->*next)(*answer);
        const ExitCode code = presentFailure(context(), answer.error(), &command);
        giveUp(
            QStringLiteral("the demonstration failed at \"%1\"").arg(control::commandName(command)),
            code);
    });
}

void DemoJob::showStatus(const QJsonObject &document)
{
    const Result<control::EngineStatus> status = control::statusFromJson(document);
    if (!status || m_outcome || context().json || status->vaults.isEmpty()
        || status->vaults.first().targets.isEmpty())
        return;
    const MirrorStatus &mirror = status->vaults.first().targets.first();
    if (mirror.halt)
        return giveUp(QStringLiteral("the mirror halted: ") + shown(mirror.halt->detail),
                      ExitCode::Refused);
    if (!m_verification.isEmpty())
        return;
    if (m_changer)
        m_view.showLive(mirror, m_changer->changes(), m_changeTimer.isActive());
    else
        m_view.showCopy(mirror);
    // Something moves: patience begins anew.
    if (m_patience.isActive())
        m_patience.start(stepPatience);
}

void DemoJob::say(const QString &line)
{
    if (!context().json)
        terminal().print(line);
}

void DemoJob::giveUp(const QString &reason, ExitCode code)
{
    if (m_outcome)
        return;
    m_view.beginPhase();
    terminal().complain(reason);
    cleanUp(code);
}

void DemoJob::cleanUp(ExitCode code)
{
    m_outcome = code;
    m_cancelled = true;
    for (QTimer *timer : {&m_changeTimer, &m_liveTimer, &m_patience})
        timer->stop();
    for (DemoEngine *engine : {m_primary.get(), m_target.get()}) {
        if (engine)
            engine->stop();
        else
            ++m_stopped;
    }
    QMetaObject::invokeMethod(this, &DemoJob::finishWhenStopped, Qt::QueuedConnection);
}

void DemoJob::finishWhenStopped()
{
    if (!m_outcome || m_stopped < 2 || m_tree.isRunning() || m_comparison.isRunning() || !m_folder)
        return;
    // Not QTemporaryDir's own way: it fails at names that are no text.
    m_folder->setAutoRemove(false);
    if (!removeTree(m_folder->path().toUtf8())) {
        terminal().complain(QStringLiteral("%1 could not be removed whole; remove it by hand")
                                .arg(shown(m_folder->path())));
    }
    m_folder.reset();
    Q_EMIT finished(*m_outcome);
}

} // namespace octopus::cli
