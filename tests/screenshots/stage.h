// Stage: a window of the desktop in front of an engine that plays a part, for pictures of it.
#pragma once

#include "app/desktop/mainwindow.h"
#include "engine/control/server.h"
#include "tests/engine/control/fakeapi.h"

#include <QTemporaryDir>

namespace octopus::screenshots {

class Stage
{
public:
    explicit Stage(const control::EngineStatus &status);
    ~Stage();

    // False: the window did not show this status in time.
    [[nodiscard]] bool isReady();
    [[nodiscard]] desktop::MainWindow &window() { return *m_window; }
    [[nodiscard]] control::FakeApi &api() { return m_api; }
    [[nodiscard]] desktop::EngineLink &link() { return *m_link; }
    void stopEngine();
    // A past for every mirror: 24 hours of lag and throughput.
    void writeHistory();
    // Lets everything settle that is on its way.
    static void settle(int milliseconds = 120);

private:
    void answer(const control::Command &command,
                const std::shared_ptr<control::Responder> &responder);

    QTemporaryDir m_folder;
    control::FakeApi m_api;
    control::Server m_server;
    std::unique_ptr<desktop::EngineLink> m_link;
    std::unique_ptr<desktop::MainWindow> m_window;
};

// Vaults in every state, as many as asked for; with 1, an ordinary one.
[[nodiscard]] control::EngineStatus statusWith(int vaults);
// Vaults, machines and paths with names as long as people make them, and a problem of each kind.
[[nodiscard]] control::EngineStatus statusWithLongNames();
// Vaults to and from four machines: mutual mirrors and a chain among them.
[[nodiscard]] control::EngineStatus statusOfManyMachines();

} // namespace octopus::screenshots
