// FakeJournal: the changes of a fake disk's metadata that are not on the disk yet, in order, each
// with the way back. A power loss keeps any number of the first ones, as ext4, XFS and their kin
// do; never a later one without all before it. Numbers count every change ever made, from 1.
#pragma once

#include <QtGlobal>

#include <deque>
#include <functional>

namespace octopus::testing {

class FakeJournal
{
public:
    using Undo = std::move_only_function<void()>;
    static constexpr size_t maximumPending = 100'000;

    // The number of the change just made.
    quint64 add(Undo undo)
    {
        m_undos.push_back(std::move(undo));
        // A real system commits every few seconds by itself; here that also bounds the memory.
        if (m_undos.size() > maximumPending)
            commit(m_committed + 1);
        return last();
    }
    [[nodiscard]] quint64 last() const { return m_committed + m_undos.size(); }
    [[nodiscard]] quint64 pending() const { return m_undos.size(); }

    // Puts everything up to that change on the disk.
    void commit(quint64 number)
    {
        while (m_committed < number && !m_undos.empty()) {
            m_undos.pop_front();
            ++m_committed;
        }
    }
    // Undoes all but the first `kept` changes that are not on the disk.
    void rollBack(quint64 kept)
    {
        while (m_undos.size() > kept) {
            m_undos.back()();
            m_undos.pop_back();
        }
    }

private:
    quint64 m_committed = 0;
    std::deque<Undo> m_undos;
};

} // namespace octopus::testing
