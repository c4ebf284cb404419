#include "app/desktop/editor/vaulteditor.h"

#include "app/desktop/banner.h"
#include "app/desktop/editor/contentpreview.h"
#include "app/desktop/editor/draftcheck.h"
#include "app/desktop/editor/patternfield.h"
#include "app/desktop/editor/sourcefield.h"
#include "app/desktop/editor/targetfield.h"
#include "app/desktop/editor/transportfield.h"
#include "app/desktop/failurewording.h"
#include "app/desktop/fieldnote.h"
#include "app/desktop/wording.h"
#include "engine/base/relpath.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDragEnterEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QVBoxLayout>

namespace octopus::desktop {

namespace {

constexpr qsizetype shownPaths = 8;
constexpr QSize usualSize{920, 700};

QString failureText(const control::Failure &failure)
{
    QStringList lines{FailureWording::text(failure, control::AddVault{})};
    for (const QByteArray &path : failure.paths.first(std::min(failure.paths.size(), shownPaths)))
        lines.append(QStringLiteral("    ") + Wording::shown(path));
    if (failure.paths.size() > shownPaths)
        lines.append(
            VaultEditor::tr("    and %n more", nullptr, int(failure.paths.size() - shownPaths)));
    return lines.join(u'\n');
}

} // namespace

VaultEditor::VaultEditor(EngineLink &link, MachineList &machines, const QStringList &takenNames,
                         std::optional<VaultDraft> existing, QWidget *parent)
    : QDialog(parent),
      m_link(link),
      m_takenNames(takenNames),
      m_existing(std::move(existing)),
      m_failure(new Banner),
      m_form(new QWidget(this)),
      m_name(new QLineEdit),
      m_nameNote(new FieldNote(this)),
      m_source(new SourceField),
      m_excludes(new PatternField(tr("&Leave out"), tr("*.tmp\n/cache/"))),
      m_includes(new PatternField(tr("&Only these (empty: everything)"), tr("*.odt"))),
      m_preview(new ContentPreview),
      m_targets(new TargetField(link, machines)),
      m_adopt(new QCheckBox(tr("The folder there may hold other files &already"))),
      m_transport(new TransportField(TransportField::Of::Vault))
{
    setWindowTitle(m_existing ? tr("Change a vault") : tr("Add a vault"));
    setAcceptDrops(true);
    m_name->setObjectName(QStringLiteral("vaultName"));
    m_name->setMaxLength(80); // one that is too long is seen, and said
    m_adopt->setObjectName(QStringLiteral("adopt"));
    m_adopt->setToolTip(tr("They are left alone. Where one has the name of a file of the vault, it "
                           "stays, and that file is listed as a problem."));
    buildLayout();
    if (m_existing)
        fill(*m_existing);
    m_initial = draft();
    connectFields();
    if (!m_existing)
        m_targets->proposeTheOnlyOne();
    resize(usualSize);
    m_source->setFocus();
}

void VaultEditor::buildLayout()
{
    auto *name = new QLabel(tr("&Name"));
    name->setBuddy(m_name);
    auto *nameRow = new QVBoxLayout;
    nameRow->setSpacing(m_source->layout()->spacing()); // as between other labels and fields
    nameRow->addWidget(name);
    nameRow->addWidget(m_name);
    nameRow->addWidget(m_nameNote);

    auto *rules = new QVBoxLayout;
    rules->setSpacing(10);
    rules->addWidget(m_excludes, 2);
    rules->addWidget(m_includes, 2);
    auto *preview = new QLabel(tr("What is in"));
    QFont bold = preview->font();
    bold.setBold(true);
    preview->setFont(bold);
    rules->addWidget(preview);
    rules->addWidget(m_preview, 3);

    auto *grid = new QGridLayout(m_form);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(10);
    grid->addWidget(m_source, 0, 0);
    grid->addLayout(rules, 0, 1);
    grid->addLayout(nameRow, 1, 0);
    grid->addWidget(m_targets, 1, 1, 3, 1);
    grid->addWidget(buildFoot(), 2, 0);
    grid->setRowStretch(0, 5);
    grid->setRowStretch(3, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);

    auto *buttons = new QDialogButtonBox(this);
    m_save = buttons->addButton(m_existing ? tr("&Save") : tr("&Start Mirroring"),
                                QDialogButtonBox::AcceptRole);
    m_save->setObjectName(QStringLiteral("save"));
    m_save->setDefault(true);
    buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole)
        ->setObjectName(QStringLiteral("cancel"));
    connect(buttons, &QDialogButtonBox::accepted, this, &VaultEditor::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &VaultEditor::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_failure);
    layout->addWidget(m_form, 1);
    layout->addWidget(buttons);
}

QWidget *VaultEditor::buildFoot()
{
    auto *foot = new QWidget;
    // The one grade that there is: its promise, and nothing to choose.
    auto *grade = new QLabel(tr("Capture: watch. Octopus notices each change and copies it; every "
                                "file at the target is a content that this file had at one "
                                "moment."));
    grade->setWordWrap(true);
    auto *layout = new QVBoxLayout(foot);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_adopt);
    layout->addWidget(m_transport);
    layout->addWidget(grade);
    return foot;
}

