#include "app/desktop/editor/targetcheck.h"

#include "app/desktop/machines/stagewording.h"
#include "app/desktop/wording.h"

#include <QJsonArray>

#include <algorithm>

namespace octopus::desktop {

namespace {

constexpr Milliseconds typingPause{600};

} // namespace

TargetCheck::TargetCheck(EngineLink &link) : m_link(link)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPause);
    connect(&m_pause, &QTimer::timeout, this, &TargetCheck::ask);
}

void TargetCheck::want(const QList<Wanted> &targets)
{
    QList<State> states;
    bool isNew = targets.size() != m_states.size();
    for (const Wanted &target : targets) {
        const auto known = std::ranges::find(m_states, target, &State::wanted);
        isNew = isNew || known == m_states.end();
        states.append(known == m_states.end() ? State{target, {}, false, false} : *known);
    }
    if (!isNew)
        return;
    m_states = states;
    m_pause.start();
    Q_EMIT changed();
}

void TargetCheck::ask()
{
    for (State &state : m_states) {
        if (std::exchange(state.asked, true))
            continue;
        m_link.send(
            control::Check{state.wanted.address, state.wanted.destination, state.wanted.transport},
            this,
            [this, wanted = state.wanted](const control::Answer &answer) {
                take(wanted, answer ? answer->toObject() : QJsonObject(), true);
            },
            [this, wanted = state.wanted](const QJsonObject &report) {
                take(wanted, report, false);
            });
    }
    Q_EMIT changed();
}

void TargetCheck::take(const Wanted &wanted, const QJsonObject &report, bool ended)
{
    const auto state = std::ranges::find(m_states, wanted, &State::wanted);
    if (state == m_states.end())
        return; // another folder is wanted by now
    state->report = report;
    state->ended = ended;
    Q_EMIT changed();
}

// A clock that is wrong is no obstacle.
bool TargetCheck::isFault(const State &state)
{
    const QJsonArray stages = state.report[u"stages"].toArray();
    return state.ended && !stages.isEmpty() && !stages.last()[u"ok"].toBool()
        && stages.last()[u"stage"].toString() != u"clock";
}

bool TargetCheck::isFault() const
{
    return std::ranges::any_of(m_states, [](const State &state) { return isFault(state); });
}

QString TargetCheck::lineOf(const State &state)
{
    const QString name = Wording::shown(state.wanted.name);
    const QJsonArray stages = state.report[u"stages"].toArray();
    if (!state.ended) {
        return stages.isEmpty()
            ? tr("%1: checking…").arg(name)
            : tr("%1: checking… %2").arg(name, StageWording::detail(stages.last()));
    }
    if (stages.isEmpty())
        return {};
    QStringList found;
    for (const QJsonValue &stage : stages) {
        const QString word = stage[u"stage"].toString();
        // Of what is in order, only how much room there is, and where.
        if (!stage[u"ok"].toBool() || word == u"space")
            found.append(StageWording::detail(stage));
        if (const QString advice = StageWording::advice(stage); !advice.isEmpty())
            found.append(advice);
    }
    return tr("%1: %2", "a machine, and what was found of it")
        .arg(name, found.join(QLatin1Char(' ')));
}

QString TargetCheck::text() const
{
    QStringList lines;
    for (const State &state : m_states) {
        if (const QString line = state.asked ? lineOf(state) : QString(); !line.isEmpty())
            lines.append(line);
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace octopus::desktop
