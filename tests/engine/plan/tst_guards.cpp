#include "engine/plan/guards.h"

#include <QTest>

using namespace octopus;
using namespace octopus::plan;

using Reason = std::optional<HaltReason>;

static MonotonicTime at(double seconds)
{
    return {Nanoseconds(qint64(seconds * 1e9))};
}

class GuardsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Guarantee I6.
    void tooManyRemovalsAtOnceHalt_data()
    {
        QTest::addColumn<quint64>("known");
        QTest::addColumn<quint64>("removed");
        QTest::addColumn<Reason>("halt");
        const auto row = [](quint64 known, quint64 removed, Reason halt) {
            QTest::addRow("%llu of %llu", removed, known) << known << removed << halt;
        };
        const Reason none;
        row(0, 0, none);
        row(1, 1, none);
        row(9, 9, none);
        row(10, 9, none);
        row(10, 10, HaltReason::RootEmptied);
        row(100, 99, none);
        row(100, 100, HaltReason::RootEmptied);
        row(101, 100, none);
        row(102, 101, HaltReason::MassDeletion);
        row(500, 100, none);
        row(500, 101, HaltReason::MassDeletion);
        row(504, 100, none);
        row(504, 101, HaltReason::MassDeletion); // 20.04 %
        row(505, 101, none);                     // 20 % exactly
        row(505, 102, HaltReason::MassDeletion);
        row(10000, 2000, none);
        row(10000, 2001, HaltReason::MassDeletion);
        row(10000, 10000, HaltReason::RootEmptied);
        row(10000, 10001, HaltReason::RootEmptied);
        row(~quint64(0), ~quint64(0) / 5, none);
        row(~quint64(0), ~quint64(0) / 5 + 1, HaltReason::MassDeletion);
    }
    void tooManyRemovalsAtOnceHalt()
    {
        QFETCH(quint64, known);
        QFETCH(quint64, removed);
        QFETCH(Reason, halt);
        QCOMPARE(guardRemovals(known, removed), halt);
        DeletionBrake brake;
        QCOMPARE(brake.add(removed, at(1), known), halt);
    }

    void anotherRootIsNoRoot_data()
    {
        QTest::addColumn<FileIdentity>("expected");
        QTest::addColumn<FileIdentity>("found");
        QTest::addColumn<bool>("gone");
        const FileIdentity root{1, 2, 3};
        QTest::newRow("same") << root << root << false;
        QTest::newRow("device") << root << FileIdentity{9, 2, 3} << false;
        QTest::newRow("device, birth unknown") << root << FileIdentity{9, 2, 0} << true;
        QTest::newRow("inode") << root << FileIdentity{1, 9, 3} << true;
        QTest::newRow("inode used again") << root << FileIdentity{1, 2, 9} << true;
        QTest::newRow("birth unknown now") << root << FileIdentity{1, 2, 0} << false;
        QTest::newRow("birth unknown then") << FileIdentity{1, 2, 0} << root << false;
        QTest::newRow("birth never known")
            << FileIdentity{1, 2, 0} << FileIdentity{1, 9, 0} << true;
    }
    void anotherRootIsNoRoot()
    {
        QFETCH(FileIdentity, expected);
        QFETCH(FileIdentity, found);
        QFETCH(bool, gone);
        QCOMPARE(guardRoot(expected, found), gone ? Reason(HaltReason::RootGone) : Reason());
    }

    void manySmallStepsWithinTheWindowAreOneDeletion()
    {
        DeletionBrake brake;
        quint64 known = 1000;
        int step = 0;
        while (!brake.add(10, at(0.3 * step), known)) {
            known -= 10;
            ++step;
        }
        QCOMPARE(known, quint64(800)); // 20 % of the 1000 there were at the beginning
        QCOMPARE(brake.held(), quint64(10));
        QCOMPARE(brake.reason(), Reason(HaltReason::MassDeletion));
    }

    void whatIsOlderThanTheWindowDoesNotCount()
    {
        DeletionBrake brake;
        QCOMPARE(brake.add(100, at(0), 300), Reason());
        QCOMPARE(brake.add(100, at(10), 200), Reason());
        QCOMPARE(brake.add(1, at(19.99), 100), Reason(HaltReason::MassDeletion));
    }

    void theLastOfAFolderIsNotTakenStepByStep()
    {
        DeletionBrake brake;
        for (quint64 known = 50; known > 1; --known)
            QCOMPARE(brake.add(1, at(1), known), Reason());
        QCOMPARE(brake.add(1, at(1), 1), Reason(HaltReason::RootEmptied));
    }

    void aClosedBrakeHoldsEverythingUntilItIsConfirmed()
    {
        DeletionBrake brake;
        QCOMPARE(brake.add(300, at(0), 1000), Reason(HaltReason::MassDeletion));
        QCOMPARE(brake.add(1, at(100), 1000), Reason(HaltReason::MassDeletion));
        QCOMPARE(brake.held(), quint64(1));
        QCOMPARE(brake.add(301, at(200), 1000), Reason(HaltReason::MassDeletion));
        QCOMPARE(brake.held(), quint64(301));
        brake.confirm();
        QCOMPARE(brake.reason(), Reason());
        QCOMPARE(brake.held(), quint64(0));
        QCOMPARE(brake.add(200, at(300), 1000), Reason());
        QCOMPARE(brake.add(101, at(301), 800), Reason());
    }

    void askingAgainWhileClosedDoesNotWidenTheConfirmation()
    {
        DeletionBrake brake;
        for (int ask = 0; ask < 5; ++ask)
            QCOMPARE(brake.add(300, at(ask), 1000), Reason(HaltReason::MassDeletion));
        brake.confirm();
        QCOMPARE(brake.add(300, at(10), 1000), Reason());
        QCOMPARE(brake.add(300, at(11), 700), Reason(HaltReason::MassDeletion));
    }

    void aConfirmationCoversNoMoreThanItsLot()
    {
        DeletionBrake brake;
        (void)brake.add(300, at(0), 1000);
        brake.confirm();
        QCOMPARE(brake.add(300, at(1), 1000), Reason());
        QCOMPARE(brake.add(140, at(2), 700), Reason());
        QCOMPARE(brake.add(1, at(3), 560), Reason(HaltReason::MassDeletion));
    }

    void theRestOfAConfirmationEndsWithTheWindow()
    {
        DeletionBrake brake;
        (void)brake.add(300, at(0), 1000);
        brake.confirm();
        QCOMPARE(brake.add(50, at(500), 1000), Reason()); // however late it begins
        QCOMPARE(brake.add(50, at(509), 950), Reason());
        QCOMPARE(brake.add(200, at(519), 900), Reason(HaltReason::MassDeletion));
    }

    void aResetForgets()
    {
        DeletionBrake brake;
        QCOMPARE(brake.add(100, at(0), 400), Reason());
        brake.reset();
        QCOMPARE(brake.add(100, at(1), 300), Reason());
        (void)brake.add(300, at(2), 1000);
        brake.reset();
        QCOMPARE(brake.reason(), Reason());
        QCOMPARE(brake.add(300, at(3), 1000), Reason(HaltReason::MassDeletion));
    }

    void aHundredThousandLotsAreCountedExactly()
    {
        DeletionBrake brake;
        for (int i = 0; i < 100000; ++i)
            QCOMPARE(brake.add(1, at(1 + i * 1e-5), 1000000), Reason());
        DeletionBrake same = brake;
        QCOMPARE(same.add(10000, at(2), 450000), Reason());
        QCOMPARE(brake.add(10001, at(2), 450000), Reason(HaltReason::MassDeletion));
    }
};

QTEST_APPLESS_MAIN(GuardsTest)
#include "tst_guards.moc"
