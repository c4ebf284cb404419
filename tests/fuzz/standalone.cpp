// Runs a fuzz target without libFuzzer, for builds with other compilers: every file of the folders
// given, then simple mutations of them, the same ones each time. Takes libFuzzer's arguments and
// knows -max_total_time=SECONDS, -max_len=BYTES and -artifact_prefix=PATH; the input that brings
// the target down is left at that path.
#include "tests/fuzz/property.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <random>

namespace {

struct Arguments {
    qint64 milliseconds = 0;
    qsizetype longest = 4096;
    QByteArray artifact = "crash-";
    QList<QByteArray> folders;
};

Arguments parse(int count, char **values)
{
    Arguments arguments;
    for (int i = 1; i < count; ++i) {
        const QByteArray value(values[i]);
        const QByteArray number = value.mid(value.indexOf('=') + 1);
        if (value.startsWith("-max_total_time="))
            arguments.milliseconds = number.toLongLong() * 1000;
        else if (value.startsWith("-max_len="))
            arguments.longest = number.toLongLong();
        else if (value.startsWith("-artifact_prefix="))
            arguments.artifact = number;
        else if (!value.startsWith('-'))
            arguments.folders.append(value);
    }
    return arguments;
}

QList<QByteArray> readSeeds(const QList<QByteArray> &folders)
{
    QStringList names;
    for (const QByteArray &folder : folders) {
        QDirIterator files(QFile::decodeName(folder), QDir::Files);
        while (files.hasNext())
            names.append(files.next());
    }
    names.sort();
    QList<QByteArray> seeds;
    for (const QString &name : std::as_const(names)) {
        QFile file(name);
        if (file.open(QIODevice::ReadOnly))
            seeds.append(file.readAll());
    }
    return seeds;
}

class Mutator
{
public:
    Mutator(QList<QByteArray> seeds, qsizetype longest)
        : m_seeds(std::move(seeds)),
          m_longest(longest)
    {}

    QByteArray next()
    {
        QByteArray bytes = m_seeds[below(m_seeds.size())];
        for (qsizetype left = 1 + below(5); left > 0; --left)
            mutate(bytes);
        bytes.truncate(m_longest);
        return bytes;
    }

private:
    qsizetype below(qsizetype limit) { return qsizetype(m_random() % quint64(limit)); }
    char anyByte()
    {
        static constexpr char edges[] = {'\0', '\1', '\x7f', '\x80', '\xff', '/', '.', '"', '{'};
        return below(2) ? char(m_random()) : edges[below(sizeof edges)];
    }

    void mutate(QByteArray &bytes)
    {
        const qsizetype at = bytes.isEmpty() ? 0 : below(bytes.size());
        const qsizetype length = bytes.isEmpty() ? 0 : 1 + below(bytes.size() - at);
        switch (bytes.isEmpty() ? 4 : below(8)) {
        case 0: bytes[at] = char(bytes[at] ^ (1 << below(8))); break;
        case 1: bytes[at] = anyByte(); break;
        case 2: bytes.truncate(at); break;
        case 3: bytes.remove(at, std::min<qsizetype>(length, 16)); break;
        case 4: bytes.insert(at, anyByte()); break;
        case 5: bytes.insert(at, bytes.sliced(at, length)); break;
        case 6: bytes.replace(at, std::min<qsizetype>(length, 8), QByteArray(8, anyByte())); break;
        default: splice(bytes, at); break;
        }
    }

    // The beginning of one seed and the end of another.
    void splice(QByteArray &bytes, qsizetype at)
    {
        const QByteArray &other = m_seeds[below(m_seeds.size())];
        bytes.truncate(at);
        if (!other.isEmpty())
            bytes += other.sliced(below(other.size()));
    }

    const QList<QByteArray> m_seeds;
    const qsizetype m_longest;
    std::mt19937_64 m_random{17290};
};

// What a signal handler may touch.
const char *artifactPath = nullptr;
const char *currentData = nullptr;
size_t currentSize = 0;

void keepInput(int signal)
{
    const int file = ::open(artifactPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    [[maybe_unused]] const ssize_t written = ::write(file, currentData, currentSize);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

void run(const QByteArray &input)
{
    currentData = input.constData();
    currentSize = size_t(input.size());
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(currentData), currentSize);
}

} // namespace

int main(int count, char **values)
{
    const Arguments arguments = parse(count, values);
    const QByteArray artifact = arguments.artifact + "input";
    artifactPath = artifact.constData();
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL})
        ::signal(signal, keepInput);

    const QList<QByteArray> seeds = readSeeds(arguments.folders);
    if (seeds.isEmpty()) {
        std::fprintf(stderr, "there are no seeds\n");
        return 1;
    }
    for (const QByteArray &seed : seeds)
        run(seed);
    Mutator mutator(seeds, arguments.longest);
    QElapsedTimer timer;
    timer.start();
    qint64 executions = 0;
    for (; !timer.hasExpired(arguments.milliseconds); ++executions)
        run(mutator.next());
    std::printf("%lld seeds, %lld mutations\n", qlonglong(seeds.size()), qlonglong(executions));
    return 0;
}
