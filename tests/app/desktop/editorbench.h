// EditorBench: a vault editor on a scripted engine, with what its tests do to it. GUI thread.
#pragma once

#include "app/desktop/editor/vaulteditor.h"
#include "app/desktop/fieldnote.h"
#include "app/desktop/machines/machinelist.h"
#include "tests/app/desktop/enginebench.h"

#include <QDir>
#include <QLineEdit>
#include <QTableWidget>

namespace octopus::desktop {

class EditorBench
{
protected:
    // A folder to mirror, and an engine that knows two machines: beta, paired, and this one.
    void prepare(const QJsonObject &other)
    {
        m_bench = std::make_unique<EngineBench>();
        m_bench->peers = {peerJson('b', QStringLiteral("beta"), true), other};
        QVERIFY(m_bench->isConnected());
        m_machines = std::make_unique<MachineList>(m_bench->link);
        m_folder = m_bench->folder.filePath(QStringLiteral("papers"));
        QVERIFY(QDir().mkpath(m_folder));
    }

    void end()
    {
        m_editor.reset();
        m_machines.reset();
        m_bench.reset();
    }

    void open(const std::optional<VaultDraft> &existing = std::nullopt)
    {
        m_editor =
            std::make_unique<VaultEditor>(m_bench->link, *m_machines, m_taken, existing, nullptr);
        m_editor->show();
        QTRY_COMPARE(field<QTableWidget>("targets")->rowCount(), 2);
    }

    template <typename Widget> [[nodiscard]] Widget *field(const char *name) const
    {
        return m_editor->findChild<Widget *>(QLatin1StringView(name));
    }

    [[nodiscard]] QStringList faults() const
    {
        QStringList texts;
        for (const FieldNote *note : m_editor->findChildren<FieldNote *>()) {
            if (note->isFault())
                texts.append(note->text());
        }
        return texts;
    }

    void choose(int row)
    {
        field<QTableWidget>("targets")->item(row, 0)->setCheckState(Qt::Checked);
    }

    void fill()
    {
        QTest::keyClicks(field<QLineEdit>("sourcePath"), m_folder);
        choose(0);
    }

    std::unique_ptr<EngineBench> m_bench;
    std::unique_ptr<MachineList> m_machines;
    std::unique_ptr<VaultEditor> m_editor;
    QStringList m_taken; // names of other vaults
    QString m_folder;    // to mirror
};

} // namespace octopus::desktop
