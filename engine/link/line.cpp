#include "engine/link/line.h"

#include "engine/link/channel.h"
#include "engine/link/sessionport.h"

namespace octopus::link {

void Line::setPort(SessionPort *port)
{
    const QMutexLocker lock(&m_mutex);
    m_port = port;
}

void Line::setChannel(Channel *channel)
{
    const QMutexLocker lock(&m_mutex);
    m_channel = channel;
    tellEnd();
}

void Line::end(const Error &error)
{
    const QMutexLocker lock(&m_mutex);
    if (!m_end)
        m_end = error;
    tellEnd();
}

void Line::tellEnd()
{
    if (m_channel && m_end)
        post(m_channel, [error = *m_end](Channel &channel) { channel.onClosed(error); });
}

} // namespace octopus::link
