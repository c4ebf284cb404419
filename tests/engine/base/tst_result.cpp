#include "engine/base/result.h"

#include <QSet>
#include <QTest>

#include <cerrno>

using namespace octopus;

class ResultTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCodeHasItsOwnName();
    void systemErrorsBecomeCodes_data();
    void systemErrorsBecomeCodes();
    void aSystemFailureKeepsItsNumberAndSubject();
    void tryPassesOnTheError();
};

void ResultTest::everyCodeHasItsOwnName()
{
    QSet<QByteArray> names;
    for (int code = int(ErrorCode::NotFound); code <= int(ErrorCode::Other); ++code)
        names.insert(errorName(ErrorCode(code)));
    QCOMPARE(names.size(), int(ErrorCode::Other));
    for (const QByteArray &name : names) {
        for (const char c : name)
            QVERIFY((c >= 'a' && c <= 'z') || c == '-');
    }
}

void ResultTest::systemErrorsBecomeCodes_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<ErrorCode>("code");
    const auto row = [](int number, ErrorCode code) {
        QTest::addRow("%s", strerrorname_np(number)) << number << code;
    };
    row(ENOENT, ErrorCode::NotFound);
    row(EEXIST, ErrorCode::Exists);
    row(ENOTDIR, ErrorCode::NotDirectory);
    row(EISDIR, ErrorCode::IsDirectory);
    row(ENOTEMPTY, ErrorCode::NotEmpty);
    row(EACCES, ErrorCode::PermissionDenied);
    row(EPERM, ErrorCode::PermissionDenied);
    row(ELOOP, ErrorCode::OutsideRoot);
    row(EXDEV, ErrorCode::OutsideRoot);
    row(ENOSPC, ErrorCode::NoSpace);
    row(EDQUOT, ErrorCode::NoSpace);
    row(EROFS, ErrorCode::ReadOnly);
    row(EIO, ErrorCode::InputOutput);
    row(ESTALE, ErrorCode::InputOutput);
    row(EUCLEAN, ErrorCode::InputOutput);
    row(ENOTCONN, ErrorCode::InputOutput);
    row(EAGAIN, ErrorCode::Busy);
    row(EBUSY, ErrorCode::Busy);
    row(ENAMETOOLONG, ErrorCode::TooLong);
    row(EFBIG, ErrorCode::TooLong);
    row(EOPNOTSUPP, ErrorCode::Unsupported);
    row(ENOSYS, ErrorCode::Unsupported);
    row(ENOTTY, ErrorCode::Unsupported);
    row(EMFILE, ErrorCode::LimitReached);
    row(ENOMEM, ErrorCode::LimitReached);
    row(EINVAL, ErrorCode::Invalid);
    row(ECONNRESET, ErrorCode::Disconnected);
    row(ECONNREFUSED, ErrorCode::Unreachable);
    row(ETIMEDOUT, ErrorCode::TimedOut);
    row(EDOM, ErrorCode::Other);
}

void ResultTest::systemErrorsBecomeCodes()
{
    QFETCH(int, number);
    QFETCH(ErrorCode, code);
    QCOMPARE(systemFailure(number, "x").code, code);
}

void ResultTest::aSystemFailureKeepsItsNumberAndSubject()
{
    const Error error = systemFailure(ENOENT, "open a\xff");
    QCOMPARE(error.systemError, ENOENT);
    QVERIFY(error.detail.startsWith("open a\xff: "));
}

void ResultTest::tryPassesOnTheError()
{
    const auto twice = [](Result<int> first, Result<int> second) -> Result<QByteArray> {
        OCTOPUS_TRY(first);
        OCTOPUS_TRY(second);
        return QByteArray("done");
    };
    QCOMPARE(*twice(1, 2), "done");
    QCOMPARE(twice(failure(ErrorCode::Busy, "a"), failure(ErrorCode::Other)).error(),
             (Error{ErrorCode::Busy, "a", 0}));
    QCOMPARE(twice(1, failure(ErrorCode::Other, "b")).error().detail, "b");
}

QTEST_APPLESS_MAIN(ResultTest)
#include "tst_result.moc"
