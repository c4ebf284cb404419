// ProblemList: the paths of one mirror that are not protected now, one problem a path, bounded.
// Belongs to the thread of its mirror.
#pragma once

#include "engine/mirror/move.h"
#include "engine/model/problem.h"

#include <QList>

#include <map>

namespace octopus::mirror {

class ProblemList
{
public:
    static constexpr qsizetype maximumListed = 1000; // those beyond are counted only

    void set(const RelPath &path, ProblemCode code, const QByteArray &detail, WallTime now);
    void clear(const RelPath &path);
    void clear(const RelPath &path, ProblemCode code);
    void clear(ProblemCode code);           // everywhere
    void clearFailure(const RelPath &path); // not a notice
    void clearSubtree(const RelPath &path);
    void follow(const Move &move); // the entries have other paths now, and so have their problems
    [[nodiscard]] bool has(const RelPath &path) const { return m_problems.contains(path); }
    // Those that keep the mirror from being in sync.
    [[nodiscard]] bool hasFailures() const;
    [[nodiscard]] QList<RelPath> failures() const;
    [[nodiscard]] QList<Problem> list() const; // at most maximumListed

private:
    std::map<RelPath, Problem> m_problems;
};

} // namespace octopus::mirror
