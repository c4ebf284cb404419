// Ways to the targets in the vault editor: chosen or typed, of all targets or of one.
#include "app/desktop/editor/vaulteditor.h"
#include "app/desktop/fieldnote.h"
#include "app/desktop/machines/machinelist.h"
#include "tests/app/desktop/enginebench.h"

#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>

using namespace octopus;
using namespace octopus::desktop;

class TestWays : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aWayIsChosenOrTyped();
    void aTargetMayHaveAWayOfItsOwn();
    void theWayOfATargetIsChangedAlone();

private:
    void open(const std::optional<VaultDraft> &existing = std::nullopt);
    template <typename Widget> Widget *field(const char *name) const
    {
        return m_editor->findChild<Widget *>(QLatin1StringView(name));
    }
    [[nodiscard]] QStringList faults() const;
    void choose(int row);
    void fill();

    std::unique_ptr<EngineBench> m_bench;
    std::unique_ptr<MachineList> m_machines;
    std::unique_ptr<VaultEditor> m_editor;
    QString m_folder; // to mirror
};

void TestWays::init()
{
    m_bench = std::make_unique<EngineBench>();
    m_bench->peers = {peerJson('b', QStringLiteral("beta"), true),
                      peerJson('d', QStringLiteral("del&ta"), true)};
    QVERIFY(m_bench->isConnected());
    m_machines = std::make_unique<MachineList>(m_bench->link);
    m_folder = m_bench->folder.filePath(QStringLiteral("papers"));
    QVERIFY(QDir().mkpath(m_folder));
    open();
}

void TestWays::cleanup()
{
    m_editor.reset();
    m_machines.reset();
    m_bench.reset();
}

void TestWays::open(const std::optional<VaultDraft> &existing)
{
    m_editor =
        std::make_unique<VaultEditor>(m_bench->link, *m_machines, QStringList(), existing, nullptr);
    m_editor->show();
    QTRY_COMPARE(field<QTableWidget>("targets")->rowCount(), 2);
}

QStringList TestWays::faults() const
{
    QStringList texts;
    for (const FieldNote *note : m_editor->findChildren<FieldNote *>()) {
        if (note->isFault())
            texts.append(note->text());
    }
    return texts;
}

void TestWays::choose(int row)
{
    field<QTableWidget>("targets")->item(row, 0)->setCheckState(Qt::Checked);
}

void TestWays::fill()
{
    QTest::keyClicks(field<QLineEdit>("sourcePath"), m_folder);
    choose(0);
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

QTEST_MAIN(TestWays)
#include "tst_ways.moc"
