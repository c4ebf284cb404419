// Ways to the targets in the vault editor: chosen or typed, of all targets or of one.
#include "tests/app/desktop/editorbench.h"

#include <QComboBox>
#include <QPushButton>

using namespace octopus;
using namespace octopus::desktop;

class TestWays
    : public QObject
    , private EditorBench
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aWayIsChosenOrTyped();
    void aTargetMayHaveAWayOfItsOwn();
    void theWayOfATargetIsChangedAlone();
    void aTargetIsAskedOnTheWayThatItWillHave();
};

void TestWays::init()
{
    prepare(peerJson('d', QStringLiteral("del&ta"), true));
    open();
}

void TestWays::cleanup()
{
    end();
}

void TestWays::aWayIsChosenOrTyped()
{
    auto *combo = field<QComboBox>("transport");
    auto *line = field<QLineEdit>("transportText");
    QCOMPARE(line->text(), QStringLiteral("Automatic")); // a word, not the one that is stored
    QCOMPARE(m_editor->draft().transport, QStringLiteral("auto"));
    line->setText(QStringLiteral("eth0, Automatic"));
    QCOMPARE(m_editor->draft().transport, QStringLiteral("eth0,auto"));
    line->setText(QStringLiteral("auto")); // what is typed stays
    QCOMPARE(line->text(), QStringLiteral("auto"));
    const auto choose = [combo](const char *title) {
        const int index = combo->findText(QString::fromUtf8(title));
        combo->setCurrentIndex(index);
        Q_EMIT combo->activated(index);
        return index >= 0;
    };
    QVERIFY(choose("IPv6 only"));
    QCOMPARE(m_editor->draft().transport, QStringLiteral("ipv6"));
    // Of a template the part that is to be replaced is chosen.
    QVERIFY(choose("Proxy…"));
    QCOMPARE(line->selectedText(), QStringLiteral("HOST"));
    QTest::keyClicks(line, QStringLiteral("proxy"));
    QCOMPARE(m_editor->draft().transport, QStringLiteral("socks5://proxy:1080"));
    QVERIFY(choose("Unix socket…"));
    QTest::keyClicks(line, QStringLiteral("run/t.sock"));
    QCOMPARE(m_editor->draft().transport, QStringLiteral("unix:/run/t.sock"));
    QVERIFY(faults().isEmpty());
    line->clear();
    QVERIFY(faults().join(u' ').contains(QStringLiteral("how the targets are reached")));
    fill();
    QTest::mouseClick(field<QPushButton>("save"), Qt::LeftButton);
    QVERIFY(m_editor->focusWidget() == combo || m_editor->focusWidget() == line);
    QTest::keyClicks(line, QStringLiteral("eth0,auto"));
    QTest::mouseClick(field<QPushButton>("save"), Qt::LeftButton);
    QTRY_COMPARE(m_bench->sent.size(), 1);
    QCOMPARE(m_bench->last<control::AddVault>().transport, QStringLiteral("eth0,auto"));
}

void TestWays::aTargetMayHaveAWayOfItsOwn()
{
    auto *table = field<QTableWidget>("targets");
    auto *combo = field<QComboBox>("targetTransport");
    auto *line = field<QLineEdit>("targetTransportText");
    fill();
    table->setCurrentCell(0, 0);
    QVERIFY(!combo->isVisible()); // of a single target the vault's field says it
    choose(1);
    QVERIFY(combo->isVisible());
    QCOMPARE(line->text(), QString()); // as the vault
    table->setCurrentCell(1, 0);
    QTest::keyClicks(line, QStringLiteral("eth0,,"));
    QVERIFY2(faults().join(u' ').contains(QStringLiteral("a way is missing")),
             qPrintable(faults().join(u'\n')));
    table->setCurrentCell(0, 0); // also when another one is looked at
    QCOMPARE(line->text(), QString());
    QVERIFY2(faults().join(u' ').contains(QStringLiteral("Network to del&ta: ")),
             qPrintable(faults().join(u'\n')));
    QTest::mouseClick(field<QPushButton>("save"), Qt::LeftButton);
    QVERIFY(m_bench->sent.isEmpty());
    table->setCurrentCell(1, 0);
    QCOMPARE(line->text(), QStringLiteral("eth0,,"));
    QTest::keyClick(line, Qt::Key_Backspace);
    QTest::keyClicks(line, QStringLiteral("auto"));
    QVERIFY2(faults().isEmpty(), qPrintable(faults().join(u'\n')));
    QTest::mouseClick(field<QPushButton>("save"), Qt::LeftButton);
    QTRY_COMPARE(m_bench->sent.size(), 1);
    const auto sent = m_bench->last<control::AddVault>();
    QCOMPARE(sent.transport, QStringLiteral("auto"));
    const QString delta = m_bench->peers[1][u"id"].toString();
    QVERIFY((sent.targetTransports
             == QList<control::TargetTransport>{{delta, QStringLiteral("eth0,auto")}}));
}

void TestWays::theWayOfATargetIsChangedAlone()
{
    const QString beta = m_bench->peers[0][u"id"].toString();
    VaultDraft draft = draftFromJson(
        {{QStringLiteral("name"), QStringLiteral("old")},
         {QStringLiteral("sources"), QJsonArray{m_folder}},
         {QStringLiteral("targets"),
          QJsonArray{QJsonObject{{QStringLiteral("peerId"), beta},
                                 {QStringLiteral("destination"), QStringLiteral("/srv/m/old")},
                                 {QStringLiteral("transport"), QStringLiteral("wlan0")}}}}});
    m_editor.reset();
    open(draft);
    QVERIFY(m_editor->draft() == draft);
    auto *combo = field<QComboBox>("targetTransport");
    QVERIFY(combo->isVisible());
    QCOMPARE(combo->currentText(), QStringLiteral("wlan0"));
    const int asVault = combo->findText(QStringLiteral("As the vault"));
    combo->setCurrentIndex(asVault);
    Q_EMIT combo->activated(asVault);
    QCOMPARE(combo->currentText(), QString());
    QTest::mouseClick(field<QPushButton>("save"), Qt::LeftButton);
    QTRY_COMPARE(m_bench->sent.size(), 1);
    control::EditVault expected;
    expected.vault = QStringLiteral("old");
    expected.targetTransports = QList<control::TargetTransport>{{beta, QString()}};
    QVERIFY(m_bench->last<control::EditVault>() == expected);
}

void TestWays::aTargetIsAskedOnTheWayThatItWillHave()
{
    fill();
    QTRY_VERIFY(!m_bench->checks.isEmpty());
    QCOMPARE(m_bench->checks.last().transport, QStringLiteral("auto"));
    auto *combo = field<QComboBox>("transport");
    combo->setCurrentText(QStringLiteral("ipv6"));
    QTRY_COMPARE(m_bench->checks.last().transport, QStringLiteral("ipv6"));
    choose(1);
    field<QTableWidget>("targets")->setCurrentCell(0, 0);
    field<QLineEdit>("targetTransportText")->setText(QStringLiteral("eth0,auto"));
    QTRY_VERIFY(std::ranges::contains(m_bench->checks, QStringLiteral("eth0,auto"),
                                      &control::Check::transport));
    // What is no way yet is not asked for.
    const auto before = m_bench->checks.size();
    field<QLineEdit>("targetTransportText")->setText(QStringLiteral("eth0,,"));
    QTest::qWait(900);
    QCOMPARE(m_bench->checks.size(), before);
}

QTEST_MAIN(TestWays)
#include "tst_ways.moc"
