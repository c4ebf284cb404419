#include "engine/link/line.h"

#include "engine/link/call.h"
#include "engine/link/channel.h"
#include "engine/link/sessionport.h"

namespace octopus::link {

void Line::setCall(Call *call)
{
    const QMutexLocker lock(&m_mutex);
    m_call = call;
    if (m_call && m_closing)
        post(m_call, [](Call &one) { one.abandon(); });
}

void Line::setPort(SessionPort *port)
{
    const QMutexLocker lock(&m_mutex);
    m_port = port;
    if (m_port && m_closing)
        post(m_port, [](SessionPort &one) { one.session().close(); });
}

void Line::close()
{
    const QMutexLocker lock(&m_mutex);
    m_closing = true;
    if (m_port)
        post(m_port, [](SessionPort &one) { one.session().close(); });
    else if (m_call)
        post(m_call, [](Call &one) { one.abandon(); });
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
