// BoundedQueue: values on their way from one thread to another, at most `capacity` units of cost.
// push() refuses instead of blocking or growing; the producer stops and is told by the consumer's
// own signal when to go on. All functions are safe on any thread.
#pragma once

#include <QMutex>

#include <deque>
#include <optional>
#include <utility>

namespace octopus {

template <typename T> class BoundedQueue
{
public:
    explicit BoundedQueue(qint64 capacity) : m_capacity(capacity) {}

    // False, and nothing taken, if the queue is full. One value is always accepted when it is
    // empty, however much it costs.
    [[nodiscard]] bool push(T value, qint64 cost)
    {
        const QMutexLocker lock(&m_mutex);
        if (!m_values.empty() && m_used + cost > m_capacity)
            return false;
        m_used += cost;
        m_values.emplace_back(std::move(value), cost);
        return true;
    }

    [[nodiscard]] std::optional<T> pop()
    {
        const QMutexLocker lock(&m_mutex);
        if (m_values.empty())
            return std::nullopt;
        std::pair<T, qint64> front = std::move(m_values.front());
        m_values.pop_front();
        m_used -= front.second;
        return std::move(front.first);
    }

    [[nodiscard]] qint64 used() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_used;
    }

    void clear()
    {
        const QMutexLocker lock(&m_mutex);
        m_values.clear();
        m_used = 0;
    }

private:
    mutable QMutex m_mutex;
    const qint64 m_capacity;
    qint64 m_used = 0;
    std::deque<std::pair<T, qint64>> m_values;
};

} // namespace octopus
