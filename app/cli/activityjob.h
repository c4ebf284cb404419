// ActivityJob: shows what the mirrors of a vault carried lately, once, or as it goes on: then it asks
// twice a second and shows each change once.
#pragma once

#include "app/cli/job.h"
#include "engine/control/client.h"
#include "engine/model/activity.h"

#include <QTimer>

#include <map>

namespace octopus::cli {

class ActivityJob final : public Job
{
    Q_OBJECT

public:
    ActivityJob(const Context &context, QString vault, bool watch);
    void start() override;

private:
    void ask();
    void take(const control::Answer &answer);
    void show(const QJsonValue &answer);

    const QString m_vault;
    const bool m_watch;
    control::Client m_client;
    QTimer m_timer;
    std::map<QString, ActivityEntry> m_shown; // of each target, the newest
    QJsonValue m_last;
};

} // namespace octopus::cli
