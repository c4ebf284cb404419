// The stored configuration is the old one or the new one, whatever happens, and a file that is not
// understood is left alone.
#include "engine/store/configurationfile.h"
#include "tests/engine/store/sampleconfiguration.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakefilesystem.h"
#include "tests/support/resultcheck.h"
#include "tests/support/seededrandom.h"
#include "tests/support/treebuilder.h"

#include <QTest>

using namespace octopus;
using namespace octopus::store;
using namespace octopus::testing;

namespace {

const QByteArray directory = "/state";
const RelPath file = RelPath::of("config.json");

struct State {
    FakeClock clock;
    FakeFileSystem files{clock};
    std::unique_ptr<FakeRoot> outside = files.bypass(directory);
    std::unique_ptr<Root> root = *files.openRoot(directory);
};

} // namespace

class ConfigurationFileTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noFileIsAnEmptyConfiguration();
    void whatWasSavedIsLoadedAgain();
    void onlyTheUserCanReadIt();
    void aBrokenFileIsNeverOverwritten_data();
    void aBrokenFileIsNeverOverwritten();
    void anInvalidConfigurationDoesNotReplaceAValidOne();
    void aFullDiskLeavesTheOldOne();
    void aCrashAnywhereLeavesTheOldOrTheNewOne();
};

void ConfigurationFileTest::noFileIsAnEmptyConfiguration()
{
    State state;
    ConfigurationFile stored(*state.root);
    const Result<Configuration> configuration = stored.load();
    VERIFY_OK(configuration);
    QCOMPARE(*configuration, Configuration());
}

void ConfigurationFileTest::whatWasSavedIsLoadedAgain()
{
    State state;
    ConfigurationFile stored(*state.root);
    VERIFY_OK(stored.load());
    VERIFY_OK(stored.save(Configuration()));
    VERIFY_OK(stored.save(sampleConfiguration()));
    const Result<Configuration> again = ConfigurationFile(*state.root).load();
    VERIFY_OK(again);
    QCOMPARE(*again, sampleConfiguration());
    QCOMPARE(*listTree(*state.outside), QList<QByteArray>{"config.json"});
}

void ConfigurationFileTest::onlyTheUserCanReadIt()
{
    State state;
    ConfigurationFile stored(*state.root);
    VERIFY_OK(stored.load());
    VERIFY_OK(stored.save(sampleConfiguration()));
    QCOMPARE(state.root->stat(file)->mode, 0600U);
}

void ConfigurationFileTest::aBrokenFileIsNeverOverwritten_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<ErrorCode>("code");
    const QByteArray newer = R"({"format": "octopus-configuration", "version": 99})";
    QTest::newRow("empty") << QByteArray("config.json=") << ErrorCode::Corrupt;
    QTest::newRow("damaged") << QByteArray("config.json={\"format\": ") << ErrorCode::Corrupt;
    QTest::newRow("newer") << "config.json=" + newer << ErrorCode::VersionMismatch;
    QTest::newRow("a symbolic link") << QByteArray("config.json->elsewhere") << ErrorCode::Refused;
    QTest::newRow("a directory") << QByteArray("config.json/") << ErrorCode::Refused;
}

void ConfigurationFileTest::aBrokenFileIsNeverOverwritten()
{
    QFETCH(QByteArray, line);
    QFETCH(ErrorCode, code);
    State state;
    VERIFY_OK(buildTree(*state.outside, {line}));
    const Result<EntryStat> before = state.outside->stat(file);
    ConfigurationFile stored(*state.root);
    const Result<Configuration> loaded = stored.load();
    VERIFY_ERROR(loaded, code);
    QVERIFY(loaded.error().detail.startsWith("config.json"));
    QVERIFY(loaded.error().detail.contains("move it away")); // says what to do
    VERIFY_ERROR(stored.save(sampleConfiguration()), ErrorCode::Refused);
    QCOMPARE(*state.outside->stat(file), *before);
}

void ConfigurationFileTest::anInvalidConfigurationDoesNotReplaceAValidOne()
{
    State state;
    ConfigurationFile stored(*state.root);
    VERIFY_OK(stored.load());
    VERIFY_OK(stored.save(sampleConfiguration()));
    Configuration bad = sampleConfiguration();
    bad.vaults[0].name.clear();
    VERIFY_ERROR(stored.save(bad), ErrorCode::Invalid);
    QCOMPARE(*ConfigurationFile(*state.root).load(), sampleConfiguration());
}

void ConfigurationFileTest::aFullDiskLeavesTheOldOne()
{
    State state;
    ConfigurationFile stored(*state.root);
    VERIFY_OK(stored.load());
    VERIFY_OK(stored.save(Configuration()));
    state.files.faults().add({FakeCall::Write, ErrorCode::NoSpace, 0, -1, {}});
    VERIFY_ERROR(stored.save(sampleConfiguration()), ErrorCode::NoSpace);
    state.files.faults().clear();
    QCOMPARE(*ConfigurationFile(*state.root).load(), Configuration());
    QCOMPARE(*listTree(*state.outside), QList<QByteArray>{"config.json"});
    VERIFY_OK(stored.save(sampleConfiguration()));
}

void ConfigurationFileTest::aCrashAnywhereLeavesTheOldOrTheNewOne()
{
    bool finished = false;
    for (quint64 calls = 0; !finished; ++calls) {
        State state;
        SeededRandom random(calls);
        {
            ConfigurationFile stored(*state.root);
            VERIFY_OK(stored.load());
            VERIFY_OK(stored.save(Configuration()));
            state.files.faults().dieAfter(calls);
            finished = stored.save(sampleConfiguration()).has_value();
        }
        state.files.crash(random);
        const std::unique_ptr<Root> root = *state.files.openRoot(directory);
        ConfigurationFile stored(*root);
        const Result<Configuration> found = stored.load();
        VERIFY_OK(found);
        QVERIFY(*found == sampleConfiguration() || (!finished && *found == Configuration()));
        VERIFY_OK(stored.save(sampleConfiguration())); // a leftover is not in the way
        QVERIFY(calls < 100);
    }
}

QTEST_APPLESS_MAIN(ConfigurationFileTest)
#include "tst_configurationfile.moc"
