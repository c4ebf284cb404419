// What starts at login: the file for the desktop environment, the unit, never both. systemctl is a
// script of the test's that keeps its state in a file.
#include "app/desktop/fieldnote.h"
#include "app/desktop/settings/settingsdialog.h"

#include <QFile>
#include <QProcess>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace octopus;
using namespace octopus::desktop;

class TestSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_folder.reset(); }
    void atFirstNothingStarts();
    void theDesktopStartsByAFileOfItsOwn();
    void theFileNamesTheProgramAsTheSpecificationAsks_data();
    void theFileNamesTheProgramAsTheSpecificationAsks();
    void theFileIsValid();
    void anEntryThatWasSwitchedOffElsewhereCountsAsOff();
    void theEngineStartsByTheUnit();
    void thereAreNeverTwo();
    void whatCannotBeHadSaysWhy_data();
    void whatCannotBeHadSaysWhy();
    void aFailureLeavesTheDialogOpenWithTheReason();
    void aFolderThatCannotBeWrittenIsAnObstacle();

private:
    [[nodiscard]] Startup::Place place() const;
    [[nodiscard]] QString path(const char *name) const;
    [[nodiscard]] bool fileExists() const;
    [[nodiscard]] QByteArray unitState() const;
    void write(const char *name, const QByteArray &text) const;
    void choose(SettingsDialog &dialog, int choice) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

// Says of the unit what stands in the file `state`; refuses where there is a file `refusal`.
const QByteArray systemctl = R"(#!/bin/sh
folder=$(dirname "$0")
[ "$1" = --user ] || exit 9
case "$3 $4" in
'is-enabled octopusd.service')
    [ -s "$folder/state" ] || { echo 'Failed to connect to bus' >&2; exit 1; }
    cat "$folder/state"
    grep -q '^enabled' "$folder/state" ;;
'enable octopusd.service' | 'disable octopusd.service')
    [ ! -e "$folder/refusal" ] || { cat "$folder/refusal" >&2; exit 1; }
    echo "${3}d" >"$folder/state" ;;
*) exit 9 ;;
esac
)";

QList<QRadioButton *> choices(SettingsDialog &dialog)
{
    return dialog.findChildren<QRadioButton *>();
}

bool isReady(SettingsDialog &dialog)
{
    auto *save = dialog.findChild<QPushButton *>(QStringLiteral("save"));
    return QTest::qWaitFor([save] { return save->isEnabled(); }, 20'000);
}

} // namespace

void TestSettings::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    write("systemctl", systemctl);
    QFile::setPermissions(path("systemctl"),
                          QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    write("state", "disabled\n");
}

QString TestSettings::path(const char *name) const
{
    return m_folder->filePath(QString::fromLatin1(name));
}

