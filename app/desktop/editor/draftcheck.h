// What is wrong with the single fields of a vault that is being edited, in the user's words; empty:
// nothing. Looks at no disk and asks nobody, but for checkSource(). GUI thread.
#pragma once

#include "engine/model/vault.h"

#include <QCoreApplication>
#include <QStringList>

namespace octopus::desktop {

class DraftCheck
{
    Q_DECLARE_TR_FUNCTIONS(octopus::desktop::DraftCheck)

public:
    // `taken`: the names of the other vaults.
    [[nodiscard]] static QString name(const QString &name, const QStringList &taken);
    // Also looks whether the folder is there and may be read.
    [[nodiscard]] static QString sources(const QList<QByteArray> &sources);
    [[nodiscard]] static QString patterns(const QList<QByteArray> &patterns);
    [[nodiscard]] static QString destination(const QByteArray &destination);
    // Quotes no part of a login at a proxy.
    [[nodiscard]] static QString transport(const QString &text);
    // What a text that is right means; empty: a list says it itself.
    [[nodiscard]] static QString transportHint(const QString &text);
};

} // namespace octopus::desktop
