<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>main</name>
        <message>
            <source>Mirrors folders to other machines.</source>
            <translation>Spiegelt Ordner auf andere Rechner.</translation>
        </message>
        <message>
            <source>start in the tray, as after login</source>
            <translation>in der Systemleiste starten, wie nach der Anmeldung</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ActivityModel</name>
        <message numerus="yes">
            <source>and %n more change(s)</source>
            <translation>
                <numerusform>und %Ln weitere Änderung</numerusform>
                <numerusform>und %Ln weitere Änderungen</numerusform>
            </translation>
        </message>
        <message>
            <source>(the folder itself)</source>
            <translation>(der Ordner selbst)</translation>
        </message>
        <message>
            <source>%1, before: %2</source>
            <translation>%1, vorher: %2</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>What</source>
            <translation>Was</translation>
        </message>
        <message>
            <source>Path</source>
            <translation>Pfad</translation>
        </message>
        <message>
            <source>Sent</source>
            <translation>Gesendet</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ActivityPane</name>
        <message>
            <source>Nothing was mirrored since the engine started. What changes in the source is listed here as soon as the target has it.</source>
            <translation>Seit der Dienst läuft, wurde nichts gespiegelt. Was sich in der Quelle ändert, steht hier, sobald das Ziel es hat.</translation>
        </message>
        <message>
            <source>Changes that were mirrored lately, the newest first</source>
            <translation>Zuletzt gespiegelte Änderungen, die neueste zuerst</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::AddressDialog</name>
        <message>
            <source>Pair by name or address</source>
            <translation>Über Namen oder Adresse koppeln</translation>
        </message>
        <message>
            <source>&amp;Name or address of the other machine</source>
            <translation>&amp;Name oder Adresse des anderen Rechners</translation>
        </message>
        <message>
            <source>&amp;Check</source>
            <translation>&amp;Prüfen</translation>
        </message>
        <message>
            <source>&amp;Pair with Six Digits</source>
            <translation>Mit sechs &amp;Ziffern koppeln</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Checking…</source>
            <translation>Wird geprüft …</translation>
        </message>
        <message>
            <source>Everything is in order at %1.</source>
            <translation>Bei %1 ist alles in Ordnung.</translation>
        </message>
        <message>
            <source>%1 runs Octopus and is not paired with this machine yet.</source>
            <translation>Auf %1 läuft Octopus; der Rechner ist mit diesem hier noch nicht gekoppelt.</translation>
        </message>
        <message>
            <source>See what failed, and what to do about it, below.</source>
            <translation>Was fehlgeschlagen ist und was zu tun ist, steht darunter.</translation>
        </message>
        <message>
            <source>Calling the other machine…</source>
            <translation>Der andere Rechner wird gerufen …</translation>
        </message>
        <message>
            <source>Why %1 cannot be reached</source>
            <translation>Warum %1 nicht zu erreichen ist</translation>
        </message>
        <message>
            <source>&amp;Check Again</source>
            <translation>Noch einmal &amp;prüfen</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Banner</name>
        <message>
            <source>Dismiss</source>
            <translation>Ausblenden</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Chart</name>
        <message>
            <source>Lag over time</source>
            <translation>Rückstand im Lauf der Zeit</translation>
        </message>
        <message>
            <source>Throughput over time</source>
            <translation>Durchsatz im Lauf der Zeit</translation>
        </message>
        <message>
            <source>%1/s</source>
            <comment>an amount of data in each second</comment>
            <translation>%1/s</translation>
        </message>
        <message>
            <source>now</source>
            <translation>jetzt</translation>
        </message>
        <message>
            <source>%1 ago</source>
            <translation>vor %1</translation>
        </message>
        <message>
            <source>%1: not looked at</source>
            <translation>%1: nicht beobachtet</translation>
        </message>
        <message>
            <source>%1: unknown</source>
            <translation>%1: unbekannt</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <comment>a time and the value then</comment>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>at most %1</source>
            <translation>höchstens %1</translation>
        </message>
        <message>
            <source>Nothing was measured in this time.</source>
            <translation>In dieser Zeit wurde nichts gemessen.</translation>
        </message>
        <message>
            <source>The machine that sends measures this.</source>
            <translation>Das misst der Rechner, der sendet.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ChartPane</name>
        <message>
            <source>Time shown</source>
            <translation>Gezeigte Zeit</translation>
        </message>
        <message>
            <source>%L1 minutes</source>
            <translation>%L1 Minuten</translation>
        </message>
        <message>
            <source>%L1 hours</source>
            <translation>%L1 Stunden</translation>
        </message>
        <message>
            <source>As far as this window has been open</source>
            <translation>Soweit dieses Fenster offen war</translation>
        </message>
        <message>
            <source>Lag</source>
            <translation>Rückstand</translation>
        </message>
        <message>
            <source>Throughput</source>
            <translation>Durchsatz</translation>
        </message>
        <message>
            <source>Charts over</source>
            <translation>Diagramme über</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ContentPreview</name>
        <message>
            <source>What the patterns leave out</source>
            <translation>Was die Muster auslassen</translation>
        </message>
        <message>
            <source>…and more</source>
            <translation>… und weitere</translation>
        </message>
        <message>
            <source>Choose a folder to see how much is in it.</source>
            <translation>Wählen Sie einen Ordner, um zu sehen, wie viel darin ist.</translation>
        </message>
        <message numerus="yes">
            <source>%n file(s)</source>
            <translation>
                <numerusform>%Ln Datei</numerusform>
                <numerusform>%Ln Dateien</numerusform>
            </translation>
        </message>
        <message>
            <source>In the vault: %1, %2</source>
            <translation>Im Tresor: %1, %2</translation>
        </message>
        <message>
            <source>Counting… %1, %2 so far</source>
            <translation>Wird gezählt … bisher %1, %2</translation>
        </message>
        <message numerus="yes">
            <source>Left out: %n file(s) or folder(s)</source>
            <translation>
                <numerusform>Ausgelassen: %Ln Datei oder Ordner</numerusform>
                <numerusform>Ausgelassen: %Ln Dateien oder Ordner</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Cannot be read: %n</source>
            <translation>
                <numerusform>Nicht lesbar: %Ln</numerusform>
                <numerusform>Nicht lesbar: %Ln</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::DetailsPane</name>
        <message>
            <source>Details of the selected vault</source>
            <translation>Einzelheiten des gewählten Tresors</translation>
        </message>
        <message>
            <source>Select a vault to see its details.</source>
            <translation>Wählen Sie einen Tresor, um seine Einzelheiten zu sehen.</translation>
        </message>
        <message numerus="yes">
            <source>    and %n more</source>
            <translation>
                <numerusform>    und ein weiterer</numerusform>
                <numerusform>    und %Ln weitere</numerusform>
            </translation>
        </message>
        <message>
            <source>Machines…</source>
            <translation>Rechner …</translation>
        </message>
        <message>
            <source>Change the Vault…</source>
            <translation>Tresor ändern …</translation>
        </message>
        <message>
            <source>Resume…</source>
            <translation>Fortsetzen …</translation>
        </message>
        <message>
            <source>The engine does not answer; what follows is how it was before.</source>
            <translation>Der Dienst antwortet nicht; das Folgende ist der Stand davor.</translation>
        </message>
        <message>
            <source>A replica kept here in %1 for %2.</source>
            <translation>Ein Replikat für %2, das hier in %1 liegt.</translation>
        </message>
        <message>
            <source>Last in sync: %1.</source>
            <translation>Zuletzt gleich: %1.</translation>
        </message>
        <message>
            <source>No problems.</source>
            <translation>Keine Probleme.</translation>
        </message>
        <message>
            <source>&amp;Overview</source>
            <translation>Ü&amp;berblick</translation>
        </message>
        <message>
            <source>Ac&amp;tivity</source>
            <translation>Täti&amp;gkeit</translation>
        </message>
        <message>
            <source>Verificatio&amp;n</source>
            <translation>Überprü&amp;fung</translation>
        </message>
        <message>
            <source>Find Out Why…</source>
            <translation>Warum? …</translation>
        </message>
        <message>
            <source>Reached at %1.</source>
            <translation>Erreicht unter %1.</translation>
        </message>
        <message>
            <source>Reached over %1.</source>
            <translation>Erreicht über %1.</translation>
        </message>
        <message>
            <source>Reached over %1 at %2.</source>
            <translation>Erreicht über %1 unter %2.</translation>
        </message>
        <message numerus="yes">
            <source>Everything is mirrored but for %n problem(s), listed below.</source>
            <translation>
                <numerusform>Alles ist gespiegelt bis auf das %Ln Problem, das unten steht.</numerusform>
                <numerusform>Alles ist gespiegelt bis auf die %Ln Probleme, die unten stehen.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Dialogs</name>
        <message>
            <source>"%1" is mirrored from now on.</source>
            <translation>„%1“ wird ab jetzt gespiegelt.</translation>
        </message>
        <message>
            <source>"%1" is changed.</source>
            <translation>„%1“ ist geändert.</translation>
        </message>
        <message>
            <source>The settings are saved.</source>
            <translation>Die Einstellungen sind gespeichert.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::DifferenceTable</name>
        <message>
            <source>Differences</source>
            <translation>Unterschiede</translation>
        </message>
        <message>
            <source>Path</source>
            <translation>Pfad</translation>
        </message>
        <message>
            <source>What differs</source>
            <translation>Unterschied</translation>
        </message>
        <message>
            <source>(the folder itself)</source>
            <translation>(der Ordner selbst)</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::DigitsDialog</name>
        <message>
            <source>Pair two machines</source>
            <translation>Zwei Rechner koppeln</translation>
        </message>
        <message>
            <source>&amp;Folder here below which it may keep replicas (may be empty)</source>
            <translation>&amp;Ordner hier, unter dem er Replikate ablegen darf (kann leer bleiben)</translation>
        </message>
        <message>
            <source>They Are the &amp;Same</source>
            <translation>Sie sind &amp;gleich</translation>
        </message>
        <message>
            <source>They &amp;Differ</source>
            <translation>Sie sind &amp;verschieden</translation>
        </message>
        <message>
            <source>The digits: %1</source>
            <translation>Die Ziffern: %1</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Confirmed here. Now confirm on the other machine, too.</source>
            <translation>Hier bestätigt. Bestätigen Sie nun auch am anderen Rechner.</translation>
        </message>
        <message numerus="yes">
            <source>It ends by itself in %n second(s).</source>
            <translation>
                <numerusform>Endet von selbst in einer Sekunde.</numerusform>
                <numerusform>Endet von selbst in %Ln Sekunden.</numerusform>
            </translation>
        </message>
        <message>
            <source>This machine and %1 are paired.</source>
            <translation>Dieser Rechner und %1 sind gekoppelt.</translation>
        </message>
        <message>
            <source>This machine and %1 are not paired.</source>
            <translation>Dieser Rechner und %1 sind nicht gekoppelt.</translation>
        </message>
        <message>
            <source>Does the other machine show the same digits? If not, somebody may stand between the two.</source>
            <translation>Zeigt der andere Rechner dieselben Ziffern? Wenn nicht, steht vielleicht jemand dazwischen.</translation>
        </message>
        <message>
            <source>Pairing with %1 at %2.</source>
            <translation>Kopplung mit %1 unter %2.</translation>
        </message>
        <message>
            <source>%1 at %2 asks to be paired with this machine.</source>
            <translation>%1 unter %2 möchte mit diesem Rechner gekoppelt werden.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::DraftCheck</name>
        <message>
            <source>Give the vault a name.</source>
            <translation>Geben Sie dem Tresor einen Namen.</translation>
        </message>
        <message>
            <source>The name is too long: 64 characters at most.</source>
            <translation>Der Name ist zu lang: höchstens 64 Zeichen.</translation>
        </message>
        <message>
            <source>A name holds no slash and no line break, and starts with neither a dot nor a dash.</source>
            <translation>Ein Name enthält keinen Schrägstrich und keinen Zeilenumbruch und beginnt weder mit Punkt noch mit Strich.</translation>
        </message>
        <message>
            <source>There is a vault of this name already.</source>
            <translation>Einen Tresor dieses Namens gibt es schon.</translation>
        </message>
        <message>
            <source>Choose the folder to mirror.</source>
            <translation>Wählen Sie den Ordner, der gespiegelt werden soll.</translation>
        </message>
        <message>
            <source>A vault mirrors one folder for now. Keep one checked, and add a vault for each other one; or check the folder that holds them all.</source>
            <translation>Ein Tresor spiegelt vorerst einen Ordner. Lassen Sie nur einen angehakt und legen Sie für jeden weiteren einen Tresor an; oder haken Sie den Ordner an, der alle enthält.</translation>
        </message>
        <message>
            <source>Type the whole path, from the first slash on.</source>
            <translation>Geben Sie den ganzen Pfad ein, vom ersten Schrägstrich an.</translation>
        </message>
        <message>
            <source>This folder cannot be looked into: permission is missing.</source>
            <translation>In diesen Ordner kann nicht gesehen werden: Das Recht dazu fehlt.</translation>
        </message>
        <message>
            <source>There is no such folder.</source>
            <translation>Diesen Ordner gibt es nicht.</translation>
        </message>
        <message>
            <source>This is a file. A vault mirrors a folder for now: choose the one it lies in.</source>
            <translation>Das ist eine Datei. Ein Tresor spiegelt vorerst einen Ordner: Wählen Sie den, in dem sie liegt.</translation>
        </message>
        <message>
            <source>This folder cannot be read: permission is missing.</source>
            <translation>Dieser Ordner kann nicht gelesen werden: Das Recht dazu fehlt.</translation>
        </message>
        <message>
            <source>"%1" is no pattern: no empty, "." or ".." part, and no backslash at the end of a part.</source>
            <translation>„%1“ ist kein Muster: kein leerer, „.“- oder „..“-Teil und kein Rückstrich am Ende eines Teils.</translation>
        </message>
        <message>
            <source>These are too many patterns: 1000 at most.</source>
            <translation>Das sind zu viele Muster: höchstens 1000.</translation>
        </message>
        <message>
            <source>"%1" is no folder there: no empty, "." or ".." part, and not the root.</source>
            <translation>„%1“ ist kein Ordner dort: kein leerer, „.“- oder „..“-Teil und nicht die Wurzel.</translation>
        </message>
        <message>
            <source>Between two commas, or at the end, a way is missing.</source>
            <translation>Zwischen zwei Kommas oder am Ende fehlt ein Weg.</translation>
        </message>
        <message>
            <source>A proxy is written socks5://HOST:PORT, or socks5://USER:PASSWORD@HOST:PORT; a comma, % or @ in a password is written %2C, %25 or %40.</source>
            <translation>Ein Proxy wird socks5://RECHNER:PORT geschrieben oder socks5://BENUTZER:PASSWORT@RECHNER:PORT; Komma, % oder @ in einem Passwort schreibt man %2C, %25 oder %40.</translation>
        </message>
        <message>
            <source>A Unix socket is written unix: and its whole path, from the first slash on; 107 bytes at most.</source>
            <translation>Ein Unix-Socket wird unix: und dann mit ganzem Pfad ab dem ersten Schrägstrich geschrieben; höchstens 107 Bytes.</translation>
        </message>
        <message>
            <source>This kind of way is not known. A proxy is written socks5://HOST:PORT, a Unix socket unix:/PATH.</source>
            <translation>Diese Art von Weg ist nicht bekannt. Ein Proxy wird socks5://RECHNER:PORT geschrieben, ein Unix-Socket unix:/PFAD.</translation>
        </message>
        <message>
            <source>This is no name of a network interface: 15 characters at most, no slash and no space.</source>
            <translation>Das ist kein Name einer Netzwerkschnittstelle: höchstens 15 Zeichen, kein Schrägstrich und kein Leerzeichen.</translation>
        </message>
        <message>
            <source>Choose how the targets are reached; "auto" leaves it to the system.</source>
            <translation>Wählen Sie, wie die Ziele erreicht werden; „auto“ überlässt es dem System.</translation>
        </message>
        <message>
            <source>These are too many ways: 8 at most.</source>
            <translation>Das sind zu viele Wege: höchstens 8.</translation>
        </message>
        <message>
            <source>A way is there twice, or the list is too long.</source>
            <translation>Ein Weg steht zweimal da, oder die Liste ist zu lang.</translation>
        </message>
        <message>
            <source>Automatic: the system finds the way.</source>
            <translation>Automatisch: Das System findet den Weg.</translation>
        </message>
        <message>
            <source>Only at addresses of IPv4.</source>
            <translation>Nur unter IPv4-Adressen.</translation>
        </message>
        <message>
            <source>Only at addresses of IPv6.</source>
            <translation>Nur unter IPv6-Adressen.</translation>
        </message>
        <message>
            <source>Only over the interface %1.</source>
            <translation>Nur über die Schnittstelle %1.</translation>
        </message>
        <message>
            <source>Through the proxy %1.</source>
            <translation>Über den Proxy %1.</translation>
        </message>
        <message>
            <source>Through the Unix socket of a tunnel.</source>
            <translation>Durch den Unix-Socket eines Tunnels.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::EmptyPage</name>
        <message>
            <source>Nothing is mirrored yet</source>
            <translation>Noch wird nichts gespiegelt</translation>
        </message>
        <message>
            <source>Octopus mirrors a folder to another machine the moment something in it changes.</source>
            <translation>Octopus spiegelt einen Ordner auf einen anderen Rechner, sobald sich darin etwas ändert.</translation>
        </message>
        <message>
            <source>With another machine</source>
            <translation>Mit einem anderen Rechner</translation>
        </message>
        <message>
            <source>&amp;Machines…</source>
            <translation>&amp;Rechner …</translation>
        </message>
        <message>
            <source>&amp;Add a Vault…</source>
            <translation>Tresor an&amp;legen …</translation>
        </message>
        <message>
            <source>Pair this machine with the one that is to keep the replica. On a server without a display, run there:</source>
            <translation>Koppeln Sie diesen Rechner mit dem, der das Replikat aufnehmen soll. Auf einem Server ohne Bildschirm geben Sie dort ein:</translation>
        </message>
        <message>
            <source>Choose the folder to mirror, or drop it on this window.</source>
            <translation>Wählen Sie den Ordner, der gespiegelt werden soll, oder lassen Sie ihn auf dieses Fenster fallen.</translation>
        </message>
        <message>
            <source>Try it on this computer</source>
            <translation>Auf diesem Computer ausprobieren</translation>
        </message>
        <message>
            <source>With a &amp;Sample</source>
            <translation>Mit einem &amp;Beispiel</translation>
        </message>
        <message>
            <source>With a Fol&amp;der…</source>
            <translation>Mit einem &amp;Ordner …</translation>
        </message>
        <message>
            <source>Starts a practice target on this computer and mirrors a sample, or a folder of yours, to it. When you end the practice the target is erased; your folder is not touched.</source>
            <translation>Startet auf diesem Computer ein Übungsziel und spiegelt ein Beispiel oder einen Ihrer Ordner dorthin. Nach der Übung wird das Ziel gelöscht; Ihr Ordner bleibt unberührt.</translation>
        </message>
        <message>
            <source>octopusctl invite --grant FOLDER</source>
            <translation>octopusctl invite --grant ORDNER</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::EndQuestion</name>
        <message numerus="yes">
            <source>    and %n more</source>
            <translation>
                <numerusform>    und ein weiterer</numerusform>
                <numerusform>    und %Ln weitere</numerusform>
            </translation>
        </message>
        <message>
            <source>End practice</source>
            <translation>Übung beenden</translation>
        </message>
        <message>
            <source>Vaults of yours are mirrored to the practice target, which is erased now.</source>
            <translation>Eigene Tresore werden auf das Übungsziel gespiegelt, das jetzt gelöscht wird.</translation>
        </message>
        <message>
            <source>These have no other target. If you keep them, they stand still until you choose another one:</source>
            <translation>Diese haben kein anderes Ziel. Wenn Sie sie behalten, stehen sie still, bis Sie ein anderes wählen:</translation>
        </message>
        <message>
            <source>These lose this target and go on with their others:</source>
            <translation>Diese verlieren dieses Ziel und laufen mit ihren anderen weiter:</translation>
        </message>
        <message>
            <source>The folders that they mirror are not touched.</source>
            <translation>Die Ordner, die sie spiegeln, bleiben unberührt.</translation>
        </message>
        <message>
            <source>End and &amp;Keep Them</source>
            <translation>Beenden und be&amp;halten</translation>
        </message>
        <message>
            <source>&amp;End Practice</source>
            <translation>Übung be&amp;enden</translation>
        </message>
        <message>
            <source>End and &amp;Remove Them</source>
            <translation>Beenden und &amp;entfernen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::FailureWording</name>
        <message>
            <source>The engine has stopped.</source>
            <translation>Der Dienst wurde beendet.</translation>
        </message>
        <message>
            <source>The engine did not answer in time.</source>
            <translation>Der Dienst hat nicht rechtzeitig geantwortet.</translation>
        </message>
        <message>
            <source>Another program uses the port or the folder that the engine needs. End that one, then try again.</source>
            <translation>Ein anderes Programm benutzt den Port oder den Ordner, den der Dienst braucht. Beenden Sie es und versuchen Sie es dann noch einmal.</translation>
        </message>
        <message>
            <source>%1 (%2)</source>
            <comment>what failed, and what the engine says of it</comment>
            <translation>%1 (%2)</translation>
        </message>
        <message>
            <source>It is not there any more. Perhaps it was renamed or removed meanwhile: look again, and choose another one.</source>
            <translation>Das gibt es nicht mehr. Vielleicht wurde es inzwischen umbenannt oder entfernt: Sehen Sie noch einmal nach und wählen Sie etwas anderes.</translation>
        </message>
        <message>
            <source>There is one of that name already. Choose another name.</source>
            <translation>Diesen Namen gibt es schon. Wählen Sie einen anderen.</translation>
        </message>
        <message>
            <source>It is in use at the moment. Nothing was changed; try again in a minute.</source>
            <translation>Das wird gerade benutzt. Nichts wurde geändert; versuchen Sie es in einer Minute noch einmal.</translation>
        </message>
        <message>
            <source>A name or path is longer than it may be. Choose a shorter one.</source>
            <translation>Ein Name oder Pfad ist länger als erlaubt. Wählen Sie einen kürzeren.</translation>
        </message>
        <message>
            <source>This is not possible with this version of Octopus or on this system. Nothing was changed; choose something else.</source>
            <translation>Das geht mit dieser Version von Octopus oder auf diesem System nicht. Nichts wurde geändert; wählen Sie etwas anderes.</translation>
        </message>
        <message>
            <source>That is more at once than is allowed. Try again in some minutes; if it stays so, let the administrator raise the limits of the system.</source>
            <translation>Das ist mehr auf einmal als erlaubt. Versuchen Sie es in einigen Minuten noch einmal; bleibt es dabei, lassen Sie die Grenzen des Systems erhöhen.</translation>
        </message>
        <message>
            <source>What was entered cannot be used. Nothing was changed; correct it and try again.</source>
            <translation>Die Eingabe kann nicht verwendet werden. Nichts wurde geändert; berichtigen Sie sie und versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>What was stored or received is damaged, so it was not used. Try again; if it stays so, look at the disk and the network.</source>
            <translation>Was gespeichert oder empfangen wurde, ist beschädigt und wurde nicht verwendet. Versuchen Sie es noch einmal; bleibt es dabei, prüfen Sie Datenträger und Netz.</translation>
        </message>
        <message>
            <source>It was refused, and nothing was changed.</source>
            <translation>Das wurde abgelehnt; nichts wurde geändert.</translation>
        </message>
        <message>
            <source>Something unexpected happened. Try again; if it stays so, the log of the engine says more.</source>
            <translation>Etwas Unerwartetes ist geschehen. Versuchen Sie es noch einmal; bleibt es dabei, sagt das Protokoll des Dienstes mehr.</translation>
        </message>
        <message>
            <source>A folder is needed, but something else stands there. Choose a folder.</source>
            <translation>Hier ist ein Ordner nötig, dort steht aber etwas anderes. Wählen Sie einen Ordner.</translation>
        </message>
        <message>
            <source>A folder stands where a file is needed. Move it away, or choose another place.</source>
            <translation>Wo eine Datei nötig ist, steht ein Ordner. Verschieben Sie ihn oder wählen Sie einen anderen Ort.</translation>
        </message>
        <message>
            <source>The folder is not empty, so it was left alone. Choose an empty one.</source>
            <translation>Der Ordner ist nicht leer und blieb unberührt. Wählen Sie einen leeren.</translation>
        </message>
        <message>
            <source>The right to do that is missing. Give it to the user that Octopus runs as, or choose another place.</source>
            <translation>Das Recht dazu fehlt. Geben Sie es dem Benutzer, unter dem Octopus läuft, oder wählen Sie einen anderen Ort.</translation>
        </message>
        <message>
            <source>The path leads out of its folder or over a symbolic link, where Octopus does not follow. Choose the real folder.</source>
            <translation>Der Pfad führt aus seinem Ordner hinaus oder über eine symbolische Verknüpfung, der Octopus nicht folgt. Wählen Sie den wirklichen Ordner.</translation>
        </message>
        <message>
            <source>There is no room left on the disk. Make room, then try again.</source>
            <translation>Auf dem Datenträger ist kein Platz mehr. Schaffen Sie Platz und versuchen Sie es dann noch einmal.</translation>
        </message>
        <message>
            <source>The disk can only be read. Make it writable, then try again.</source>
            <translation>Der Datenträger kann nur gelesen werden. Machen Sie ihn beschreibbar und versuchen Sie es dann noch einmal.</translation>
        </message>
        <message>
            <source>The disk reports a fault and may be about to fail. Save what is on it, and have it checked.</source>
            <translation>Der Datenträger meldet einen Fehler und könnte bald ausfallen. Sichern Sie, was darauf ist, und lassen Sie ihn prüfen.</translation>
        </message>
        <message>
            <source>A file kept changing while it was read. Try again when it rests for a moment.</source>
            <translation>Eine Datei änderte sich ständig, während sie gelesen wurde. Versuchen Sie es noch einmal, wenn sie einen Moment ruht.</translation>
        </message>
        <message>
            <source>The two machines are not paired, or no longer. Pair them under Machines.</source>
            <translation>Die beiden Rechner sind nicht oder nicht mehr gekoppelt. Koppeln Sie sie unter „Rechner“.</translation>
        </message>
        <message>
            <source>The other machine lets this one keep no replica there. Allow a folder for it on the other machine, or choose another destination.</source>
            <translation>Der andere Rechner erlaubt diesem dort kein Replikat. Geben Sie ihm auf dem anderen Rechner einen Ordner frei oder wählen Sie ein anderes Ziel.</translation>
        </message>
        <message>
            <source>The two machines run versions of Octopus that do not understand each other. Update the older one.</source>
            <translation>Auf den beiden Rechnern laufen Versionen von Octopus, die sich nicht verstehen. Aktualisieren Sie die ältere.</translation>
        </message>
        <message>
            <source>The other machine cannot be reached. See that it is switched on, that Octopus runs there and that both are on a network.</source>
            <translation>Der andere Rechner ist nicht zu erreichen. Sehen Sie nach, ob er eingeschaltet ist, Octopus dort läuft und beide an einem Netz sind.</translation>
        </message>
        <message>
            <source>No answer came in time. Whether it was done is not known; look, and try again if it was not.</source>
            <translation>Es kam nicht rechtzeitig eine Antwort. Ob es getan wurde, ist unbekannt; sehen Sie nach und versuchen Sie es sonst noch einmal.</translation>
        </message>
        <message>
            <source>The connection ended before it was done. Try again when it is back.</source>
            <translation>Die Verbindung endete, bevor es getan war. Versuchen Sie es noch einmal, wenn sie wieder steht.</translation>
        </message>
        <message>
            <source>The machine where the ticket was made does not answer. See that Octopus runs there and that both are on the same network, then use the ticket again.</source>
            <translation>Der Rechner, auf dem das Ticket ausgestellt wurde, antwortet nicht. Sehen Sie nach, ob Octopus dort läuft und beide im selben Netz sind, und lösen Sie das Ticket dann noch einmal ein.</translation>
        </message>
        <message>
            <source>This ticket does not hold any more: it was used already, has run out or was withdrawn. Make a new one on the other machine.</source>
            <translation>Dieses Ticket gilt nicht mehr: Es wurde schon benutzt, ist abgelaufen oder wurde zurückgenommen. Stellen Sie auf dem anderen Rechner ein neues aus.</translation>
        </message>
        <message>
            <source>This ticket cannot be used here: it is not whole, or was made on this very machine. Make one on the other machine and copy all of it.</source>
            <translation>Dieses Ticket kann hier nicht benutzt werden: Es ist nicht vollständig oder wurde auf diesem Rechner selbst ausgestellt. Stellen Sie eines auf dem anderen Rechner aus und kopieren Sie es ganz.</translation>
        </message>
        <message>
            <source>No machine with Octopus answers there. See that it is switched on and the address is right; Check shows where it fails.</source>
            <translation>Dort antwortet kein Rechner mit Octopus. Sehen Sie nach, ob er eingeschaltet ist und die Adresse stimmt; „Prüfen“ zeigt, woran es liegt.</translation>
        </message>
        <message>
            <source>No machine of that name is known here. Type its address instead.</source>
            <translation>Ein Rechner dieses Namens ist hier nicht bekannt. Geben Sie stattdessen seine Adresse ein.</translation>
        </message>
        <message>
            <source>That is neither a name nor an address. Type the name of a machine, 192.0.2.7, or [2001:db8::7]:17290.</source>
            <translation>Das ist weder ein Name noch eine Adresse. Geben Sie den Namen eines Rechners ein, 192.0.2.7 oder [2001:db8::7]:17290.</translation>
        </message>
        <message>
            <source>One of the two machines is pairing already. Finish or decline that, then try again.</source>
            <translation>Einer der beiden Rechner wird schon gekoppelt. Schließen Sie das ab oder lehnen Sie es ab und versuchen Sie es dann noch einmal.</translation>
        </message>
        <message>
            <source>Pairing was tried too often. Wait ten minutes, or use a ticket.</source>
            <translation>Das Koppeln wurde zu oft versucht. Warten Sie zehn Minuten oder benutzen Sie ein Ticket.</translation>
        </message>
        <message>
            <source>The pairing was declined, or the digits were not the same. If they were not, somebody may be between the two machines: begin anew only on a network that you trust, or use a ticket.</source>
            <translation>Das Koppeln wurde abgelehnt, oder die Ziffern waren nicht gleich. Waren sie es nicht, könnte jemand zwischen den beiden Rechnern sitzen: Beginnen Sie nur in einem Netz neu, dem Sie vertrauen, oder benutzen Sie ein Ticket.</translation>
        </message>
        <message>
            <source>The pairing was not confirmed on both machines in time. Nothing was changed; begin it anew.</source>
            <translation>Das Koppeln wurde nicht rechtzeitig auf beiden Rechnern bestätigt. Nichts wurde geändert; beginnen Sie neu.</translation>
        </message>
        <message>
            <source>The connection ended before both machines had confirmed. Nothing was changed; begin the pairing anew.</source>
            <translation>Die Verbindung endete, bevor beide Rechner bestätigt hatten. Nichts wurde geändert; beginnen Sie das Koppeln neu.</translation>
        </message>
        <message>
            <source>This pairing is over. Begin it anew.</source>
            <translation>Dieses Koppeln ist vorbei. Beginnen Sie es neu.</translation>
        </message>
        <message>
            <source>The machine or the folder is not in the list any more, so nothing had to be changed.</source>
            <translation>Der Rechner oder der Ordner steht nicht mehr in der Liste; es war nichts zu ändern.</translation>
        </message>
        <message>
            <source>This folder cannot be allowed: name one by its whole path, and not the root.</source>
            <translation>Dieser Ordner kann nicht freigegeben werden: Nennen Sie einen mit ganzem Pfad, und nicht die Wurzel.</translation>
        </message>
        <message>
            <source>This machine has no address that a ticket could name. Connect it to a network, then make the ticket.</source>
            <translation>Dieser Rechner hat keine Adresse, die ein Ticket nennen könnte. Verbinden Sie ihn mit einem Netz und stellen Sie dann das Ticket aus.</translation>
        </message>
        <message>
            <source>The target does not answer. See that it is switched on and connected, then try again.</source>
            <translation>Das Ziel antwortet nicht. Sehen Sie nach, ob es eingeschaltet und verbunden ist, und versuchen Sie es dann noch einmal.</translation>
        </message>
        <message>
            <source>The vault or one of its machines is not known any more. Close this and look at the list again.</source>
            <translation>Der Tresor oder einer seiner Rechner ist nicht mehr bekannt. Schließen Sie dies und sehen Sie noch einmal in die Liste.</translation>
        </message>
        <message>
            <source>There is a vault of that name already. Choose another name.</source>
            <translation>Einen Tresor dieses Namens gibt es schon. Wählen Sie einen anderen Namen.</translation>
        </message>
        <message>
            <source>The folder at the target holds what Octopus did not put there, and it is left alone. Choose another folder, or say that it may hold other files.</source>
            <translation>Der Ordner am Ziel enthält, was Octopus dort nicht abgelegt hat, und bleibt unberührt. Wählen Sie einen anderen Ordner oder geben Sie an, dass er andere Dateien enthalten darf.</translation>
        </message>
        <message>
            <source>The target is not connected. Try again when it is back.</source>
            <translation>Das Ziel ist nicht verbunden. Versuchen Sie es noch einmal, wenn es wieder da ist.</translation>
        </message>
        <message>
            <source>It is being compared already. Wait until that is done.</source>
            <translation>Er wird schon verglichen. Warten Sie, bis das fertig ist.</translation>
        </message>
        <message>
            <source>It is halted or paused. See its state, decide there, then try again.</source>
            <translation>Er hat angehalten oder pausiert. Sehen Sie seinen Zustand an, entscheiden Sie dort und versuchen Sie es dann noch einmal.</translation>
        </message>
        <message>
            <source>There is no such vault any more. Look at the list again.</source>
            <translation>Diesen Tresor gibt es nicht mehr. Sehen Sie noch einmal in die Liste.</translation>
        </message>
        <message>
            <source>The target does not take the vault at that place: another replica may be kept there. Choose another folder.</source>
            <translation>Das Ziel nimmt den Tresor an diesem Ort nicht an: Vielleicht liegt dort schon ein anderes Replikat. Wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <source>The engine cannot use these settings. A source must not hold the folder where Octopus keeps its own records, and the replica needs a folder of its own below one that is allowed.</source>
            <translation>Der Dienst kann diese Angaben nicht verwenden. Eine Quelle darf nicht den Ordner enthalten, in dem Octopus seine eigenen Unterlagen führt, und das Replikat braucht einen eigenen Ordner unterhalb eines freigegebenen.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::FolderDialog</name>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::FolderField</name>
        <message>
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <source>/mirrors</source>
            <translation>/Spiegel</translation>
        </message>
        <message>
            <source>&amp;Browse…</source>
            <translation>&amp;Durchsuchen …</translation>
        </message>
        <message>
            <source>Type the whole path of a folder, from the first slash on; the root itself cannot be allowed.</source>
            <translation>Geben Sie den ganzen Pfad eines Ordners ein, vom ersten Schrägstrich an; die Wurzel selbst kann nicht freigegeben werden.</translation>
        </message>
        <message>
            <source>Choose a folder</source>
            <translation>Ordner wählen</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::InviteDialog</name>
        <message>
            <source>&amp;Copy</source>
            <translation>&amp;Kopieren</translation>
        </message>
        <message>
            <source>Invite a machine</source>
            <translation>Rechner einladen</translation>
        </message>
        <message>
            <source>&amp;Make a Ticket</source>
            <translation>&amp;Ticket ausstellen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>&amp;Folder here below which it may keep replicas</source>
            <translation>&amp;Ordner hier, unter dem er Replikate ablegen darf</translation>
        </message>
        <message>
            <source>The ticket is &amp;valid for</source>
            <translation>Das Ticket &amp;gilt</translation>
        </message>
        <message>
            <source>10 minutes</source>
            <translation>10 Minuten</translation>
        </message>
        <message>
            <source>1 hour</source>
            <translation>1 Stunde</translation>
        </message>
        <message>
            <source>1 day</source>
            <translation>1 Tag</translation>
        </message>
        <message>
            <source>A ticket pairs this machine with the one where it is used. It works once. Whoever has it can use it: hand it over in a way that others cannot read.</source>
            <translation>Ein Ticket koppelt diesen Rechner mit dem, auf dem es eingelöst wird. Es gilt einmal. Wer es hat, kann es einlösen: Geben Sie es so weiter, dass andere es nicht lesen können.</translation>
        </message>
        <message>
            <source>Without a folder the two are paired, and the other machine may write nothing here until you allow a folder.</source>
            <translation>Ohne Ordner sind die beiden gekoppelt, und der andere Rechner darf hier nichts schreiben, bis Sie einen Ordner freigeben.</translation>
        </message>
        <message>
            <source>The ticket</source>
            <translation>Das Ticket</translation>
        </message>
        <message>
            <source>Usable once, until %1.</source>
            <translation>Einmal einlösbar, bis %1.</translation>
        </message>
        <message>
            <source>Usable once.</source>
            <translation>Einmal einlösbar.</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>Kopiert</translation>
        </message>
        <message>
            <source>On the other machine choose Machines, Use a Ticket, and paste this; or run there:</source>
            <translation>Wählen Sie am anderen Rechner „Rechner“, „Ticket einlösen“ und fügen Sie dies ein; oder geben Sie dort ein:</translation>
        </message>
        <message>
            <source>octopusctl pair TICKET</source>
            <translation>octopusctl pair TICKET</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MachineModel</name>
        <message>
            <source>Machine</source>
            <translation>Rechner</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>Found by</source>
            <translation>Gefunden durch</translation>
        </message>
        <message>
            <source>Addresses</source>
            <translation>Adressen</translation>
        </message>
        <message>
            <source>Version</source>
            <translation>Version</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MachinePane</name>
        <message>
            <source>Folders here below which it may keep replicas</source>
            <translation>Ordner hier, unter denen er Replikate ablegen darf</translation>
        </message>
        <message>
            <source>&amp;Allow a Folder…</source>
            <translation>Ordner &amp;freigeben …</translation>
        </message>
        <message>
            <source>&amp;Withdraw</source>
            <translation>&amp;Zurücknehmen</translation>
        </message>
        <message>
            <source>&amp;Unpair…</source>
            <translation>Ent&amp;koppeln …</translation>
        </message>
        <message>
            <source>It may write there no more; what is there stays</source>
            <translation>Er darf dort nicht mehr schreiben; was dort liegt, bleibt</translation>
        </message>
        <message>
            <source>Its key: %1</source>
            <translation>Sein Schlüssel: %1</translation>
        </message>
        <message>
            <source>Not paired: nothing is sent to it, and it may do nothing here. It says that its key is %1.</source>
            <translation>Nicht gekoppelt: Es wird nichts dorthin gesendet, und er darf hier nichts tun. Er gibt als seinen Schlüssel an: %1.</translation>
        </message>
        <message>
            <source>Allow a folder</source>
            <translation>Ordner freigeben</translation>
        </message>
        <message>
            <source>Below which folder of this machine may %1 keep replicas? It is made if it is missing.</source>
            <translation>Unter welchem Ordner dieses Rechners darf %1 Replikate ablegen? Fehlt er, wird er angelegt.</translation>
        </message>
        <message>
            <source>&amp;Allow</source>
            <translation>&amp;Freigeben</translation>
        </message>
        <message>
            <source>Unpair %1</source>
            <translation>%1 entkoppeln</translation>
        </message>
        <message>
            <source>End the pairing with %1?</source>
            <translation>Kopplung mit %1 beenden?</translation>
        </message>
        <message>
            <source>Nothing more is sent to it and it may write nothing here. Vaults that are mirrored to it halt; replicas stay where they are, on both sides.</source>
            <translation>Es wird nichts mehr dorthin gesendet, und er darf hier nichts schreiben. Tresore, die dorthin gespiegelt werden, halten an; Replikate bleiben auf beiden Seiten, wo sie sind.</translation>
        </message>
        <message>
            <source>&amp;Unpair</source>
            <translation>Ent&amp;koppeln</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>&amp;Pair…</source>
            <translation>K&amp;oppeln …</translation>
        </message>
        <message>
            <source>Pair with %1</source>
            <translation>Mit %1 koppeln</translation>
        </message>
        <message>
            <source>Both screens show six digits: compare them, and confirm on both</source>
            <translation>Beide Bildschirme zeigen sechs Ziffern: Vergleichen Sie sie und bestätigen Sie auf beiden</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MachinesDialog</name>
        <message>
            <source>Machines</source>
            <translation>Rechner</translation>
        </message>
        <message>
            <source>&amp;Invite a Machine…</source>
            <translation>Rechner &amp;einladen …</translation>
        </message>
        <message>
            <source>Make a ticket for another machine, which may then keep replicas here</source>
            <translation>Stellt ein Ticket für einen anderen Rechner aus, der dann hier Replikate ablegen darf</translation>
        </message>
        <message>
            <source>Use a &amp;Ticket…</source>
            <translation>&amp;Ticket einlösen …</translation>
        </message>
        <message>
            <source>Pair with the machine where a ticket was made</source>
            <translation>Mit dem Rechner koppeln, auf dem ein Ticket ausgestellt wurde</translation>
        </message>
        <message>
            <source>By A&amp;ddress…</source>
            <translation>Über A&amp;dresse …</translation>
        </message>
        <message>
            <source>Check a machine by its name or address, and pair with six digits</source>
            <translation>Prüft einen Rechner über Namen oder Adresse und koppelt mit sechs Ziffern</translation>
        </message>
        <message>
            <source>&amp;Search Again</source>
            <translation>Erneut &amp;suchen</translation>
        </message>
        <message>
            <source>Looking for machines that run Octopus on this network…</source>
            <translation>In diesem Netz wird nach Rechnern mit Octopus gesucht …</translation>
        </message>
        <message>
            <source>No machine was found.
