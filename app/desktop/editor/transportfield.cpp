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

TransportField::TransportField()
{
    auto *title = new QLabel(tr("Net&work"), this);
    m_combo = new QComboBox(this);
    m_combo->setObjectName(QStringLiteral("transport"));
    m_combo->setEditable(true);
    m_combo->setInsertPolicy(QComboBox::NoInsert);
    m_combo->setCompleter(nullptr);
    m_combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_combo->lineEdit()->setObjectName(QStringLiteral("transportText"));
    m_combo->lineEdit()->setLayoutDirection(Qt::LeftToRight); // as addresses are read
    m_combo->setToolTip(
        tr("Several ways are separated by commas. The first one that is available is "
           "used, and a better one again as soon as it is back."));
    m_combo->addItem(tr("Automatic"), QStringLiteral("auto"));
    m_combo->addItem(tr("IPv4 only"), QStringLiteral("ipv4"));
    m_combo->addItem(tr("IPv6 only"), QStringLiteral("ipv6"));
    for (const QString &name : interfaces())
        m_combo->addItem(tr("Only over %1").arg(name), name);
    m_combo->addItem(tr("Proxy…"), QStringLiteral("socks5://HOST:1080"));
    m_combo->addItem(tr("Unix socket…"), QStringLiteral("unix:/PATH"));
    title->setBuddy(m_combo);
    m_note = new FieldNote(this);
    auto *row = new QHBoxLayout;
    row->addWidget(title);
    row->addWidget(m_combo, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(row);
    layout->addWidget(m_note);
    setFocusProxy(m_combo);
    connect(m_combo, &QComboBox::activated, this, &TransportField::choose);
    connect(m_combo, &QComboBox::editTextChanged, this, &TransportField::check);
    setText(QStringLiteral("auto"));
}

// The field holds what is stored; the list says what it means.
void TransportField::choose(int index)
{
    const QString text = m_combo->itemData(index).toString();
    m_combo->setEditText(text);
    for (const QLatin1StringView blank : {host, path}) {
        if (const qsizetype at = text.indexOf(blank); at >= 0)
            m_combo->lineEdit()->setSelection(int(at), int(blank.size()));
    }
    m_combo->lineEdit()->setFocus();
}

QString TransportField::text() const
{
    return m_combo->currentText();
}

void TransportField::setText(const QString &text)
{
    m_combo->setEditText(text);
}

bool TransportField::isValid() const
{
    return !m_note->isFault();
}

void TransportField::check()
{
    const QString fault = DraftCheck::transport(text());
    if (!fault.isEmpty())
        m_note->showFault(fault);
    else
        m_note->showHint(DraftCheck::transportHint(text()));
}

} // namespace octopus::desktop
