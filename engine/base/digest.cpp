#include "engine/base/digest.h"

#include <QtEndian>

#include <openssl/evp.h>
#include <xxhash.h>

namespace octopus {

quint64 blockHash(QByteArrayView bytes, HashKey key)
{
    return XXH3_64bits_withSeed(bytes.data(), size_t(bytes.size()), key.seed);
}

FastDigest fastDigest(QByteArrayView bytes, HashKey key)
{
    const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.data(), size_t(bytes.size()), key.seed);
    return {hash.low64, hash.high64};
}

quint64 checksum(QByteArrayView bytes)
{
    return XXH3_64bits(bytes.data(), size_t(bytes.size()));
}

struct FastHasher::State {
    XXH3_state_t *xxh = XXH3_createState();
    State() = default;
    Q_DISABLE_COPY_MOVE(State)
    ~State() { XXH3_freeState(xxh); }
};

FastHasher::FastHasher(HashKey key) : m_state(std::make_unique<State>())
{
    XXH3_128bits_reset_withSeed(m_state->xxh, key.seed);
}

FastHasher::~FastHasher() = default;
FastHasher::FastHasher(FastHasher &&) noexcept = default;
FastHasher &FastHasher::operator=(FastHasher &&) noexcept = default;

void FastHasher::add(QByteArrayView bytes)
{
    XXH3_128bits_update(m_state->xxh, bytes.data(), size_t(bytes.size()));
}

void FastHasher::addNumber(quint64 number)
{
    const quint64 little = qToLittleEndian(number);
    XXH3_128bits_update(m_state->xxh, &little, sizeof little);
}

FastDigest FastHasher::result() const
{
    const XXH128_hash_t hash = XXH3_128bits_digest(m_state->xxh);
    return {hash.low64, hash.high64};
}

struct Sha256Hasher::State {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    State() { EVP_DigestInit_ex(context, EVP_sha256(), nullptr); }
    Q_DISABLE_COPY_MOVE(State)
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256Hasher::Sha256Hasher() : m_state(std::make_unique<State>()) {}
Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher &&) noexcept = default;
Sha256Hasher &Sha256Hasher::operator=(Sha256Hasher &&) noexcept = default;

void Sha256Hasher::add(QByteArrayView bytes)
{
    EVP_DigestUpdate(m_state->context, bytes.data(), size_t(bytes.size()));
}

Sha256Digest Sha256Hasher::result()
{
    Sha256Digest digest;
    unsigned int length = 0;
    EVP_DigestFinal_ex(m_state->context, reinterpret_cast<unsigned char *>(digest.bytes.data()),
                       &length);
    EVP_DigestInit_ex(m_state->context, EVP_sha256(), nullptr);
    return digest;
}

Sha256Digest sha256(QByteArrayView bytes)
{
    Sha256Hasher hasher;
    hasher.add(bytes);
    return hasher.result();
}

QByteArray Sha256Digest::toHex() const
{
    return toByteArray().toHex();
}

} // namespace octopus
