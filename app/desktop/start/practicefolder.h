// PracticeFolder: where a practice keeps its files: a temporary folder with a sample to mirror, the
// replica and the target's state. A record beside the engine's state names it, so that one which a
// crash left behind is found and cleared. Any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/model/ids.h"

#include <QString>

#include <optional>

namespace octopus::desktop {

struct PracticeRecord {
    QByteArray folder;
    MachineId target;
    QString vault;
    friend bool operator==(const PracticeRecord &, const PracticeRecord &) = default;
};

class PracticeFolder
{
public:
    // Makes the folder. NoSpace and kin: there is no room for one.
    [[nodiscard]] static Result<PracticeFolder> make();

    [[nodiscard]] const QByteArray &path() const { return m_path; }
    [[nodiscard]] QByteArray sample() const { return m_path + "/documents"; }
    [[nodiscard]] QByteArray replicas() const { return m_path + "/replicas"; }
    [[nodiscard]] QByteArray state() const { return m_path + "/target"; }
    // Some files to change. `greeting`: the content of the first.
    [[nodiscard]] Result<void> writeSample(const QString &greeting) const;

    // Removes a practice's folder and nothing else: other paths are refused.
    static void remove(const QByteArray &path);

    static void writeRecord(const QByteArray &stateDirectory, const PracticeRecord &record);
    [[nodiscard]] static std::optional<PracticeRecord> readRecord(const QByteArray &stateDirectory);
    static void removeRecord(const QByteArray &stateDirectory);

private:
    explicit PracticeFolder(QByteArray path) : m_path(std::move(path)) {}
    QByteArray m_path;
};

} // namespace octopus::desktop
