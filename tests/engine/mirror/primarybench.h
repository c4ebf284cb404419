// A primary with its source in memory, and the test as its target: what it says is looked at, what
// it hears is made up.
#pragma once

#include "engine/mirror/primary.h"
#include "engine/wire/codec.h"
#include "tests/engine/apply/fixture.h"
#include "tests/support/scriptedsource.h"

namespace octopus::mirror {

using apply::at;

class PrimaryBench
{
public:
    PrimaryBench()
        : files(clock),
          user(files.bypass("/source")),
          root(std::move(*files.openRoot("/source"))),
          changes(clock),
          primary(*root, changes, rules, clock, random,
                  {apply::openOptions().vault, QStringLiteral("vault"), Epoch{3}, "/replica", true})
    {}

    // Everything that it says until it rests.
    QList<wire::Message> said()
    {
        QList<wire::Message> out;
        for (int i = 0; i < 10'000; ++i) {
            const bool more = primary.work();
            bool spoke = false;
            while (auto message = primary.next()) {
                out.append(std::move(*message));
                spoke = true;
            }
            if (!more && !spoke)
                break;
        }
        return out;
    }
    [[nodiscard]] wire::MirrorState state() const
    {
        wire::MirrorState state;
        state.epoch = Epoch{3};
        state.canSetOwner = true;
        state.destination = "/replica";
        state.credit = quint64(1) << 40;
        return state;
    }
    // Connects it to a target that has nothing (or `entries`); what it says after the comparison.
    QList<wire::Message> begin(const QList<wire::TreeEntry> &entries = {})
    {
        primary.connected();
        (void)said();
        [[maybe_unused]] const auto stated = primary.receive(state());
        quint32 request = 0;
        for (const wire::Message &message : said()) {
            if (const auto *list = std::get_if<wire::ListTree>(&message))
                request = list->request;
        }
        wire::TreeEntry replicaRoot;
        replicaRoot.kind = EntryKind::Directory;
        [[maybe_unused]] const auto listed =
            primary.receive(wire::TreeListing{request, QList{replicaRoot} + entries});
        [[maybe_unused]] const auto ended = primary.receive(wire::TreeEnd{request, 1, {}});
        return said();
    }
    // The target has done everything that it was sent.
    [[nodiscard]] Result<void> acknowledge(const QList<wire::Message> &messages)
    {
        for (const wire::Message &message : messages) {
            if (const auto *batch = std::get_if<wire::Operations>(&message))
                m_applied = batch->operations.last().sequence;
        }
        return primary.receive(
            wire::Acknowledgement{m_applied, m_applied, m_applied, quint64(1) << 40});
    }
    // Connected, compared and everything acknowledged.
    [[nodiscard]] Result<void> settle()
    {
        QList<wire::Message> messages = begin();
        while (!messages.isEmpty()) {
            OCTOPUS_TRY(acknowledge(messages));
            messages = said();
        }
        return {};
    }

    testing::FakeClock clock;
    testing::FakeFileSystem files;
    std::unique_ptr<testing::FakeRoot> user;
    std::unique_ptr<Root> root;
    testing::ScriptedSource changes;
    RuleMatcher rules;
    testing::SeededRandom random{1};
    Primary primary;

private:
    Sequence m_applied{};
};

// The messages of one kind.
template <typename T> [[nodiscard]] QList<T> only(const QList<wire::Message> &messages)
{
    QList<T> out;
    for (const wire::Message &message : messages) {
        if (const T *one = std::get_if<T>(&message))
            out.append(*one);
    }
    return out;
}

// The operations among the messages.
[[nodiscard]] inline QList<Operation> operationsIn(const QList<wire::Message> &messages)
{
    QList<Operation> out;
    for (const wire::Message &message : messages) {
        if (const auto *batch = std::get_if<wire::Operations>(&message))
            out.append(batch->operations);
    }
    return out;
}

} // namespace octopus::mirror
