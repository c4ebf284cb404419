#include "app/desktop/editor/transportfield.h"

#include "app/desktop/editor/draftcheck.h"
#include "app/desktop/fieldnote.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QNetworkInterface>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

// What is typed over in a template.
constexpr QLatin1StringView host("HOST");
constexpr QLatin1StringView path("PATH");

const QString automatic = QStringLiteral("auto"); // its word is shown in the user's language

QStringList interfaces()
{
    QStringList names;
    const QList<QNetworkInterface> all = QNetworkInterface::allInterfaces();
    for (const QNetworkInterface &interface : all) {
        if (!interface.flags().testFlag(QNetworkInterface::IsLoopBack))
            names.append(interface.name());
    }
    return names;
}

} // namespace

TransportField::TransportField(Of of)
    : m_of(of),
      m_title(new QLabel(tr("Net&work"), this)),
      m_combo(new QComboBox(this))
{
    const bool ofTarget = of == Of::Target;
    m_combo->setObjectName(ofTarget ? QStringLiteral("targetTransport")
                                    : QStringLiteral("transport"));
    m_combo->setEditable(true);
    m_combo->setInsertPolicy(QComboBox::NoInsert);
    m_combo->setCompleter(nullptr);
    m_combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_combo->lineEdit()->setObjectName(m_combo->objectName() + QStringLiteral("Text"));
    m_combo->setToolTip(
        tr("Several ways are separated by commas. The first one that is available is "
           "used, and a better one again as soon as it is back."));
    if (ofTarget) {
        m_combo->addItem(tr("As the vault"), QString());
        m_combo->lineEdit()->setPlaceholderText(tr("as the vault"));
    }
    m_combo->addItem(tr("Automatic"), automatic);
    m_combo->addItem(tr("IPv4 only"), QStringLiteral("ipv4"));
    m_combo->addItem(tr("IPv6 only"), QStringLiteral("ipv6"));
    for (const QString &name : interfaces())
        m_combo->addItem(tr("Only over %1").arg(name), name);
    m_combo->addItem(tr("Proxy…"), QStringLiteral("socks5://HOST:1080"));
    m_combo->addItem(tr("Unix socket…"), QStringLiteral("unix:/PATH"));
    m_title->setBuddy(m_combo);
    m_note = new FieldNote(this);
    auto *row = new QHBoxLayout;
    row->addWidget(m_title);
    row->addWidget(m_combo, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(row);
    layout->addWidget(m_note);
    setFocusProxy(m_combo);
    connect(m_combo, &QComboBox::activated, this, &TransportField::choose);
    connect(m_combo, &QComboBox::editTextChanged, this, &TransportField::check);
    setText(ofTarget ? QString() : automatic);
    check(); // the list may have put the same text there before
}

// The field holds what is stored, but for the usual way; the list says what it means.
void TransportField::choose(int index)
{
    const QString text = m_combo->itemData(index).toString();
    setText(text);
    for (const QLatin1StringView blank : {host, path}) {
        if (const qsizetype at = text.indexOf(blank); at >= 0)
            m_combo->lineEdit()->setSelection(int(at), int(blank.size()));
    }
    m_combo->lineEdit()->setFocus();
}

void TransportField::setTitle(const QString &title)
{
    m_title->setText(title);
}

QString TransportField::text() const
{
    QStringList ways = m_combo->currentText().split(u',');
    for (QString &way : ways) {
        if (way.trimmed() == tr("Automatic"))
            way = automatic;
    }
    return ways.join(u',');
}

void TransportField::setText(const QString &text)
{
    m_combo->setEditText(text == automatic ? tr("Automatic") : text);
}

bool TransportField::isValid() const
{
    return !m_note->isFault();
}

void TransportField::check()
{
    const bool isWord =
        m_combo->currentText() == tr("Automatic"); // addresses are read from the left
    m_combo->lineEdit()->setLayoutDirection(isWord ? layoutDirection() : Qt::LeftToRight);
    const bool asVault = m_of == Of::Target && text().isEmpty();
    const QString fault = asVault ? QString() : DraftCheck::transport(text());
    if (!fault.isEmpty())
        m_note->showFault(fault);
    else
        m_note->showHint(asVault ? QString() : DraftCheck::transportHint(text()));
    Q_EMIT changed();
}

} // namespace octopus::desktop
