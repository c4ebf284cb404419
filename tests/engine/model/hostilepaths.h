// Paths that a peer must never get past a decoder, and odd ones that are valid all the same.
#pragma once

#include <QByteArray>
#include <QList>

namespace octopus {

inline QByteArray repeated(const QByteArray &piece, int times)
{
    return piece.repeated(times);
}

inline QList<QByteArray> pathsWithNul()
{
    return {
        QByteArray("\0", 1),     QByteArray("a\0", 2),      QByteArray("\0a", 2),
        QByteArray("a\0b", 3),   QByteArray("a/\0", 3),     QByteArray("a/\0/b", 5),
        QByteArray("..\0", 3),   QByteArray("a\0/../b", 7), QByteArray("a/b\0.txt", 8),
        QByteArray("\0/etc", 5),
    };
}

inline QList<QByteArray> pathsThatAreTooLong()
{
    return {
        repeated("x", 256), // a name of 256 bytes
        "a/" + repeated("y", 256) + "/b",
        repeated("a/", 256) + "a",                     // 257 components
        repeated(repeated("z", 255) + '/', 16) + "zz", // more than 4095 bytes
        repeated("../", 300) + "etc",
        repeated("/", 4000),
    };
}

// Those that are short enough for every field.
inline QList<QByteArray> hostilePaths()
{
    QList<QByteArray> paths{
        "/",
        "//",
        "///",
        "/etc/passwd",
        "//etc/passwd",
        "/.",
        "/..",
        "/a",
        "a/",
        "a//",
        "a//b",
        "a/b/",
        "a///b",
        ".",
        "..",
        "./",
        "../",
        "./a",
        "../a",
        "a/.",
        "a/..",
        "a/./b",
        "a/../b",
        "a/../../b",
        "../../../../etc/passwd",
        "a/b/c/../../../..",
        "..//a",
        ".//a",
        "a/.//b",
        "a/..//b",
        "./.",
        "../..",
        "./..",
        ".././..",
        "a/b/.",
        "a/b/..",
        "a/b/./",
        "a/b/../",
        "/a/b",
        "//a/b/",
        "/..a/..",
        ".octopus/..",
        ".octopus/../x",
        "x/.octopus/../../y",
        "a/../.octopus/manifest",
        "~/../x",
        "\xc3\xa9/..",
        "..\xff/..",
        "\n/..",
        "a\n/../b",
    };
    paths += pathsWithNul();
    paths += pathsThatAreTooLong();
    return paths;
}

inline QList<QByteArray> oddButValidPaths()
{
    return {
        "...",
        "....",
        "..a",
        "a..",
        ".a",
        "a.",
        " ",
        "-rf",
        "--",
        "~",
        "$HOME",
        "*",
        "?",
        "a\\b",
        "..\\..",
        "C:",
        "\n",
        "\r\n",
        "\t",
        "\x1b[31m",
        "\x7f",
        "\xff\xfe",
        "\xc0\xaf",
        "\xc0\xae\xc0\xae",
        "\xe2\x80\xae",
        "\xed\xa0\x80",
        "a/.../b",
        "a/ /b",
        "CON",
        "nul",
        "a:b",
        "|",
        "`id`",
        ";",
        repeated("x", 255),
        repeated("a/", 255) + "a",
        repeated(repeated("z", 255) + '/', 15) + repeated("y", 255),
    };
}

} // namespace octopus
