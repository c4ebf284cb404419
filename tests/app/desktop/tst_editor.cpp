// The vault editor: what it lets through, what it says beside its fields, and what it sends.
#include "app/desktop/banner.h"
#include "app/desktop/editor/contentpreview.h"
#include "app/desktop/editor/draftcheck.h"
#include "app/desktop/editor/foldermodel.h"
#include "app/desktop/editor/sourcefield.h"
#include "app/desktop/editor/targetfield.h"
#include "tests/app/desktop/editorbench.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QCompleter>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTextBlock>
#include <QTreeView>
#include <QUrl>

using namespace octopus;
using namespace octopus::desktop;

class TestEditor
    : public QObject
    , private EditorBench
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aFaultStandsBesideItsField_data();
    void aFaultStandsBesideItsField();
    void whatWasEnteredIsSent();
    void nothingIsSentWhileSomethingIsWrong();
    void theNameIsTheFoldersUntilOneIsTyped();
    void severalFoldersAreExplained();
    void aDroppedFolderIsTheSource();
    void aFolderUncheckedInTheTreeIsAPattern();
    void thePreviewCountsWhatThePatternsLetIn();
    void aStrangerCannotBeChosen();
    void theOnlyPairedMachineIsChosenInANewVault();
    void theHomeFolderIsShownButNotChosen();
    void whatIsTypedAlreadyIsNotOffered();
    void patternsAndPathsAreReadFromTheLeft();
    void theFolderThereIsCheckedAsItIsTyped();
    void aRefusalIsSaidAndNothingIsLost();
    void cancellingAsksOnlyWhereSomethingWasEntered();
    void changingNamesOnlyWhatDiffers();
    void theKeyboardReachesEveryField();

private:
    QPlainTextEdit *patterns(int which) const
    {
        return m_editor->findChildren<QPlainTextEdit *>().at(which);
    }
};

