// Checks of Result values in Qt tests, which say what the error was: VERIFY_OK(expression) and
// VERIFY_ERROR(expression, ErrorCode::NotFound). Both leave the test function when they fail, so
// they belong in functions that return void.
#pragma once

#include "engine/base/result.h"

#include <QByteArray>

namespace octopus::testing {

// "" or the error in words.
template <typename T> [[nodiscard]] QByteArray errorText(const Result<T> &result)
{
    if (result)
        return {};
    return QByteArray(errorName(result.error().code)) + " (" + result.error().detail + ')';
}

} // namespace octopus::testing

#define VERIFY_OK(expression)                                                                      \
    do {                                                                                           \
        const auto verifiedText = octopus::testing::errorText(expression);                         \
        QVERIFY2(verifiedText.isEmpty(), (#expression ": " + verifiedText).constData());           \
    } while (false)

#define VERIFY_ERROR(expression, expected)                                                         \
    do {                                                                                           \
        const auto verifiedResult = (expression);                                                  \
        QVERIFY2(!verifiedResult, #expression " did not fail");                                    \
        const auto verifiedText = octopus::testing::errorText(verifiedResult);                     \
        QVERIFY2(verifiedResult.error().code == (expected),                                        \
                 (#expression ": " + verifiedText).constData());                                   \
    } while (false)