On the other machine, start Octopus. Then make a ticket on one of the two and use it on the other.</source>
            <translation>Es wurde kein Rechner gefunden.
Starten Sie Octopus auf dem anderen Rechner. Stellen Sie dann auf einem der beiden ein Ticket aus und lösen Sie es auf dem anderen ein.</translation>
        </message>
        <message>
            <source>Searching…</source>
            <translation>Wird gesucht …</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MainWindow</name>
        <message>
            <source>&amp;Machines…</source>
            <translation>&amp;Rechner …</translation>
        </message>
        <message>
            <source>&amp;Quit</source>
            <translation>&amp;Beenden</translation>
        </message>
        <message>
            <source>Octopus</source>
            <translation>Octopus</translation>
        </message>
        <message>
            <source>Other machines: find, pair, and say what they may do here</source>
            <translation>Andere Rechner: finden, koppeln und bestimmen, was sie hier dürfen</translation>
        </message>
        <message>
            <source>Waiting for the engine…</source>
            <translation>Es wird auf den Dienst gewartet …</translation>
        </message>
        <message>
            <source>&amp;File</source>
            <translation>&amp;Datei</translation>
        </message>
        <message>
            <source>&amp;Vault</source>
            <translation>&amp;Tresor</translation>
        </message>
        <message>
            <source>Vault</source>
            <translation>Tresor</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>&amp;Hilfe</translation>
        </message>
        <message>
            <source>&amp;About Octopus</source>
            <translation>Ü&amp;ber Octopus</translation>
        </message>
        <message>
            <source>This machine</source>
            <translation>Dieser Rechner</translation>
        </message>
        <message>
            <source>The engine</source>
            <translation>Der Dienst</translation>
        </message>
        <message>
            <source>%1 at %2</source>
            <translation>%1 unter %2</translation>
        </message>
        <message>
            <source>Try Again</source>
            <translation>Erneut versuchen</translation>
        </message>
        <message>
            <source>Waiting for the engine</source>
            <translation>Warten auf den Dienst</translation>
        </message>
        <message>
            <source>Engine in this window</source>
            <translation>Dienst in diesem Fenster</translation>
        </message>
        <message>
            <source>Engine in the background</source>
            <translation>Dienst im Hintergrund</translation>
        </message>
        <message>
            <source>Engine does not answer</source>
            <translation>Dienst antwortet nicht</translation>
        </message>
        <message>
            <source>The engine does not answer. What is shown is how it was before; whether changes are mirrored is unknown.</source>
            <translation>Der Dienst antwortet nicht. Gezeigt wird der Stand davor; ob Änderungen gespiegelt werden, ist unbekannt.</translation>
        </message>
        <message>
            <source>No engine</source>
            <translation>Kein Dienst</translation>
        </message>
        <message>
            <source>There is no connection to the engine: %1</source>
            <translation>Es besteht keine Verbindung zum Dienst: %1</translation>
        </message>
        <message>
            <source>Mirroring goes on. The icon here brings the window back.</source>
            <translation>Es wird weiter gespiegelt. Das Symbol hier bringt das Fenster zurück.</translation>
        </message>
        <message>
            <source>practice</source>
            <translation>Übung</translation>
        </message>
        <message>
            <source>Choose a folder to practise with</source>
            <translation>Ordner zum Üben wählen</translation>
        </message>
        <message>
            <source>Quit Octopus</source>
            <translation>Octopus beenden</translation>
        </message>
        <message>
            <source>Mirroring stops when Octopus quits.</source>
            <translation>Wenn Octopus endet, wird nicht mehr gespiegelt.</translation>
        </message>
        <message>
            <source>What stops: %1. It catches up when Octopus is started again.</source>
            <translation>Es ruht dann: %1. Nach dem nächsten Start wird alles nachgeholt.</translation>
        </message>
        <message numerus="yes">
            <source>%1 and %n more</source>
            <translation>
                <numerusform>%1 und ein weiterer</numerusform>
                <numerusform>%1 und %Ln weitere</numerusform>
            </translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>About Octopus</source>
            <translation>Über Octopus</translation>
        </message>
        <message>
            <source>Octopus %1</source>
            <translation>Octopus %1</translation>
        </message>
        <message>
            <source>Mirrors folders to other machines the moment they change.</source>
            <translation>Spiegelt Ordner auf andere Rechner, sobald sie sich ändern.</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>V&amp;iew</source>
            <translation>&amp;Ansicht</translation>
        </message>
        <message>
            <source>&amp;Settings…</source>
            <translation>&amp;Einstellungen …</translation>
        </message>
        <message>
            <source>What starts when you log in</source>
            <translation>Was startet, wenn Sie sich anmelden</translation>
        </message>
        <message>
            <source>%1 What is shown is how it was before; whether changes are mirrored is unknown.</source>
            <comment>%1: what happened, a sentence</comment>
            <translation>%1 Gezeigt wird der Stand davor; ob Änderungen gespiegelt werden, ist unbekannt.</translation>
        </message>
        <message>
            <source>, </source>
            <comment>between words of a list</comment>
            <translation>, </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MapPainter</name>
        <message>
            <source>Unknown</source>
            <translation>Unbekannt</translation>
        </message>
        <message>
            <source>This machine</source>
            <translation>Dieser Rechner</translation>
        </message>
        <message numerus="yes">
            <source>and %n more…</source>
            <translation>
                <numerusform>und %Ln weiterer …</numerusform>
                <numerusform>und %Ln weitere …</numerusform>
            </translation>
        </message>
        <message>
            <source>Show fewer</source>
            <translation>Weniger zeigen</translation>
        </message>
        <message numerus="yes">
            <source>%n vault(s) to it</source>
            <translation>
                <numerusform>%Ln Tresor dorthin</numerusform>
                <numerusform>%Ln Tresore dorthin</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n vault(s) from it</source>
            <translation>
                <numerusform>%Ln Tresor von dort</numerusform>
                <numerusform>%Ln Tresore von dort</numerusform>
            </translation>
        </message>
        <message>
            <source>In sync</source>
            <translation>Auf dem Stand</translation>
        </message>
        <message>
            <source>Lag %1</source>
            <translation>Rückstand %1</translation>
        </message>
        <message numerus="yes">
            <source>%n problem(s), lag %1</source>
            <translation>
                <numerusform>%Ln Problem, Rückstand %1</numerusform>
                <numerusform>%Ln Probleme, Rückstand %1</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n problem(s)</source>
            <translation>
                <numerusform>%Ln Problem</numerusform>
                <numerusform>%Ln Probleme</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MapView</name>
        <message>
            <source>Map of machines and mirrors</source>
            <translation>Karte der Rechner und Spiegelungen</translation>
        </message>
        <message>
            <source>%1 → %2 (%3) → %4 (%5)</source>
            <comment>a chain of machines, each with the vault it has</comment>
            <translation>%1 → %2 (%3) → %4 (%5)</translation>
        </message>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>und %Ln weitere</numerusform>
                <numerusform>und %Ln weitere</numerusform>
            </translation>
        </message>
        <message>
            <source>In a chain: %1</source>
            <translation>In einer Kette: %1</translation>
        </message>
        <message>
            <source>Click to see them all</source>
            <translation>Klicken Sie, um alle zu sehen</translation>
        </message>
        <message>
            <source>%1 and this machine mirror each other.</source>
            <translation>%1 und dieser Rechner spiegeln einander.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Notifier</name>
        <message>
            <source>%1 is behind</source>
            <translation>%1 ist im Rückstand</translation>
        </message>
        <message>
            <source>The replica on %1 lags by %2.</source>
            <translation>Das Replikat auf %1 ist um %2 zurück.</translation>
        </message>
        <message>
            <source>%1 has halted</source>
            <translation>%1 hat angehalten</translation>
        </message>
        <message>
            <source>%1. Open Octopus to decide.</source>
            <translation>%1. Öffnen Sie Octopus, um zu entscheiden.</translation>
        </message>
        <message>
            <source>Open Octopus to decide.</source>
            <translation>Öffnen Sie Octopus, um zu entscheiden.</translation>
        </message>
        <message>
            <source>%1 has problems</source>
            <translation>%1 hat Probleme</translation>
        </message>
        <message numerus="yes">
            <source>%n file(s) or folder(s) are not protected now.</source>
            <translation>
                <numerusform>%Ln Datei oder Ordner ist jetzt nicht geschützt.</numerusform>
                <numerusform>%Ln Dateien oder Ordner sind jetzt nicht geschützt.</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 cannot be reached</source>
            <translation>%1 ist nicht erreichbar</translation>
        </message>
        <message>
            <source>Changes of %1 are kept in mind and caught up when it is back.</source>
            <translation>Änderungen an %1 werden gemerkt und nachgeholt, wenn er zurück ist.</translation>
        </message>
        <message>
            <source>The engine does not answer</source>
            <translation>Der Dienst antwortet nicht</translation>
        </message>
        <message>
            <source>Whether changes are mirrored is unknown.</source>
            <translation>Ob Änderungen gespiegelt werden, ist unbekannt.</translation>
        </message>
        <message>
            <source>%1 has caught up</source>
            <translation>%1 hat aufgeholt</translation>
        </message>
        <message>
            <source>%1 goes on</source>
            <translation>%1 läuft weiter</translation>
        </message>
        <message>
            <source>%1 has no problems any more</source>
            <translation>%1 hat keine Probleme mehr</translation>
        </message>
        <message>
            <source>%1 is back</source>
            <translation>%1 ist zurück</translation>
        </message>
        <message>
            <source>%1 goes on.</source>
            <translation>%1 läuft weiter.</translation>
        </message>
        <message>
            <source>The engine answers again</source>
            <translation>Der Dienst antwortet wieder</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::PatternField</name>
        <message>
            <source>One pattern on each line</source>
            <translation>Ein Muster in jeder Zeile</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Practice</name>
        <message>
            <source>The practice needs a temporary folder, and none can be made: %1</source>
            <translation>Die Übung braucht einen temporären Ordner, und es kann keiner angelegt werden: %1</translation>
        </message>
        <message>
            <source>Change this file, save it, and look at its copy in the replica.</source>
            <translation>Ändern Sie diese Datei, speichern Sie sie und sehen Sie sich die Kopie im Replikat an.</translation>
        </message>
        <message>
            <source>practice</source>
            <translation>Übung</translation>
        </message>
        <message>
            <source>The practice could not be started: %1</source>
            <translation>Die Übung konnte nicht gestartet werden: %1</translation>
        </message>
        <message>
            <source>The practice target has stopped: %1</source>
            <translation>Das Übungsziel ist stehengeblieben: %1</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::PracticeBar</name>
        <message>
            <source>Open the &amp;Source</source>
            <translation>&amp;Quelle öffnen</translation>
        </message>
        <message>
            <source>Open the Re&amp;plica</source>
            <translation>Re&amp;plikat öffnen</translation>
        </message>
        <message>
            <source>&amp;End Practice</source>
            <translation>Übung be&amp;enden</translation>
        </message>
        <message>
            <source>Starting a practice target…</source>
            <translation>Ein Übungsziel wird gestartet …</translation>
        </message>
        <message>
            <source>This is a practice: change something in the source and watch it arrive in the replica. Both are on this computer.</source>
            <translation>Dies ist eine Übung: Ändern Sie etwas in der Quelle und sehen Sie es im Replikat ankommen. Beide liegen auf diesem Computer.</translation>
        </message>
        <message>
            <source>Ending the practice…</source>
            <translation>Die Übung wird beendet …</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ProblemModel</name>
        <message>
            <source>(the folder itself)</source>
            <translation>(der Ordner selbst)</translation>
        </message>
        <message>
            <source>Path</source>
            <translation>Pfad</translation>
        </message>
        <message>
            <source>What is wrong</source>
            <translation>Was nicht stimmt</translation>
        </message>
        <message>
            <source>Since</source>
            <translation>Seit</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ProblemPane</name>
        <message>
            <source>Problems of the selected vault</source>
            <translation>Probleme des gewählten Tresors</translation>
        </message>
        <message>
            <source>Synchronize</source>
            <translation>Abgleichen</translation>
        </message>
        <message>
            <source>Show the Folder</source>
            <translation>Ordner zeigen</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::RedeemDialog</name>
        <message>
            <source>Use a ticket</source>
            <translation>Ticket einlösen</translation>
        </message>
        <message>
            <source>&amp;Ticket from the other machine</source>
            <translation>&amp;Ticket vom anderen Rechner</translation>
        </message>
        <message>
            <source>&amp;Pair</source>
            <translation>&amp;Koppeln</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>This is no ticket: one begins with "octopus:".</source>
            <translation>Das ist kein Ticket: Es beginnt mit „octopus:“.</translation>
        </message>
        <message>
            <source>Calling the other machine…</source>
            <translation>Der andere Rechner wird gerufen …</translation>
        </message>
        <message>
            <source>Paired with %1. It can be chosen as a target now.</source>
            <translation>Gekoppelt mit %1. Der Rechner kann jetzt als Ziel gewählt werden.</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>On the other machine choose Machines, Invite a Machine, and copy the ticket; or run there:</source>
            <translation>Wählen Sie am anderen Rechner „Rechner“, „Rechner einladen“ und kopieren Sie das Ticket; oder geben Sie dort ein:</translation>
        </message>
        <message>
            <source>octopusctl invite --grant FOLDER</source>
            <translation>octopusctl invite --grant ORDNER</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::RemoveDialog</name>
        <message>
            <source>%1 on %2</source>
            <translation>%1 auf %2</translation>
        </message>
        <message>
            <source>Remove vault</source>
            <translation>Tresor entfernen</translation>
        </message>
        <message>
            <source>Stop mirroring "%1"?