void TestEditor::init()
{
    prepare(peerJson('d', QStringLiteral("delta"), false));
    m_taken = {QStringLiteral("docs")};
    QDir().mkpath(m_folder + QStringLiteral("/letters"));
    for (const char *name : {"a.txt", "b.tmp", "letters/c.txt"}) {
        QFile file(m_folder + u'/' + QLatin1StringView(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("1234567890");
    }
    open();
}

void TestEditor::cleanup()
{
    end();
}

void TestEditor::aFaultStandsBesideItsField_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("fault"); // a part of it; empty: none
    const auto row = [](const char *title, const char *field, const char *text, const char *fault) {
        QTest::newRow(title) << QString::fromLatin1(field) << QString::fromUtf8(text)
                             << QString::fromLatin1(fault);
    };
    row("good name", "vaultName", "my papers", "");
    row("slash in the name", "vaultName", "a/b", "no slash");
    row("name that is taken", "vaultName", "docs", "of this name already");
    row("name that is too long", "vaultName",
        "12345678901234567890123456789012345678901234567890123456789012345", "64 characters");
    row("folder that is missing", "sourcePath", "/no/such/folder", "no such folder");
    row("folder that is not absolute", "sourcePath", "papers", "whole path");
    row("file", "sourcePath", "/etc/passwd", "This is a file");
    row("list of ways", "transportText", ",wlan0,socks5://joe:***@proxy:1080,unix:/run/x", "");
    row("way that is missing", "transportText", ",,eth0", "a way is missing");
    row("kind of way that is not known", "transportText", ",http://proxy", "not known");
    row("proxy without a host", "transportText", ",socks5://", "A proxy is written");
    row("socket without a path", "transportText", ",unix:run/x", "whole path");
    row("interface with a slash", "transportText", ",eth/0", "no name of a network interface");
    row("way that is there twice", "transportText", ",auto", "twice");
    row("too many ways", "transportText", ",a,b,c,d,e,f,g,h", "8 at most");
}

void TestEditor::aFaultStandsBesideItsField()
{
    QFETCH(QString, field);
    QFETCH(QString, text);
    QFETCH(QString, fault);
    auto *line = m_editor->findChild<QLineEdit *>(field);
    QVERIFY(faults().isEmpty());
    QTest::keyClicks(line, text);
    if (fault.isEmpty()) {
        QVERIFY2(faults().isEmpty(), qPrintable(faults().join(u'\n')));
        return;
    }
    QVERIFY2(faults().join(u'\n').contains(fault), qPrintable(faults().join(u'\n')));
    line->clear();
    QVERIFY2(!faults().join(u'\n').contains(fault), qPrintable(faults().join(u'\n')));
}

void TestEditor::whatWasEnteredIsSent()
{
    fill();
    QTest::keyClicks(patterns(0), QStringLiteral("*.tmp"));
    QTest::keyClicks(patterns(1), QStringLiteral("*.txt"));
    QTest::mouseClick(field<QCheckBox>("adopt"), Qt::LeftButton, {},
                      QPoint(8, field<QCheckBox>("adopt")->height() / 2));
    QSignalSpy saved(m_editor.get(), &VaultEditor::saved);
    QTest::mouseClick(field<QPushButton>("save"), Qt::LeftButton);
    QTRY_COMPARE(m_bench->sent.size(), 1);
    const auto sent = m_bench->last<control::AddVault>();
    QCOMPARE(sent.name, QStringLiteral("papers"));
    QCOMPARE(sent.sources, QList<QByteArray>{QFile::encodeName(m_folder)});
    QCOMPARE(sent.targets.size(), 1);
    QCOMPARE(sent.targets.first().peer, m_bench->peers[0][u"id"].toString());
    QCOMPARE(sent.targets.first().destination, QByteArray());
    QVERIFY((sent.rules == Rules{{"*.txt"}, {"*.tmp"}}));
    QVERIFY(sent.adopt);
    QTRY_COMPARE(saved.size(), 1);
    QVERIFY(!m_editor->isVisible());
}

void TestEditor::nothingIsSentWhileSomethingIsWrong()
{
    field<QTableWidget>("targets")->item(0, 0)->setCheckState(Qt::Unchecked);
    QTest::mouseClick(field<QPushButton>("save"), Qt::LeftButton);
    QCOMPARE(faults().size(), 3); // folder, name, machine
    fill();
    QVERIFY2(faults().isEmpty(), qPrintable(faults().join(u'\n')));
    QTest::keyClicks(patterns(0), QStringLiteral("../up"));
    QCOMPARE(faults().size(), 1);
    QTest::mouseClick(field<QPushButton>("save"), Qt::LeftButton);
    QTest::qWait(50);
    QVERIFY(m_bench->sent.isEmpty());
    QVERIFY(m_editor->isVisible());
}

void TestEditor::theNameIsTheFoldersUntilOneIsTyped()
{
    auto *name = field<QLineEdit>("vaultName");
    field<QLineEdit>("sourcePath")->setText(m_folder);
    QCOMPARE(name->text(), QStringLiteral("papers"));
    name->clear();
    QTest::keyClicks(name, QStringLiteral("mine"));
    field<QLineEdit>("sourcePath")->setText(m_folder + QStringLiteral("/letters"));
    QCOMPARE(name->text(), QStringLiteral("mine"));
}

void TestEditor::severalFoldersAreExplained()
{
    m_editor->setSources({"/usr", "/etc"});
    QVERIFY(faults().join(u' ').contains(QStringLiteral("one folder for now")));
}

void TestEditor::aDroppedFolderIsTheSource()
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(m_folder)});
    QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_editor.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_editor.get(), &drop);
    QCOMPARE(field<QLineEdit>("sourcePath")->text(), m_folder);
    QCOMPARE(m_editor->draft().sources, QList<QByteArray>{QFile::encodeName(m_folder)});
}

