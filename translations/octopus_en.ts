<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>octopus::desktop::DetailsPane</name>
    <message numerus="yes">
        <source>    and %n more</source>
        <translation>
            <numerusform>    and one more</numerusform>
            <numerusform>    and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>octopus::desktop::TrayIcon</name>
    <message numerus="yes">
        <source>Octopus: %n vault(s) halted</source>
        <translation>
            <numerusform>Octopus: one vault halted</numerusform>
            <numerusform>Octopus: %n vaults halted</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Octopus: %n vault(s) not in sync</source>
        <translation>
            <numerusform>Octopus: one vault not in sync</numerusform>
            <numerusform>Octopus: %n vaults not in sync</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>octopus::desktop::VaultModel</name>
    <message numerus="yes">
        <source>%n change(s) waiting</source>
        <translation>
            <numerusform>%n change waiting</numerusform>
            <numerusform>%n changes waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
</TS>
