// A target with its replica in memory, spoken to in messages, without a wire.
#pragma once

#include "engine/mirror/target.h"
#include "engine/wire/codec.h"
#include "tests/engine/apply/fixture.h"

namespace octopus::mirror {

using apply::at;

class TargetBench
{
public:
    TargetBench() : files(clock), tree(files.bypass("/replica")) {}

    // Opens the replica (again) as a new process does.
    [[nodiscard]] Result<void> start(bool adopt = false)
    {
        target.reset();
        auto opened = files.openRoot("/replica");
        if (!opened)
            return passOn(opened);
        root = std::move(*opened);
        auto applier = apply::Applier::open(*root, clock, apply::openOptions(adopt));
        if (!applier)
            return passOn(applier);
        target = std::make_unique<Target>(*root, std::move(*applier), clock, "/replica");
        return {};
    }
    void connect(quint64 stream, quint64 epoch = 1)
    {
        wire::OpenMirror open;
        open.vault = apply::openOptions().vault;
        open.epoch = Epoch{epoch};
        open.stream = StreamId{stream};
        open.destination = "/replica";
        open.key = apply::testKey;
        target->connected(open);
    }
    // What the target has to say once it rests.
    [[nodiscard]] Result<QList<wire::Message>> answers()
    {
        QList<wire::Message> out;
        for (;;) {
            const auto more = target->work();
            if (!more)
                return passOn(more);
            bool said = false;
            while (auto message = target->next()) {
                out.append(std::move(*message));
                said = true;
            }
            if (!*more && !said)
                return out;
        }
    }
    // Sends one message; the answers to it.
    [[nodiscard]] Result<QList<wire::Message>> ask(wire::Message message)
    {
        OCTOPUS_TRY(target->receive(std::move(message)));
        return answers();
    }
    // Connected, compared and at work.
    [[nodiscard]] Result<void> begin(quint64 stream = 1)
    {
        OCTOPUS_TRY(start());
        connect(stream);
        OCTOPUS_TRY(answers());
        OCTOPUS_TRY(ask(wire::ListTree{1, {}, false, false}));
        return {};
    }
    // The operations as the next ones of the stream.
    [[nodiscard]] wire::Operations batch(QList<Operation> operations)
    {
        for (Operation &operation : operations)
            operation.sequence = m_last = next(m_last);
        return {operations};
    }
    void renumber(quint64 last) { m_last = Sequence{last}; }

    testing::FakeClock clock;
    testing::FakeFileSystem files;
    std::unique_ptr<testing::FakeRoot> tree;
    std::unique_ptr<Root> root;
    std::unique_ptr<Target> target;

private:
    Sequence m_last{};
};

// The messages of one kind.
template <typename T> [[nodiscard]] QList<T> only(const Result<QList<wire::Message>> &messages)
{
    QList<T> out;
    for (const wire::Message &message : messages.value_or(QList<wire::Message>())) {
        if (const T *one = std::get_if<T>(&message))
            out.append(*one);
    }
    return out;
}

} // namespace octopus::mirror
