// Trees in one line each, below any Root, real or fake: buildTree(root, {"a/", "a/b=hello",
// "a/c->../x", "d|", "e=>a/b"}) makes a directory, a file with a content, a symbolic link, a FIFO
// and a hard link, in this order. Missing parents are made (0755). Everything else has mode 0644
// (directories 0755) and the owner of the process.
#pragma once

#include "engine/base/fileio.h"

#include <QList>

namespace octopus::testing {

[[nodiscard]] Result<void> buildTree(Root &root, const QList<QByteArray> &lines);

// Makes or overwrites the content of a regular file in place; missing parents are made.
[[nodiscard]] Result<void> writeFile(Root &root, const RelPath &path, QByteArrayView content);
// The whole content of a regular file.
[[nodiscard]] Result<QByteArray> readFile(Root &root, const RelPath &path);
// Makes the directory and its missing parents.
[[nodiscard]] Result<void> makeDirectories(Root &root, const RelPath &path);
// Removes the entry and everything below it. No error if there is none.
[[nodiscard]] Result<void> removeTree(Root &root, const RelPath &path);

// Everything below the root, directories with a trailing slash, in the order of RelPath.
[[nodiscard]] Result<QList<QByteArray>> listTree(Root &root);

} // namespace octopus::testing
