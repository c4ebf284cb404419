#include "engine/base/boundedqueue.h"

#include <QTest>
#include <QThread>

#include <memory>

using namespace octopus;

class BoundedQueueTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void valuesLeaveInTheOrderTheyCame();
    void aFullQueueRefusesAndTakesNothing();
    void anEmptyQueueTakesOneValueOfAnyCost();
    void whatLeavesMakesRoom();
    void clearingForgetsAll();
    void valuesMayBeMovable();
    void twoThreadsLoseNothing();
};

void BoundedQueueTest::valuesLeaveInTheOrderTheyCame()
{
    BoundedQueue<int> queue(10);
    for (int i = 0; i < 5; ++i)
        QVERIFY(queue.push(i, 1));
    for (int i = 0; i < 5; ++i)
        QCOMPARE(queue.pop(), std::optional(i));
    QCOMPARE(queue.pop(), std::nullopt);
}

void BoundedQueueTest::aFullQueueRefusesAndTakesNothing()
{
    BoundedQueue<int> queue(10);
    QVERIFY(queue.push(1, 6));
    QVERIFY(!queue.push(2, 5));
    QCOMPARE(queue.used(), 6);
    QVERIFY(queue.push(3, 4)); // exactly full
    QVERIFY(!queue.push(4, 1));
    QVERIFY(queue.push(5, 0)); // what costs nothing fits
    QCOMPARE(queue.pop(), std::optional(1));
    QCOMPARE(queue.pop(), std::optional(3));
    QCOMPARE(queue.pop(), std::optional(5));
}

void BoundedQueueTest::anEmptyQueueTakesOneValueOfAnyCost()
{
    BoundedQueue<int> queue(10);
    QVERIFY(queue.push(1, 1000));
    QVERIFY(!queue.push(2, 1));
    QCOMPARE(queue.pop(), std::optional(1));
    QCOMPARE(queue.used(), 0);
    QVERIFY(queue.push(2, 1));
}

void BoundedQueueTest::whatLeavesMakesRoom()
{
    BoundedQueue<int> queue(2);
    QVERIFY(queue.push(1, 2));
    QVERIFY(!queue.push(2, 2));
    (void)queue.pop();
    QVERIFY(queue.push(2, 2));
}

void BoundedQueueTest::clearingForgetsAll()
{
    BoundedQueue<int> queue(2);
    QVERIFY(queue.push(1, 2));
    queue.clear();
    QCOMPARE(queue.used(), 0);
    QCOMPARE(queue.pop(), std::nullopt);
    QVERIFY(queue.push(2, 2));
}

void BoundedQueueTest::valuesMayBeMovable()
{
    BoundedQueue<std::unique_ptr<int>> queue(1);
    QVERIFY(queue.push(std::make_unique<int>(7), 1));
    const auto value = queue.pop();
    QCOMPARE(**value, 7);
}

void BoundedQueueTest::twoThreadsLoseNothing()
{
    constexpr int count = 5000;
    BoundedQueue<int> queue(16);
    const std::unique_ptr<QThread> producer(QThread::create([&] {
        for (int i = 0; i < count;) {
            if (queue.push(i, 1))
                ++i;
            else
                QThread::yieldCurrentThread();
        }
    }));
    producer->start();
    int expected = 0;
    while (expected < count) {
        if (const auto value = queue.pop()) {
            if (*value != expected)
                break;
            ++expected;
        } else {
            QThread::yieldCurrentThread();
        }
    }
    QCOMPARE(expected, count);
    QVERIFY(producer->wait(10000));
    QCOMPARE(queue.used(), 0);
}

QTEST_APPLESS_MAIN(BoundedQueueTest)
#include "tst_boundedqueue.moc"
