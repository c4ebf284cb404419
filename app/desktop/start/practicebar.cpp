#include "app/desktop/start/practicebar.h"

#include "app/desktop/icons.h"

#include <QDesktopServices>
#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QUrl>

namespace octopus::desktop {

namespace {

void openFolder(const QByteArray &path)
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(QFile::decodeName(path)));
}

} // namespace

PracticeBar::PracticeBar(Practice &practice)
    : m_practice(practice),
      m_text(new QLabel(this)),
      m_source(new QPushButton(icon(QStringLiteral("folder")), tr("Open the &Source"), this)),
      m_replica(new QPushButton(icon(QStringLiteral("folder")), tr("Open the Re&plica"), this)),
      m_end(new QPushButton(tr("&End Practice"), this))
{
    setFrameShape(StyledPanel);
    auto *sign = new QLabel(this);
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize);
    sign->setPixmap(
        icon(QStringLiteral("practice")).pixmap(QSize(size, size), devicePixelRatioF()));
    m_text->setWordWrap(true);
    m_end->setObjectName(QStringLiteral("endPractice"));
    connect(m_source, &QPushButton::clicked, this, [this] { openFolder(m_practice.source()); });
    connect(m_replica, &QPushButton::clicked, this, [this] { openFolder(m_practice.replica()); });
    connect(m_end, &QPushButton::clicked, this, &PracticeBar::endWanted);
    connect(&m_practice, &Practice::stateChanged, this, &PracticeBar::refresh);
    auto *layout = new QHBoxLayout(this);
    layout->addWidget(sign);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_source);
    layout->addWidget(m_replica);
    layout->addWidget(m_end);
    refresh();
}

void PracticeBar::refresh()
{
    const Practice::State state = m_practice.state();
    setVisible(state != Practice::State::Idle);
    const bool runs = state == Practice::State::Running;
    m_source->setVisible(runs);
    m_replica->setVisible(runs);
    m_end->setVisible(runs);
    switch (state) {
    case Practice::State::Idle: break;
    case Practice::State::Starting: m_text->setText(tr("Starting a practice target…")); break;
    case Practice::State::Running:
        m_text->setText(tr("This is a practice: change something in the source and watch it "
                           "arrive in the replica. Both are on this computer."));
        break;
    case Practice::State::Ending: m_text->setText(tr("Ending the practice…")); break;
    }
}

} // namespace octopus::desktop
