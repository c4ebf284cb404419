#include "app/process/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace octopus::process {

namespace {

sigset_t stopSignals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    // nohup ignores it, and means that.
    struct sigaction hangUp{};
    if (::sigaction(SIGHUP, nullptr, &hangUp) == 0 && hangUp.sa_handler != SIG_IGN)
        sigaddset(&set, SIGHUP);
    return set;
}

} // namespace

void Signals::holdBack()
{
    const sigset_t set = stopSignals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void Signals::release()
{
    const sigset_t set = stopSignals();
    ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

Signals::Signals()
{
    const sigset_t set = stopSignals();
    m_descriptor = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (m_descriptor < 0) {
        release(); // they end the process, as they do without us
        return;
    }
    m_notifier = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        signalfd_siginfo information{};
        while (::read(m_descriptor, &information, sizeof(information)) == sizeof(information))
            Q_EMIT stopRequested(int(information.ssi_signo));
    });
}

Signals::~Signals()
{
    m_notifier.reset();
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace octopus::process
