// Line: what a Session and its Channel share across their threads: who is at either end, and how
// many bytes are on their way. Calls become queued events of the end they are for, in order; an end
// that is gone hears nothing. Any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/link/sendwindow.h"

#include <QMetaObject>
#include <QMutex>
#include <QObject>

#include <atomic>
#include <optional>

namespace octopus::link {

class Call;
class Channel;
class SessionPort;

class Line
{
public:
    // Null when an end goes. Before there is a session, there may be a call for one.
    void setCall(Call *call);
    void setPort(SessionPort *port);
    void setChannel(Channel *channel);

    // `call(SessionPort &)` on the session's thread. False: the session is gone.
    template <typename Call> bool toSession(Call call)
    {
        const QMutexLocker lock(&m_mutex);
        return m_port && post(m_port, std::move(call));
    }
    // `call(Channel &)` on the channel's thread.
    template <typename Call> bool toChannel(Call call)
    {
        const QMutexLocker lock(&m_mutex);
        return m_channel && post(m_channel, std::move(call));
    }
    // Ends the session, or the call for one.
    void close();
    // The session is over; a Channel hears of it once, also one that comes later.
    void end(const Error &error);

    std::atomic<quint64> sentBytes{0};
    std::atomic<quint64> receivedBytes{0};
    std::atomic<qint64> posted{0};   // by the Channel
    std::atomic<qint64> finished{0}; // of these, taken by the kernel
    std::atomic<bool> wantsWritable{false};
    std::atomic<qint64> window{SendWindow::first}; // how much of it may wait
    std::atomic<int> level{0};                     // of compression that the line is worth; 0: none

private:
    template <typename End, typename Call> static bool post(End *end, Call call)
    {
        return QMetaObject::invokeMethod(
            end, [end, call = std::move(call)]() mutable { call(*end); }, Qt::QueuedConnection);
    }
    void tellEnd();

    QMutex m_mutex;
    Call *m_call = nullptr;
    SessionPort *m_port = nullptr;
    Channel *m_channel = nullptr;
    std::optional<Error> m_end;
    bool m_closing = false;
};

} // namespace octopus::link
