#include "app/process/rawtext.h"

namespace octopus::process {

namespace {

constexpr char16_t escapeBase = 0xdc00;

// The length of the valid UTF-8 sequence at the start of `bytes`, 0 if there is none.
qsizetype sequenceLength(QByteArrayView bytes)
{
    const auto first = uchar(bytes.front());
    const qsizetype length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (length > bytes.size() || !bytes.first(length).isValidUtf8())
        return 0;
    return length;
}

bool isEscape(QChar character)
{
    return character.unicode() >= escapeBase + 0x80 && character.unicode() <= escapeBase + 0xff;
}

} // namespace

QString textFromRaw(QByteArrayView bytes)
{
    if (bytes.isValidUtf8() && !bytes.startsWith("\xef\xbb\xbf"))
        return QString::fromUtf8(bytes);
    QString text;
    while (!bytes.isEmpty()) {
        const qsizetype length = sequenceLength(bytes);
        if (length == 3 && bytes.startsWith("\xef\xbb\xbf"))
            text += QChar(QChar::ByteOrderMark); // fromUtf8() would drop it
        else if (length > 0)
            text += QString::fromUtf8(bytes.first(length));
        else
            text += QChar(char16_t(escapeBase + uchar(bytes.front())));
        bytes = bytes.sliced(std::max<qsizetype>(length, 1));
    }
    return text;
}

QByteArray rawFromText(QStringView text)
{
    QByteArray bytes;
    while (!text.isEmpty()) {
        qsizetype length = 1;
        if (isEscape(text.front())) {
            bytes += char(text.front().unicode() - escapeBase);
        } else {
            while (length < text.size()
                   && (text[length - 1].isHighSurrogate() || !isEscape(text[length])))
                ++length;
            bytes += text.first(length).toUtf8();
        }
        text = text.sliced(length);
    }
    return bytes;
}

QStringList rawArguments(int count, char **arguments)
{
    QStringList list;
    for (int i = 0; i < count; ++i)
        list.append(textFromRaw(arguments[i]));
    return list;
}

} // namespace octopus::process
