// FolderModel: the folders of this machine with a check box each: checked are the sources and what
// belongs to them; a folder below a source is unchecked where a pattern leaves it out. GUI thread.
#pragma once

#include "engine/model/rules.h"

#include <QFileSystemModel>
#include <QIdentityProxyModel>

namespace octopus::desktop {

class FolderModel : public QIdentityProxyModel
{
    Q_OBJECT

public:
    FolderModel();

    void setSources(const QList<QByteArray> &sources);
    void setRules(const Rules &rules); // rules that are not valid leave nothing out
    [[nodiscard]] QFileSystemModel &files() { return m_files; }
    [[nodiscard]] QModelIndex indexOf(const QByteArray &path) const;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

Q_SIGNALS:
    void sourcesChosen(const QList<QByteArray> &sources);
    // The user wants a folder below a source in or out. `pattern` names it and nothing else.
    void folderChosen(const QByteArray &pattern, bool in);

private:
    [[nodiscard]] QByteArray pathOf(const QModelIndex &index) const;
    [[nodiscard]] Qt::CheckState stateOf(const QByteArray &path) const;

    QFileSystemModel m_files;
    QList<QByteArray> m_sources;
    RuleMatcher m_rules;
};

// The pattern for exactly this folder of the vault, below its root.
[[nodiscard]] QByteArray patternFor(const QByteArray &relative);

} // namespace octopus::desktop
