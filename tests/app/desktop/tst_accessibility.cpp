// Every screen of the desktop can be used without eyes and without a mouse: what can have the focus
// has a name, Tab reaches everything that is enabled, a button that shows a picture alone says what
// it does, and no letter of the keyboard means two things. The screens are those of the pictures.
#include "app/desktop/language.h"
#include "app/desktop/tray/overallstate.h"
#include "tests/screenshots/screens.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPainter>
#include <QPushButton>
#include <QRadioButton>
#include <QTabBar>
#include <QTableWidget>
#include <QTest>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

using namespace octopus::screenshots;

class TestAccessibility : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void eachFaultIsNoticed();
    void statesDifferWithoutColours();
    void everyScreenCanBeUsed_data();
    void everyScreenCanBeUsed();
};

namespace {

// What Qt itself puts into its widgets. The keyboard clears a line and chooses a whole table, too.
bool isOfQt(const QWidget &widget)
{
    const QByteArrayView kind(widget.metaObject()->className());
    const bool isTabBar = kind == "QTabBar"; // its pages are ours
    return (widget.objectName().startsWith(QStringLiteral("qt_")) && !isTabBar)
        || kind == "QLineEditIconButton" || kind == "QTableCornerButton";
}

// For messages: "QLineEdit vaultName".
QString described(const QWidget &widget)
{
    QString text = QString::fromLatin1(widget.metaObject()->className());
    if (!widget.objectName().isEmpty())
        text += u' ' + widget.objectName();
    if (const auto *button = qobject_cast<const QAbstractButton *>(&widget))
        text += QStringLiteral(" \"%1\"").arg(button->text());
    return text;
}

QString nameOf(QWidget &widget)
{
    const QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(&widget);
    return interface ? interface->text(QAccessible::Name) : QString();
}

QList<QWidget *> visibleWidgets(const QWidget &window)
{
    QList<QWidget *> visible;
    for (QWidget *widget : window.findChildren<QWidget *>()) {
        if (widget->isVisibleTo(&window) && widget->window() == &window && !isOfQt(*widget))
            visible.append(widget);
    }
    return visible;
}

bool takesTab(const QWidget &widget)
{
    return widget.isEnabled() && (widget.focusPolicy() & Qt::TabFocus) == Qt::TabFocus
        && !widget.focusProxy();
}

// Of radio buttons that belong together Tab reaches the one that is chosen; arrows lead to the rest.
bool isLedToByArrows(const QWidget &widget)
{
    const auto *button = qobject_cast<const QRadioButton *>(&widget);
    return button && button->autoExclusive() && !button->isChecked();
}

QStringList namelessOf(const QWidget &window)
{
    QStringList faults;
    for (QWidget *widget : visibleWidgets(window)) {
        if (widget->focusPolicy() != Qt::NoFocus && !widget->focusProxy()
            && nameOf(*widget).isEmpty())
            faults.append(QStringLiteral("no name: ") + described(*widget));
        const auto *button = qobject_cast<QAbstractButton *>(widget);
        if (button && nameOf(*widget).isEmpty())
            faults.append(QStringLiteral("a button without a name: ") + described(*widget));
        if (button && button->text().isEmpty() && button->toolTip().isEmpty())
            faults.append(QStringLiteral("a picture without a tip: ") + described(*widget));
        const auto *tool = qobject_cast<QToolButton *>(widget);
        if (tool && tool->toolButtonStyle() == Qt::ToolButtonIconOnly && tool->toolTip().isEmpty())
            faults.append(QStringLiteral("a picture without a tip: ") + described(*widget));
        // The keyboard has the menu in its place.
        if (button && button->isEnabled() && button->focusPolicy() == Qt::NoFocus
            && !qobject_cast<QToolBar *>(widget->parentWidget()))
            faults.append(QStringLiteral("only a mouse can press: ") + described(*widget));
    }
    return faults;
}

QStringList unreachedOf(QWidget &window)
{
    QSet<QWidget *> wanted;
    for (QWidget *widget : visibleWidgets(window)) {
        if (takesTab(*widget) && !isLedToByArrows(*widget))
            wanted.insert(widget);
    }
    window.activateWindow();
    if (!QTest::qWaitForWindowActive(&window, 5000))
        return {QStringLiteral("the window did not become active")};
    QStringList faults;
    QSet<QWidget *> reached;
    const qsizetype steps = 2 * wanted.size() + 5;
    for (qsizetype step = 0; step < steps && !wanted.isEmpty(); ++step) {
        QWidget *before = QApplication::focusWidget();
        QTest::keyClick(before ? before : &window, Qt::Key_Tab);
        QWidget *now = QApplication::focusWidget();
        if (now && now == before && wanted.size() > 1) {
            faults.append(QStringLiteral("Tab does not leave ") + described(*now));
            break;
        }
        reached.insert(now);
    }
    for (const QWidget *widget : wanted - reached)
        faults.append(QStringLiteral("Tab does not reach ") + described(*widget));
    return faults;
}

// What its letter is said by: buttons, labels of fields, boxes, pages and menus.
QStringList textsWithLetters(const QWidget &window)
{
    QStringList texts;
    for (QWidget *widget : visibleWidgets(window)) {
        if (const auto *button = qobject_cast<QAbstractButton *>(widget))
            texts.append(button->text());
        else if (const auto *label = qobject_cast<QLabel *>(widget); label && label->buddy())
            texts.append(label->text());
        else if (const auto *box = qobject_cast<QGroupBox *>(widget))
            texts.append(box->title());
        if (const auto *pages = qobject_cast<QTabBar *>(widget)) {
            for (int page = 0; page < pages->count(); ++page) {
                if (pages->isTabVisible(page))
                    texts.append(pages->tabText(page));
            }
        }
        if (const auto *menus = qobject_cast<QMenuBar *>(widget)) {
            for (const QAction *menu : menus->actions())
                texts.append(menu->text());
        }
    }
    return texts;
}

QStringList clashesOf(const QStringList &texts)
{
    QStringList faults;
    QMap<QKeySequence, QString> taken;
    for (const QString &text : texts) {
        const QKeySequence letter = QKeySequence::mnemonic(text);
        if (letter.isEmpty())
            continue;
        if (taken.contains(letter))
            faults.append(QStringLiteral("a letter for two things: \"%1\" and \"%2\"")
                              .arg(taken[letter], text));
        taken.insert(letter, text);
    }
    return faults;
}

QStringList clashesOf(const QWidget &window)
{
    QStringList faults = clashesOf(textsWithLetters(window));
    for (const QMenu *menu : window.findChildren<QMenu *>()) {
        QStringList texts;
        for (const QAction *action : menu->actions())
            texts.append(action->text());
        faults.append(clashesOf(texts));
    }
    return faults;
}

} // namespace

