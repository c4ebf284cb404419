#include "engine/capture/coalescer.h"

#include <QTest>

using namespace octopus;
using namespace octopus::capture;

static MonotonicTime at(qint64 seconds)
{
    return {std::chrono::seconds(seconds)};
}

class CoalescerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPathHasOneChangeAtTheTimeOfItsFirst()
    {
        Coalescer coalescer;
        coalescer.add(ChangeKind::Entry, RelPath::of("a"), at(1));
        coalescer.add(ChangeKind::Entry, RelPath::of("b"), at(2));
        coalescer.add(ChangeKind::Entry, RelPath::of("a"), at(3));
        coalescer.add(ChangeKind::Entry, RelPath::of("a"), at(4));
        const QList<Change> expected{{ChangeKind::Entry, RelPath::of("a"), at(1)},
                                     {ChangeKind::Entry, RelPath::of("b"), at(2)}};
        QCOMPARE(coalescer.size(), 2);
        QCOMPARE(coalescer.take(), expected);
        QVERIFY(coalescer.take().isEmpty());
    }

    void aSubtreeSwallowsAnEntryInBothOrders()
    {
        Coalescer coalescer;
        coalescer.add(ChangeKind::Entry, RelPath::of("a"), at(1));
        coalescer.add(ChangeKind::Subtree, RelPath::of("b"), at(2));
        coalescer.add(ChangeKind::Subtree, RelPath::of("a"), at(3));
        coalescer.add(ChangeKind::Entry, RelPath::of("b"), at(4));
        const QList<Change> expected{{ChangeKind::Subtree, RelPath::of("a"), at(1)},
                                     {ChangeKind::Subtree, RelPath::of("b"), at(2)}};
        QCOMPARE(coalescer.take(), expected);
    }

    void lostComesFirstAndRootGoneNext()
    {
        Coalescer coalescer;
        coalescer.add(ChangeKind::Entry, RelPath::of("a"), at(1));
        coalescer.add(ChangeKind::RootGone, RelPath(), at(2));
        coalescer.add(ChangeKind::Lost, RelPath(), at(3));
        coalescer.add(ChangeKind::Lost, RelPath(), at(4));
        const QList<Change> expected{{ChangeKind::Lost, RelPath(), at(3)},
                                     {ChangeKind::RootGone, RelPath(), at(2)},
                                     {ChangeKind::Entry, RelPath::of("a"), at(1)}};
        QCOMPARE(coalescer.take(), expected);
        QVERIFY(coalescer.take().isEmpty());
    }

    void aPathTakenBeforeCountsAsNew()
    {
        Coalescer coalescer;
        coalescer.add(ChangeKind::Subtree, RelPath::of("a"), at(1));
        (void)coalescer.take();
        coalescer.add(ChangeKind::Entry, RelPath::of("a"), at(2));
        const QList<Change> expected{{ChangeKind::Entry, RelPath::of("a"), at(2)}};
        QCOMPARE(coalescer.take(), expected);
    }
};

QTEST_APPLESS_MAIN(CoalescerTest)
#include "tst_coalescer.moc"