void VaultEditor::connectFields()
{
    connect(m_name, &QLineEdit::textChanged, this, [this](const QString &name) {
        m_targets->setVaultName(name);
        m_nameNote->showFault(DraftCheck::name(name, m_takenNames));
    });
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_nameIsProposed = false; });
    connect(m_transport, &TransportField::changed, this,
            [this] { m_targets->setVaultTransport(m_transport->text()); });
    connect(m_source, &SourceField::changed, this, [this] {
        proposeName();
        takeRules();
    });
    connect(m_source, &SourceField::folderChosen, this, &VaultEditor::chooseFolder);
    connect(m_excludes, &PatternField::changed, this, &VaultEditor::takeRules);
    connect(m_includes, &PatternField::changed, this, &VaultEditor::takeRules);
    connect(m_targets, &TargetField::pairingWanted, this, &VaultEditor::pairingWanted);
    connect(m_targets, &TargetField::proposed, this,
            [this] { m_initial.targets = m_targets->targets(); }); // nobody entered that
    connect(m_failure, &Banner::pressed, m_failure, &Banner::clear);
    takeRules();
}

void VaultEditor::fill(const VaultDraft &draft)
{
    m_nameIsProposed = false;
    m_name->setText(draft.name);
    m_source->setSources(draft.sources);
    m_excludes->setPatterns(draft.rules.excludes);
    m_includes->setPatterns(draft.rules.includes);
    m_targets->setVaultName(draft.name);
    m_targets->setTargets(draft.targets);
    m_adopt->setChecked(draft.adopt);
    m_transport->setText(draft.transport);
    m_targets->setVaultTransport(draft.transport);
}

VaultDraft VaultEditor::draft() const
{
    return {
        m_name->text(),       m_source->sources(), {m_includes->patterns(), m_excludes->patterns()},
        m_targets->targets(), m_transport->text(), m_adopt->isChecked()};
}

void VaultEditor::setSources(const QList<QByteArray> &sources)
{
    m_source->setSources(sources);
}

// The folder's own name, as long as the user has not typed another.
void VaultEditor::proposeName()
{
    if (!m_nameIsProposed || m_source->sources().size() != 1)
        return;
    const QByteArray path = m_source->sources().first();
    const QString name = displayText(path.sliced(path.lastIndexOf('/') + 1));
    if (checkVaultName(name))
        m_name->setText(name);
}

void VaultEditor::takeRules()
{
    const Rules rules = draft().rules;
    m_source->setRules(rules);
    const bool countable = DraftCheck::sources(m_source->sources()).isEmpty()
        && m_excludes->isValid() && m_includes->isValid();
    m_preview->ask(countable ? m_source->sources().first() : QByteArray(), rules);
}

// A folder below the source was checked or unchecked in the tree: that is a pattern.
void VaultEditor::chooseFolder(const QByteArray &pattern, bool in)
{
    QList<QByteArray> patterns = m_excludes->patterns();
    patterns.removeAll(pattern);
    if (!in)
        patterns.append(pattern);
    m_excludes->setPatterns(patterns);
}

bool VaultEditor::check()
{
    m_nameNote->showFault(DraftCheck::name(m_name->text(), m_takenNames));
    const bool source = m_source->check();
    const bool targets = m_targets->check();
    const std::initializer_list<std::pair<bool, QWidget *>> fields{
        {source, m_source},
        {m_excludes->isValid(), m_excludes},
        {m_includes->isValid(), m_includes},
        {!m_nameNote->isFault(), m_name},
        {targets, m_targets},
        {m_transport->isValid(), m_transport}};
    for (const auto &[valid, field] : fields) {
        if (!valid) {
            field->setFocus();
            return false;
        }
    }
    return true;
}

void VaultEditor::accept()
{
    if (check())
        send();
}

void VaultEditor::send()
{
    const VaultDraft wanted = draft();
    if (m_existing && wanted == m_initial)
        return QDialog::accept(); // nothing was changed
    setBusy(true);
    const control::Command command = m_existing ? control::Command(editCommand(m_initial, wanted))
                                                : control::Command(addCommand(wanted));
    m_link.send(command, this, [this](const control::Answer &answer) { conclude(answer); });
}

void VaultEditor::conclude(const control::Answer &answer)
{
    setBusy(false);
    if (answer) {
        Q_EMIT saved(m_name->text());
        return QDialog::accept();
    }
    m_failure->show(failureText(answer.error()));
    if (!answer.error().paths.isEmpty())
        m_adopt->setFocus();
}

void VaultEditor::setBusy(bool busy)
{
    m_failure->clear();
    m_form->setEnabled(!busy);
    m_save->setEnabled(!busy);
    m_save->setText(busy             ? tr("Asking the target…")
                        : m_existing ? tr("&Save")
                                     : tr("&Start Mirroring"));
}

void VaultEditor::reject()
{
    if (draft() == m_initial)
        return QDialog::reject();
    confirmDiscard();
}

void VaultEditor::confirmDiscard()
{
    auto *question = new QMessageBox(QMessageBox::Question, windowTitle(),
                                     tr("Discard what you entered?"), QMessageBox::NoButton, this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setObjectName(QStringLiteral("discardQuestion"));
    QPushButton *discard = question->addButton(tr("&Discard"), QMessageBox::DestructiveRole);
    discard->setObjectName(QStringLiteral("discard"));
    QPushButton *stay = question->addButton(tr("&Keep Editing"), QMessageBox::RejectRole);
    question->setDefaultButton(stay);
    connect(discard, &QPushButton::clicked, this, [this] { QDialog::reject(); });
    question->open();
}

void VaultEditor::dragEnterEvent(QDragEnterEvent *event)
{
    if (m_form->isEnabled() && !SourceField::localPaths(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void VaultEditor::dropEvent(QDropEvent *event)
{
    setSources(SourceField::localPaths(*event->mimeData()));
    event->acceptProposedAction();
}

} // namespace octopus::desktop
