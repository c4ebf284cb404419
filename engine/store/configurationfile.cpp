#include "engine/store/configurationfile.h"

#include "engine/store/privatefile.h"

namespace octopus::store {

static constexpr qsizetype fileCap = 16 * 1024 * 1024;
static constexpr const char *fileName = "config.json";

static std::unexpected<Error> advised(Error error)
{
    if (!error.detail.startsWith(fileName))
        error.detail = QByteArray(fileName) + ": " + error.detail;
    error.detail +=
        ". The file was left as it is: mend it or restore it from a copy, or move it "
        "away to start with an empty configuration (what is mirrored stays where it is)";
    return std::unexpected(std::move(error));
}

Result<Configuration> ConfigurationFile::load()
{
    m_loaded = false;
    const Result<QByteArray> bytes = readStateFile(m_root, RelPath::of(fileName), fileCap);
    if (!bytes && bytes.error().code != ErrorCode::NotFound)
        return advised(bytes.error());
    Result<Configuration> configuration = Configuration();
    if (bytes)
        configuration = decode(*bytes);
    if (!configuration)
        return advised(configuration.error());
    m_loaded = true;
    return configuration;
}

Result<void> ConfigurationFile::save(const Configuration &configuration)
{
    if (!m_loaded) {
        return failure(ErrorCode::Refused,
                       "the stored configuration was not understood and is not overwritten");
    }
    OCTOPUS_TRY(check(configuration));
    return writeStateFile(m_root, RelPath::of(fileName), encode(configuration),
                          RenameMode::Replace);
}

} // namespace octopus::store
