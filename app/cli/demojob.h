// DemoJob: two engines of its own on loopback, paired, mirroring a copy of real files; then changes
// at random while the lag is shown; at the end the proof that both trees are identical, by the
// engine's verification and by an independent comparison. Leaves nothing behind.
#pragma once

#include "app/cli/demoengine.h"
#include "app/cli/demotree.h"
#include "app/cli/demoview.h"
#include "app/cli/job.h"
#include "app/cli/treechanger.h"
#include "app/cli/treecomparison.h"

#include <QFutureWatcher>
#include <QTemporaryDir>

#include <optional>

namespace octopus::cli {

struct DemoOptions {
    int seconds = 10; // of changes
    std::optional<quint64> seed;
    QString daemon; // the octopusd to run; empty: the one beside this program
    QList<QByteArray> origins{"/usr/include", "/usr/share", "/usr/lib"};
};

class DemoJob final : public Job
{
    Q_OBJECT

public:
    DemoJob(const Context &context, DemoOptions options);
    ~DemoJob() override;
    void start() override;
    void stop() override;

private:
    using Next = void (DemoJob::*)(const QJsonValue &answer);

    void prepareTree();
    void pairWhenReady();
    void redeem(const QJsonValue &ticket);
    void addVault(const QJsonValue &answer);
    void watchFirstCopy(const QJsonValue &answer);
    void beginChanges(const QJsonValue &answer);
    void change();
    void settle();
    void verify(const QJsonValue &answer);
    void compare(const QJsonValue &verification);
    void conclude();
    void printSummary(const TreeDifferences &result, bool identical);

    // Asks the primary (or the target) and goes on with `next`, or gives up.
    void ask(DemoEngine &engine, const control::Command &command, Next next);
    void showStatus(const QJsonObject &document);
    void say(const QString &line);
    void giveUp(const QString &reason, ExitCode code);
    void cleanUp(ExitCode code);
    void finishWhenStopped();

    const DemoOptions m_options;
    const quint64 m_seed;
    std::optional<QTemporaryDir> m_folder;
    QByteArray m_source;
    QByteArray m_replica;
    std::unique_ptr<DemoEngine> m_primary;
    std::unique_ptr<DemoEngine> m_target;
    std::atomic<bool> m_cancelled = false;
    QFutureWatcher<Result<TreeSize>> m_tree;
    QFutureWatcher<TreeDifferences> m_comparison;
    std::unique_ptr<TreeChanger> m_changer;
    DemoView m_view;
    QTimer m_changeTimer;
    QTimer m_liveTimer;
    QTimer m_patience; // for the step that runs now
    QElapsedTimer m_copyClock;
    QJsonObject m_verification;
    int m_ready = 0;
    int m_stopped = 0;
    std::optional<ExitCode> m_outcome; // set when cleaning up has begun
};

} // namespace octopus::cli
