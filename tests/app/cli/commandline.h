// CommandLine: octopusctl within a test: an engine that does what the test says, served at a real
// control socket, and runs of Program whose output is kept.
#pragma once

#include "app/cli/program.h"
#include "engine/control/server.h"
#include "tests/engine/control/fakeapi.h"

#include <QTemporaryDir>

namespace octopus::cli {

struct Outcome {
    int code = -1; // -1: it never finished
    QByteArray output;
    QByteArray messages;
};

class CommandLine
{
public:
    // Serves `api` from now on.
    CommandLine();

    [[nodiscard]] control::FakeApi &api() { return m_api; }
    [[nodiscard]] control::Server &server() { return m_server; }
    // Runs octopusctl to its end. `text`: the arguments, separated by single spaces.
    [[nodiscard]] Outcome run(const char *text);
    [[nodiscard]] Outcome run(const QStringList &arguments);
    // Begins a run; its output grows in `outcome`, which outlives the program.
    [[nodiscard]] std::unique_ptr<Program> begin(const QStringList &arguments, Outcome &outcome,
                                                 const Terminal::Abilities &abilities = {});
    [[nodiscard]] QByteArray folder() const;
    // What is on standard input, a line each.
    void setInput(const QList<QByteArray> &lines) { m_input = lines; }
    [[nodiscard]] QList<QByteArray> unreadInput() const { return m_input; }

private:
    QTemporaryDir m_folder;
    control::FakeApi m_api;
    control::Server m_server;
    QList<QByteArray> m_input;
};

} // namespace octopus::cli
