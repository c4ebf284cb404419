// octopus_screenshots [--quick] [--only NAME] [--language L] [--scale N] FOLDER: renders every
// screen of the desktop, light and dark, at 100 % and 200 %, in English, German and Arabic, into
// FOLDER/LANGUAGE-SCALE-PALETTE/. Needs no display. --quick: one language and scale.
#include "app/desktop/language.h"
#include "app/desktop/style.h"
#include "tests/screenshots/screens.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QLocale>
#include <QLoggingCategory>
#include <QPalette>
#include <QProcess>
#include <QStyle>
#include <QWidget>

#include <cstdio>

namespace {

using namespace octopus;

QPalette darkPalette()
{
    QPalette palette(QColor(0x2d, 0x30, 0x33), QColor(0x23, 0x26, 0x29));
    palette.setColor(QPalette::Base, QColor(0x1b, 0x1e, 0x20));
    palette.setColor(QPalette::AlternateBase, QColor(0x23, 0x26, 0x29));
    palette.setColor(QPalette::Highlight, QColor(0x3d, 0x7e, 0xb8));
    palette.setColor(QPalette::ToolTipBase, QColor(0x31, 0x36, 0x3b));
    palette.setColor(QPalette::ToolTipText, QColor(0xfc, 0xfc, 0xfc));
    return palette;
}

// Returns how many pictures could not be made.
int render(const QString &folder, const QString &only)
{
    int failures = 0;
    int pictures = 0;
    for (const bool dark : {false, true}) {
        QApplication::setPalette(dark ? darkPalette() : QPalette());
        const QString place = folder + (dark ? QStringLiteral("-dark") : QStringLiteral("-light"));
        QDir().mkpath(place);
        const screenshots::Camera camera = [&](const QString &name, QWidget &widget) {
            ++pictures;
            if (!widget.grab().save(QStringLiteral("%1/%2.png").arg(place, name)))
                ++failures;
        };
        for (const screenshots::Screen &screen : screenshots::screens()) {
            const QString name = QString::fromLatin1(screen.name);
            if (!only.isEmpty() && name != only)
                continue;
            const int before = pictures;
            screen.show(name, camera);
            if (pictures == before) {
                std::fprintf(stderr, "no picture of %s\n", screen.name);
                ++failures;
            }
        }
    }
    return failures;
}

// One process for each language and scale: Qt takes the scale once.
int renderAll(const QString &folder, const QStringList &passedOn)
{
    int failures = 0;
    for (const char *language : {"en", "de", "ar"}) {
        for (const char *scale : {"1", "2"}) {
            QProcess process;
            process.setProcessChannelMode(QProcess::ForwardedChannels);
            QStringList arguments{QStringLiteral("--language"), QLatin1StringView(language),
                                  QStringLiteral("--scale"), QLatin1StringView(scale)};
            process.start(QCoreApplication::applicationFilePath(),
                          arguments + passedOn + QStringList{folder});
            process.waitForFinished(-1);
            failures += process.exitCode();
        }
    }
    return failures;
}

} // namespace

int main(int argc, char **argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    for (int i = 1; i + 1 < argc; ++i) {
        if (qstrcmp(argv[i], "--scale") == 0)
            qputenv("QT_SCALE_FACTOR", argv[i + 1]);
    }
    QLoggingCategory::setFilterRules(QStringLiteral("qt.*=false")); // of a platform without windows
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("octopus_screenshots"));
    QApplication::setStyle(new desktop::Style(QStringLiteral("Fusion")));
    QApplication::setQuitOnLastWindowClosed(false);
    QCommandLineParser parser;
    parser.addOptions(
        {{QStringLiteral("quick"), QStringLiteral("English at 100 % only")},
         {QStringLiteral("only"), QStringLiteral("one screen"), QStringLiteral("NAME")},
         {QStringLiteral("language"), QStringLiteral("one language"), QStringLiteral("L"),
          QStringLiteral("en")},
         {QStringLiteral("scale"), QStringLiteral("one scale"), QStringLiteral("N"),
          QStringLiteral("1")}});
    parser.addPositionalArgument(QStringLiteral("FOLDER"), QStringLiteral("where to"));
    parser.addHelpOption();
    parser.process(application);
    if (parser.positionalArguments().size() != 1)
        parser.showHelp(2);
    const QString folder = parser.positionalArguments().constFirst();
    const QString only = parser.value(QStringLiteral("only"));
    const QString language = parser.value(QStringLiteral("language"));
    if (!parser.isSet(QStringLiteral("quick")) && !parser.isSet(QStringLiteral("language")))
        return renderAll(
            folder, only.isEmpty() ? QStringList() : QStringList{QStringLiteral("--only"), only});
    desktop::installLanguage(QLocale(language));
    return render(
        QStringLiteral("%1/%2-%3").arg(folder, language, parser.value(QStringLiteral("scale"))),
        only);
}
