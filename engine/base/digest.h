// Digests: FastHash (XXH3, keyed by a secret of the pair; detects change and transmission faults)
// and Sha256 (verification and names by content). Sources: XXH3 of xxHash 0.8 (Y. Collet),
// FIPS 180-4 through OpenSSL. Values are immutable; hashers belong to one thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <array>
#include <compare>
#include <memory>

namespace octopus {

// 128-bit keyed fast hash of a content.
struct FastDigest {
    quint64 low = 0;
    quint64 high = 0;
    friend auto operator<=>(const FastDigest &, const FastDigest &) = default;
    [[nodiscard]] bool isNull() const { return low == 0 && high == 0; }
};

// The key of FastHash: a secret seed known to both sides of a pair.
struct HashKey {
    quint64 seed = 0;
    friend bool operator==(const HashKey &, const HashKey &) = default;
};

// 64-bit keyed hash of one block.
[[nodiscard]] quint64 blockHash(QByteArrayView bytes, HashKey key);
[[nodiscard]] FastDigest fastDigest(QByteArrayView bytes, HashKey key);
// Additional plain check of stored records (not keyed).
[[nodiscard]] quint64 checksum(QByteArrayView bytes);

// Streaming FastDigest.
class FastHasher
{
public:
    explicit FastHasher(HashKey key);
    ~FastHasher();
    FastHasher(FastHasher &&) noexcept;
    FastHasher &operator=(FastHasher &&) noexcept;
    void add(QByteArrayView bytes);
    void addNumber(quint64 number); // eight bytes, little-endian
    [[nodiscard]] FastDigest result() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

struct Sha256Digest {
    std::array<char, 32> bytes{};
    friend auto operator<=>(const Sha256Digest &, const Sha256Digest &) = default;
    [[nodiscard]] QByteArray toHex() const;
    [[nodiscard]] QByteArray toByteArray() const { return {bytes.data(), qsizetype(bytes.size())}; }
};

[[nodiscard]] Sha256Digest sha256(QByteArrayView bytes);

// Streaming SHA-256 (OpenSSL, hardware-accelerated where the processor can).
class Sha256Hasher
{
public:
    Sha256Hasher();
    ~Sha256Hasher();
    Sha256Hasher(Sha256Hasher &&) noexcept;
    Sha256Hasher &operator=(Sha256Hasher &&) noexcept;
    void add(QByteArrayView bytes);
    [[nodiscard]] Sha256Digest result(); // ends this digest; the hasher starts a new one

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace octopus