void TestAccessibility::initTestCase()
{
    QVERIFY(screens().size() > 10);
}

void TestAccessibility::eachFaultIsNoticed()
{
    QWidget window;
    QVBoxLayout layout(&window);
    QLineEdit nameless;
    QToolButton picture;
    picture.setIcon(QIcon(QPixmap(16, 16)));
    picture.setAccessibleName(QStringLiteral("something"));
    QTableWidget trap(2, 2);
    trap.setAccessibleName(QStringLiteral("trap"));
    QPushButton beyond(QStringLiteral("beyond"));
    for (QWidget *widget : {static_cast<QWidget *>(&nameless), static_cast<QWidget *>(&picture),
                            static_cast<QWidget *>(&trap), static_cast<QWidget *>(&beyond)})
        layout.addWidget(widget);
    window.show();
    nameless.setFocus();
    const QString nameFaults = namelessOf(window).join(u'\n');
    QVERIFY2(nameFaults.contains(QStringLiteral("no name: QLineEdit")), qPrintable(nameFaults));
    QVERIFY(nameFaults.contains(QStringLiteral("without a tip: QToolButton")));
    const QString tabFaults = unreachedOf(window).join(u'\n');
    QVERIFY2(tabFaults.contains(QStringLiteral("does not leave QTableWidget")),
             qPrintable(tabFaults));
    QVERIFY(tabFaults.contains(QStringLiteral("does not reach QPushButton")));
    trap.setTabKeyNavigation(false);
    nameless.setAccessibleName(QStringLiteral("line"));
    picture.setToolTip(QStringLiteral("what it does"));
    picture.setFocusPolicy(Qt::StrongFocus);
    QCOMPARE((namelessOf(window) + unreachedOf(window)).join(u'\n'), QString());
    QLabel label(QStringLiteral("&Below"));
    label.setBuddy(&nameless);
    layout.addWidget(&label);
    label.show();
    QCOMPARE(clashesOf(window).join(u'\n'), QString());
    beyond.setText(QStringLiteral("&beyond"));
    QVERIFY(clashesOf(window).join(u'\n').contains(QStringLiteral("a letter for two things")));
}

