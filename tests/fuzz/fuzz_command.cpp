// One line on the control socket, as the engine and as a front end read it.
#include "engine/control/command.h"
#include "engine/control/json.h"
#include "tests/fuzz/property.h"

#include <QJsonDocument>

using namespace octopus;
using namespace octopus::control;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto document = QJsonDocument::fromJson(fuzz::inputOf(data, size).toByteArray());
    const QJsonObject line = document.object();
    const auto command = decodeCommand(line[u"command"].toString(), line[u"arguments"].toObject());
    if (command) {
        const auto back = decodeCommand(commandName(*command), commandArguments(*command));
        fuzz::claim(back && *back == *command, "a command survives another encoding");
    }
    const auto status = statusFromJson(line[u"result"].toObject());
    if (status) {
        const QJsonObject json = toJson(*status);
        const auto back = statusFromJson(json);
        fuzz::claim(back && toJson(*back) == json, "a status survives another encoding");
    }
    const QJsonObject failure = toJson(failureFromJson(line[u"error"].toObject()));
    fuzz::claim(toJson(failureFromJson(failure)) == failure, "a failure survives, too");
    return 0;
}
