// What a check of an address found, in the user's words. What a newer engine might say in codes that
// are not known here is shown as it says it itself, in English. GUI thread.
#pragma once

#include <QCoreApplication>
#include <QJsonValue>

namespace octopus::desktop {

class StageWording
{
    Q_DECLARE_TR_FUNCTIONS(octopus::desktop::StageWording)

public:
    // `stage`: one of the stages of a CheckReport.
    [[nodiscard]] static QString title(const QString &stage);     // "Reachable"
    [[nodiscard]] static QString detail(const QJsonValue &stage); // what was found
    [[nodiscard]] static QString advice(const QJsonValue &stage); // what to do; may be empty

private:
    [[nodiscard]] static QString remedy(const QString &code);
    [[nodiscard]] static QString passed(const QString &code, const QJsonValue &facts);
    [[nodiscard]] static QString unreached(const QString &code, const QJsonValue &facts);
    [[nodiscard]] static QString refused(const QString &code, const QJsonValue &facts);
    [[nodiscard]] static QString unusable(const QString &code, const QJsonValue &facts);
};

} // namespace octopus::desktop
