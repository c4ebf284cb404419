// What a fuzz target claims of every input. One function, so that a broken claim ends the process
// as a crash would, and the fuzzer keeps the input.
#pragma once

#include <QByteArrayView>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace octopus::fuzz {

inline void claim(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "broken claim: %s\n", what);
    std::abort();
}

// The input as bytes of its own allocation size: reading one byte too many is seen by
// AddressSanitizer.
inline QByteArrayView inputOf(const std::uint8_t *data, std::size_t size)
{
    return {reinterpret_cast<const char *>(data), qsizetype(size)};
}

} // namespace octopus::fuzz
