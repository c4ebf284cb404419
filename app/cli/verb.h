// Verb: one command of octopusctl: its name, its options, its help, and how its arguments become a
// Job. The list of all is in verb.cpp.
#pragma once

#include "app/cli/job.h"
#include "app/cli/usage.h"

#include <memory>

namespace octopus::cli {

using JobResult = Result<std::unique_ptr<Job>>; // Invalid: wrong usage, the detail says what

struct Verb {
    QString name;      // "vault add"
    QString arguments; // "NAME --source PATH… --target PEER[:DEST]…"
    QString summary;   // one line
    QStringList examples;
    QList<QCommandLineOption> options;
    qsizetype leastArguments = 0;
    qsizetype mostArguments = 0;
    std::function<JobResult(const Usage &usage, const Context &context)> prepare;
};

[[nodiscard]] const QList<Verb> &allVerbs();
// The options that every verb has: --state, --json, --help, --version.
[[nodiscard]] QList<QCommandLineOption> commonOptions();

// The parts of the list.
[[nodiscard]] QList<Verb> machineVerbs(); // identity, peers, unpair, grant, revoke, and
[[nodiscard]] QList<Verb> checkVerbs();   // check
[[nodiscard]] QList<Verb> pairingVerbs(); // invite, pair
[[nodiscard]] QList<Verb> vaultVerbs();   // vault add, list, show, edit, remove
[[nodiscard]] QList<Verb> mirrorVerbs();  // pause, resume, synchronize, verify, wait, status, …

[[nodiscard]] QString generalHelp();
[[nodiscard]] QString helpFor(const Verb &verb);

} // namespace octopus::cli
