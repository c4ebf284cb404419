#include "app/desktop/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSvgRenderer>

#include <array>

namespace octopus::desktop {

namespace {

// In the files, black stands for the colour of the text.
constexpr const char *placeholder = "#000000";
// The lines in these would be lost on the colour of a selection.
constexpr std::array lineColours{"#3b8fd9", "#8a8f98"};

class SvgIcon final : public QIconEngine
{
public:
    explicit SvgIcon(QByteArray drawing) : m_drawing(std::move(drawing)) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode,
               QIcon::State /*state*/) override
    {
        const QPalette palette = QGuiApplication::palette();
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        const auto role =
            mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::WindowText;
        QByteArray drawing = m_drawing;
        const QByteArray ink = palette.color(group, role).name().toLatin1();
        drawing.replace(placeholder, ink);
        if (mode == QIcon::Selected) {
            for (const char *colour : lineColours)
                drawing.replace(colour, ink);
        }
        QSvgRenderer renderer(drawing);
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        // What has colours of its own shows that it is disabled, too.
        painter->save();
        if (mode == QIcon::Disabled && !m_drawing.contains(placeholder))
            painter->setOpacity(painter->opacity() * 0.4);
        renderer.render(painter, rect);
        painter->restore();
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

    [[nodiscard]] QIconEngine *clone() const override { return new SvgIcon(*this); }
    [[nodiscard]] QString key() const override { return QStringLiteral("octopus-svg"); }
    bool isNull() override { return m_drawing.isEmpty(); }

private:
    QByteArray m_drawing;
};

} // namespace

QIcon icon(const QString &name)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QIcon(new SvgIcon(file.readAll())); // the icon owns its engine
}

QIcon phaseIcon(Phase phase)
{
    return icon(QStringLiteral("phase-") + QLatin1StringView(phaseName(phase)));
}

// A tick would say too much of a mirror that is far behind, or that leaves something out.
QIcon stateIcon(const VaultRow &row, bool stale)
{
    if (stale)
        return phaseIcon(Phase::Offline);
    const bool runs = row.runs() && !row.halt;
    if (runs && row.faults() > 0)
        return icon(QStringLiteral("warning"));
    const bool behind = row.phase == Phase::Mirroring && row.isBehind();
    return behind ? icon(QStringLiteral("phase-behind")) : phaseIcon(row.phase);
}

QIcon applicationIcon()
{
    return icon(QStringLiteral("octopus"));
}

} // namespace octopus::desktop
