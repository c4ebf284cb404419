// The language of the program: its texts, those of Qt's own dialogs, numbers, times and the
// direction of reading. GUI thread, with an application.
#pragma once

class QLocale;

namespace octopus::desktop {

// From now on everything that is made speaks the language of this locale; English where we have no
// translation. May be called again.
void installLanguage(const QLocale &locale);

} // namespace octopus::desktop
