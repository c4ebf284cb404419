<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>octopus::desktop::ActivityModel</name>
        <message numerus="yes">
            <source>and %n more change(s)</source>
            <translation>
                <numerusform>and %Ln more change</numerusform>
                <numerusform>and %Ln more changes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ContentPreview</name>
        <message numerus="yes">
            <source>%n file(s)</source>
            <translation>
                <numerusform>%Ln file</numerusform>
                <numerusform>%Ln files</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Left out: %n file(s) or folder(s)</source>
            <translation>
                <numerusform>Left out: %Ln file or folder</numerusform>
                <numerusform>Left out: %Ln files or folders</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Cannot be read: %n</source>
            <translation>
                <numerusform>Cannot be read: %Ln</numerusform>
                <numerusform>Cannot be read: %Ln</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::DetailsPane</name>
        <message numerus="yes">
            <source>    and %n more</source>
            <translation>
                <numerusform>    and one more</numerusform>
                <numerusform>    and %Ln more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Everything is mirrored but for %n problem(s), listed below.</source>
            <translation>
                <numerusform>Everything is mirrored but for the %Ln problem listed below.</numerusform>
                <numerusform>Everything is mirrored but for the %Ln problems listed below.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::DigitsDialog</name>
        <message numerus="yes">
            <source>It ends by itself in %n second(s).</source>
            <translation>
                <numerusform>It ends by itself in %Ln second.</numerusform>
                <numerusform>It ends by itself in %Ln seconds.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::EndQuestion</name>
        <message numerus="yes">
            <source>    and %n more</source>
            <translation>
                <numerusform>    and one more</numerusform>
                <numerusform>    and %Ln more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MainWindow</name>
        <message numerus="yes">
            <source>%1 and %n more</source>
            <translation>
                <numerusform>%1 and one more</numerusform>
                <numerusform>%1 and %Ln more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MapPainter</name>
        <message numerus="yes">
            <source>and %n more…</source>
            <translation>
                <numerusform>and %Ln more…</numerusform>
                <numerusform>and %Ln more…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n vault(s) to it</source>
            <translation>
                <numerusform>%Ln vault to it</numerusform>
                <numerusform>%Ln vaults to it</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n vault(s) from it</source>
            <translation>
                <numerusform>%Ln vault from it</numerusform>
                <numerusform>%Ln vaults from it</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n problem(s), lag %1</source>
            <translation>
                <numerusform>%Ln problem, lag %1</numerusform>
                <numerusform>%Ln problems, lag %1</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n problem(s)</source>
            <translation>
                <numerusform>%Ln problem</numerusform>
                <numerusform>%Ln problems</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MapView</name>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>and %Ln more</numerusform>
                <numerusform>and %Ln more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Notifier</name>
        <message numerus="yes">
            <source>%n file(s) or folder(s) are not protected now.</source>
            <translation>
                <numerusform>%Ln file or folder is not protected now.</numerusform>
                <numerusform>%Ln files or folders are not protected now.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::TrayIcon</name>
        <message numerus="yes">
            <source>Octopus: %n vault(s) halted</source>
            <translation>
                <numerusform>Octopus: one vault halted</numerusform>
                <numerusform>Octopus: %Ln vaults halted</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n vault(s) not in sync</source>
            <translation>
                <numerusform>Octopus: one vault not in sync</numerusform>
                <numerusform>Octopus: %Ln vaults not in sync</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n vault(s) paused</source>
            <translation>
                <numerusform>Octopus: one vault paused</numerusform>
                <numerusform>Octopus: %Ln vaults paused</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n more…</source>
            <translation>
                <numerusform>one more…</numerusform>
                <numerusform>%Ln more…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n more message(s): see the window.</source>
            <translation>
                <numerusform>%Ln more message: see the window.</numerusform>
                <numerusform>%Ln more messages: see the window.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n vault(s) with problems</source>
            <translation>
                <numerusform>Octopus: one vault with problems</numerusform>
                <numerusform>Octopus: %Ln vaults with problems</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n machine(s) cannot be reached</source>
            <translation>
                <numerusform>Octopus: one machine cannot be reached</numerusform>
                <numerusform>Octopus: %Ln machines cannot be reached</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1, %n problem(s)</source>
            <translation>
                <numerusform>%1, %Ln problem</numerusform>
                <numerusform>%1, %Ln problems</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultActions</name>
        <message numerus="yes">
            <source>%n file(s) and folder(s)</source>
            <translation>
                <numerusform>%Ln file and folder</numerusform>
                <numerusform>%Ln files and folders</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultEditor</name>
        <message numerus="yes">
            <source>    and %n more</source>
            <translation>
                <numerusform>    and one more</numerusform>
                <numerusform>    and %Ln more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultModel</name>
        <message numerus="yes">
            <source>%n change(s) waiting</source>
            <translation>
                <numerusform>%Ln change waiting</numerusform>
                <numerusform>%Ln changes waiting</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n file(s)</source>
            <translation>
                <numerusform>%Ln file</numerusform>
                <numerusform>%Ln files</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VerificationDialog</name>
        <message numerus="yes">
            <source>%n entries differ between the source and the replica. Synchronizing copies them anew; what is replaced is kept among the versions.</source>
            <translation>
                <numerusform>One entry differs between the source and the replica. Synchronizing copies it anew; what is replaced is kept among the versions.</numerusform>
                <numerusform>%Ln entries differ between the source and the replica. Synchronizing copies them anew; what is replaced is kept among the versions.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Wording</name>
        <message numerus="yes">
            <source>%n min ago</source>
            <translation>
                <numerusform>%Ln min ago</numerusform>
                <numerusform>%Ln min ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n h ago</source>
            <translation>
                <numerusform>%Ln h ago</numerusform>
                <numerusform>%Ln h ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n day(s) ago</source>
            <translation>
                <numerusform>%Ln day ago</numerusform>
                <numerusform>%Ln days ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n difference(s), repaired</source>
            <translation>
                <numerusform>%Ln difference, repaired</numerusform>
                <numerusform>%Ln differences, repaired</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n difference(s)</source>
            <translation>
                <numerusform>%Ln difference</numerusform>
                <numerusform>%Ln differences</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n problem(s)</source>
            <translation>
                <numerusform>%Ln problem</numerusform>
                <numerusform>%Ln problems</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Everything is mirrored but for %n problem(s).</source>
            <translation>
                <numerusform>Everything is mirrored but for %Ln problem.</numerusform>
                <numerusform>Everything is mirrored but for %Ln problems.</numerusform>
            </translation>
        </message>
    </context>
</TS>
