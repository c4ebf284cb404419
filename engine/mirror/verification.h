// Verification: proves by content that replica and source are equal, while mirroring goes on.
//
// The target lists its entries with SHA-256 digests, the source is walked and hashed in the same
// order. What differs is looked at again once every change captured until then has been applied, so
// that a file in motion is not reported; what still differs is. Repairs nothing by itself. Stepwise,
// like Primary, which owns it.
#pragma once

#include "engine/mirror/primary.h"

#include <deque>

namespace octopus::mirror {

struct Difference {
    RelPath path;
    QByteArray what; // "missing", "extra", "kind", "content", "size", "attributes", "link"
};

struct VerificationReport {
    quint64 compared = 0;
    quint64 identical = 0;
    quint64 bytesCompared = 0;
    QList<Difference> different;
    Sha256Digest digest; // of the target's listing: paths, kinds, attributes, contents in order
    Nanoseconds duration{0};
    bool complete = false; // false: it was interrupted
};

class Verification
{
public:
    explicit Verification(Primary &primary) : m_primary(primary) {}

    // Begins as soon as the mirror has been compared; `repair`: what differs is then sent again.
    void start(bool repair);
    void cancel(); // nobody waits for it any more
    [[nodiscard]] bool isRunning() const { return m_stage != Stage::Idle; }
    // The last finished one; and what the running one has found so far.
    [[nodiscard]] const VerificationReport &report() const { return m_report; }
    [[nodiscard]] const VerificationReport &current() const { return m_current; }
    [[nodiscard]] quint64 finished() const { return m_finished; }

    // Primary's calls.
    [[nodiscard]] bool owns(quint32 request) const { return m_request == request && isRunning(); }
    [[nodiscard]] Result<void> receive(const wire::TreeListing &listing);
    [[nodiscard]] Result<void> receive(const wire::TreeEnd &end);
    bool work(); // true: call again at once
    void interrupt();

private:
    enum class Stage : quint8 { Idle, Waiting, Comparing, Settling, Rechecking };
    struct Hashing { // the source's content of an entry that is alike so far
        wire::TreeEntry listed;
        std::unique_ptr<File> file;
        quint64 offset = 0;
        Sha256Hasher hasher;
    };
    struct Directory {
        RelPath path;
        QList<QByteArray> names;
        qsizetype position = 0;
    };
    void request(const RelPath &path);
    [[nodiscard]] std::optional<RelPath> peekSource();
    void advanceSource();
    bool compareNext();
    void compareEntry(const wire::TreeEntry &listed);
    [[nodiscard]] QByteArray shapeDifference(const wire::TreeEntry &listed, const EntryStat &stat);
    [[nodiscard]] QByteArray attributeDifference(const wire::TreeEntry &listed);
    void hash();
    void conclude(const RelPath &path, const QByteArray &what);
    void addToDigest(const wire::TreeEntry &listed);
    void suspect(const RelPath &path, const QByteArray &what);
    bool settle();
    bool recheck();
    void concludeRecheck(const QByteArray &what);
    void finish(bool complete);

    Primary &m_primary;
    Stage m_stage = Stage::Idle;
    bool m_repair = false;
    quint32 m_request = 0;
    std::deque<wire::TreeEntry> m_listed;
    bool m_listingEnded = false;
    std::vector<Directory> m_walk;
    std::optional<RelPath> m_here; // the source's path that is compared next
    bool m_walkEnded = false;
    std::optional<Hashing> m_hashing;
    std::map<RelPath, QByteArray> m_suspects;
    std::map<RelPath, QByteArray>::iterator m_rechecked;
    int m_rounds = 0;
    MonotonicTime m_barrier;
    MonotonicTime m_started;
    Sha256Hasher m_hasher;
    VerificationReport m_report;
    VerificationReport m_current;
    quint64 m_finished = 0;
};

} // namespace octopus::mirror
