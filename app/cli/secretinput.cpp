#include "app/cli/secretinput.h"

#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

namespace octopus::cli {

namespace {

constexpr char breakKey = 3; // Ctrl+C
constexpr qsizetype longest = 4096;

// Turns the echo off as long as it lives. The keys that stop a program end the line instead: the
// signals of those are held back in this program.
class SilentTerminal
{
public:
    explicit SilentTerminal(int descriptor) : m_descriptor(descriptor)
    {
        termios usual{};
        if (::tcgetattr(descriptor, &usual) != 0)
            return; // no terminal
        m_usual = usual;
        termios silent = usual;
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG);
        silent.c_cc[VEOL] = breakKey;
        ::tcsetattr(descriptor, TCSAFLUSH, &silent);
    }
    ~SilentTerminal()
    {
        if (m_usual)
            ::tcsetattr(m_descriptor, TCSAFLUSH, &*m_usual);
    }
    SilentTerminal(const SilentTerminal &) = delete;
    SilentTerminal &operator=(const SilentTerminal &) = delete;

private:
    int m_descriptor;
    std::optional<termios> m_usual;
};

} // namespace

Result<QByteArray> readSecret(int descriptor)
{
    const SilentTerminal silence(descriptor);
    QByteArray line;
    // Byte by byte: what follows the line is for others.
    for (char byte = 0; line.size() <= longest;) {
        const ssize_t count = ::read(descriptor, &byte, 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return std::unexpected(systemFailure(errno, "standard input"));
        if (byte == breakKey)
            return failure(ErrorCode::Invalid, "broken off");
        if (count == 0 && line.isEmpty())
            return failure(ErrorCode::Invalid, "nothing was typed or given on standard input");
        if (count == 0 || byte == '\n')
            return line.endsWith('\r') ? line.chopped(1) : line;
        line += byte;
    }
    return failure(ErrorCode::Invalid, "the line is too long");
}

} // namespace octopus::cli
