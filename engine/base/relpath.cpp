#include "engine/base/relpath.h"

#include <QChar>
#include <QList>
#include <QStringDecoder>

#include <algorithm>

namespace octopus {

static Result<void> checkName(QByteArrayView name)
{
    if (name.isEmpty() || name == "." || name == "..")
        return failure(ErrorCode::Invalid, "path has an empty, '.' or '..' component");
    if (name.size() > RelPath::maximumNameLength)
        return failure(ErrorCode::TooLong, "a name is longer than 255 bytes");
    if (name.contains('\0') || name.contains('/'))
        return failure(ErrorCode::Invalid, "a name holds a NUL byte or a slash");
    return {};
}

Result<RelPath> RelPath::parse(QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return RelPath();
    if (bytes.size() > maximumLength)
        return failure(ErrorCode::TooLong, "path is longer than 4095 bytes");
    int depth = 0;
    qsizetype start = 0;
    while (start <= bytes.size()) {
        qsizetype end = bytes.indexOf('/', start);
        if (end < 0)
            end = bytes.size();
        OCTOPUS_TRY(checkName(bytes.sliced(start, end - start)));
        if (++depth > maximumDepth)
            return failure(ErrorCode::TooLong, "path has more than 256 components");
        start = end + 1;
    }
    return RelPath(bytes.toByteArray());
}

RelPath RelPath::of(const char *literal)
{
    auto path = parse(literal);
    Q_ASSERT(path);
    return path ? *path : RelPath();
}

QByteArrayView RelPath::name() const
{
    return QByteArrayView(m_bytes).sliced(m_bytes.lastIndexOf('/') + 1);
}

RelPath RelPath::parent() const
{
    const qsizetype slash = m_bytes.lastIndexOf('/');
    return slash < 0 ? RelPath() : RelPath(m_bytes.first(slash));
}

int RelPath::depth() const
{
    return isRoot() ? 0 : int(m_bytes.count('/')) + 1;
}

Result<RelPath> RelPath::child(QByteArrayView name) const
{
    OCTOPUS_TRY(checkName(name));
    if (depth() >= maximumDepth || m_bytes.size() + 1 + name.size() > maximumLength)
        return failure(ErrorCode::TooLong, "path is too long or too deep");
    if (isRoot())
        return RelPath(name.toByteArray());
    QByteArray joined;
    joined.reserve(m_bytes.size() + 1 + name.size());
    joined.append(m_bytes).append('/').append(name);
    return RelPath(std::move(joined));
}

bool RelPath::isWithin(const RelPath &ancestor) const
{
    if (ancestor.isRoot())
        return true;
    if (!m_bytes.startsWith(ancestor.m_bytes))
        return false;
    return m_bytes.size() == ancestor.m_bytes.size() || m_bytes[ancestor.m_bytes.size()] == '/';
}

Result<RelPath> RelPath::rebased(const RelPath &from, const RelPath &to) const
{
    Q_ASSERT(isWithin(from));
    if (*this == from)
        return to;
    const qsizetype skip = from.isRoot() ? 0 : from.m_bytes.size() + 1;
    const QByteArrayView rest = QByteArrayView(m_bytes).sliced(skip);
    if (to.isRoot())
        return parse(rest);
    return parse(to.m_bytes + '/' + rest.toByteArray());
}

std::strong_ordering operator<=>(const RelPath &a, const RelPath &b)
{
    const auto order = [](char x) { return x == '/' ? 0 : int(static_cast<unsigned char>(x)) + 1; };
    const QByteArray &x = a.m_bytes;
    const QByteArray &y = b.m_bytes;
    const qsizetype common = std::min(x.size(), y.size());
    const auto [i, j] = std::mismatch(x.cbegin(), x.cbegin() + common, y.cbegin());
    if (i == x.cbegin() + common)
        return x.size() <=> y.size();
    return order(*i) <=> order(*j);
}

static bool isDeceptive(char32_t c)
{
    const auto category = QChar::category(c);
    return category == QChar::Other_Control || category == QChar::Other_Format
        || category == QChar::Other_NotAssigned || category == QChar::Separator_Line
        || category == QChar::Separator_Paragraph || category == QChar::Other_Surrogate;
}

QString displayText(QByteArrayView bytes)
{
    QString text;
    qsizetype i = 0;
    while (i < bytes.size()) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        if (lead >= 0x20 && lead < 0x7f
            && lead != '\\') { // nearly every character of nearly every path
            text += QLatin1Char(char(lead));
            ++i;
            continue;
        }
        const qsizetype length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        QStringDecoder decoder(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
        const QString piece =
            i + length <= bytes.size() ? QString(decoder(bytes.sliced(i, length))) : QString();
        const QList<uint> points = piece.toUcs4();
        if (decoder.hasError() || points.size() != 1) {
            text += QStringLiteral("\\x%1").arg(uint(lead), 2, 16, QLatin1Char('0'));
            ++i;
            continue;
        }
        if (points.first() == U'\\')
            text += QStringLiteral("\\\\");
        else if (isDeceptive(points.first()))
            text += QStringLiteral("\\u{%1}").arg(points.first(), 4, 16, QLatin1Char('0'));
        else
            text += piece;
        i += length;
    }
    return text;
}

QString RelPath::displayText() const
{
    return octopus::displayText(m_bytes);
}

} // namespace octopus