The source folder on this machine is not touched.</source>
            <translation>„%1“ nicht mehr spiegeln?
Der Quellordner auf diesem Rechner bleibt unberührt.</translation>
        </message>
        <message>
            <source>&amp;Keep the replica</source>
            <translation>Replikat &amp;behalten</translation>
        </message>
        <message>
            <source>&amp;Erase the replica</source>
            <translation>Replikat &amp;löschen</translation>
        </message>
        <message>
            <source>Remove and Erase</source>
            <translation>Entfernen und löschen</translation>
        </message>
        <message>
            <source>Everything that Octopus put there is deleted for good, older versions of files and deleted files among it:
%1
Entries that Octopus did not put there stay. The machine must be reachable.</source>
            <translation>Alles, was Octopus dort abgelegt hat, wird endgültig gelöscht, auch ältere Fassungen und gelöschte Dateien:
%1
Was Octopus dort nicht abgelegt hat, bleibt. Der Rechner muss erreichbar sein.</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>The replica stays as it is now, whole or not, and receives no more changes:
%1</source>
            <translation>Das Replikat bleibt, wie es jetzt ist, vollständig oder nicht, und erhält keine Änderungen mehr:
%1</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::SettingsDialog</name>
        <message>
            <source>Not possible: the folder for what starts at login cannot be written.</source>
            <translation>Nicht möglich: In den Ordner für das, was bei der Anmeldung startet, kann nicht geschrieben werden.</translation>
        </message>
        <message>
            <source>Not possible: systemd does not run for this user.</source>
            <translation>Nicht möglich: systemd läuft für diesen Benutzer nicht.</translation>
        </message>
        <message>
            <source>Not possible: the service octopusd is not installed. It comes with the package octopusd.</source>
            <translation>Nicht möglich: Der systemd-Dienst octopusd ist nicht installiert. Er gehört zum Paket octopusd.</translation>
        </message>
        <message>
            <source>Not possible: the service uses the usual folder for its data, and this window was started with another.</source>
            <translation>Nicht möglich: Der systemd-Dienst hat seine Daten im üblichen Ordner, und dieses Fenster wurde mit einem anderen gestartet.</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>When you log in</source>
            <translation>Wenn Sie sich anmelden</translation>
        </message>
        <message>
            <source>Start &amp;nothing</source>
            <translation>&amp;Nichts starten</translation>
        </message>
        <message>
            <source>Start &amp;Octopus in the tray</source>
            <translation>&amp;Octopus in der Systemleiste starten</translation>
        </message>
        <message>
            <source>Start only the &amp;engine</source>
            <translation>Nur den &amp;Dienst starten</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>&amp;Speichern</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Mirroring goes on once you start Octopus yourself.</source>
            <translation>Gespiegelt wird weiter, sobald Sie Octopus selbst starten.</translation>
        </message>
        <message>
            <source>Its window stays closed until you open it from the tray.</source>
            <translation>Das Fenster bleibt zu, bis Sie es über die Systemleiste öffnen.</translation>
        </message>
        <message>
            <source>Everything is mirrored without a window; there are no notifications. Octopus shows what it does when you start it.</source>
            <translation>Alles wird ohne Fenster gespiegelt; Benachrichtigungen gibt es nicht. Octopus zeigt, was geschieht, wenn Sie es starten.</translation>
        </message>
        <message>
            <source>This could not be changed, and the system does not say why. Try again, or log in anew.</source>
            <translation>Das ließ sich nicht ändern, und das System sagt nicht, warum. Versuchen Sie es noch einmal oder melden Sie sich neu an.</translation>
        </message>
        <message>
            <source>This could not be changed. In the system's words: %1</source>
            <translation>Das ließ sich nicht ändern. In den Worten des Systems: %1</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::SourceField</name>
        <message>
            <source>&amp;Folder to mirror</source>
            <translation>Zu spiegelnder &amp;Ordner</translation>
        </message>
        <message>
            <source>Folders of this machine</source>
            <translation>Ordner dieses Rechners</translation>
        </message>
        <message>
            <source>Type a folder, check one below, or drop it here</source>
            <translation>Ordner eingeben, unten anhaken oder hier fallen lassen</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::StageList</name>
        <message>
            <source>What was checked</source>
            <translation>Was geprüft wurde</translation>
        </message>
        <message>
            <source>Checked</source>
            <translation>Geprüft</translation>
        </message>
        <message>
            <source>Found</source>
            <translation>Befund</translation>
        </message>
        <message>
            <source>%1: in order</source>
            <translation>%1: in Ordnung</translation>
        </message>
        <message>
            <source>%1: failed</source>
            <translation>%1: fehlgeschlagen</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::StageWording</name>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Reachable</source>
            <translation>Erreichbarkeit</translation>
        </message>
        <message>
            <source>Encryption</source>
            <translation>Verschlüsselung</translation>
        </message>
        <message>
            <source>Identity</source>
            <translation>Identität</translation>
        </message>
        <message>
            <source>Version</source>
            <translation>Version</translation>
        </message>
        <message>
            <source>Pairing</source>
            <translation>Kopplung</translation>
        </message>
        <message>
            <source>Folder allowed</source>
            <translation>Freigegebener Ordner</translation>
        </message>
        <message>
            <source>Room</source>
            <translation>Platz</translation>
        </message>
        <message>
            <source>Clock</source>
            <translation>Uhr</translation>
        </message>
        <message>
            <source>%1 is an address.</source>
            <translation>%1 ist eine Adresse.</translation>
        </message>
        <message>
            <source>%1 is %2.</source>
            <comment>a name and its addresses</comment>
            <translation>%1 ist %2.</translation>
        </message>
        <message>
            <source>Something listens at %1.</source>
            <translation>Unter %1 wird geantwortet.</translation>
        </message>
        <message>
            <source>The connection is encrypted (TLS 1.3).</source>
            <translation>Die Verbindung ist verschlüsselt (TLS 1.3).</translation>
        </message>
        <message>
            <source>It runs Octopus %1.</source>
            <translation>Dort läuft Octopus %1.</translation>
        </message>
        <message>
            <source>%1 and this machine are paired.</source>
            <translation>%1 und dieser Rechner sind gekoppelt.</translation>
        </message>
        <message>
            <source>Replicas may be kept below %1.</source>
            <translation>Replikate dürfen unterhalb von %1 liegen.</translation>
        </message>
        <message>
            <source>%1 are free below %2.</source>
            <translation>Unterhalb von %2 sind %1 frei.</translation>
        </message>
        <message>
            <source>The clocks differ by %1.</source>
            <translation>Die Uhren weichen um %1 voneinander ab.</translation>
        </message>
        <message>
            <source>%1 could not be looked up in time.</source>
            <translation>%1 konnte nicht rechtzeitig nachgeschlagen werden.</translation>
        </message>
        <message>
            <source>No machine is called %1.</source>
            <translation>Kein Rechner heißt %1.</translation>
        </message>
        <message>
            <source>The machine answers, but nothing listens at %1 (the port is closed).</source>
            <translation>Der Rechner antwortet, aber unter %1 läuft nichts (der Port ist geschlossen).</translation>
        </message>
        <message>
            <source>Nothing answers at %1.</source>
            <translation>Unter %1 antwortet nichts.</translation>
        </message>
        <message>
            <source>%1 cannot be reached: %2</source>
            <translation>%1 ist nicht zu erreichen: %2</translation>
        </message>
        <message>
            <source>Something at %1 hung up before it said who it is.</source>
            <translation>Unter %1 wurde aufgelegt, bevor sich jemand ausgewiesen hat.</translation>
        </message>
        <message>
            <source>What listens at %1 is not Octopus.</source>
            <translation>Was unter %1 läuft, ist nicht Octopus.</translation>
        </message>
        <message>
            <source>Another machine answers there than so far: %1, not %2.</source>
            <translation>Dort antwortet ein anderer Rechner als bisher: %1, nicht %2.</translation>
        </message>
        <message>
            <source>That is this very machine, or a copy of it.</source>
            <translation>Das ist dieser Rechner selbst oder eine Kopie von ihm.</translation>
        </message>
        <message>
            <source>It runs Octopus %1, which offers an older protocol than was spoken with it before.</source>
            <translation>Dort läuft Octopus %1, das ein älteres Protokoll anbietet als zuvor.</translation>
        </message>
        <message>
            <source>It runs Octopus %1, which is too old to be checked any further.</source>
            <translation>Dort läuft Octopus %1, das zu alt ist, um weiter geprüft zu werden.</translation>
        </message>
        <message>
            <source>The two programs have no version in common.</source>
            <translation>Die beiden Programme haben keine gemeinsame Version.</translation>
        </message>
        <message>
            <source>It did not introduce itself.</source>
            <translation>Es hat sich nicht vorgestellt.</translation>
        </message>
        <message>
            <source>%1 is not paired with this machine.</source>
            <translation>%1 ist mit diesem Rechner nicht gekoppelt.</translation>
        </message>
        <message>
            <source>%1 is no longer paired with this machine.</source>
            <translation>%1 ist mit diesem Rechner nicht mehr gekoppelt.</translation>
        </message>
        <message>
            <source>%1 did not say what it allows.</source>
            <translation>%1 hat nicht gesagt, was es erlaubt.</translation>
        </message>
        <message>
            <source>%1 allows this machine no folder.</source>
            <translation>%1 gibt diesem Rechner keinen Ordner frei.</translation>
        </message>
        <message>
            <source>%1 lies below no folder that %2 allows; these are %3.</source>
            <translation>%1 liegt unter keinem Ordner, den %2 freigibt; das sind %3.</translation>
        </message>
        <message>
            <source>The folder %1 is missing there.</source>
            <translation>Der Ordner %1 fehlt dort.</translation>
        </message>
        <message>
            <source>Octopus may not write to %1 there.</source>
            <translation>Octopus darf dort nicht in %1 schreiben.</translation>
        </message>
        <message>
            <source>The folder %1 cannot be used there.</source>
            <translation>Der Ordner %1 ist dort nicht zu gebrauchen.</translation>
        </message>
        <message>
            <source>The disk is full: only %1 are free below %2.</source>
            <translation>Die Platte ist voll: Unterhalb von %2 sind nur %1 frei.</translation>
        </message>
        <message>
            <source>Its clock is %1 ahead.</source>
            <translation>Die Uhr dort geht %1 vor.</translation>
        </message>
        <message>
            <source>Its clock is %1 behind.</source>
            <translation>Die Uhr dort geht %1 nach.</translation>
        </message>
        <message>
            <source>Update Octopus there.</source>
            <translation>Aktualisieren Sie Octopus dort.</translation>
        </message>
        <message>
            <source>Pair the two: with six digits or by a ticket.</source>
            <translation>Koppeln Sie die beiden: mit sechs Ziffern oder einer Einladung.</translation>
        </message>
        <message>
            <source>Allow this machine a folder there, in its list of machines.</source>
            <translation>Geben Sie diesem Rechner dort in der Liste der Rechner einen Ordner frei.</translation>
        </message>
        <message>
            <source>Mirroring works, but kept versions and tickets go by the clock: set the wrong one, best by the network.</source>
            <translation>Das Spiegeln geht, aber aufbewahrte Fassungen und Einladungen richten sich nach der Uhr: Stellen Sie die falsche, am besten über das Netz.</translation>
        </message>
        <message>
            <source>See that the name server answers, or type the machine's IP address.</source>
            <translation>Sehen Sie nach, ob der Namensdienst antwortet, oder geben Sie die IP-Adresse des Rechners ein.</translation>
        </message>
        <message>
            <source>See whether the name is spelt rightly, or type the machine's IP address.</source>
            <translation>Sehen Sie nach, ob der Name richtig geschrieben ist, oder geben Sie die IP-Adresse des Rechners ein.</translation>
        </message>
        <message>
            <source>Type another address of that machine.</source>
            <translation>Geben Sie eine andere Adresse dieses Rechners ein.</translation>
        </message>
        <message>
            <source>Start Octopus there, see that the port is the one it listens at, and that no firewall rejects it.</source>
            <translation>Starten Sie Octopus dort, und sehen Sie nach, ob der Port stimmt und keine Firewall ihn abweist.</translation>
        </message>
        <message>
            <source>See that the machine is switched on and connected, that the address is right, and that no firewall drops this port.</source>
            <translation>Sehen Sie nach, ob der Rechner eingeschaltet und verbunden ist, ob die Adresse stimmt und ob keine Firewall diesen Port verwirft.</translation>
        </message>
        <message>
            <source>See that both machines are connected to the same network, or that a route leads there.</source>
            <translation>Sehen Sie nach, ob beide Rechner im selben Netz sind oder ein Weg dorthin führt.</translation>
        </message>
        <message>
            <source>If that is Octopus, it may be busy: try again in a minute. Else type the port at which Octopus listens.</source>
            <translation>Wenn das Octopus ist, hat es vielleicht viel zu tun: Versuchen Sie es in einer Minute noch einmal. Sonst geben Sie den Port ein, unter dem Octopus läuft.</translation>
        </message>
        <message>
            <source>See which port Octopus uses there and type it after the address.</source>
            <translation>Sehen Sie nach, welchen Port Octopus dort benutzt, und geben Sie ihn hinter der Adresse ein.</translation>
        </message>
        <message>
            <source>If Octopus was set up anew there, unpair and pair again. Else find out who has taken this address.</source>
            <translation>Wenn Octopus dort neu eingerichtet wurde, entkoppeln und koppeln Sie erneut. Sonst finden Sie heraus, wer diese Adresse übernommen hat.</translation>
        </message>
        <message>
            <source>Type the address of the other machine. If it was copied from this one, give it an identity of its own: delete identity.key and identity.crt in its state folder.</source>
            <translation>Geben Sie die Adresse des anderen Rechners ein. Wenn er eine Kopie von diesem ist, geben Sie ihm eine eigene Identität: Löschen Sie identity.key und identity.crt in seinem Zustandsordner.</translation>
        </message>
        <message>
            <source>Update the older of the two programs.</source>
            <translation>Aktualisieren Sie das ältere der beiden Programme.</translation>
        </message>
        <message>
            <source>Update Octopus there, or try again.</source>
            <translation>Aktualisieren Sie Octopus dort, oder versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>Try again.</source>
            <translation>Versuchen Sie es noch einmal.</translation>
        </message>
        <message>
            <source>Choose a folder below one of them, or allow another one there.</source>
            <translation>Wählen Sie einen Ordner unter einem davon, oder geben Sie dort einen anderen frei.</translation>
        </message>
        <message>
            <source>See that its disk is mounted, or make the folder.</source>
            <translation>Sehen Sie nach, ob die Platte eingehängt ist, oder legen Sie den Ordner an.</translation>
        </message>
        <message>
            <source>Give the user that runs Octopus there the right to write to it.</source>
            <translation>Geben Sie dem Benutzer, unter dem Octopus dort läuft, das Recht, dorthin zu schreiben.</translation>
        </message>
        <message>
            <source>See to that folder, or allow another one.</source>
            <translation>Sehen Sie nach diesem Ordner, oder geben Sie einen anderen frei.</translation>
        </message>
        <message>
            <source>Make room there.</source>
            <translation>Schaffen Sie dort Platz.</translation>
        </message>
        <message>
            <source>Over %1 no address is needed.</source>
            <translation>Über %1 ist keine Adresse nötig.</translation>
        </message>
        <message>
            <source>%1 is a matter of the proxy %2.</source>
            <translation>%1 ist Sache des Proxys %2.</translation>
        </message>
        <message>
            <source>Something listens over %1.</source>
            <translation>Über %1 nimmt jemand Verbindungen an.</translation>
        </message>
        <message>
            <source>Something listens at %1, reached over %2.</source>
            <translation>An %1 nimmt jemand Verbindungen an, erreicht über %2.</translation>
        </message>
        <message>
            <source>The proxy does not lead there: %1</source>
            <translation>Der Proxy führt nicht dorthin: %1</translation>
        </message>
        <message>
            <source>The tunnel cannot be used: %1</source>
            <translation>Der Tunnel ist nicht zu benutzen: %1</translation>
        </message>
        <message>
            <source>The interface cannot be used: %1</source>
            <translation>Die Schnittstelle ist nicht zu benutzen: %1</translation>
        </message>
        <message>
            <source>See that the proxy runs, lets this machine in, and allows the target.</source>
            <translation>Sorgen Sie dafür, dass der Proxy läuft, diesen Rechner zulässt und das Ziel erlaubt.</translation>
        </message>
        <message>
            <source>See that the tunnel runs and that its socket is where it is said.</source>
            <translation>Sorgen Sie dafür, dass der Tunnel läuft und sein Socket dort ist, wo er angegeben ist.</translation>
        </message>
        <message>
            <source>See that the interface is there, switched on and connected.</source>
            <translation>Sorgen Sie dafür, dass die Schnittstelle da, eingeschaltet und verbunden ist.</translation>
        </message>
        <message>
            <source>%1 is neither the name nor the address of a machine.</source>
            <translation>%1 ist weder der Name noch die Adresse eines Rechners.</translation>
        </message>
        <message>
            <source>It is %1, id %2.</source>
            <translation>Es ist %1, Kennung %2.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::TargetCheck</name>
        <message>
            <source>%1: checking…</source>
            <translation>%1: wird geprüft …</translation>
        </message>
        <message>
            <source>%1: checking… %2</source>
            <translation>%1: wird geprüft … %2</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <comment>a machine, and what was found of it</comment>
            <translation>%1: %2</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::TargetField</name>
        <message>
            <source>&amp;Machines that keep a replica</source>
            <translation>&amp;Rechner, die ein Replikat aufnehmen</translation>
        </message>
        <message>
            <source>Pair a Mac&amp;hine…</source>
            <translation>Rec&amp;hner koppeln …</translation>
        </message>
        <message>
            <source>Machines that keep a replica</source>
            <translation>Rechner, die ein Replikat aufnehmen</translation>
        </message>
        <message>
            <source>Machine</source>
            <translation>Rechner</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>Folder there</source>
            <translation>Ordner dort</translation>
        </message>
        <message>
            <source>Relative to a folder that this machine was granted there, or its whole path</source>
            <translation>Bezogen auf einen Ordner, der diesem Rechner dort freigegeben ist, oder der ganze Pfad</translation>
        </message>
        <message>
            <source>No other machine is known yet. Pair one first.</source>
            <translation>Noch ist kein anderer Rechner bekannt. Koppeln Sie zuerst einen.</translation>
        </message>
        <message>
            <source>Check the machine that is to keep the replica; one that is not paired must be paired first.</source>
            <translation>Haken Sie den Rechner an, der das Replikat aufnehmen soll; ein nicht gekoppelter muss erst gekoppelt werden.</translation>
        </message>
        <message>
            <source>Looking for machines on the network…</source>
            <translation>Im Netz wird nach Rechnern gesucht …</translation>
        </message>
        <message>
            <source>No other machine was found. Pair one with a ticket.</source>
            <translation>Es wurde kein anderer Rechner gefunden. Koppeln Sie einen mit einem Ticket.</translation>
        </message>
        <message>
            <source>not known any more</source>
            <translation>nicht mehr bekannt</translation>
        </message>
        <message>
            <source>Folder on %1</source>
            <translation>Ordner auf %1</translation>
        </message>
        <message>
            <source>Pair this machine first: nothing is sent to strangers.</source>
            <translation>Koppeln Sie diesen Rechner zuerst: An Fremde wird nichts gesendet.</translation>
        </message>
        <message>
            <source>Network to %1: %2</source>
            <translation>Netz zu %1: %2</translation>
        </message>
        <message>
            <source>Networ&amp;k to %1</source>
            <translation>Ne&amp;tz zu %1</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::TransportField</name>
        <message>
            <source>Net&amp;work</source>
            <translation>Net&amp;z</translation>
        </message>
        <message>
            <source>Several ways are separated by commas. The first one that is available is used, and a better one again as soon as it is back.</source>
            <translation>Mehrere Wege werden durch Kommas getrennt. Benutzt wird der erste, der verfügbar ist, und ein besserer wieder, sobald er zurück ist.</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>Automatisch</translation>
        </message>
        <message>
            <source>IPv4 only</source>
            <translation>Nur IPv4</translation>
        </message>
        <message>
            <source>IPv6 only</source>
            <translation>Nur IPv6</translation>
        </message>
        <message>
            <source>Only over %1</source>
            <translation>Nur über %1</translation>
        </message>
        <message>
            <source>Proxy…</source>
            <translation>Proxy …</translation>
        </message>
        <message>
            <source>Unix socket…</source>
            <translation>Unix-Socket …</translation>
        </message>
        <message>
            <source>As the vault</source>
            <translation>Wie der Tresor</translation>
        </message>
        <message>
            <source>as the vault</source>
            <translation>wie der Tresor</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::TrayIcon</name>
        <message>
            <source>&amp;Open Octopus</source>
            <translation>Octopus ö&amp;ffnen</translation>
        </message>
        <message>
            <source>Octopus: the engine does not answer</source>
            <translation>Octopus: Der Dienst antwortet nicht</translation>
        </message>
        <message>
            <source>Octopus: nothing is mirrored yet</source>
            <translation>Octopus: Noch wird nichts gespiegelt</translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n vault(s) halted</source>
            <translation>
                <numerusform>Octopus: ein Tresor hat angehalten</numerusform>
                <numerusform>Octopus: %Ln Tresore haben angehalten</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n vault(s) not in sync</source>
            <translation>
                <numerusform>Octopus: ein Tresor ist nicht auf dem Stand</numerusform>
                <numerusform>Octopus: %Ln Tresore sind nicht auf dem Stand</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n vault(s) paused</source>
            <translation>
                <numerusform>Octopus: ein Tresor pausiert</numerusform>
                <numerusform>Octopus: %Ln Tresore pausieren</numerusform>
            </translation>
        </message>
        <message>
            <source>Octopus: everything is in sync</source>
            <translation>Octopus: Alles ist auf dem Stand</translation>
        </message>
        <message>
            <source>Worst lag: %1</source>
            <translation>Größter Rückstand: %1</translation>
        </message>
        <message>
            <source>%1: %2, lag %3</source>
            <translation>%1: %2, Rückstand %3</translation>
        </message>
        <message>
            <source>unknown</source>
            <translation>unbekannt</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <comment>a vault and its state</comment>
            <translation>%1: %2</translation>
        </message>
        <message numerus="yes">
            <source>%n more…</source>
            <translation>
                <numerusform>ein weiterer …</numerusform>
                <numerusform>%Ln weitere …</numerusform>
            </translation>
        </message>
        <message>
            <source>Octopus</source>
            <translation>Octopus</translation>
        </message>
        <message numerus="yes">
            <source>%n more message(s): see the window.</source>
            <translation>
                <numerusform>Eine weitere Meldung: siehe Fenster.</numerusform>
                <numerusform>%Ln weitere Meldungen: siehe Fenster.</numerusform>
            </translation>
        </message>
        <message>
            <source>Octopus: %1 has halted</source>
            <translation>Octopus: %1 hat angehalten</translation>
        </message>
        <message>
            <source>Octopus: %1 has problems</source>
            <translation>Octopus: %1 hat Probleme</translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n vault(s) with problems</source>
            <translation>
                <numerusform>Octopus: ein Tresor mit Problemen</numerusform>
                <numerusform>Octopus: %Ln Tresore mit Problemen</numerusform>
            </translation>
        </message>
        <message>
            <source>Octopus: %1 cannot be reached</source>
            <translation>Octopus: %1 ist nicht zu erreichen</translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n machine(s) cannot be reached</source>
            <translation>
                <numerusform>Octopus: ein Rechner ist nicht zu erreichen</numerusform>
                <numerusform>Octopus: %Ln Rechner sind nicht zu erreichen</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 (%2)</source>
            <comment>a state and why</comment>
            <translation>%1 (%2)</translation>
        </message>
        <message>
            <source>%1 cannot be reached</source>
            <translation>%1 ist nicht zu erreichen</translation>
        </message>
        <message numerus="yes">
            <source>%1, %n problem(s)</source>
            <translation>
                <numerusform>%1, %Ln Problem</numerusform>
                <numerusform>%1, %Ln Probleme</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultActions</name>
        <message>
            <source>&amp;Add…</source>
            <translation>&amp;Anlegen …</translation>
        </message>
        <message>
            <source>Mirror a folder to another machine</source>
            <translation>Einen Ordner auf einen anderen Rechner spiegeln</translation>
        </message>
        <message>
            <source>&amp;Change…</source>
            <translation>Än&amp;dern …</translation>
        </message>
        <message>
            <source>Change what this vault mirrors, and where to</source>
            <translation>Ändern, was dieser Tresor spiegelt und wohin</translation>
        </message>
        <message>
            <source>&amp;Synchronize</source>
            <translation>A&amp;bgleichen</translation>
        </message>
        <message>
            <source>Compare both sides and copy what differs</source>
            <translation>Beide Seiten vergleichen und kopieren, was sich unterscheidet</translation>
        </message>
        <message>
            <source>&amp;Verify</source>
            <translation>Übe&amp;rprüfen</translation>
        </message>
        <message>
            <source>Read every byte on both sides and say what differs; nothing is changed</source>
            <translation>Auf beiden Seiten jedes Byte lesen und sagen, was sich unterscheidet; es wird nichts geändert</translation>
        </message>
        <message>
            <source>&amp;Pause</source>
            <translation>&amp;Pausieren</translation>
        </message>
        <message>
            <source>Stop mirroring until it is resumed</source>
            <translation>Nicht mehr spiegeln, bis fortgesetzt wird</translation>
        </message>
        <message>
            <source>&amp;Resume</source>
            <translation>&amp;Fortsetzen</translation>
        </message>
        <message>
            <source>Go on after a pause or a halt</source>
            <translation>Nach einer Pause oder einem Halt weitermachen</translation>
        </message>
        <message>
            <source>Re&amp;move…</source>
            <translation>&amp;Entfernen …</translation>
        </message>
        <message>
            <source>Stop mirroring this vault for good</source>
            <translation>Diesen Tresor endgültig nicht mehr spiegeln</translation>
        </message>
        <message>
            <source>Synchronize A&amp;ll</source>
            <translation>A&amp;lle abgleichen</translation>
        </message>
        <message>
            <source>Compare every vault of this machine and copy what differs</source>
            <translation>Jeden Tresor dieses Rechners vergleichen und kopieren, was sich unterscheidet</translation>
        </message>
        <message>
            <source>Pa&amp;use All</source>
            <translation>Alle pa&amp;usieren</translation>
        </message>
        <message>
            <source>Stop mirroring every vault of this machine until it is resumed</source>
            <translation>Keinen Tresor dieses Rechners mehr spiegeln, bis fortgesetzt wird</translation>
        </message>
        <message>
            <source>R&amp;esume All</source>
            <translation>Alle f&amp;ortsetzen</translation>
        </message>
        <message>
            <source>Go on with every vault that is paused</source>
            <translation>Mit jedem pausierten Tresor weitermachen</translation>
        </message>
        <message>
            <source>Comparing "%1"…</source>
            <translation>„%1“ wird verglichen …</translation>
        </message>
        <message>
            <source>"%1" could not be synchronized: %2</source>
            <translation>„%1“ konnte nicht abgeglichen werden: %2</translation>
        </message>
        <message>
            <source>"%1" was compared: nothing differed.</source>
            <translation>„%1“ wurde verglichen: kein Unterschied.</translation>
        </message>
        <message>
            <source>"%1" was compared: %2 copied, %3 removed.</source>
            <translation>„%L1“ wurde verglichen: %L2 kopiert, %L3 entfernt.</translation>
        </message>
        <message>
            <source>Verifying "%1": every byte is read on both sides…</source>
            <translation>„%1“ wird überprüft: Auf beiden Seiten wird jedes Byte gelesen …</translation>
        </message>
        <message>
            <source>"%1" could not be verified: %2</source>
            <translation>„%1“ konnte nicht überprüft werden: %2</translation>
        </message>
        <message numerus="yes">
            <source>%n file(s) and folder(s)</source>
            <translation>
                <numerusform>%Ln Datei oder Ordner</numerusform>
                <numerusform>%Ln Dateien und Ordner</numerusform>
            </translation>
        </message>
        <message>
            <source>"%1" was verified: %2, all identical.</source>
            <translation>„%1“ wurde überprüft: %2, alle gleich.</translation>
        </message>
        <message>
            <source>"%1" was verified: there are differences.</source>
            <translation>„%1“ wurde überprüft: Es gibt Unterschiede.</translation>
        </message>
        <message>
            <source>"%1" is paused.</source>
            <translation>„%1“ pausiert.</translation>
        </message>
        <message>
            <source>"%1" goes on.</source>
            <translation>„%1“ läuft weiter.</translation>
        </message>
        <message>
            <source>Resume a halted vault</source>
            <translation>Angehaltenen Tresor fortsetzen</translation>
        </message>
        <message>
            <source>"%1" halted: %2.</source>
            <translation>„%1“ hat angehalten: %2.</translation>
        </message>
        <message>
            <source>Resume All the Same</source>
            <translation>Trotzdem fortsetzen</translation>
        </message>
        <message>
            <source>Every vault is paused.</source>
            <translation>Alle Tresore pausieren.</translation>
        </message>
        <message>
            <source>Every vault goes on.</source>
            <translation>Alle Tresore laufen weiter.</translation>
        </message>
        <message>
            <source>"%1" is removed and its replica erased.</source>
            <translation>„%1“ ist entfernt und sein Replikat gelöscht.</translation>
        </message>
        <message>
            <source>"%1" is removed; its replica stays.</source>
            <translation>„%1“ ist entfernt; sein Replikat bleibt.</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultEditor</name>
        <message numerus="yes">
            <source>    and %n more</source>
            <translation>
                <numerusform>    und ein weiterer</numerusform>
                <numerusform>    und %Ln weitere</numerusform>
            </translation>
        </message>
        <message>
            <source>&amp;Leave out</source>
            <translation>&amp;Auslassen</translation>
        </message>
        <message>
            <source>*.tmp
