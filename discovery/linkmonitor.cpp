#include "discovery/linkmonitor.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>

using namespace std::chrono_literals;

namespace octopus::discovery {

static constexpr auto settling = 200ms; // changes come in bursts
static constexpr auto pollInterval = 15s;

LinkMonitor::LinkMonitor(const QStringList &wanted) : m_wanted(wanted), m_soon(this), m_poll(this)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(settling);
    m_poll.setInterval(pollInterval);
    connect(&m_soon, &QTimer::timeout, this, &LinkMonitor::look);
    connect(&m_poll, &QTimer::timeout, this, &LinkMonitor::look);
}

void LinkMonitor::start()
{
    listen();
    look();
    m_poll.start();
}

void LinkMonitor::stop()
{
    m_notifier.reset();
    m_soon.stop();
    m_poll.stop();
}

void LinkMonitor::listen()
{
    FileDescriptor socket(
        ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (!socket.isOpen()
        || ::bind(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return; // looking now and then has to do
    m_socket = std::move(socket);
    m_notifier = std::make_unique<QSocketNotifier>(m_socket.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &LinkMonitor::drain);
}

// That something changed is enough; what, is looked up.
void LinkMonitor::drain()
{
    std::array<char, 16384> message;
    while (::recv(m_socket.get(), message.data(), message.size(), 0) > 0) {}
    if (!m_soon.isActive())
        m_soon.start();
}

void LinkMonitor::look()
{
    Links links = systemLinks(m_wanted);
    if (links == m_links)
        return;
    m_links = std::move(links);
    Q_EMIT changed(m_links);
}

} // namespace octopus::discovery
