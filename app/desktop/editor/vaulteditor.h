// VaultEditor: adds a vault or changes one. Every field is checked as it is typed; what the engine
// refuses is said in the dialog, which then stays as it was. Cancelling asks where something was
// entered. open() it. GUI thread.
#pragma once

#include "app/desktop/editor/vaultdraft.h"
#include "app/desktop/enginelink.h"

#include <QDialog>
#include <QStringList>

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace octopus::desktop {

class Banner;
class ContentPreview;
class FieldNote;
class MachineList;
class PatternField;
class SourceField;
class TargetField;
class TransportField;

class VaultEditor : public QDialog
{
    Q_OBJECT

public:
    // `takenNames`: of all other vaults. Without `existing` a new vault is made. `link` and
    // `machines` outlive the dialog.
    VaultEditor(EngineLink &link, MachineList &machines, const QStringList &takenNames,
                std::optional<VaultDraft> existing, QWidget *parent);

    [[nodiscard]] VaultDraft draft() const;
    void setSources(const QList<QByteArray> &sources);
    void accept() override; // sends what was entered; closes when the engine has taken it
    void reject() override;

Q_SIGNALS:
    void pairingWanted();
    void saved(const QString &name);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void buildLayout();
    [[nodiscard]] QWidget *buildFoot();
    void connectFields();
    void fill(const VaultDraft &draft);
    void proposeName();
    void takeRules();
    void chooseFolder(const QByteArray &pattern, bool in);
    bool check();
    void send();
    void conclude(const control::Answer &answer);
    void setBusy(bool busy);
    void confirmDiscard();

    EngineLink &m_link;
    const QStringList m_takenNames;
    const std::optional<VaultDraft> m_existing;
    VaultDraft m_initial; // what cancelling loses nothing of
    Banner *m_failure;
    QWidget *m_form;
    QLineEdit *m_name;
    FieldNote *m_nameNote;
    SourceField *m_source;
    PatternField *m_excludes;
    PatternField *m_includes;
    ContentPreview *m_preview;
    TargetField *m_targets;
    QCheckBox *m_adopt;
    TransportField *m_transport;
    QPushButton *m_save = nullptr;
    bool m_nameIsProposed = true; // not typed by the user
};

} // namespace octopus::desktop
