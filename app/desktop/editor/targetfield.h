// TargetField: which machines keep a replica, in which folder there, and by which way the one in
// the current line is reached. Lists what the engine knows; only paired machines can be chosen. GUI
// thread.
#pragma once

#include "app/desktop/editor/targetcheck.h"
#include "app/desktop/editor/vaultdraft.h"
#include "app/desktop/machines/machinelist.h"

#include <QWidget>

#include <map>

class QLineEdit;
class QTableWidget;
class QTableWidgetItem;

namespace octopus::desktop {

class FieldNote;
class TransportField;

class TargetField : public QWidget
{
    Q_OBJECT

public:
    // Both outlive the field.
    TargetField(EngineLink &link, MachineList &machines);
    ~TargetField() override;

    [[nodiscard]] QList<DraftTarget> targets() const;
    void setTargets(const QList<DraftTarget> &targets);
    // Chooses the machine that is paired, once these are known, if it is the only one and nothing
    // was chosen before.
    void proposeTheOnlyOne();
    // What an empty folder stands for.
    void setVaultName(const QString &name);
    // The ways to all targets that have none of their own.
    void setVaultTransport(const QString &transport);
    // Shows what is wrong. True: nothing is.
    bool check();

Q_SIGNALS:
    void changed();
    void proposed();
    void pairingWanted();

private:
    struct Row {
        QTableWidgetItem *name = nullptr;
        QTableWidgetItem *state = nullptr;
        QLineEdit *folder = nullptr;
        QString transport; // its own; empty: the vault's
    };

    void buildTable();
    void refresh();
    void propose();
    Row &rowFor(const MachineId &id);
    void show(Row &row, const Machine &machine);
    void touch();
    void checkPlaces();
    void showPlaces();
    Row *currentRow(); // nullptr: none is chosen
    void showWay();
    void takeWay();
    [[nodiscard]] QString faultOf(const Row &row) const;

    MachineList &m_machines;
    QTableWidget *m_table;
    FieldNote *m_note;
    FieldNote *m_found; // what the machines say of the folders
    TransportField *m_way;
    TargetCheck m_places;
    QString m_vaultName;
    QString m_vaultTransport = QStringLiteral("auto");
    std::map<MachineId, Row> m_rows;
    bool m_checked = false; // faults show
    bool m_quiet = false;
    bool m_proposes = false;   // the only machine, as soon as it is known
    bool m_offersWays = false; // there were several targets, or one with a way of its own
};

} // namespace octopus::desktop
