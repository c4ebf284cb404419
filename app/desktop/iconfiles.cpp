// octopus-icons DRAWING SMALL-DRAWING FOLDER SIZE…: draws FOLDER/NxN/apps/org.octopusmirror.Octopus.png
// for each size. Runs while the project is built; is not installed.
#include <QDir>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>

#include <cstdio>

namespace {

// Below this the fine drawing is a blur.
constexpr int leastSizeOfLarge = 32;

bool draw(const QString &drawing, const QString &folder, int size)
{
    QSvgRenderer renderer(drawing);
    if (!renderer.isValid() || size < 1)
        return false;
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter, QRectF(0, 0, size, size));
    painter.end();
    const QString place = QStringLiteral("%1/%2x%2/apps").arg(folder).arg(size);
    return QDir().mkpath(place)
        && image.save(place + QStringLiteral("/org.octopusmirror.Octopus.png"), "PNG");
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 5) {
        std::fputs("octopus-icons: it takes two drawings, a folder, and sizes\n", stderr);
        return 2;
    }
    const QString folder = QFile::decodeName(argv[3]);
    for (int i = 4; i < argc; ++i) {
        const int size = QByteArray(argv[i]).toInt();
        const char *drawing = argv[size < leastSizeOfLarge ? 2 : 1];
        if (!draw(QFile::decodeName(drawing), folder, size)) {
            std::fprintf(stderr, "octopus-icons: %s cannot be drawn at size %s into %s\n", drawing,
                         argv[i], argv[3]);
            return 1;
        }
    }
    return 0;
}
