#include "engine/mirror/problemlist.h"

#include <algorithm>

namespace octopus::mirror {

void ProblemList::set(const RelPath &path, ProblemCode code, const QByteArray &detail, WallTime now)
{
    const auto [it, inserted] = m_problems.try_emplace(path, Problem{path, code, detail, now});
    if (!inserted && it->second.code != code)
        it->second = Problem{path, code, detail, now};
    else
        it->second.detail = detail;
}

void ProblemList::clear(const RelPath &path)
{
    m_problems.erase(path);
}

void ProblemList::clear(const RelPath &path, ProblemCode code)
{
    const auto it = m_problems.find(path);
    if (it != m_problems.end() && it->second.code == code)
        m_problems.erase(it);
}

void ProblemList::clearFailure(const RelPath &path)
{
    const auto it = m_problems.find(path);
    if (it != m_problems.end() && !isNotice(it->second.code))
        m_problems.erase(it);
}

void ProblemList::clearSubtree(const RelPath &path)
{
    auto it = m_problems.lower_bound(path);
    while (it != m_problems.end() && it->first.isWithin(path))
        it = m_problems.erase(it);
}

bool ProblemList::hasFailures() const
{
    return std::ranges::any_of(m_problems, [](const auto &x) { return !isNotice(x.second.code); });
}

void ProblemList::clear(ProblemCode code)
{
    std::erase_if(m_problems, [&](const auto &x) { return x.second.code == code; });
}

void ProblemList::follow(const Move &move)
{
    std::map<RelPath, Problem> moved;
    for (auto &[path, problem] : m_problems) {
        problem.path = move.applied(path);
        moved.insert_or_assign(problem.path, std::move(problem));
    }
    m_problems = std::move(moved);
}

QList<RelPath> ProblemList::failures() const
{
    QList<RelPath> paths;
    for (const auto &[path, problem] : m_problems) {
        if (!isNotice(problem.code))
            paths.append(path);
    }
    return paths;
}

QList<Problem> ProblemList::list() const
{
    QList<Problem> problems;
    for (const auto &[path, problem] : m_problems) {
        if (problems.size() == maximumListed)
            break;
        problems.append(problem);
    }
    return problems;
}

} // namespace octopus::mirror