/cache/</source>
            <translation>*.tmp
/cache/</translation>
        </message>
        <message>
            <source>&amp;Only these (empty: everything)</source>
            <translation>&amp;Nur diese (leer: alles)</translation>
        </message>
        <message>
            <source>*.odt</source>
            <translation>*.odt</translation>
        </message>
        <message>
            <source>The folder there may hold other files &amp;already</source>
            <translation>Der Ordner dort darf schon andere &amp;Dateien enthalten</translation>
        </message>
        <message>
            <source>Change a vault</source>
            <translation>Tresor ändern</translation>
        </message>
        <message>
            <source>Add a vault</source>
            <translation>Tresor anlegen</translation>
        </message>
        <message>
            <source>They are left alone. Where one has the name of a file of the vault, it stays, and that file is listed as a problem.</source>
            <translation>Sie werden nicht angerührt. Hat eine den Namen einer Datei des Tresors, so bleibt sie, und diese Datei wird als Problem aufgeführt.</translation>
        </message>
        <message>
            <source>&amp;Name</source>
            <translation>Na&amp;me</translation>
        </message>
        <message>
            <source>What is in</source>
            <translation>Was enthalten ist</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>&amp;Speichern</translation>
        </message>
        <message>
            <source>&amp;Start Mirroring</source>
            <translation>&amp;Spiegeln beginnen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Capture: watch. Octopus notices each change and copies it; every file at the target is a content that this file had at one moment.</source>
            <translation>Erfassung: beobachten. Octopus bemerkt jede Änderung und kopiert sie; jede Datei am Ziel hat einen Inhalt, den sie zu einem Zeitpunkt hatte.</translation>
        </message>
        <message>
            <source>Asking the target…</source>
            <translation>Das Ziel wird gefragt …</translation>
        </message>
        <message>
            <source>Discard what you entered?</source>
            <translation>Eingaben verwerfen?</translation>
        </message>
        <message>
            <source>&amp;Discard</source>
            <translation>&amp;Verwerfen</translation>
        </message>
        <message>
            <source>&amp;Keep Editing</source>
            <translation>&amp;Weiter bearbeiten</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultModel</name>
        <message>
            <source>Vault</source>
            <translation>Tresor</translation>
        </message>
        <message>
            <source>With</source>
            <translation>Mit</translation>
        </message>
        <message>
            <source>Replica</source>
            <translation>Replikat</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>Lag</source>
            <translation>Rückstand</translation>
        </message>
        <message>
            <source>Activity</source>
            <translation>Tätigkeit</translation>
        </message>
        <message>
            <source>Problems</source>
            <translation>Probleme</translation>
        </message>
        <message>
            <source>to %1</source>
            <translation>nach %1</translation>
        </message>
        <message>
            <source>from %1</source>
            <translation>von %1</translation>
        </message>
        <message>
            <source>Unknown</source>
            <translation>Unbekannt</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%L1 %</translation>
        </message>
        <message>
            <source>%1, %2 left</source>
            <translation>%1, noch %2</translation>
        </message>
        <message>
            <source>Not complete yet</source>
            <translation>Noch nicht vollständig</translation>
        </message>
        <message>
            <source>As of %1</source>
            <translation>Stand %1</translation>
        </message>
        <message numerus="yes">
            <source>%n change(s) waiting</source>
            <translation>
                <numerusform>%Ln Änderung wartet</numerusform>
                <numerusform>%Ln Änderungen warten</numerusform>
            </translation>
        </message>
        <message>
            <source>In sync, %1 in %2</source>
            <translation>Auf dem Stand, %1 in %2</translation>
        </message>
        <message numerus="yes">
            <source>%n file(s)</source>
            <translation>
                <numerusform>%Ln Datei</numerusform>
                <numerusform>%Ln Dateien</numerusform>
            </translation>
        </message>
        <message>
            <source>Mirrors %1</source>
            <translation>Spiegelt %1</translation>
        </message>
        <message>
            <source>The engine does not answer.</source>
            <translation>Der Dienst antwortet nicht.</translation>
        </message>
        <message>
            <source>The age of the oldest change that the target has not applied yet</source>
            <translation>Das Alter der ältesten Änderung, die das Ziel noch nicht übernommen hat</translation>
        </message>
        <message>
            <source>Verified</source>
            <translation>Überprüft</translation>
        </message>
        <message>
            <source>Lag: %1</source>
            <translation>Rückstand: %1</translation>
        </message>
        <message>
            <source>When both sides were last compared byte by byte, and what came of it</source>
            <translation>Wann beide Seiten zuletzt Byte für Byte verglichen wurden und mit welchem Ergebnis</translation>
        </message>
        <message>
            <source>Last in sync: %1</source>
            <translation>Zuletzt gleich: %1</translation>
        </message>
        <message>
            <source>, </source>
            <comment>between words of a list</comment>
            <translation>, </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultOverview</name>
        <message>
            <source>&amp;Table</source>
            <translation>Tab&amp;elle</translation>
        </message>
        <message>
            <source>&amp;Map</source>
            <translation>&amp;Karte</translation>
        </message>
        <message>
            <source>&amp;Details</source>
            <translation>Ein&amp;zelheiten</translation>
        </message>
        <message>
            <source>Every vault in a line of a table</source>
            <translation>Jeder Tresor in einer Zeile einer Tabelle</translation>
        </message>
        <message>
            <source>The machines, and what is mirrored from where to where</source>
            <translation>Die Rechner, und was von wo nach wo gespiegelt wird</translation>
        </message>
        <message>
            <source>What there is to know of the selected vault</source>
            <translation>Was es über den gewählten Tresor zu wissen gibt</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultView</name>
        <message>
            <source>Vaults</source>
            <translation>Tresore</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VerificationDialog</name>
        <message>
            <source>Differences in %1</source>
            <translation>Unterschiede in %1</translation>
        </message>
        <message numerus="yes">
            <source>%n entries differ between the source and the replica. Synchronizing copies them anew; what is replaced is kept among the versions.</source>
            <translation>
                <numerusform>Ein Eintrag unterscheidet sich zwischen Quelle und Replikat. Abgleichen kopiert ihn neu; was ersetzt wird, bleibt unter den Fassungen erhalten.</numerusform>
                <numerusform>%Ln Einträge unterscheiden sich zwischen Quelle und Replikat. Abgleichen kopiert sie neu; was ersetzt wird, bleibt unter den Fassungen erhalten.</numerusform>
            </translation>
        </message>
        <message>
            <source>&amp;Synchronize</source>
            <translation>A&amp;bgleichen</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VerificationPane</name>
        <message>
            <source>Identical</source>
            <comment>both sides</comment>
            <translation>Gleich</translation>
        </message>
        <message>
            <source>Synchronize</source>
            <translation>Abgleichen</translation>
        </message>
        <message>
            <source>Verify Now</source>
            <translation>Jetzt überprüfen</translation>
        </message>
        <message>
            <source>Reports of verifications, the newest first</source>
            <translation>Berichte der Überprüfungen, der neueste zuerst</translation>
        </message>
        <message>
            <source>When</source>
            <translation>Wann</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <source>Identical</source>
            <translation>Gleich</translation>
        </message>
        <message>
            <source>Took</source>
            <translation>Dauer</translation>
        </message>
        <message>
            <source>Digest of everything compared: %1</source>
            <translation>Prüfsumme über alles Verglichene: %1</translation>
        </message>
        <message>
            <source>Never verified. Verifying reads every byte on both sides and says what differs; nothing is changed.</source>
            <translation>Noch nie überprüft. Beim Überprüfen wird auf beiden Seiten jedes Byte gelesen und gesagt, was sich unterscheidet; es wird nichts geändert.</translation>
        </message>
        <message>
            <source>The first %1 of %2 differences are listed. Synchronizing copies anew what differs.</source>
            <translation>Die ersten %1 von %2 Unterschieden sind aufgeführt. Abgleichen kopiert neu, was sich unterscheidet.</translation>
        </message>
        <message>
            <source>Synchronizing copies anew what differs; what is replaced is kept among the versions.</source>
            <translation>Abgleichen kopiert neu, was sich unterscheidet; was ersetzt wird, bleibt unter den Fassungen erhalten.</translation>
        </message>
        <message>
            <source>Both sides were identical, byte by byte.</source>
            <translation>Beide Seiten waren gleich, Byte für Byte.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Wording</name>
        <message>
            <source>Offline</source>
            <translation>Nicht erreichbar</translation>
        </message>
        <message>
            <source>Checking</source>
            <translation>Wird verglichen</translation>
        </message>
        <message>
            <source>Copying</source>
            <translation>Wird kopiert</translation>
        </message>
        <message>
            <source>Mirroring</source>
            <translation>Wird gespiegelt</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>Pausiert</translation>
        </message>
        <message>
            <source>Halted</source>
            <translation>Angehalten</translation>
        </message>
        <message>
            <source>Diverged</source>
            <translation>Auseinandergelaufen</translation>
        </message>
        <message>
            <source>Unknown</source>
            <translation>Unbekannt</translation>
        </message>
        <message>
            <source>%1 cannot be reached. Changes are kept in mind and caught up when it is back.</source>
            <translation>%1 ist nicht erreichbar. Änderungen werden gemerkt und nachgeholt, wenn der Rechner zurück ist.</translation>
        </message>
        <message>
            <source>Both sides are compared; nothing is known for certain until that is done.</source>
            <translation>Beide Seiten werden verglichen; bis dahin ist nichts gewiss.</translation>
        </message>
        <message>
            <source>What is missing or different at the target is being copied.</source>
            <translation>Was am Ziel fehlt oder anders ist, wird kopiert.</translation>
        </message>
        <message>
            <source>Everything is mirrored; changes follow as they happen.</source>
            <translation>Alles ist gespiegelt; Änderungen folgen, sobald sie geschehen.</translation>
        </message>
        <message>
            <source>Changes are on their way.</source>
            <translation>Änderungen sind unterwegs.</translation>
        </message>
        <message>
            <source>Paused by you. Changes are caught up when it is resumed.</source>
            <translation>Von Ihnen pausiert. Änderungen werden nach dem Fortsetzen nachgeholt.</translation>
        </message>
        <message>
            <source>Stopped until you decide; nothing is changed at the target.</source>
            <translation>Angehalten, bis Sie entscheiden; am Ziel wird nichts geändert.</translation>
        </message>
        <message>
            <source>Both sides were changed on their own.</source>
            <translation>Beide Seiten wurden für sich geändert.</translation>
        </message>
        <message>
            <source>The source folder is missing or another one</source>
            <translation>Der Quellordner fehlt oder ist ein anderer</translation>
        </message>
        <message>
            <source>The source folder is suddenly empty</source>
            <translation>Der Quellordner ist plötzlich leer</translation>
        </message>
        <message>
            <source>Very many entries disappeared at once</source>
            <translation>Sehr viele Einträge sind auf einmal verschwunden</translation>
        </message>
        <message>
            <source>The destination holds other data</source>
            <translation>Am Zielort liegen andere Daten</translation>
        </message>
        <message>
            <source>The target does not know this machine</source>
            <translation>Das Ziel kennt diesen Rechner nicht</translation>
        </message>
        <message>
            <source>The target allows no replica at that place</source>
            <translation>Das Ziel erlaubt an dieser Stelle kein Replikat</translation>
        </message>
        <message>
            <source>Another machine has taken this vault over</source>
            <translation>Ein anderer Rechner hat diesen Tresor übernommen</translation>
        </message>
        <message>
            <source>The target's disk cannot be written</source>
            <translation>Der Datenträger des Ziels kann nicht beschrieben werden</translation>
        </message>
        <message>
            <source>The replica's own records are damaged</source>
            <translation>Die eigenen Aufzeichnungen des Replikats sind beschädigt</translation>
        </message>
        <message>
            <source>The replica is not at its place any more</source>
            <translation>Das Replikat ist nicht mehr an seinem Platz</translation>
        </message>
        <message>
            <source>Mount or restore the source folder; mirroring goes on by itself once it is back. Resume only if the folder that is there now is meant.</source>
            <translation>Hängen Sie den Quellordner ein oder stellen Sie ihn wieder her; gespiegelt wird dann von selbst. Setzen Sie nur fort, wenn der jetzige Ordner gemeint ist.</translation>
        </message>
        <message>
            <source>If the folder was emptied on purpose, resume: the target is emptied too, what was there is kept among its versions. Else restore it first.</source>
            <translation>Wurde der Ordner mit Absicht geleert, setzen Sie fort: Das Ziel wird ebenfalls geleert, was dort war, bleibt unter den Fassungen. Sonst stellen Sie ihn erst wieder her.</translation>
        </message>
        <message>
            <source>If that was on purpose, resume: the same entries are removed at the target and kept among its versions. Else restore them first.</source>
            <translation>War das Absicht, setzen Sie fort: Am Ziel werden dieselben Einträge entfernt und unter den Fassungen behalten. Sonst stellen Sie sie erst wieder her.</translation>
        </message>
        <message>
            <source>Choose another destination, or let the vault adopt this one: what is there is left alone then.</source>
            <translation>Wählen Sie einen anderen Zielort, oder lassen Sie den Tresor diesen annehmen: Was dort liegt, wird dann nicht angerührt.</translation>
        </message>
        <message>
            <source>On the target, grant this machine a folder for its replicas.</source>
            <translation>Geben Sie diesem Rechner am Ziel einen Ordner für seine Replikate frei.</translation>
        </message>
        <message>
            <source>This machine must not write any more. See on the other one which copy is the live one.</source>
            <translation>Dieser Rechner darf nicht mehr schreiben. Sehen Sie auf dem anderen nach, welche Kopie die gültige ist.</translation>
        </message>
        <message>
            <source>Make the disk at the target writable, then resume.</source>
            <translation>Machen Sie den Datenträger am Ziel beschreibbar und setzen Sie dann fort.</translation>
        </message>
        <message>
            <source>Resume to compare both sides anew and repair what differs.</source>
            <translation>Setzen Sie fort, um beide Seiten neu zu vergleichen und Unterschiede zu beheben.</translation>
        </message>
        <message>
            <source>Its disk may not be mounted at the target. Mount or restore it; mirroring goes on by itself once it is back. Resume only if everything is to be copied there anew.</source>
            <translation>Vielleicht ist sein Datenträger am Ziel nicht eingehängt. Hängen Sie ihn ein oder stellen Sie das Replikat wieder her; die Spiegelung geht von selbst weiter, sobald es wieder da ist. Setzen Sie nur fort, wenn alles neu dorthin kopiert werden soll.</translation>
        </message>
        <message>
            <source>Not mirrored (a socket or device)</source>
            <translation>Nicht gespiegelt (Socket oder Gerät)</translation>
        </message>
        <message>
            <source>Not mirrored (the name belongs to Octopus)</source>
            <translation>Nicht gespiegelt (der Name gehört Octopus)</translation>
        </message>
        <message>
            <source>Cannot be read</source>
            <translation>Kann nicht gelesen werden</translation>
        </message>
        <message>
            <source>Keeps changing while it is read</source>
            <translation>Ändert sich ständig während des Lesens</translation>
        </message>
        <message>
            <source>The target cannot write it</source>
            <translation>Das Ziel kann es nicht schreiben</translation>
        </message>
        <message>
            <source>The target has no room for it</source>
            <translation>Das Ziel hat keinen Platz dafür</translation>
        </message>
        <message>
            <source>Something else stands there at the target</source>
            <translation>Am Ziel steht dort etwas anderes</translation>
        </message>
        <message>
            <source>Only checked now and then (watch limit)</source>
            <translation>Nur ab und zu geprüft (Beobachtungsgrenze)</translation>
        </message>
        <message>
            <source>Some attributes cannot be stored</source>
            <translation>Manche Attribute können nicht gespeichert werden</translation>
        </message>
        <message>
            <source>Differs at the target</source>
            <translation>Am Ziel anders</translation>
        </message>
        <message>
            <source>Sockets, pipes and devices have no content to mirror. Nothing needs to be done.</source>
            <translation>Sockets, Pipes und Geräte haben keinen Inhalt zum Spiegeln. Es ist nichts zu tun.</translation>
        </message>
        <message>
            <source>Octopus keeps its own records under this name. Rename the entry to have it mirrored.</source>
            <translation>Octopus führt unter diesem Namen eigene Aufzeichnungen. Benennen Sie den Eintrag um, damit er gespiegelt wird.</translation>
        </message>
        <message>
            <source>Give the user that Octopus runs as the right to read it; it is then mirrored by itself. Or leave it out by a pattern.</source>
            <translation>Geben Sie dem Benutzer, unter dem Octopus läuft, das Leserecht; dann wird es von selbst gespiegelt. Oder lassen Sie es durch ein Muster aus.</translation>
        </message>
        <message>
            <source>The file is written without a pause. It is tried again and again; it is mirrored as soon as it rests for a moment.</source>
            <translation>In die Datei wird ohne Pause geschrieben. Es wird immer wieder versucht; sie wird gespiegelt, sobald sie einen Augenblick ruht.</translation>
        </message>
        <message>
            <source>See on the target whether its folder may be written; then synchronize.</source>
            <translation>Sehen Sie am Ziel nach, ob dort in den Ordner geschrieben werden darf; gleichen Sie dann ab.</translation>
        </message>
        <message>
            <source>Make room at the target; then synchronize.</source>
            <translation>Schaffen Sie Platz am Ziel; gleichen Sie dann ab.</translation>
        </message>
        <message>
            <source>Move what stands there at the target out of the way; then synchronize. Octopus does not overwrite what it did not put there.</source>
            <translation>Räumen Sie beiseite, was dort am Ziel steht; gleichen Sie dann ab. Octopus überschreibt nicht, was es nicht selbst abgelegt hat.</translation>
        </message>
        <message>
            <source>Changes here are found by looking now and then, not at once. Let the administrator raise fs.inotify.max_user_watches.</source>
            <translation>Änderungen werden hier durch gelegentliches Nachsehen gefunden, nicht sofort. Lassen Sie fs.inotify.max_user_watches erhöhen.</translation>
        </message>
        <message>
            <source>The content is mirrored; some of its attributes cannot be kept by the file system at the target.</source>
            <translation>Der Inhalt ist gespiegelt; manche Attribute kann das Dateisystem am Ziel nicht halten.</translation>
        </message>
        <message>
            <source>Synchronize to copy it anew; what stands at the target now is kept among the versions.</source>
            <translation>Gleichen Sie ab, um es neu zu kopieren; was jetzt am Ziel steht, bleibt unter den Fassungen erhalten.</translation>
        </message>
        <message>
            <source>Missing at the target</source>
            <translation>Fehlt am Ziel</translation>
        </message>
        <message>
            <source>Only at the target</source>
            <translation>Nur am Ziel</translation>
        </message>
        <message>
            <source>Other content</source>
            <translation>Anderer Inhalt</translation>
        </message>
        <message>
            <source>Other size</source>
            <translation>Andere Größe</translation>
        </message>
        <message>
            <source>Another kind of entry</source>
            <translation>Andere Art von Eintrag</translation>
        </message>
        <message>
            <source>Leads elsewhere</source>
            <translation>Führt woandershin</translation>
        </message>
        <message>
            <source>Other owner, rights, time or attributes</source>
            <translation>Anderer Besitzer, andere Rechte, Zeit oder Attribute</translation>
        </message>
        <message>
            <source>unknown</source>
            <translation>unbekannt</translation>
        </message>
        <message>
            <source>%1 ms</source>
            <translation>%1 ms</translation>
        </message>
        <message>
            <source>%1 s</source>
            <translation>%1 s</translation>
        </message>
        <message>
            <source>%1 min</source>
            <translation>%L1 min</translation>
        </message>
        <message>
            <source>%1 h %2 min</source>
            <translation>%L1 h %L2 min</translation>
        </message>
        <message>
            <source>%1 min %2 s</source>
            <translation>%L1 min %L2 s</translation>
        </message>
        <message>
            <source>%1 h</source>
            <translation>%L1 h</translation>
        </message>
        <message>
            <source>Not paired</source>
            <translation>Nicht gekoppelt</translation>
        </message>
        <message>
            <source>Paired, connected</source>
            <translation>Gekoppelt, verbunden</translation>
        </message>
        <message>
            <source>Paired, not connected</source>
            <translation>Gekoppelt, nicht verbunden</translation>
        </message>
        <message>
            <source>DNS-SD</source>
            <translation>DNS-SD</translation>
        </message>
        <message>
            <source>broadcast</source>
            <translation>Rundruf</translation>
        </message>
        <message>
            <source>pairing</source>
            <translation>Kopplung</translation>
        </message>
        <message>
            <source>, </source>
            <comment>between words of a list</comment>
            <translation>, </translation>
        </message>
        <message numerus="yes">
            <source>%n min ago</source>
            <translation>
                <numerusform>vor %Ln min</numerusform>
                <numerusform>vor %Ln min</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n h ago</source>
            <translation>
                <numerusform>vor %Ln h</numerusform>
                <numerusform>vor %Ln h</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n day(s) ago</source>
            <translation>
                <numerusform>vor %Ln Tag</numerusform>
                <numerusform>vor %Ln Tagen</numerusform>
            </translation>
        </message>
        <message>
            <source>%1, %2</source>
            <comment>when, and what came of it</comment>
            <translation>%1, %2</translation>
        </message>
        <message>
            <source>identical</source>
            <translation>gleich</translation>
        </message>
        <message numerus="yes">
            <source>%n difference(s), repaired</source>
            <translation>
                <numerusform>%Ln Unterschied, behoben</numerusform>
                <numerusform>%Ln Unterschiede, behoben</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n difference(s)</source>
            <translation>
                <numerusform>%Ln Unterschied</numerusform>
                <numerusform>%Ln Unterschiede</numerusform>
            </translation>
        </message>
        <message>
            <source>Created</source>
            <translation>Angelegt</translation>
        </message>
        <message>
            <source>Changed</source>
            <translation>Geändert</translation>
        </message>
        <message>
            <source>Appended</source>
            <translation>Verlängert</translation>
        </message>
        <message>
            <source>Moved</source>
            <translation>Verschoben</translation>
        </message>
        <message>
            <source>Removed</source>
            <translation>Entfernt</translation>
        </message>
        <message>
            <source>Attributes</source>
            <translation>Eigenschaften</translation>
        </message>
        <message>
            <source>%1: from %2 to %3</source>
            <translation>%1: von %2 nach %3</translation>
        </message>
        <message>
            <source>The engine does not answer.</source>
            <translation>Der Dienst antwortet nicht.</translation>
        </message>
        <message>
            <source>Lag: %1</source>
            <translation>Rückstand: %1</translation>
        </message>
        <message numerus="yes">
            <source>%n problem(s)</source>
            <translation>
                <numerusform>%Ln Problem</numerusform>
                <numerusform>%Ln Probleme</numerusform>
            </translation>
        </message>
        <message>
            <source>Verified: %1</source>
            <translation>Überprüft: %1</translation>
        </message>
        <message>
            <source>%1 of %2 files and folders disappeared.</source>
            <translation>%1 von %2 Dateien und Ordnern sind verschwunden.</translation>
        </message>
        <message>
            <source>Pair the two machines again, or choose another target for the vault.</source>
            <translation>Koppeln Sie die beiden Rechner erneut, oder wählen Sie ein anderes Ziel für den Tresor.</translation>
        </message>
        <message numerus="yes">
            <source>Everything is mirrored but for %n problem(s).</source>
            <translation>
                <numerusform>Alles ist gespiegelt bis auf %Ln Problem.</numerusform>
                <numerusform>Alles ist gespiegelt bis auf %Ln Probleme.</numerusform>
            </translation>
        </message>
        <message>
            <source>%1.</source>
            <comment>a sentence</comment>
            <translation>%1.</translation>
        </message>
        <message>
            <source>In the system's words: %1</source>
            <translation>In den Worten des Systems: %1</translation>
        </message>
        <message>
            <source>Just now</source>
            <translation>Eben</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>Noch nie</translation>
        </message>
    </context>
</TS>
