// FileDescriptor: owns one descriptor of the operating system and closes it when destroyed.
// retried() repeats a system call that a signal interrupted. Belongs to one thread.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace octopus {

class FileDescriptor
{
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int descriptor) : m_descriptor(descriptor) {}
    FileDescriptor(FileDescriptor &&other) noexcept
        : m_descriptor(std::exchange(other.m_descriptor, -1))
    {}
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    ~FileDescriptor()
    {
        // close() is not repeated after EINTR: on Linux the descriptor is gone by then.
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }

    [[nodiscard]] bool isOpen() const { return m_descriptor >= 0; }
    [[nodiscard]] int get() const { return m_descriptor; }
    [[nodiscard]] int release() { return std::exchange(m_descriptor, -1); }

private:
    int m_descriptor = -1;
};

// The result of `call`, called again for as long as it is -1 with EINTR.
template <typename Call> [[nodiscard]] auto retried(Call call)
{
    auto result = call();
    while (result == -1 && errno == EINTR)
        result = call();
    return result;
}

} // namespace octopus