// As who sees no colours sees the tray: in every size some pixels of any two states are clearly
// lighter or darker, or belong to the picture in one of them only.
void TestAccessibility::statesDifferWithoutColours()
{
    using namespace octopus::desktop;
    constexpr int clearly = 64;
    for (const int size : {16, 22, 32}) {
        QList<QImage> pictures;
        for (int state = 0; state <= int(OverallState::Paused); ++state) {
            QImage image(size, size, QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            painter.drawPixmap(0, 0,
                               trayPicture(OverallState(state)).pixmap(QSize(size, size), 1.0));
            painter.end();
            pictures.append(image.convertToFormat(QImage::Format_Grayscale8));
        }
        for (int one = 0; one < pictures.size(); ++one) {
            for (int other = one + 1; other < pictures.size(); ++other) {
                int different = 0;
                for (int pixel = 0; pixel < size * size; ++pixel) {
                    const QPoint at(pixel % size, pixel / size);
                    different +=
                        std::abs(qGray(pictures[one].pixel(at)) - qGray(pictures[other].pixel(at)))
                        > clearly;
                }
                QVERIFY2(different >= size / 4,
                         qPrintable(QStringLiteral("%1 and %2 at %3 pixels: %4 pixels differ")
                                        .arg(QLatin1StringView(overallName(OverallState(one))),
                                             QLatin1StringView(overallName(OverallState(other))))
                                        .arg(size)
                                        .arg(different)));
            }
        }
    }
}

void TestAccessibility::everyScreenCanBeUsed_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<QString>("language");
    for (const char *language : {"en", "de", "ar"}) {
        for (int number = 0; number < screens().size(); ++number)
            QTest::addRow("%s, %s", screens()[number].name, language)
                << number << QString::fromLatin1(language);
    }
}

void TestAccessibility::everyScreenCanBeUsed()
{
    QFETCH(int, number);
    QFETCH(QString, language);
    octopus::desktop::installLanguage(QLocale(language));
    const Screen &screen = screens()[number];
    QStringList faults;
    int seen = 0;
    screen.show(QString::fromLatin1(screen.name), [&](const QString &name, QWidget &widget) {
        ++seen;
        // The way of Tab is the same in every language.
        const QStringList unreached = language == u"en" ? unreachedOf(widget) : QStringList();
        for (const QString &fault : namelessOf(widget) + unreached + clashesOf(widget))
            faults.append(name + QStringLiteral(": ") + fault);
    });
    QVERIFY(seen > 0);
    faults.removeDuplicates();
    QVERIFY2(faults.isEmpty(), qPrintable(u'\n' + faults.join(u'\n')));
}

QTEST_MAIN(TestAccessibility)
#include "tst_accessibility.moc"
