#include "engine/control/command.h"

#include "engine/base/relpath.h"
#include "engine/control/commandfields.h"

namespace octopus::control {

namespace {

template <typename One>
bool decodeAs(const QString &name, const QJsonObject &arguments,
              std::optional<Result<Command>> &result)
{
    One command;
    if (name != QLatin1StringView(nameOf(command)))
        return false;
    FieldReader reader(arguments);
    fields(reader, command);
    if (reader.error())
        result = std::unexpected(*reader.error());
    else if (const Result<void> checked = check(command); !checked)
        result = passOn(checked);
    else
        result = Command(std::move(command));
    return true;
}

template <typename... All>
std::optional<Result<Command>> decodeAny(const QString &name, const QJsonObject &arguments,
                                         std::type_identity<std::variant<All...>> /*all*/)
{
    std::optional<Result<Command>> result;
    (void)(decodeAs<All>(name, arguments, result) || ...);
    return result;
}

} // namespace

QString commandName(const Command &command)
{
    return std::visit([](const auto &one) { return QString::fromLatin1(nameOf(one)); }, command);
}

QJsonObject commandArguments(const Command &command)
{
    return std::visit(
        [](auto one) { // a copy: fields() serves reading and writing
            FieldWriter writer;
            fields(writer, one);
            return writer.object();
        },
        command);
}

Result<Command> decodeCommand(const QString &name, const QJsonObject &arguments)
{
    if (auto result = decodeAny(name, arguments, std::type_identity<Command>()))
        return *std::move(result);
    return failure(ErrorCode::Unsupported,
                   "this engine has no command \"" + displayText(name.left(64).toUtf8()).toUtf8()
                       + "\"");
}

} // namespace octopus::control
