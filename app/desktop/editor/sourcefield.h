// SourceField: which folder is mirrored: checked in a tree, typed, or dropped. GUI thread.
#pragma once

#include "app/desktop/editor/foldermodel.h"

#include <QTimer>
#include <QWidget>

class QLineEdit;
class QMimeData;
class QTreeView;

namespace octopus::desktop {

class FieldNote;

class SourceField : public QWidget
{
    Q_OBJECT

public:
    SourceField();

    [[nodiscard]] const QList<QByteArray> &sources() const { return m_sources; }
    void setSources(const QList<QByteArray> &sources);
    // What the patterns leave out is shown unchecked.
    void setRules(const Rules &rules);
    // Shows what is wrong, from now on also while typing. True: nothing is.
    bool check();
    // The folders among what was dropped or pasted.
    [[nodiscard]] static QList<QByteArray> localPaths(const QMimeData &data);

Q_SIGNALS:
    void changed();
    void folderChosen(const QByteArray &pattern, bool in);

private:
    void take(const QList<QByteArray> &sources, bool reveal);
    void hideNeedlessOffer();
    void reveal();
    void revealAgain();

    FolderModel m_folders;
    QLineEdit *m_path;
    FieldNote *m_note;
    QTreeView *m_tree;
    QList<QByteArray> m_sources;
    QTimer m_settled;        // rows of a folder that was read have found their places
    bool m_revealing = true; // until the user goes elsewhere in the tree
};

} // namespace octopus::desktop
