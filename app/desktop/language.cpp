#include "app/desktop/language.h"

#include <QGuiApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace octopus::desktop {

namespace {

const QString separator = QStringLiteral("_");

// Replaces the translator of that name that was installed before.
void install(const QLocale &locale, const QString &name, const QString &folder)
{
    const auto former = qApp->findChildren<QTranslator *>(name, Qt::FindDirectChildrenOnly);
    qDeleteAll(former);
    auto *translator = new QTranslator(qApp);
    translator->setObjectName(name);
    if (translator->load(locale, name, separator, folder))
        QCoreApplication::installTranslator(translator);
}

} // namespace

void installLanguage(const QLocale &locale)
{
    const QString folder = QStringLiteral(":/translations");
    QTranslator probe;
    const bool known = probe.load(locale, QStringLiteral("octopus"), separator, folder);
    // Half a translation is none: without ours, Qt's own texts are English too.
    const QLocale spoken = known ? locale : QLocale(QLocale::English);
    QLocale::setDefault(locale);
    install(spoken, QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    install(spoken, QStringLiteral("octopus"), folder); // English too: its plurals
    QGuiApplication::setLayoutDirection(spoken.textDirection());
}

} // namespace octopus::desktop