void TestEditor::aFolderUncheckedInTheTreeIsAPattern()
{
    auto *tree = field<QTreeView>("folderTree");
    auto *model = qobject_cast<FolderModel *>(tree->model());
    const QByteArray path = QFile::encodeName(m_folder);
    const QModelIndex index = model->indexOf(path);
    QVERIFY(index.isValid());
    QVERIFY(model->setData(index, Qt::Checked, Qt::CheckStateRole));
    QCOMPARE(m_editor->draft().sources, QList<QByteArray>{path});
    QCOMPARE(index.parent().data(Qt::CheckStateRole).toInt(), int(Qt::PartiallyChecked));

    const QModelIndex letters = model->indexOf(path + "/letters");
    QCOMPARE(letters.data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
    tree->scrollTo(letters);
    tree->setCurrentIndex(letters);
    QTest::keyClick(tree, Qt::Key_Space);
    QCOMPARE(patterns(0)->toPlainText(), QStringLiteral("/letters/"));
    QCOMPARE(letters.data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
    QTest::keyClick(tree, Qt::Key_Space);
    QCOMPARE(patterns(0)->toPlainText(), QString());
    QCOMPARE(patternFor("a*b/[c"), QByteArray("/a\\*b/\\[c/"));
}

void TestEditor::thePreviewCountsWhatThePatternsLetIn()
{
    auto *preview = m_editor->findChild<ContentPreview *>();
    field<QLineEdit>("sourcePath")->setText(m_folder);
    QTRY_VERIFY(preview->count().complete);
    QCOMPARE(preview->count().files, 3U);
    QCOMPARE(preview->count().bytes, 30U);
    patterns(0)->setPlainText(QStringLiteral("*.tmp\n/letters/"));
    QTRY_COMPARE(preview->count().leftOut, 2U);
    QTRY_VERIFY(preview->count().complete);
    QCOMPARE(preview->count().files, 1U);
    QCOMPARE(preview->count().leftOutPaths, (QList<QByteArray>{"b.tmp", "letters/"}));
}

void TestEditor::aStrangerCannotBeChosen()
{
    auto *table = field<QTableWidget>("targets");
    QCOMPARE(table->item(1, 0)->text(), QStringLiteral("delta"));
    QVERIFY(!table->item(1, 0)->flags().testFlag(Qt::ItemIsEnabled));
    QVERIFY(table->item(0, 0)->flags().testFlag(Qt::ItemIsEnabled));
    // Paired meanwhile.
    m_bench->peers = {peerJson('b', QStringLiteral("beta"), true),
                      peerJson('d', QStringLiteral("delta"), true)};
    m_machines->refresh();
    QTRY_VERIFY(table->item(1, 0)->flags().testFlag(Qt::ItemIsEnabled));
}

void TestEditor::theOnlyPairedMachineIsChosenInANewVault()
{
    auto *table = field<QTableWidget>("targets");
    QTRY_COMPARE(table->item(0, 0)->checkState(), Qt::Checked);
    QCOMPARE(table->item(1, 0)->checkState(), Qt::Unchecked);
    QVERIFY(faults().isEmpty());
    table->item(0, 0)->setCheckState(Qt::Unchecked);
    m_machines->refresh(); // not again: the user knows better
    QTest::qWait(100);
    QCOMPARE(table->item(0, 0)->checkState(), Qt::Unchecked);
    m_editor->reject(); // something was entered
    QVERIFY(field<QMessageBox>("discardQuestion"));
    // Of two nobody knows which is meant.
    m_bench->peers = {peerJson('b', QStringLiteral("beta"), true),
                      peerJson('d', QStringLiteral("delta"), true)};
    m_editor.reset();
    m_machines = std::make_unique<MachineList>(m_bench->link);
    open();
    QVERIFY(m_editor->draft().targets.isEmpty());
}

void TestEditor::theHomeFolderIsShownButNotChosen()
{
    const auto *tree = field<QTreeView>("folderTree");
    QTest::qWait(300); // folders are read
    QTRY_VERIFY(tree->currentIndex().isValid());
    QVERIFY(!tree->selectionModel()->hasSelection());
    fill();
    QTRY_VERIFY(tree->selectionModel()->hasSelection());
}

void TestEditor::whatIsTypedAlreadyIsNotOffered()
{
    auto *path = field<QLineEdit>("sourcePath");
    const QAbstractItemView *offers = path->completer()->popup();
    QTest::keyClicks(path, m_folder.chopped(2));
    QTRY_VERIFY(offers->isVisible());
    QTest::keyClicks(path, m_folder.last(2));
    QTest::qWait(300); // folders are read
    QVERIFY(!offers->isVisible());
    QTest::keyClicks(path, QStringLiteral("/l"));
    QTRY_VERIFY(offers->isVisible());
}

void TestEditor::patternsAndPathsAreReadFromTheLeft()
{
    QGuiApplication::setLayoutDirection(Qt::RightToLeft);
    const auto usual = qScopeGuard([] { QGuiApplication::setLayoutDirection(Qt::LeftToRight); });
    open();
    const QStringList lines = patterns(0)->placeholderText().split(u'\n');
    QCOMPARE(lines.size(), 2);
    for (const QString &line : lines)
        QVERIFY(line.startsWith(QChar(0x2066)) && line.endsWith(QChar(0x2069)));
    patterns(0)->setPlainText(QStringLiteral("*.\u0645\u0624\u0642\u062a"));
    const QTextBlock block = patterns(0)->document()->firstBlock();
    QCOMPARE(block.layout()->textOption().textDirection(), Qt::LeftToRight);
    const auto *folder = field<QTableWidget>("targets")->findChild<QLineEdit *>();
    QCOMPARE(folder->layoutDirection(), Qt::LeftToRight);
    QVERIFY(folder->alignment().testFlag(Qt::AlignRight)); // below its title
}

void TestEditor::theFolderThereIsCheckedAsItIsTyped()
{
    const auto stage = [](const char *name, const char *finding, bool ok) {
        return QJsonObject{{QStringLiteral("stage"), QString::fromLatin1(name)},
                           {QStringLiteral("finding"), QString::fromLatin1(finding)},
                           {QStringLiteral("ok"), ok},
                           {QStringLiteral("facts"),
                            QJsonObject{{QStringLiteral("name"), QStringLiteral("beta")},
                                        {QStringLiteral("destination"), QStringLiteral("/x")},
                                        {QStringLiteral("folder"), QStringLiteral("/srv/m")},
                                        {QStringLiteral("folders"), QStringLiteral("/srv/m")},
                                        {QStringLiteral("freeBytes"), 1 << 30}}}};
    };
    m_bench->checkReply = {
        {QStringLiteral("stages"), QJsonArray{stage("grant", "elsewhere", false)}}};
    QVERIFY(m_bench->checks.isEmpty());
    choose(0);
    QTest::keyClicks(field<QLineEdit>("vaultName"), QStringLiteral("mine"));
    auto *note = field<FieldNote>("targetCheck");
    QTRY_VERIFY(note->isFault());
    QVERIFY(note->text().contains(QStringLiteral("/x lies below no folder that beta allows")));
    QCOMPARE(m_bench->checks.size(), 1); // not at every key
    QVERIFY((m_bench->checks.last() == control::Check{QStringLiteral("192.0.2.1:17290"), "mine"}));
    // The right folder is typed.
    m_bench->checkReply = {
        {QStringLiteral("stages"),
         QJsonArray{stage("grant", "granted", true), stage("space", "free", true)}}};
    auto *table = field<QTableWidget>("targets");
    QTest::keyClicks(table->findChild<QLineEdit *>(), QStringLiteral("/srv/m/mine"));
    QTRY_VERIFY(!note->isFault());
    QTRY_VERIFY(note->text().contains(QStringLiteral("1.0 GiB are free below /srv/m")));
    QCOMPARE(m_bench->checks.last().destination, QByteArray("/srv/m/mine"));
    m_machines->refresh(); // nothing new
    QTest::qWait(800);
    QCOMPARE(m_bench->checks.size(), 2);
    table->item(0, 0)->setCheckState(Qt::Unchecked);
    QTRY_COMPARE(note->text(), QString());
}

void TestEditor::aRefusalIsSaidAndNothingIsLost()
{
    m_bench->refusal = control::Failure{
        {ErrorCode::Refused, "the destination holds other things", 0}, {"old.txt"}};
    fill();
    const VaultDraft before = m_editor->draft();
    QTest::mouseClick(field<QPushButton>("save"), Qt::LeftButton);
    auto *banner = m_editor->findChild<Banner *>();
    QTRY_VERIFY(banner->text().contains(QStringLiteral("old.txt")));
    QVERIFY(m_editor->isVisible());
    QVERIFY(field<QPushButton>("save")->isEnabled());
    QVERIFY(m_editor->draft() == before);
}

void TestEditor::cancellingAsksOnlyWhereSomethingWasEntered()
{
    QTest::keyClick(m_editor.get(), Qt::Key_Escape);
    QVERIFY(!m_editor->isVisible());
    open();
    fill();
    QTest::mouseClick(field<QPushButton>("cancel"), Qt::LeftButton);
    auto *question = m_editor->findChild<QMessageBox *>();
    QVERIFY(question && question->isVisible());
    question->reject();
    QVERIFY(m_editor->isVisible());
    QVERIFY(!m_editor->draft().sources.isEmpty());
    QTRY_VERIFY(!m_editor->findChild<QMessageBox *>());
    m_editor->reject();
    question = m_editor->findChild<QMessageBox *>();
    QTest::mouseClick(question->findChild<QPushButton *>(QStringLiteral("discard")),
                      Qt::LeftButton);
    QTRY_VERIFY(!m_editor->isVisible());
    QVERIFY(m_bench->sent.isEmpty());
}

void TestEditor::changingNamesOnlyWhatDiffers()
{
    VaultDraft draft;
    draft.name = QStringLiteral("old");
    draft.sources = {QFile::encodeName(m_folder)};
    draft.targets = {{MachineId::fromBytes(QByteArray(32, 'b')).value(), "/srv/mirrors/old"}};
    draft.adopt = true;
    m_editor.reset();
    open(draft);
    QVERIFY(m_editor->draft() == draft);
    auto *name = field<QLineEdit>("vaultName");
    name->clear();
    QTest::keyClicks(name, QStringLiteral("new"));
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_COMPARE(m_bench->sent.size(), 1);
    control::EditVault expected;
    expected.vault = QStringLiteral("old");
    expected.name = QStringLiteral("new");
    QVERIFY(m_bench->last<control::EditVault>() == expected);
    // Other targets would lose the permission to adopt if it were not named again.
    VaultDraft after = draft;
    after.targets.first().destination = "elsewhere";
    QVERIFY(editCommand(draft, after).adopt == true);
}

void TestEditor::theKeyboardReachesEveryField()
{
    m_editor->activateWindow();
    QSet<QWidget *> reached;
    QWidget *at = m_editor->focusWidget();
    for (int i = 0; i < 1000 && at; ++i) {
        reached.insert(at);
        at = at->nextInFocusChain();
    }
    for (QWidget *wanted :
         {static_cast<QWidget *>(field<QLineEdit>("sourcePath")),
          static_cast<QWidget *>(field<QTreeView>("folderTree")),
          static_cast<QWidget *>(patterns(0)), static_cast<QWidget *>(patterns(1)),
          static_cast<QWidget *>(field<QLineEdit>("vaultName")),
          static_cast<QWidget *>(field<QTableWidget>("targets")),
          static_cast<QWidget *>(field<QCheckBox>("adopt")),
          static_cast<QWidget *>(field<QPushButton>("save"))}) {
        QVERIFY2(reached.contains(wanted), qPrintable(wanted->objectName()));
        QVERIFY(wanted->focusPolicy() & Qt::TabFocus);
    }
}

QTEST_MAIN(TestEditor)
#include "tst_editor.moc"