void TestSettings::write(const char *name, const QByteArray &text) const
{
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

Startup::Place TestSettings::place() const
{
    return {path("config/autostart"),
            {QStringLiteral("octopus-mirror"), QStringLiteral("--hidden")},
            path("systemctl"),
            true};
}

bool TestSettings::fileExists() const
{
    return QFile::exists(path("config/autostart/org.octopusmirror.Octopus.desktop"));
}

QByteArray TestSettings::unitState() const
{
    QFile file(path("state"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

void TestSettings::choose(SettingsDialog &dialog, int choice) const
{
    QVERIFY(isReady(dialog));
    QVERIFY(choices(dialog)[choice]->isEnabled());
    choices(dialog)[choice]->click();
    QSignalSpy accepted(&dialog, &QDialog::accepted);
    dialog.findChild<QPushButton *>(QStringLiteral("save"))->click();
    QTRY_COMPARE(accepted.size(), 1);
}

void TestSettings::atFirstNothingStarts()
{
    SettingsDialog dialog(place(), nullptr);
    QVERIFY(isReady(dialog));
    QVERIFY(choices(dialog)[0]->isChecked());
    QVERIFY(!fileExists());
}

void TestSettings::theDesktopStartsByAFileOfItsOwn()
{
    SettingsDialog dialog(place(), nullptr);
    choose(dialog, 1);
    QVERIFY(fileExists());
    QFile file(path("config/autostart/org.octopusmirror.Octopus.desktop"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("\nExec=octopus-mirror --hidden\n"));

    SettingsDialog again(place(), nullptr);
    QVERIFY(isReady(again));
    QVERIFY(choices(again)[1]->isChecked());
    choose(again, 0);
    QVERIFY(!fileExists());
}

void TestSettings::theFileNamesTheProgramAsTheSpecificationAsks_data()
{
    QTest::addColumn<QString>("argument");
    QTest::addColumn<QString>("written");
    const auto row = [](const char *argument, const char *written) {
        QTest::newRow(argument) << QString::fromUtf8(argument) << QString::fromUtf8(written);
    };
    row("/usr/bin/octopus-mirror", "/usr/bin/octopus-mirror");
    row("/opt/my programs/x", "\"/opt/my programs/x\"");
    row("a\"b", R"("a\\"b")");
    row("a$b", R"("a\\$b")");
    row("a`b", R"("a\\`b")");
    row("a\\b", R"("a\\\\b")");
    row("50%", "\"50%%\"");
    row("", "\"\"");
}

void TestSettings::theFileNamesTheProgramAsTheSpecificationAsks()
{
    QFETCH(QString, argument);
    QFETCH(QString, written);
    QCOMPARE(AutostartFile::execLine({argument}), written);
}

void TestSettings::theFileIsValid()
{
    const AutostartFile file(path("autostart"),
                             {QStringLiteral("/opt/my $programs/octopus-mirror"),
                              QStringLiteral("--state"), QStringLiteral("/a \"b\" 100% \\c"),
                              QStringLiteral("--hidden")});
    QVERIFY(file.write());
    QVERIFY(file.isActive());
    QProcess validate;
    validate.start(QStringLiteral("desktop-file-validate"),
                   {path("autostart/org.octopusmirror.Octopus.desktop")});
    QVERIFY(validate.waitForFinished(20'000));
    QCOMPARE(validate.readAllStandardOutput(), QByteArray());
    QCOMPARE(validate.exitCode(), 0);
}

void TestSettings::anEntryThatWasSwitchedOffElsewhereCountsAsOff()
{
    const AutostartFile file(path("autostart"), {QStringLiteral("octopus-mirror")});
    QVERIFY(file.write());
    for (const char *line : {"Hidden=true", "X-GNOME-Autostart-enabled=false"}) {
        write("autostart/org.octopusmirror.Octopus.desktop",
              QByteArray("[Desktop Entry]\n") + line + '\n');
        QVERIFY(!file.isActive());
    }
}

void TestSettings::theEngineStartsByTheUnit()
{
    SettingsDialog dialog(place(), nullptr);
    choose(dialog, 2);
    QCOMPARE(unitState(), QByteArray("enabled"));
    QVERIFY(!fileExists());
    SettingsDialog again(place(), nullptr);
    QVERIFY(isReady(again));
    QVERIFY(choices(again)[2]->isChecked());
    choose(again, 0);
    QCOMPARE(unitState(), QByteArray("disabled"));
}

void TestSettings::thereAreNeverTwo()
{
    for (const int choice : {1, 2, 1, 2, 0}) {
        SettingsDialog dialog(place(), nullptr);
        choose(dialog, choice);
        QCOMPARE(fileExists(), choice == 1);
        QCOMPARE(unitState(), choice == 2 ? QByteArray("enabled") : QByteArray("disabled"));
    }
    // Made by hand, or by an administrator.
    QVERIFY(AutostartFile(place().autostartFolder, place().command).write());
    write("state", "enabled\n");
    SettingsDialog dialog(place(), nullptr);
    choose(dialog, 2);
    QVERIFY(!fileExists());
}

void TestSettings::whatCannotBeHadSaysWhy_data()
{
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<bool>("usual");
    QTest::addColumn<QString>("reason");
    QTest::newRow("no systemd") << QByteArray() << true << QStringLiteral("systemd does not run");
    QTest::newRow("no unit") << QByteArray("not-found\n") << true
                             << QStringLiteral("is not installed");
    QTest::newRow("masked") << QByteArray("masked\n") << true << QStringLiteral("not installed");
    QTest::newRow("another state")
        << QByteArray("disabled\n") << false << QStringLiteral("usual folder");
}

void TestSettings::whatCannotBeHadSaysWhy()
{
    QFETCH(QByteArray, state);
    QFETCH(bool, usual);
    QFETCH(QString, reason);
    write("state", state);
    Startup::Place where = place();
    where.usualState = usual;
    SettingsDialog dialog(where, nullptr);
    QVERIFY(isReady(dialog));
    QVERIFY(choices(dialog)[0]->isEnabled());
    QVERIFY(choices(dialog)[1]->isEnabled());
    QVERIFY(!choices(dialog)[2]->isEnabled());
    QVERIFY2(choices(dialog)[2]->accessibleDescription().contains(reason),
             qPrintable(choices(dialog)[2]->accessibleDescription()));
}

void TestSettings::aFailureLeavesTheDialogOpenWithTheReason()
{
    write("refusal", "Access denied");
    SettingsDialog dialog(place(), nullptr);
    dialog.show();
    QVERIFY(isReady(dialog));
    choices(dialog)[2]->click();
    dialog.findChild<QPushButton *>(QStringLiteral("save"))->click();
    const auto said = [&dialog] {
        for (const FieldNote *note : dialog.findChildren<FieldNote *>()) {
            if (note->isFault())
                return note->text();
        }
        return QString();
    };
    QTRY_VERIFY(said().contains(QStringLiteral("Access denied")));
    // Introduced by words of the user's language.
    QVERIFY(said().startsWith(QStringLiteral("This could not be changed.")));
    QVERIFY(dialog.isVisible());
    QCOMPARE(unitState(), QByteArray("disabled"));
    write("refusal", {});
    dialog.findChild<QPushButton *>(QStringLiteral("save"))->click();
    QTRY_VERIFY(said().contains(QStringLiteral("the system does not say why")));
}

void TestSettings::aFolderThatCannotBeWrittenIsAnObstacle()
{
    write("config", "a file is in the way");
    SettingsDialog dialog(place(), nullptr);
    QVERIFY(isReady(dialog));
    QVERIFY(!choices(dialog)[1]->isEnabled());
    QVERIFY(choices(dialog)[1]->accessibleDescription().contains(QStringLiteral("written")));
}

QTEST_MAIN(TestSettings)
#include "tst_settings.moc"
