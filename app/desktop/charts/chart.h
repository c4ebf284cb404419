// Chart: one quantity of a mirror over time, painted: axes with units, gaps where nothing was seen,
// hatching where the lag was unknown, the value under the pointer or the arrow keys. GUI thread.
#pragma once

#include "app/desktop/charts/history.h"
#include "app/desktop/charts/scale.h"

#include <QWidget>

#include <optional>

namespace octopus::desktop {

class Chart : public QWidget
{
    Q_OBJECT

public:
    enum class Quantity : quint8 { Lag, Throughput };

    explicit Chart(Quantity quantity);

    void show(const QList<Sample> &samples, Span span);
    // The slot that is pointed at; nullopt: none.
    void point(std::optional<qsizetype> slot);
    [[nodiscard]] QString valueText(qsizetype slot) const; // with its time
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    [[nodiscard]] bool hasSeen() const; // anything at all
    [[nodiscard]] double valueOf(const Sample &sample) const;
    [[nodiscard]] QString amountText(double value) const;
    [[nodiscard]] QString tickText(double value) const;
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] double xOf(double slot) const;
    [[nodiscard]] double yOf(double value) const;
    void paintAxes(QPainter &painter) const;
    void paintTimes(QPainter &painter) const;
    void paintUnknown(QPainter &painter) const;
    void paintCurve(QPainter &painter) const;
    void paintCurvePart(QPainter &painter, qsizetype begin, qsizetype end) const;
    void paintPointed(QPainter &painter) const;
    void paintNothing(QPainter &painter) const;
    [[nodiscard]] QString description() const;

    const Quantity m_quantity;
    QList<Sample> m_samples;
    Span m_span = Span::TenMinutes;
    Scale m_scale;
    QRectF m_plot; // of the picture that is painted
    std::optional<qsizetype> m_pointed;
};

} // namespace octopus::desktop
