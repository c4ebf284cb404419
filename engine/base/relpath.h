// RelPath: a path below some root, as raw bytes.
//
// Always valid: components of 1..255 bytes separated by single slashes, none of them "." or "..",
// no NUL byte, no leading or trailing slash, at most 4095 bytes and 256 components. The empty path
// is the root itself. Order is by components, so that a directory sorts directly before everything
// below it. Value; any thread; text only on the screen (displayText()).
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHashFunctions>
#include <QString>

#include <compare>

namespace octopus {

class RelPath
{
public:
    static constexpr qsizetype maximumLength = 4095;
    static constexpr qsizetype maximumNameLength = 255;
    static constexpr int maximumDepth = 256;

    RelPath() = default; // the root

    // Invalid, TooLong: the bytes are not a valid path. "" is the root.
    [[nodiscard]] static Result<RelPath> parse(QByteArrayView bytes);
    // For literals known to be valid (tests, constants); asserts.
    [[nodiscard]] static RelPath of(const char *literal);

    [[nodiscard]] bool isRoot() const { return m_bytes.isEmpty(); }
    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }
    [[nodiscard]] QByteArrayView name() const; // the last component; empty for the root
    [[nodiscard]] RelPath parent() const;      // the root's parent is the root
    [[nodiscard]] int depth() const;           // the number of components

    // This path with one more component. Invalid, TooLong as in parse().
    [[nodiscard]] Result<RelPath> child(QByteArrayView name) const;

    // True for the path itself and for everything below it.
    [[nodiscard]] bool isWithin(const RelPath &ancestor) const;
    // For a path within `from`: the same path with `from` replaced by `to`. TooLong.
    [[nodiscard]] Result<RelPath> rebased(const RelPath &from, const RelPath &to) const;

    // Printable text: invalid UTF-8, control and bidirectional-override characters are escaped as
    // \xNN or \u{NNNN}, so that the result is safe on a terminal, in a log and in a widget.
    [[nodiscard]] QString displayText() const;

    friend bool operator==(const RelPath &, const RelPath &) = default;
    friend std::strong_ordering operator<=>(const RelPath &a, const RelPath &b);
    friend size_t qHash(const RelPath &path, size_t seed = 0) { return qHash(path.m_bytes, seed); }

private:
    explicit RelPath(QByteArray bytes) : m_bytes(std::move(bytes)) {}
    QByteArray m_bytes;
};

// The rule of RelPath::displayText() for any bytes.
[[nodiscard]] QString displayText(QByteArrayView bytes);

} // namespace octopus

template <> struct std::hash<octopus::RelPath> {
    size_t operator()(const octopus::RelPath &path) const noexcept { return qHash(path.bytes()); }
};
