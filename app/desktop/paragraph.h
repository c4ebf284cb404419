// Text that is read as a whole, within a dialog or a page, and commands for a terminal in it. Pure
// but for the reading direction; GUI thread.
#pragma once

#include <QString>

class QLabel;
class QWidget;

namespace octopus::desktop {

// Plain text over as many lines as it needs; the parent owns it. It can be selected.
[[nodiscard]] QLabel *paragraph(const QString &text, QWidget *parent);
// To be put after a sentence: on a line of its own, and read from the left also in an Arabic one.
[[nodiscard]] QString commandLine(const QString &command);

} // namespace octopus::desktop
