<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar" sourcelanguage="en">
    <context>
        <name>main</name>
        <message>
            <source>Mirrors folders to other machines.</source>
            <translation>ينسخ المجلدات إلى أجهزة أخرى نسخًا متطابقًا.</translation>
        </message>
        <message>
            <source>start in the tray, as after login</source>
            <translation>البدء في صينية النظام، كما بعد تسجيل الدخول</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ActivityModel</name>
        <message numerus="yes">
            <source>and %n more change(s)</source>
            <translation>
                <numerusform>ولا تغييرات أخرى</numerusform>
                <numerusform>وتغيير آخر</numerusform>
                <numerusform>وتغييران آخران</numerusform>
                <numerusform>و%Ln تغييرات أخرى</numerusform>
                <numerusform>و%Ln تغييرًا آخر</numerusform>
                <numerusform>و%Ln تغيير آخر</numerusform>
            </translation>
        </message>
        <message>
            <source>(the folder itself)</source>
            <translation>(المجلد نفسه)</translation>
        </message>
        <message>
            <source>%1, before: %2</source>
            <translation>%1، سابقًا: %2</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>الوقت</translation>
        </message>
        <message>
            <source>What</source>
            <translation>ماذا</translation>
        </message>
        <message>
            <source>Path</source>
            <translation>المسار</translation>
        </message>
        <message>
            <source>Sent</source>
            <translation>المُرسَل</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ActivityPane</name>
        <message>
            <source>Nothing was mirrored since the engine started. What changes in the source is listed here as soon as the target has it.</source>
            <translation>لم يُنسخ شيء منذ بدء المحرك. كل ما يتغير في المصدر يظهر هنا حالما يصل إلى الهدف.</translation>
        </message>
        <message>
            <source>Changes that were mirrored lately, the newest first</source>
            <translation>آخر التغييرات المنسوخة، الأحدث أولًا</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::AddressDialog</name>
        <message>
            <source>Pair by name or address</source>
            <translation>الإقران بالاسم أو العنوان</translation>
        </message>
        <message>
            <source>&amp;Name or address of the other machine</source>
            <translation>ا&amp;سم الجهاز الآخر أو عنوانه</translation>
        </message>
        <message>
            <source>&amp;Check</source>
            <translation>ا&amp;فحص</translation>
        </message>
        <message>
            <source>&amp;Pair with Six Digits</source>
            <translation>إ&amp;قران بستة أرقام</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>Checking…</source>
            <translation>جارٍ الفحص…</translation>
        </message>
        <message>
            <source>Everything is in order at %1.</source>
            <translation>كل شيء سليم لدى %1.</translation>
        </message>
        <message>
            <source>%1 runs Octopus and is not paired with this machine yet.</source>
            <translation>يعمل Octopus على %1، وهو غير مقترن بهذا الجهاز بعد.</translation>
        </message>
        <message>
            <source>See what failed, and what to do about it, below.</source>
            <translation>انظر أدناه ما الذي فشل وما العمل.</translation>
        </message>
        <message>
            <source>Calling the other machine…</source>
            <translation>جارٍ الاتصال بالجهاز الآخر…</translation>
        </message>
        <message>
            <source>Why %1 cannot be reached</source>
            <translation>لماذا يتعذَّر الوصول إلى %1</translation>
        </message>
        <message>
            <source>&amp;Check Again</source>
            <translation>ا&amp;فحص من جديد</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Banner</name>
        <message>
            <source>Dismiss</source>
            <translation>إخفاء</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Chart</name>
        <message>
            <source>Lag over time</source>
            <translation>التأخر عبر الزمن</translation>
        </message>
        <message>
            <source>Throughput over time</source>
            <translation>معدل النقل عبر الزمن</translation>
        </message>
        <message>
            <source>%1/s</source>
            <comment>an amount of data in each second</comment>
            <translation>%1/ث</translation>
        </message>
        <message>
            <source>now</source>
            <translation>الآن</translation>
        </message>
        <message>
            <source>%1 ago</source>
            <translation>قبل %1</translation>
        </message>
        <message>
            <source>%1: not looked at</source>
            <translation>%1: لم يُرصد</translation>
        </message>
        <message>
            <source>%1: unknown</source>
            <translation>%1: غير معروف</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <comment>a time and the value then</comment>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>at most %1</source>
            <translation>%1 على الأكثر</translation>
        </message>
        <message>
            <source>Nothing was measured in this time.</source>
            <translation>لم يُقَس شيء في هذه المدة.</translation>
        </message>
        <message>
            <source>The machine that sends measures this.</source>
            <translation>يقيس هذا الجهازُ المرسِل.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ChartPane</name>
        <message>
            <source>Time shown</source>
            <translation>المدة المعروضة</translation>
        </message>
        <message>
            <source>%L1 minutes</source>
            <translation>%L1 دقائق</translation>
        </message>
        <message>
            <source>%L1 hours</source>
            <translation>%L1 ساعة</translation>
        </message>
        <message>
            <source>As far as this window has been open</source>
            <translation>بقدر ما كانت هذه النافذة مفتوحة</translation>
        </message>
        <message>
            <source>Lag</source>
            <translation>التأخر</translation>
        </message>
        <message>
            <source>Throughput</source>
            <translation>معدل النقل</translation>
        </message>
        <message>
            <source>Charts over</source>
            <translation>الرسوم خلال</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ContentPreview</name>
        <message>
            <source>What the patterns leave out</source>
            <translation>ما تستبعده الأنماط</translation>
        </message>
        <message>
            <source>…and more</source>
            <translation>…والمزيد</translation>
        </message>
        <message>
            <source>Choose a folder to see how much is in it.</source>
            <translation>اختر مجلدًا لترى ما فيه.</translation>
        </message>
        <message numerus="yes">
            <source>%n file(s)</source>
            <translation>
                <numerusform>لا ملفات</numerusform>
                <numerusform>ملف واحد</numerusform>
                <numerusform>ملفان</numerusform>
                <numerusform>%Ln ملفات</numerusform>
                <numerusform>%Ln ملفًا</numerusform>
                <numerusform>%Ln ملف</numerusform>
            </translation>
        </message>
        <message>
            <source>In the vault: %1, %2</source>
            <translation>في الخزنة: %1، %2</translation>
        </message>
        <message>
            <source>Counting… %1, %2 so far</source>
            <translation>جارٍ العد… حتى الآن %1، %2</translation>
        </message>
        <message numerus="yes">
            <source>Left out: %n file(s) or folder(s)</source>
            <translation>
                <numerusform>لم يُستبعد شيء</numerusform>
                <numerusform>المستبعد: ملف أو مجلد واحد</numerusform>
                <numerusform>المستبعد: ملفان أو مجلدان</numerusform>
                <numerusform>المستبعد: %Ln ملفات أو مجلدات</numerusform>
                <numerusform>المستبعد: %Ln ملفًا أو مجلدًا</numerusform>
                <numerusform>المستبعد: %Ln ملف أو مجلد</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Cannot be read: %n</source>
            <translation>
                <numerusform>تتعذر قراءته: %Ln</numerusform>
                <numerusform>تتعذر قراءته: %Ln</numerusform>
                <numerusform>تتعذر قراءتهما: %Ln</numerusform>
                <numerusform>تتعذر قراءتها: %Ln</numerusform>
                <numerusform>تتعذر قراءتها: %Ln</numerusform>
                <numerusform>تتعذر قراءتها: %Ln</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::DetailsPane</name>
        <message>
            <source>Details of the selected vault</source>
            <translation>تفاصيل الخزنة المحددة</translation>
        </message>
        <message>
            <source>Select a vault to see its details.</source>
            <translation>حدد خزنة لرؤية تفاصيلها.</translation>
        </message>
        <message numerus="yes">
            <source>    and %n more</source>
            <translation>
                <numerusform>    ولا شيء آخر</numerusform>
                <numerusform>    وواحد آخر</numerusform>
                <numerusform>    واثنان آخران</numerusform>
                <numerusform>    و%Ln أخرى</numerusform>
                <numerusform>    و%Ln أخرى</numerusform>
                <numerusform>    و%Ln أخرى</numerusform>
            </translation>
        </message>
        <message>
            <source>Machines…</source>
            <translation>الأجهزة…</translation>
        </message>
        <message>
            <source>Change the Vault…</source>
            <translation>تعديل الخزنة…</translation>
        </message>
        <message>
            <source>Resume…</source>
            <translation>استئناف…</translation>
        </message>
        <message>
            <source>The engine does not answer; what follows is how it was before.</source>
            <translation>المحرك لا يستجيب؛ وما يلي هو الحال قبل ذلك.</translation>
        </message>
        <message>
            <source>A replica kept here in %1 for %2.</source>
            <translation>نسخة محفوظة هنا في %1 لصالح %2.</translation>
        </message>
        <message>
            <source>Last in sync: %1.</source>
            <translation>آخر تطابق: %1.</translation>
        </message>
        <message>
            <source>No problems.</source>
            <translation>لا مشكلات.</translation>
        </message>
        <message>
            <source>&amp;Overview</source>
            <translation>ن&amp;ظرة عامة</translation>
        </message>
        <message>
            <source>Ac&amp;tivity</source>
            <translation>&amp;النشاط</translation>
        </message>
        <message>
            <source>Verificatio&amp;n</source>
            <translation>التح&amp;قق</translation>
        </message>
        <message>
            <source>Find Out Why…</source>
            <translation>لماذا؟…</translation>
        </message>
        <message>
            <source>Reached at %1.</source>
            <translation>الوصول إليه على %1.</translation>
        </message>
        <message>
            <source>Reached over %1.</source>
            <translation>الوصول إليه عبر %1.</translation>
        </message>
        <message>
            <source>Reached over %1 at %2.</source>
            <translation>الوصول إليه عبر %1 على %2.</translation>
        </message>
        <message numerus="yes">
            <source>Everything is mirrored but for %n problem(s), listed below.</source>
            <translation>
                <numerusform>كل شيء منسوخ.</numerusform>
                <numerusform>كل شيء منسوخ عدا المشكلة المذكورة أدناه.</numerusform>
                <numerusform>كل شيء منسوخ عدا المشكلتين المذكورتين أدناه.</numerusform>
                <numerusform>كل شيء منسوخ عدا %Ln مشكلات مذكورة أدناه.</numerusform>
                <numerusform>كل شيء منسوخ عدا %Ln مشكلة مذكورة أدناه.</numerusform>
                <numerusform>كل شيء منسوخ عدا %Ln مشكلة مذكورة أدناه.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Dialogs</name>
        <message>
            <source>"%1" is mirrored from now on.</source>
            <translation>تُنسخ «%1» نسخًا متطابقًا من الآن.</translation>
        </message>
        <message>
            <source>"%1" is changed.</source>
            <translation>عُدّلت «%1».</translation>
        </message>
        <message>
            <source>The settings are saved.</source>
            <translation>حُفظت الإعدادات.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::DifferenceTable</name>
        <message>
            <source>Differences</source>
            <translation>الفروق</translation>
        </message>
        <message>
            <source>Path</source>
            <translation>المسار</translation>
        </message>
        <message>
            <source>What differs</source>
            <translation>ما يختلف</translation>
        </message>
        <message>
            <source>(the folder itself)</source>
            <translation>(المجلد نفسه)</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::DigitsDialog</name>
        <message>
            <source>Pair two machines</source>
            <translation>إقران جهازين</translation>
        </message>
        <message>
            <source>&amp;Folder here below which it may keep replicas (may be empty)</source>
            <translation>ال&amp;مجلد هنا الذي يجوز له حفظ النسخ تحته (يمكن تركه فارغًا)</translation>
        </message>
        <message>
            <source>They Are the &amp;Same</source>
            <translation>مت&amp;طابقة</translation>
        </message>
        <message>
            <source>They &amp;Differ</source>
            <translation>م&amp;ختلفة</translation>
        </message>
        <message>
            <source>The digits: %1</source>
            <translation>الأرقام: %1</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>Confirmed here. Now confirm on the other machine, too.</source>
            <translation>تم التأكيد هنا. أكّد الآن على الجهاز الآخر أيضًا.</translation>
        </message>
        <message numerus="yes">
            <source>It ends by itself in %n second(s).</source>
            <translation>
                <numerusform>ينتهي من تلقاء نفسه الآن.</numerusform>
                <numerusform>ينتهي من تلقاء نفسه بعد ثانية واحدة.</numerusform>
                <numerusform>ينتهي من تلقاء نفسه بعد ثانيتين.</numerusform>
                <numerusform>ينتهي من تلقاء نفسه بعد %Ln ثوانٍ.</numerusform>
                <numerusform>ينتهي من تلقاء نفسه بعد %Ln ثانية.</numerusform>
                <numerusform>ينتهي من تلقاء نفسه بعد %Ln ثانية.</numerusform>
            </translation>
        </message>
        <message>
            <source>This machine and %1 are paired.</source>
            <translation>هذا الجهاز و%1 مقترنان.</translation>
        </message>
        <message>
            <source>This machine and %1 are not paired.</source>
            <translation>هذا الجهاز و%1 غير مقترنين.</translation>
        </message>
        <message>
            <source>Does the other machine show the same digits? If not, somebody may stand between the two.</source>
            <translation>هل يعرض الجهاز الآخر الأرقام نفسها؟ إن لم يكن، فربما يتدخل أحد بينهما.</translation>
        </message>
        <message>
            <source>Pairing with %1 at %2.</source>
            <translation>إقران مع %1 على %2.</translation>
        </message>
        <message>
            <source>%1 at %2 asks to be paired with this machine.</source>
            <translation>يطلب %1 على %2 الاقتران بهذا الجهاز.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::DraftCheck</name>
        <message>
            <source>Give the vault a name.</source>
            <translation>أعطِ الخزنة اسمًا.</translation>
        </message>
        <message>
            <source>The name is too long: 64 characters at most.</source>
            <translation>الاسم طويل جدًا: 64 حرفًا على الأكثر.</translation>
        </message>
        <message>
            <source>A name holds no slash and no line break, and starts with neither a dot nor a dash.</source>
            <translation>لا يحوي الاسم شرطة مائلة ولا فاصل أسطر، ولا يبدأ بنقطة ولا بشرطة.</translation>
        </message>
        <message>
            <source>There is a vault of this name already.</source>
            <translation>توجد خزنة بهذا الاسم بالفعل.</translation>
        </message>
        <message>
            <source>Choose the folder to mirror.</source>
            <translation>اختر المجلد المراد نسخه.</translation>
        </message>
        <message>
            <source>A vault mirrors one folder for now. Keep one checked, and add a vault for each other one; or check the folder that holds them all.</source>
            <translation>تنسخ الخزنة حاليًا مجلدًا واحدًا. أبقِ واحدًا محددًا وأضف خزنة لكل مجلد آخر؛ أو حدد المجلد الذي يضمها جميعًا.</translation>
        </message>
        <message>
            <source>Type the whole path, from the first slash on.</source>
            <translation>اكتب المسار كاملًا من أول شرطة مائلة.</translation>
        </message>
        <message>
            <source>This folder cannot be looked into: permission is missing.</source>
            <translation>لا يمكن النظر في هذا المجلد: الإذن مفقود.</translation>
        </message>
        <message>
            <source>There is no such folder.</source>
            <translation>لا يوجد مجلد كهذا.</translation>
        </message>
        <message>
            <source>This is a file. A vault mirrors a folder for now: choose the one it lies in.</source>
            <translation>هذا ملف. تنسخ الخزنة حاليًا مجلدًا: اختر المجلد الذي يقع فيه.</translation>
        </message>
        <message>
            <source>This folder cannot be read: permission is missing.</source>
            <translation>لا تمكن قراءة هذا المجلد: الإذن مفقود.</translation>
        </message>
        <message>
            <source>"%1" is no pattern: no empty, "." or ".." part, and no backslash at the end of a part.</source>
            <translation>«%1» ليس نمطًا: لا جزء فارغ ولا «.» ولا «..»، ولا شرطة عكسية في آخر جزء.</translation>
        </message>
        <message>
            <source>These are too many patterns: 1000 at most.</source>
            <translation>الأنماط كثيرة جدًا: 1000 على الأكثر.</translation>
        </message>
        <message>
            <source>"%1" is no folder there: no empty, "." or ".." part, and not the root.</source>
            <translation>«%1» ليس مجلدًا هناك: لا جزء فارغ ولا «.» ولا «..»، وليس الجذر.</translation>
        </message>
        <message>
            <source>Between two commas, or at the end, a way is missing.</source>
            <translation>هناك طريق ناقص بين فاصلتين أو في النهاية.</translation>
        </message>
        <message>
            <source>A proxy is written socks5://HOST:PORT, or socks5://USER:PASSWORD@HOST:PORT; a comma, % or @ in a password is written %2C, %25 or %40.</source>
            <translation>يُكتب الوكيل هكذا: socks5://HOST:PORT أو socks5://USER:PASSWORD@HOST:PORT؛ وتُكتب الفاصلة و% و@ داخل كلمة المرور على الشكل %2C و%25 و%40.</translation>
        </message>
        <message>
            <source>A Unix socket is written unix: and its whole path, from the first slash on; 107 bytes at most.</source>
            <translation>يُكتب مقبس يونكس هكذا: unix: ثم مساره الكامل من أول شرطة مائلة، وطوله 107 بايت على الأكثر.</translation>
        </message>
        <message>
            <source>This kind of way is not known. A proxy is written socks5://HOST:PORT, a Unix socket unix:/PATH.</source>
            <translation>هذا النوع من الطرق غير معروف. يُكتب الوكيل socks5://HOST:PORT ويُكتب مقبس يونكس unix:/PATH.</translation>
        </message>
        <message>
            <source>This is no name of a network interface: 15 characters at most, no slash and no space.</source>
            <translation>هذا ليس اسم واجهة شبكة: 15 حرفًا على الأكثر، بلا شرطة مائلة وبلا مسافة.</translation>
        </message>
        <message>
            <source>Choose how the targets are reached; "auto" leaves it to the system.</source>
            <translation>اختر كيف يُوصل إلى الأهداف؛ و«auto» تترك ذلك للنظام.</translation>
        </message>
        <message>
            <source>These are too many ways: 8 at most.</source>
            <translation>هذه طرق كثيرة جدًا: 8 على الأكثر.</translation>
        </message>
        <message>
            <source>A way is there twice, or the list is too long.</source>
            <translation>أحد الطرق مكرر، أو القائمة طويلة جدًا.</translation>
        </message>
        <message>
            <source>Automatic: the system finds the way.</source>
            <translation>تلقائي: يجد النظام الطريق.</translation>
        </message>
        <message>
            <source>Only at addresses of IPv4.</source>
            <translation>على عناوين IPv4 فقط.</translation>
        </message>
        <message>
            <source>Only at addresses of IPv6.</source>
            <translation>على عناوين IPv6 فقط.</translation>
        </message>
        <message>
            <source>Only over the interface %1.</source>
            <translation>عبر الواجهة %1 فقط.</translation>
        </message>
        <message>
            <source>Through the proxy %1.</source>
            <translation>عبر الوكيل %1.</translation>
        </message>
        <message>
            <source>Through the Unix socket of a tunnel.</source>
            <translation>عبر مقبس يونكس الخاص بنفق.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::EmptyPage</name>
        <message>
            <source>Nothing is mirrored yet</source>
            <translation>لا شيء يُنسخ بعد</translation>
        </message>
        <message>
            <source>Octopus mirrors a folder to another machine the moment something in it changes.</source>
            <translation>ينسخ Octopus مجلدًا إلى جهاز آخر نسخًا متطابقًا لحظة تغيّر شيء فيه.</translation>
        </message>
        <message>
            <source>With another machine</source>
            <translation>مع جهاز آخر</translation>
        </message>
        <message>
            <source>&amp;Machines…</source>
            <translation>الأ&amp;جهزة…</translation>
        </message>
        <message>
            <source>&amp;Add a Vault…</source>
            <translation>إ&amp;ضافة خزنة…</translation>
        </message>
        <message>
            <source>Pair this machine with the one that is to keep the replica. On a server without a display, run there:</source>
            <translation>اقرن هذا الجهاز بالجهاز الذي سيحفظ النسخة. وعلى خادم بلا شاشة نفّذ هناك:</translation>
        </message>
        <message>
            <source>Choose the folder to mirror, or drop it on this window.</source>
            <translation>اختر المجلد المراد نسخه، أو أفلته على هذه النافذة.</translation>
        </message>
        <message>
            <source>Try it on this computer</source>
            <translation>التجربة على هذا الحاسوب</translation>
        </message>
        <message>
            <source>With a &amp;Sample</source>
            <translation>باستخدام عيّ&amp;نة</translation>
        </message>
        <message>
            <source>With a Fol&amp;der…</source>
            <translation>باستخدام مجل&amp;د…</translation>
        </message>
        <message>
            <source>Starts a practice target on this computer and mirrors a sample, or a folder of yours, to it. When you end the practice the target is erased; your folder is not touched.</source>
            <translation>يشغّل هدفًا تدريبيًا على هذا الحاسوب وينسخ إليه عيّنة أو مجلدًا لك. وعند إنهاء التدريب يُمحى الهدف؛ ولا يُمسّ مجلدك.</translation>
        </message>
        <message>
            <source>octopusctl invite --grant FOLDER</source>
            <translation>octopusctl invite --grant FOLDER</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::EndQuestion</name>
        <message numerus="yes">
            <source>    and %n more</source>
            <translation>
                <numerusform>    ولا شيء آخر</numerusform>
                <numerusform>    وواحد آخر</numerusform>
                <numerusform>    واثنان آخران</numerusform>
                <numerusform>    و%Ln أخرى</numerusform>
                <numerusform>    و%Ln أخرى</numerusform>
                <numerusform>    و%Ln أخرى</numerusform>
            </translation>
        </message>
        <message>
            <source>End practice</source>
            <translation>إنهاء التدريب</translation>
        </message>
        <message>
            <source>Vaults of yours are mirrored to the practice target, which is erased now.</source>
            <translation>لديك خزائن تُنسخ إلى الهدف التدريبي الذي سيُمحى الآن.</translation>
        </message>
        <message>
            <source>These have no other target. If you keep them, they stand still until you choose another one:</source>
            <translation>هذه ليس لها هدف آخر. إن أبقيتها توقفت حتى تختار لها هدفًا آخر:</translation>
        </message>
        <message>
            <source>These lose this target and go on with their others:</source>
            <translation>هذه تفقد هذا الهدف وتستمر مع أهدافها الأخرى:</translation>
        </message>
        <message>
            <source>The folders that they mirror are not touched.</source>
            <translation>ولا تُمسّ المجلدات التي تنسخها.</translation>
        </message>
        <message>
            <source>End and &amp;Keep Them</source>
            <translation>إنهاء مع إ&amp;بقائها</translation>
        </message>
        <message>
            <source>&amp;End Practice</source>
            <translation>إنهاء ال&amp;تدريب</translation>
        </message>
        <message>
            <source>End and &amp;Remove Them</source>
            <translation>إنهاء مع إ&amp;زالتها</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::FailureWording</name>
        <message>
            <source>The engine has stopped.</source>
            <translation>توقف المحرك.</translation>
        </message>
        <message>
            <source>The engine did not answer in time.</source>
            <translation>لم يستجب المحرك في الوقت المناسب.</translation>
        </message>
        <message>
            <source>Another program uses the port or the folder that the engine needs. End that one, then try again.</source>
            <translation>برنامج آخر يستعمل المنفذ أو المجلد الذي يحتاج إليه المحرك. أنهِ ذلك البرنامج ثم أعد المحاولة.</translation>
        </message>
        <message>
            <source>%1 (%2)</source>
            <comment>what failed, and what the engine says of it</comment>
            <translation>%1 (%2)</translation>
        </message>
        <message>
            <source>It is not there any more. Perhaps it was renamed or removed meanwhile: look again, and choose another one.</source>
            <translation>لم يعد موجودًا. ربما أُعيدت تسميته أو أُزيل في هذه الأثناء: انظر مرة أخرى واختر غيره.</translation>
        </message>
        <message>
            <source>There is one of that name already. Choose another name.</source>
            <translation>هذا الاسم موجود بالفعل. اختر اسمًا آخر.</translation>
        </message>
        <message>
            <source>It is in use at the moment. Nothing was changed; try again in a minute.</source>
            <translation>هذا مستعمل الآن. لم يتغير شيء؛ أعد المحاولة بعد دقيقة.</translation>
        </message>
        <message>
            <source>A name or path is longer than it may be. Choose a shorter one.</source>
            <translation>أحد الأسماء أو المسارات أطول من المسموح. اختر أقصر منه.</translation>
        </message>
        <message>
            <source>This is not possible with this version of Octopus or on this system. Nothing was changed; choose something else.</source>
            <translation>هذا غير ممكن بهذا الإصدار من Octopus أو على هذا النظام. لم يتغير شيء؛ اختر غيره.</translation>
        </message>
        <message>
            <source>That is more at once than is allowed. Try again in some minutes; if it stays so, let the administrator raise the limits of the system.</source>
            <translation>هذا أكثر مما يُسمح به في وقت واحد. أعد المحاولة بعد بضع دقائق؛ وإن بقي الأمر كذلك فاطلب من المسؤول رفع حدود النظام.</translation>
        </message>
        <message>
            <source>What was entered cannot be used. Nothing was changed; correct it and try again.</source>
            <translation>لا يمكن استعمال ما أُدخل. لم يتغير شيء؛ صحّحه ثم أعد المحاولة.</translation>
        </message>
        <message>
            <source>What was stored or received is damaged, so it was not used. Try again; if it stays so, look at the disk and the network.</source>
            <translation>ما حُفظ أو استُلم تالف فلم يُستعمل. أعد المحاولة؛ وإن تكرر ذلك فافحص القرص والشبكة.</translation>
        </message>
        <message>
            <source>It was refused, and nothing was changed.</source>
            <translation>رُفض ذلك ولم يتغير شيء.</translation>
        </message>
        <message>
            <source>Something unexpected happened. Try again; if it stays so, the log of the engine says more.</source>
            <translation>حدث أمر غير متوقع. أعد المحاولة؛ وإن تكرر ذلك فسجل المحرك يبيّن المزيد.</translation>
        </message>
        <message>
            <source>A folder is needed, but something else stands there. Choose a folder.</source>
            <translation>المطلوب مجلد، لكن شيئًا آخر موجود هناك. اختر مجلدًا.</translation>
        </message>
        <message>
            <source>A folder stands where a file is needed. Move it away, or choose another place.</source>
            <translation>يوجد مجلد حيث يلزم ملف. انقله أو اختر موضعًا آخر.</translation>
        </message>
        <message>
            <source>The folder is not empty, so it was left alone. Choose an empty one.</source>
            <translation>المجلد غير فارغ فتُرك كما هو. اختر مجلدًا فارغًا.</translation>
        </message>
        <message>
            <source>The right to do that is missing. Give it to the user that Octopus runs as, or choose another place.</source>
            <translation>لا توجد صلاحية لذلك. امنحها للمستخدم الذي يعمل Octopus باسمه أو اختر موضعًا آخر.</translation>
        </message>
        <message>
            <source>The path leads out of its folder or over a symbolic link, where Octopus does not follow. Choose the real folder.</source>
            <translation>يخرج المسار من مجلده أو يمر برابط رمزي لا يتبعه Octopus. اختر المجلد الحقيقي.</translation>
        </message>
        <message>
            <source>There is no room left on the disk. Make room, then try again.</source>
            <translation>لم تبق مساحة على القرص. أفرغ مساحة ثم أعد المحاولة.</translation>
        </message>
        <message>
            <source>The disk can only be read. Make it writable, then try again.</source>
            <translation>القرص للقراءة فقط. اجعله قابلًا للكتابة ثم أعد المحاولة.</translation>
        </message>
        <message>
            <source>The disk reports a fault and may be about to fail. Save what is on it, and have it checked.</source>
            <translation>يُبلغ القرص عن عطل وقد يوشك على التلف. احفظ ما عليه وافحصه.</translation>
        </message>
        <message>
            <source>A file kept changing while it was read. Try again when it rests for a moment.</source>
            <translation>ظل أحد الملفات يتغير أثناء قراءته. أعد المحاولة حين يهدأ لحظة.</translation>
        </message>
        <message>
            <source>The two machines are not paired, or no longer. Pair them under Machines.</source>
            <translation>الجهازان غير مقترنين أو لم يعودا كذلك. اقرنهما من «الأجهزة».</translation>
        </message>
        <message>
            <source>The other machine lets this one keep no replica there. Allow a folder for it on the other machine, or choose another destination.</source>
            <translation>لا يسمح الجهاز الآخر لهذا الجهاز بحفظ نسخة هناك. اسمح له بمجلد على الجهاز الآخر أو اختر وجهة أخرى.</translation>
        </message>
        <message>
            <source>The two machines run versions of Octopus that do not understand each other. Update the older one.</source>
            <translation>يعمل على الجهازين إصداران من Octopus لا يتفاهمان. حدّث الأقدم منهما.</translation>
        </message>
        <message>
            <source>The other machine cannot be reached. See that it is switched on, that Octopus runs there and that both are on a network.</source>
            <translation>لا يمكن الوصول إلى الجهاز الآخر. تأكد من أنه يعمل وأن Octopus يعمل عليه وأن الجهازين متصلان بالشبكة.</translation>
        </message>
        <message>
            <source>No answer came in time. Whether it was done is not known; look, and try again if it was not.</source>
            <translation>لم يصل رد في الوقت المناسب. ولا يُعرف هل تم الأمر؛ تحقق، وأعد المحاولة إن لم يتم.</translation>
        </message>
        <message>
            <source>The connection ended before it was done. Try again when it is back.</source>
            <translation>انقطع الاتصال قبل إتمام الأمر. أعد المحاولة حين يعود.</translation>
        </message>
        <message>
            <source>The machine where the ticket was made does not answer. See that Octopus runs there and that both are on the same network, then use the ticket again.</source>
            <translation>الجهاز الذي صدرت عليه التذكرة لا يجيب. تأكد من أن Octopus يعمل هناك ومن أن الجهازين على الشبكة نفسها، ثم استعمل التذكرة مرة أخرى.</translation>
        </message>
        <message>
            <source>This ticket does not hold any more: it was used already, has run out or was withdrawn. Make a new one on the other machine.</source>
            <translation>لم تعد هذه التذكرة صالحة: فقد استُعملت أو انتهت مدتها أو سُحبت. أصدر تذكرة جديدة على الجهاز الآخر.</translation>
        </message>
        <message>
            <source>This ticket cannot be used here: it is not whole, or was made on this very machine. Make one on the other machine and copy all of it.</source>
            <translation>لا يمكن استعمال هذه التذكرة هنا: فهي ناقصة أو صدرت على هذا الجهاز نفسه. أصدر تذكرة على الجهاز الآخر وانسخها كلها.</translation>
        </message>
        <message>
            <source>No machine with Octopus answers there. See that it is switched on and the address is right; Check shows where it fails.</source>
            <translation>لا يجيب هناك جهاز عليه Octopus. تأكد من أنه يعمل ومن صحة العنوان؛ و«فحص» يبيّن موضع الخلل.</translation>
        </message>
        <message>
            <source>No machine of that name is known here. Type its address instead.</source>
            <translation>لا يُعرف هنا جهاز بهذا الاسم. اكتب عنوانه بدلًا منه.</translation>
        </message>
        <message>
            <source>That is neither a name nor an address. Type the name of a machine, 192.0.2.7, or [2001:db8::7]:17290.</source>
            <translation>هذا ليس اسمًا ولا عنوانًا. اكتب اسم جهاز أو ‎192.0.2.7‎ أو ‎[2001:db8::7]:17290‎.</translation>
        </message>
        <message>
            <source>One of the two machines is pairing already. Finish or decline that, then try again.</source>
            <translation>أحد الجهازين في عملية إقران بالفعل. أتمّها أو ارفضها ثم أعد المحاولة.</translation>
        </message>
        <message>
            <source>Pairing was tried too often. Wait ten minutes, or use a ticket.</source>
            <translation>تكررت محاولات الإقران أكثر من اللازم. انتظر عشر دقائق أو استعمل تذكرة.</translation>
        </message>
        <message>
            <source>The pairing was declined, or the digits were not the same. If they were not, somebody may be between the two machines: begin anew only on a network that you trust, or use a ticket.</source>
            <translation>رُفض الإقران أو لم تكن الأرقام متطابقة. فإن لم تتطابق فقد يكون أحدهم بين الجهازين: لا تبدأ من جديد إلا على شبكة تثق بها، أو استعمل تذكرة.</translation>
        </message>
        <message>
            <source>The pairing was not confirmed on both machines in time. Nothing was changed; begin it anew.</source>
            <translation>لم يُؤكَّد الإقران على الجهازين في الوقت المحدد. لم يتغير شيء؛ ابدأه من جديد.</translation>
        </message>
        <message>
            <source>The connection ended before both machines had confirmed. Nothing was changed; begin the pairing anew.</source>
            <translation>انقطع الاتصال قبل أن يؤكد الجهازان. لم يتغير شيء؛ ابدأ الإقران من جديد.</translation>
        </message>
        <message>
            <source>This pairing is over. Begin it anew.</source>
            <translation>انتهى هذا الإقران. ابدأه من جديد.</translation>
        </message>
        <message>
            <source>The machine or the folder is not in the list any more, so nothing had to be changed.</source>
            <translation>لم يعد الجهاز أو المجلد في القائمة، فلم يلزم تغيير شيء.</translation>
        </message>
        <message>
            <source>This folder cannot be allowed: name one by its whole path, and not the root.</source>
            <translation>لا يمكن السماح بهذا المجلد: اذكر مجلدًا بمساره الكامل، لا الجذر.</translation>
        </message>
        <message>
            <source>This machine has no address that a ticket could name. Connect it to a network, then make the ticket.</source>
            <translation>ليس لهذا الجهاز عنوان يمكن أن تذكره تذكرة. صله بشبكة ثم أصدر التذكرة.</translation>
        </message>
        <message>
            <source>The target does not answer. See that it is switched on and connected, then try again.</source>
            <translation>الهدف لا يجيب. تأكد من أنه يعمل ومتصل ثم أعد المحاولة.</translation>
        </message>
        <message>
            <source>The vault or one of its machines is not known any more. Close this and look at the list again.</source>
            <translation>لم تعد الخزنة أو أحد أجهزتها معروفًا. أغلق هذا وانظر إلى القائمة مرة أخرى.</translation>
        </message>
        <message>
            <source>There is a vault of that name already. Choose another name.</source>
            <translation>توجد خزنة بهذا الاسم بالفعل. اختر اسمًا آخر.</translation>
        </message>
        <message>
            <source>The folder at the target holds what Octopus did not put there, and it is left alone. Choose another folder, or say that it may hold other files.</source>
            <translation>يحوي المجلد في الهدف ما لم يضعه Octopus هناك، وقد تُرك كما هو. اختر مجلدًا آخر أو بيّن أنه يجوز أن يحوي ملفات أخرى.</translation>
        </message>
        <message>
            <source>The target is not connected. Try again when it is back.</source>
            <translation>الهدف غير متصل. أعد المحاولة حين يعود.</translation>
        </message>
        <message>
            <source>It is being compared already. Wait until that is done.</source>
            <translation>المقارنة جارية بالفعل. انتظر حتى تنتهي.</translation>
        </message>
        <message>
            <source>It is halted or paused. See its state, decide there, then try again.</source>
            <translation>الخزنة متوقفة أو موقوفة مؤقتًا. انظر إلى حالتها وقرّر هناك، ثم أعد المحاولة.</translation>
        </message>
        <message>
            <source>There is no such vault any more. Look at the list again.</source>
            <translation>لم تعد هذه الخزنة موجودة. انظر إلى القائمة مرة أخرى.</translation>
        </message>
        <message>
            <source>The target does not take the vault at that place: another replica may be kept there. Choose another folder.</source>
            <translation>لا يقبل الهدف الخزنة في ذلك الموضع: ربما تُحفظ هناك نسخة أخرى. اختر مجلدًا آخر.</translation>
        </message>
        <message>
            <source>The engine cannot use these settings. A source must not hold the folder where Octopus keeps its own records, and the replica needs a folder of its own below one that is allowed.</source>
            <translation>لا يستطيع المحرك استعمال هذه الإعدادات. يجب ألا يحوي المصدر المجلد الذي يحفظ فيه Octopus سجلاته، وتحتاج النسخة إلى مجلد خاص بها تحت مجلد مسموح به.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::FolderDialog</name>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::FolderField</name>
        <message>
            <source>Folder</source>
            <translation>المجلد</translation>
        </message>
        <message>
            <source>/mirrors</source>
            <translation>/mirrors</translation>
        </message>
        <message>
            <source>&amp;Browse…</source>
            <translation>است&amp;عراض…</translation>
        </message>
        <message>
            <source>Type the whole path of a folder, from the first slash on; the root itself cannot be allowed.</source>
            <translation>اكتب مسار المجلد كاملًا من أول شرطة مائلة؛ ولا يمكن السماح بالجذر نفسه.</translation>
        </message>
        <message>
            <source>Choose a folder</source>
            <translation>اختيار مجلد</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::InviteDialog</name>
        <message>
            <source>&amp;Copy</source>
            <translation>&amp;نسخ</translation>
        </message>
        <message>
            <source>Invite a machine</source>
            <translation>دعوة جهاز</translation>
        </message>
        <message>
            <source>&amp;Make a Ticket</source>
            <translation>إ&amp;صدار تذكرة</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>&amp;Folder here below which it may keep replicas</source>
            <translation>ال&amp;مجلد هنا الذي يجوز له حفظ النسخ تحته</translation>
        </message>
        <message>
            <source>The ticket is &amp;valid for</source>
            <translation>مدة صلا&amp;حية التذكرة</translation>
        </message>
        <message>
            <source>10 minutes</source>
            <translation>١٠ دقائق</translation>
        </message>
        <message>
            <source>1 hour</source>
            <translation>ساعة واحدة</translation>
        </message>
        <message>
            <source>1 day</source>
            <translation>يوم واحد</translation>
        </message>
        <message>
            <source>A ticket pairs this machine with the one where it is used. It works once. Whoever has it can use it: hand it over in a way that others cannot read.</source>
            <translation>تقرن التذكرة هذا الجهاز بالجهاز الذي تُستعمل عليه. وهي تعمل مرة واحدة، ومن يملكها يستطيع استعمالها: سلّمها بطريقة لا يقرؤها غيرك.</translation>
        </message>
        <message>
            <source>Without a folder the two are paired, and the other machine may write nothing here until you allow a folder.</source>
            <translation>بلا مجلد يقترن الجهازان، ولا يجوز للآخر كتابة شيء هنا حتى تسمح بمجلد.</translation>
        </message>
        <message>
            <source>The ticket</source>
            <translation>التذكرة</translation>
        </message>
        <message>
            <source>Usable once, until %1.</source>
            <translation>تُستعمل مرة واحدة حتى %1.</translation>
        </message>
        <message>
            <source>Usable once.</source>
            <translation>تُستعمل مرة واحدة.</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>تم النسخ</translation>
        </message>
        <message>
            <source>On the other machine choose Machines, Use a Ticket, and paste this; or run there:</source>
            <translation>على الجهاز الآخر اختر «الأجهزة» ثم «استعمال تذكرة» والصق هذا؛ أو نفّذ هناك:</translation>
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
            <translation>الجهاز</translation>
        </message>
        <message>
            <source>State</source>
            <translation>الحالة</translation>
        </message>
        <message>
            <source>Found by</source>
            <translation>طريقة العثور</translation>
        </message>
        <message>
            <source>Addresses</source>
            <translation>العناوين</translation>
        </message>
        <message>
            <source>Version</source>
            <translation>الإصدار</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MachinePane</name>
        <message>
            <source>Folders here below which it may keep replicas</source>
            <translation>المجلدات هنا التي يجوز له حفظ النسخ تحتها</translation>
        </message>
        <message>
            <source>&amp;Allow a Folder…</source>
            <translation>ال&amp;سماح بمجلد…</translation>
        </message>
        <message>
            <source>&amp;Withdraw</source>
            <translation>س&amp;حب السماح</translation>
        </message>
        <message>
            <source>&amp;Unpair…</source>
            <translation>إ&amp;لغاء الإقران…</translation>
        </message>
        <message>
            <source>It may write there no more; what is there stays</source>
            <translation>لا يجوز له الكتابة هناك بعد الآن؛ ويبقى ما هناك</translation>
        </message>
        <message>
            <source>Its key: %1</source>
            <translation>مفتاحه: %1</translation>
        </message>
        <message>
            <source>Not paired: nothing is sent to it, and it may do nothing here. It says that its key is %1.</source>
            <translation>غير مقترن: لا يُرسل إليه شيء ولا يجوز له فعل شيء هنا. وهو يقول إن مفتاحه %1.</translation>
        </message>
        <message>
            <source>Allow a folder</source>
            <translation>السماح بمجلد</translation>
        </message>
        <message>
            <source>Below which folder of this machine may %1 keep replicas? It is made if it is missing.</source>
            <translation>تحت أي مجلد من هذا الجهاز يجوز لـ %1 حفظ النسخ؟ يُنشأ إن لم يوجد.</translation>
        </message>
        <message>
            <source>&amp;Allow</source>
            <translation>ا&amp;سمح</translation>
        </message>
        <message>
            <source>Unpair %1</source>
            <translation>إلغاء إقران %1</translation>
        </message>
        <message>
            <source>End the pairing with %1?</source>
            <translation>أتريد إنهاء الإقران مع %1؟</translation>
        </message>
        <message>
            <source>Nothing more is sent to it and it may write nothing here. Vaults that are mirrored to it halt; replicas stay where they are, on both sides.</source>
            <translation>لن يُرسل إليه شيء ولا يجوز له كتابة شيء هنا. وتتوقف الخزن المنسوخة إليه؛ وتبقى النسخ حيث هي على الجانبين.</translation>
        </message>
        <message>
            <source>&amp;Unpair</source>
            <translation>إ&amp;لغاء الإقران</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>&amp;Pair…</source>
            <translation>إ&amp;قران…</translation>
        </message>
        <message>
            <source>Pair with %1</source>
            <translation>الإقران مع %1</translation>
        </message>
        <message>
            <source>Both screens show six digits: compare them, and confirm on both</source>
            <translation>تظهر على الشاشتين ستة أرقام: قارنها وأكّد على كلتيهما</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MachinesDialog</name>
        <message>
            <source>Machines</source>
            <translation>الأجهزة</translation>
        </message>
        <message>
            <source>&amp;Invite a Machine…</source>
            <translation>&amp;دعوة جهاز…</translation>
        </message>
        <message>
            <source>Make a ticket for another machine, which may then keep replicas here</source>
            <translation>إصدار تذكرة لجهاز آخر يجوز له بعدها حفظ النسخ هنا</translation>
        </message>
        <message>
            <source>Use a &amp;Ticket…</source>
            <translation>استعمال &amp;تذكرة…</translation>
        </message>
        <message>
            <source>Pair with the machine where a ticket was made</source>
            <translation>الإقران بالجهاز الذي صدرت عليه التذكرة</translation>
        </message>
        <message>
            <source>By A&amp;ddress…</source>
            <translation>بال&amp;عنوان…</translation>
        </message>
        <message>
            <source>Check a machine by its name or address, and pair with six digits</source>
            <translation>فحص جهاز باسمه أو عنوانه والإقران بستة أرقام</translation>
        </message>
        <message>
            <source>&amp;Search Again</source>
            <translation>ال&amp;بحث مجددًا</translation>
        </message>
        <message>
            <source>Looking for machines that run Octopus on this network…</source>
            <translation>جارٍ البحث عن أجهزة تشغّل Octopus في هذه الشبكة…</translation>
        </message>
        <message>
            <source>No machine was found.
On the other machine, start Octopus. Then make a ticket on one of the two and use it on the other.</source>
            <translation>لم يُعثر على أي جهاز.
شغّل Octopus على الجهاز الآخر، ثم أصدر تذكرة على أحدهما واستعملها على الآخر.</translation>
        </message>
        <message>
            <source>Searching…</source>
            <translation>جارٍ البحث…</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MainWindow</name>
        <message>
            <source>&amp;Machines…</source>
            <translation>الأ&amp;جهزة…</translation>
        </message>
        <message>
            <source>&amp;Quit</source>
            <translation>إ&amp;نهاء</translation>
        </message>
        <message>
            <source>Octopus</source>
            <translation>Octopus</translation>
        </message>
        <message>
            <source>Other machines: find, pair, and say what they may do here</source>
            <translation>الأجهزة الأخرى: العثور عليها وإقرانها وتحديد ما يجوز لها هنا</translation>
        </message>
        <message>
            <source>Waiting for the engine…</source>
            <translation>في انتظار المحرك…</translation>
        </message>
        <message>
            <source>&amp;File</source>
            <translation>&amp;ملف</translation>
        </message>
        <message>
            <source>&amp;Vault</source>
            <translation>&amp;خزنة</translation>
        </message>
        <message>
            <source>Vault</source>
            <translation>الخزنة</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>م&amp;ساعدة</translation>
        </message>
        <message>
            <source>&amp;About Octopus</source>
            <translation>&amp;عن Octopus</translation>
        </message>
        <message>
            <source>This machine</source>
            <translation>هذا الجهاز</translation>
        </message>
        <message>
            <source>The engine</source>
            <translation>المحرك</translation>
        </message>
        <message>
            <source>%1 at %2</source>
            <translation>%1 على %2</translation>
        </message>
        <message>
            <source>Try Again</source>
            <translation>إعادة المحاولة</translation>
        </message>
        <message>
            <source>Waiting for the engine</source>
            <translation>في انتظار المحرك</translation>
        </message>
        <message>
            <source>Engine in this window</source>
            <translation>المحرك في هذه النافذة</translation>
        </message>
        <message>
            <source>Engine in the background</source>
            <translation>المحرك في الخلفية</translation>
        </message>
        <message>
            <source>Engine does not answer</source>
            <translation>المحرك لا يستجيب</translation>
        </message>
        <message>
            <source>The engine does not answer. What is shown is how it was before; whether changes are mirrored is unknown.</source>
            <translation>المحرك لا يستجيب. المعروض هو الحال قبل ذلك؛ ولا يُعرف هل تُنسخ التغييرات.</translation>
        </message>
        <message>
            <source>No engine</source>
            <translation>لا محرك</translation>
        </message>
        <message>
            <source>There is no connection to the engine: %1</source>
            <translation>لا يوجد اتصال بالمحرك: %1</translation>
        </message>
        <message>
            <source>Mirroring goes on. The icon here brings the window back.</source>
            <translation>النسخ مستمر. والأيقونة هنا تعيد النافذة.</translation>
        </message>
        <message>
            <source>practice</source>
            <translation>تدريب</translation>
        </message>
        <message>
            <source>Choose a folder to practise with</source>
            <translation>اختيار مجلد للتدريب</translation>
        </message>
        <message>
            <source>Quit Octopus</source>
            <translation>إنهاء Octopus</translation>
        </message>
        <message>
            <source>Mirroring stops when Octopus quits.</source>
            <translation>يتوقف النسخ عند إنهاء Octopus.</translation>
        </message>
        <message>
            <source>What stops: %1. It catches up when Octopus is started again.</source>
            <translation>ما يتوقف: %1. ويُستدرك عند تشغيل Octopus مجددًا.</translation>
        </message>
        <message numerus="yes">
            <source>%1 and %n more</source>
            <translation>
                <numerusform>%1</numerusform>
                <numerusform>%1 وواحدة أخرى</numerusform>
                <numerusform>%1 واثنتان أخريان</numerusform>
                <numerusform>%1 و%Ln أخرى</numerusform>
                <numerusform>%1 و%Ln أخرى</numerusform>
                <numerusform>%1 و%Ln أخرى</numerusform>
            </translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>About Octopus</source>
            <translation>عن Octopus</translation>
        </message>
        <message>
            <source>Octopus %1</source>
            <translation>Octopus %1</translation>
        </message>
        <message>
            <source>Mirrors folders to other machines the moment they change.</source>
            <translation>ينسخ المجلدات إلى أجهزة أخرى لحظة تغيّرها.</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
        <message>
            <source>V&amp;iew</source>
            <translation>&amp;عرض</translation>
        </message>
        <message>
            <source>&amp;Settings…</source>
            <translation>الإ&amp;عدادات…</translation>
        </message>
        <message>
            <source>What starts when you log in</source>
            <translation>ما الذي يبدأ عند تسجيل دخولك</translation>
        </message>
        <message>
            <source>%1 What is shown is how it was before; whether changes are mirrored is unknown.</source>
            <comment>%1: what happened, a sentence</comment>
            <translation>%1 ما يُعرض هو ما كان عليه الحال من قبل؛ ولا يُعرف أتُنسخ التغييرات أم لا.</translation>
        </message>
        <message>
            <source>, </source>
            <comment>between words of a list</comment>
            <translation>، </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MapPainter</name>
        <message>
            <source>Unknown</source>
            <translation>غير معروف</translation>
        </message>
        <message>
            <source>This machine</source>
            <translation>هذا الجهاز</translation>
        </message>
        <message numerus="yes">
            <source>and %n more…</source>
            <translation>
                <numerusform>ولا أخرى…</numerusform>
                <numerusform>وواحدة أخرى…</numerusform>
                <numerusform>واثنتان أخريان…</numerusform>
                <numerusform>و%Ln أخرى…</numerusform>
                <numerusform>و%Ln أخرى…</numerusform>
                <numerusform>و%Ln أخرى…</numerusform>
            </translation>
        </message>
        <message>
            <source>Show fewer</source>
            <translation>عرض أقل</translation>
        </message>
        <message numerus="yes">
            <source>%n vault(s) to it</source>
            <translation>
                <numerusform>لا خزائن إليه</numerusform>
                <numerusform>خزنة واحدة إليه</numerusform>
                <numerusform>خزنتان إليه</numerusform>
                <numerusform>%Ln خزائن إليه</numerusform>
                <numerusform>%Ln خزنة إليه</numerusform>
                <numerusform>%Ln خزنة إليه</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n vault(s) from it</source>
            <translation>
                <numerusform>لا خزائن منه</numerusform>
                <numerusform>خزنة واحدة منه</numerusform>
                <numerusform>خزنتان منه</numerusform>
                <numerusform>%Ln خزائن منه</numerusform>
                <numerusform>%Ln خزنة منه</numerusform>
                <numerusform>%Ln خزنة منه</numerusform>
            </translation>
        </message>
        <message>
            <source>In sync</source>
            <translation>متطابقة</translation>
        </message>
        <message>
            <source>Lag %1</source>
            <translation>تأخر %1</translation>
        </message>
        <message numerus="yes">
            <source>%n problem(s), lag %1</source>
            <translation>
                <numerusform>لا مشكلات، تأخر %1</numerusform>
                <numerusform>مشكلة واحدة، تأخر %1</numerusform>
                <numerusform>مشكلتان، تأخر %1</numerusform>
                <numerusform>%Ln مشكلات، تأخر %1</numerusform>
                <numerusform>%Ln مشكلة، تأخر %1</numerusform>
                <numerusform>%Ln مشكلة، تأخر %1</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n problem(s)</source>
            <translation>
                <numerusform>لا مشكلات</numerusform>
                <numerusform>مشكلة واحدة</numerusform>
                <numerusform>مشكلتان</numerusform>
                <numerusform>%Ln مشكلات</numerusform>
                <numerusform>%Ln مشكلة</numerusform>
                <numerusform>%Ln مشكلة</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::MapView</name>
        <message>
            <source>Map of machines and mirrors</source>
            <translation>خريطة الأجهزة وعمليات النسخ المتطابق</translation>
        </message>
        <message>
            <source>%1 → %2 (%3) → %4 (%5)</source>
            <comment>a chain of machines, each with the vault it has</comment>
            <translation>%1 ← %2 (%3) ← %4 (%5)</translation>
        </message>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>ولا أخرى</numerusform>
                <numerusform>وواحدة أخرى</numerusform>
                <numerusform>واثنتان أخريان</numerusform>
                <numerusform>و%Ln أخرى</numerusform>
                <numerusform>و%Ln أخرى</numerusform>
                <numerusform>و%Ln أخرى</numerusform>
            </translation>
        </message>
        <message>
            <source>In a chain: %1</source>
            <translation>في سلسلة: %1</translation>
        </message>
        <message>
            <source>Click to see them all</source>
            <translation>انقر لرؤيتها كلها</translation>
        </message>
        <message>
            <source>%1 and this machine mirror each other.</source>
            <translation>يتبادل %1 وهذا الجهاز النسخ المتطابق.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Notifier</name>
        <message>
            <source>%1 is behind</source>
            <translation>%1 متأخرة</translation>
        </message>
        <message>
            <source>The replica on %1 lags by %2.</source>
            <translation>النسخة على %1 متأخرة بمقدار %2.</translation>
        </message>
        <message>
            <source>%1 has halted</source>
            <translation>توقفت %1</translation>
        </message>
        <message>
            <source>%1. Open Octopus to decide.</source>
            <translation>%1. افتح Octopus لتقرر.</translation>
        </message>
        <message>
            <source>Open Octopus to decide.</source>
            <translation>افتح Octopus لتقرر.</translation>
        </message>
        <message>
            <source>%1 has problems</source>
            <translation>لدى %1 مشكلات</translation>
        </message>
        <message numerus="yes">
            <source>%n file(s) or folder(s) are not protected now.</source>
            <translation>
                <numerusform>كل شيء محمي.</numerusform>
                <numerusform>ملف أو مجلد واحد غير محمي الآن.</numerusform>
                <numerusform>ملفان أو مجلدان غير محميين الآن.</numerusform>
                <numerusform>%Ln ملفات أو مجلدات غير محمية الآن.</numerusform>
                <numerusform>%Ln ملفًا أو مجلدًا غير محمي الآن.</numerusform>
                <numerusform>%Ln ملف أو مجلد غير محمي الآن.</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 cannot be reached</source>
            <translation>يتعذر الوصول إلى %1</translation>
        </message>
        <message>
            <source>Changes of %1 are kept in mind and caught up when it is back.</source>
            <translation>تُحفظ تغييرات %1 وتُستدرك عند عودته.</translation>
        </message>
        <message>
            <source>The engine does not answer</source>
            <translation>المحرك لا يستجيب</translation>
        </message>
        <message>
            <source>Whether changes are mirrored is unknown.</source>
            <translation>لا يُعرف هل تُنسخ التغييرات.</translation>
        </message>
        <message>
            <source>%1 has caught up</source>
            <translation>لحقت %1 بالركب</translation>
        </message>
        <message>
            <source>%1 goes on</source>
            <translation>%1 مستمرة</translation>
        </message>
        <message>
            <source>%1 has no problems any more</source>
            <translation>لم تعد لدى %1 مشكلات</translation>
        </message>
        <message>
            <source>%1 is back</source>
            <translation>عاد %1</translation>
        </message>
        <message>
            <source>%1 goes on.</source>
            <translation>%1 مستمرة.</translation>
        </message>
        <message>
            <source>The engine answers again</source>
            <translation>المحرك يستجيب مجددًا</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::PatternField</name>
        <message>
            <source>One pattern on each line</source>
            <translation>نمط واحد في كل سطر</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Practice</name>
        <message>
            <source>The practice needs a temporary folder, and none can be made: %1</source>
            <translation>يحتاج التدريب إلى مجلد مؤقت ويتعذر إنشاؤه: %1</translation>
        </message>
        <message>
            <source>Change this file, save it, and look at its copy in the replica.</source>
            <translation>غيّر هذا الملف واحفظه وانظر إلى نسخته.</translation>
        </message>
        <message>
            <source>practice</source>
            <translation>تدريب</translation>
        </message>
        <message>
            <source>The practice could not be started: %1</source>
            <translation>تعذر بدء التدريب: %1</translation>
        </message>
        <message>
            <source>The practice target has stopped: %1</source>
            <translation>توقف الهدف التدريبي: %1</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::PracticeBar</name>
        <message>
            <source>Open the &amp;Source</source>
            <translation>فتح المص&amp;در</translation>
        </message>
        <message>
            <source>Open the Re&amp;plica</source>
            <translation>فتح ال&amp;نسخة</translation>
        </message>
        <message>
            <source>&amp;End Practice</source>
            <translation>إنهاء ال&amp;تدريب</translation>
        </message>
        <message>
            <source>Starting a practice target…</source>
            <translation>جارٍ تشغيل هدف تدريبي…</translation>
        </message>
        <message>
            <source>This is a practice: change something in the source and watch it arrive in the replica. Both are on this computer.</source>
            <translation>هذا تدريب: غيّر شيئًا في المصدر وشاهده يصل إلى النسخة. كلاهما على هذا الحاسوب.</translation>
        </message>
        <message>
            <source>Ending the practice…</source>
            <translation>جارٍ إنهاء التدريب…</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ProblemModel</name>
        <message>
            <source>(the folder itself)</source>
            <translation>(المجلد نفسه)</translation>
        </message>
        <message>
            <source>Path</source>
            <translation>المسار</translation>
        </message>
        <message>
            <source>What is wrong</source>
            <translation>ما الخطأ</translation>
        </message>
        <message>
            <source>Since</source>
            <translation>منذ</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::ProblemPane</name>
        <message>
            <source>Problems of the selected vault</source>
            <translation>مشكلات الخزنة المحددة</translation>
        </message>
        <message>
            <source>Synchronize</source>
            <translation>مزامنة</translation>
        </message>
        <message>
            <source>Show the Folder</source>
            <translation>إظهار المجلد</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::RedeemDialog</name>
        <message>
            <source>Use a ticket</source>
            <translation>استعمال تذكرة</translation>
        </message>
        <message>
            <source>&amp;Ticket from the other machine</source>
            <translation>ال&amp;تذكرة من الجهاز الآخر</translation>
        </message>
        <message>
            <source>&amp;Pair</source>
            <translation>إ&amp;قران</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>This is no ticket: one begins with "octopus:".</source>
            <translation>هذه ليست تذكرة: فالتذكرة تبدأ بـ «octopus:».</translation>
        </message>
        <message>
            <source>Calling the other machine…</source>
            <translation>جارٍ الاتصال بالجهاز الآخر…</translation>
        </message>
        <message>
            <source>Paired with %1. It can be chosen as a target now.</source>
            <translation>تم الإقران مع %1. يمكن اختياره هدفًا الآن.</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
        <message>
            <source>On the other machine choose Machines, Invite a Machine, and copy the ticket; or run there:</source>
            <translation>على الجهاز الآخر اختر «الأجهزة» ثم «دعوة جهاز» وانسخ التذكرة؛ أو نفّذ هناك:</translation>
        </message>
        <message>
            <source>octopusctl invite --grant FOLDER</source>
            <translation>octopusctl invite --grant FOLDER</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::RemoveDialog</name>
        <message>
            <source>%1 on %2</source>
            <translation>%1 على %2</translation>
        </message>
        <message>
            <source>Remove vault</source>
            <translation>إزالة الخزنة</translation>
        </message>
        <message>
            <source>Stop mirroring "%1"?
The source folder on this machine is not touched.</source>
            <translation>أتريد إيقاف نسخ «%1»؟
لن يُمسّ المجلد المصدر على هذا الجهاز.</translation>
        </message>
        <message>
            <source>&amp;Keep the replica</source>
            <translation>إ&amp;بقاء النسخة</translation>
        </message>
        <message>
            <source>&amp;Erase the replica</source>
            <translation>&amp;محو النسخة</translation>
        </message>
        <message>
            <source>Remove and Erase</source>
            <translation>إزالة ومحو</translation>
        </message>
        <message>
            <source>Everything that Octopus put there is deleted for good, older versions of files and deleted files among it:
%1
Entries that Octopus did not put there stay. The machine must be reachable.</source>
            <translation>يُحذف نهائيًا كل ما وضعه Octopus هناك، بما فيه الإصدارات الأقدم والملفات المحذوفة:
%1
يبقى ما لم يضعه Octopus هناك. ويجب أن يكون الجهاز متاحًا.</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>إزالة</translation>
        </message>
        <message>
            <source>The replica stays as it is now, whole or not, and receives no more changes:
%1</source>
            <translation>تبقى النسخة كما هي الآن، كاملة أو غير كاملة، ولا تتلقى تغييرات أخرى:
%1</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::SettingsDialog</name>
        <message>
            <source>Not possible: the folder for what starts at login cannot be written.</source>
            <translation>غير ممكن: لا يمكن الكتابة في المجلد المخصص لما يبدأ عند تسجيل الدخول.</translation>
        </message>
        <message>
            <source>Not possible: systemd does not run for this user.</source>
            <translation>غير ممكن: لا يعمل systemd لهذا المستخدم.</translation>
        </message>
        <message>
            <source>Not possible: the service octopusd is not installed. It comes with the package octopusd.</source>
            <translation>غير ممكن: الخدمة octopusd غير مثبتة. وهي تأتي مع الحزمة octopusd.</translation>
        </message>
        <message>
            <source>Not possible: the service uses the usual folder for its data, and this window was started with another.</source>
            <translation>غير ممكن: تستخدم الخدمة المجلد المعتاد لبياناتها، وقد بدأت هذه النافذة بمجلد آخر.</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>الإعدادات</translation>
        </message>
        <message>
            <source>When you log in</source>
            <translation>عند تسجيل دخولك</translation>
        </message>
        <message>
            <source>Start &amp;nothing</source>
            <translation>&amp;عدم بدء أي شيء</translation>
        </message>
        <message>
            <source>Start &amp;Octopus in the tray</source>
            <translation>بدء &amp;Octopus في صينية النظام</translation>
        </message>
        <message>
            <source>Start only the &amp;engine</source>
            <translation>بدء ال&amp;محرك وحده</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>&amp;حفظ</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>Mirroring goes on once you start Octopus yourself.</source>
            <translation>يستمر النسخ حين تبدأ Octopus بنفسك.</translation>
        </message>
        <message>
            <source>Its window stays closed until you open it from the tray.</source>
            <translation>تبقى نافذته مغلقة حتى تفتحها من صينية النظام.</translation>
        </message>
        <message>
            <source>Everything is mirrored without a window; there are no notifications. Octopus shows what it does when you start it.</source>
            <translation>يُنسخ كل شيء دون نافذة، ولا توجد إشعارات. يعرض Octopus ما يجري حين تبدؤه.</translation>
        </message>
        <message>
            <source>This could not be changed, and the system does not say why. Try again, or log in anew.</source>
            <translation>تعذّر تغيير ذلك، ولا يذكر النظام السبب. حاول مرة أخرى أو سجّل الدخول من جديد.</translation>
        </message>
        <message>
            <source>This could not be changed. In the system's words: %1</source>
            <translation>تعذّر تغيير ذلك. بكلمات النظام: %1</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::SourceField</name>
        <message>
            <source>&amp;Folder to mirror</source>
            <translation>ال&amp;مجلد المراد نسخه</translation>
        </message>
        <message>
            <source>Folders of this machine</source>
            <translation>مجلدات هذا الجهاز</translation>
        </message>
        <message>
            <source>Type a folder, check one below, or drop it here</source>
            <translation>اكتب مجلدًا أو حدده أدناه أو أفلته هنا</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::StageList</name>
        <message>
            <source>What was checked</source>
            <translation>ما تم فحصه</translation>
        </message>
        <message>
            <source>Checked</source>
            <translation>الفحص</translation>
        </message>
        <message>
            <source>Found</source>
            <translation>النتيجة</translation>
        </message>
        <message>
            <source>%1: in order</source>
            <translation>%1: سليم</translation>
        </message>
        <message>
            <source>%1: failed</source>
            <translation>%1: فشل</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::StageWording</name>
        <message>
            <source>Name</source>
            <translation>الاسم</translation>
        </message>
        <message>
            <source>Reachable</source>
            <translation>إمكان الوصول</translation>
        </message>
        <message>
            <source>Encryption</source>
            <translation>التعمية</translation>
        </message>
        <message>
            <source>Identity</source>
            <translation>الهوية</translation>
        </message>
        <message>
            <source>Version</source>
            <translation>الإصدار</translation>
        </message>
        <message>
            <source>Pairing</source>
            <translation>الإقران</translation>
        </message>
        <message>
            <source>Folder allowed</source>
            <translation>المجلد المسموح به</translation>
        </message>
        <message>
            <source>Room</source>
            <translation>المساحة</translation>
        </message>
        <message>
            <source>Clock</source>
            <translation>الساعة</translation>
        </message>
        <message>
            <source>%1 is an address.</source>
            <translation>%1 عنوان.</translation>
        </message>
        <message>
            <source>%1 is %2.</source>
            <comment>a name and its addresses</comment>
            <translation>%1 هو %2.</translation>
        </message>
        <message>
            <source>Something listens at %1.</source>
            <translation>هناك ما يستمع عند %1.</translation>
        </message>
        <message>
            <source>The connection is encrypted (TLS 1.3).</source>
            <translation>الاتصال مشفَّر (TLS 1.3).</translation>
        </message>
        <message>
            <source>It runs Octopus %1.</source>
            <translation>يعمل عليه Octopus %1.</translation>
        </message>
        <message>
            <source>%1 and this machine are paired.</source>
            <translation>%1 وهذا الجهاز مقترنان.</translation>
        </message>
        <message>
            <source>Replicas may be kept below %1.</source>
            <translation>يُسمح بحفظ النسخ تحت %1.</translation>
        </message>
        <message>
            <source>%1 are free below %2.</source>
            <translation>المساحة الخالية تحت %2 هي %1.</translation>
        </message>
        <message>
            <source>The clocks differ by %1.</source>
            <translation>الفرق بين الساعتين %1.</translation>
        </message>
        <message>
            <source>%1 could not be looked up in time.</source>
            <translation>تعذَّر الاستعلام عن %1 في الوقت المتاح.</translation>
        </message>
        <message>
            <source>No machine is called %1.</source>
            <translation>لا يوجد جهاز باسم %1.</translation>
        </message>
        <message>
            <source>The machine answers, but nothing listens at %1 (the port is closed).</source>
            <translation>الجهاز يجيب، لكن لا شيء يستمع عند %1 (المنفذ مغلق).</translation>
        </message>
        <message>
            <source>Nothing answers at %1.</source>
            <translation>لا إجابة من %1.</translation>
        </message>
        <message>
            <source>%1 cannot be reached: %2</source>
            <translation>تعذَّر الوصول إلى %1: %2</translation>
        </message>
        <message>
            <source>Something at %1 hung up before it said who it is.</source>
            <translation>انقطع الاتصال من %1 قبل أن يعرِّف بنفسه.</translation>
        </message>
        <message>
            <source>What listens at %1 is not Octopus.</source>
            <translation>ما يستمع عند %1 ليس Octopus.</translation>
        </message>
        <message>
            <source>Another machine answers there than so far: %1, not %2.</source>
            <translation>يجيب هناك جهاز غير المعتاد: %1 وليس %2.</translation>
        </message>
        <message>
            <source>That is this very machine, or a copy of it.</source>
            <translation>هذا هو الجهاز نفسه أو نسخة منه.</translation>
        </message>
        <message>
            <source>It runs Octopus %1, which offers an older protocol than was spoken with it before.</source>
            <translation>يعمل عليه Octopus %1 الذي يعرض بروتوكولًا أقدم مما استُعمل معه من قبل.</translation>
        </message>
        <message>
            <source>It runs Octopus %1, which is too old to be checked any further.</source>
            <translation>يعمل عليه Octopus %1 وهو أقدم من أن يُفحص أكثر.</translation>
        </message>
        <message>
            <source>The two programs have no version in common.</source>
            <translation>لا إصدار مشترك بين البرنامجين.</translation>
        </message>
        <message>
            <source>It did not introduce itself.</source>
            <translation>لم يعرِّف بنفسه.</translation>
        </message>
        <message>
            <source>%1 is not paired with this machine.</source>
            <translation>%1 غير مقترن بهذا الجهاز.</translation>
        </message>
        <message>
            <source>%1 is no longer paired with this machine.</source>
            <translation>لم يعد %1 مقترنًا بهذا الجهاز.</translation>
        </message>
        <message>
            <source>%1 did not say what it allows.</source>
            <translation>لم يبيِّن %1 ما يسمح به.</translation>
        </message>
        <message>
            <source>%1 allows this machine no folder.</source>
            <translation>لا يسمح %1 لهذا الجهاز بأي مجلد.</translation>
        </message>
        <message>
            <source>%1 lies below no folder that %2 allows; these are %3.</source>
            <translation>لا يقع %1 تحت أي مجلد يسمح به %2؛ وهي %3.</translation>
        </message>
        <message>
            <source>The folder %1 is missing there.</source>
            <translation>المجلد %1 غير موجود هناك.</translation>
        </message>
        <message>
            <source>Octopus may not write to %1 there.</source>
            <translation>لا يحق لـ Octopus الكتابة في %1 هناك.</translation>
        </message>
        <message>
            <source>The folder %1 cannot be used there.</source>
            <translation>تعذَّر استعمال المجلد %1 هناك.</translation>
        </message>
        <message>
            <source>The disk is full: only %1 are free below %2.</source>
            <translation>القرص ممتلئ: المساحة الخالية تحت %2 هي %1 فقط.</translation>
        </message>
        <message>
            <source>Its clock is %1 ahead.</source>
            <translation>ساعته متقدمة بمقدار %1.</translation>
        </message>
        <message>
            <source>Its clock is %1 behind.</source>
            <translation>ساعته متأخرة بمقدار %1.</translation>
        </message>
        <message>
            <source>Update Octopus there.</source>
            <translation>حدِّث Octopus هناك.</translation>
        </message>
        <message>
            <source>Pair the two: with six digits or by a ticket.</source>
            <translation>اقرن الجهازين: بستة أرقام أو بتذكرة.</translation>
        </message>
        <message>
            <source>Allow this machine a folder there, in its list of machines.</source>
            <translation>اسمح لهذا الجهاز بمجلد هناك، في قائمة الأجهزة.</translation>
        </message>
        <message>
            <source>Mirroring works, but kept versions and tickets go by the clock: set the wrong one, best by the network.</source>
            <translation>النسخ المتطابق يعمل، لكن الإصدارات المحفوظة والتذاكر تعتمد على الساعة: اضبط الساعة الخاطئة، ويُفضَّل عبر الشبكة.</translation>
        </message>
        <message>
            <source>See that the name server answers, or type the machine's IP address.</source>
            <translation>تأكد من أن خادم الأسماء يجيب، أو اكتب عنوان IP للجهاز.</translation>
        </message>
        <message>
            <source>See whether the name is spelt rightly, or type the machine's IP address.</source>
            <translation>تأكد من صحة كتابة الاسم، أو اكتب عنوان IP للجهاز.</translation>
        </message>
        <message>
            <source>Type another address of that machine.</source>
            <translation>اكتب عنوانًا آخر لذلك الجهاز.</translation>
        </message>
        <message>
            <source>Start Octopus there, see that the port is the one it listens at, and that no firewall rejects it.</source>
            <translation>شغِّل Octopus هناك، وتأكد من أن المنفذ هو الذي يستمع عنده، ومن أن أي جدار حماية لا يرفضه.</translation>
        </message>
        <message>
            <source>See that the machine is switched on and connected, that the address is right, and that no firewall drops this port.</source>
            <translation>تأكد من أن الجهاز يعمل ومتصل، ومن صحة العنوان، ومن أن أي جدار حماية لا يحجب هذا المنفذ.</translation>
        </message>
        <message>
            <source>See that both machines are connected to the same network, or that a route leads there.</source>
            <translation>تأكد من أن الجهازين متصلان بالشبكة نفسها، أو من وجود مسار إلى هناك.</translation>
        </message>
        <message>
            <source>If that is Octopus, it may be busy: try again in a minute. Else type the port at which Octopus listens.</source>
            <translation>إن كان هذا Octopus فقد يكون مشغولًا: حاول بعد دقيقة. وإلا فاكتب المنفذ الذي يستمع عنده Octopus.</translation>
        </message>
        <message>
            <source>See which port Octopus uses there and type it after the address.</source>
            <translation>اعرف المنفذ الذي يستعمله Octopus هناك واكتبه بعد العنوان.</translation>
        </message>
        <message>
            <source>If Octopus was set up anew there, unpair and pair again. Else find out who has taken this address.</source>
            <translation>إن كان Octopus قد أُعدَّ هناك من جديد فألغِ الاقتران ثم اقرن من جديد. وإلا فابحث عمَّن أخذ هذا العنوان.</translation>
        </message>
        <message>
            <source>Type the address of the other machine. If it was copied from this one, give it an identity of its own: delete identity.key and identity.crt in its state folder.</source>
            <translation>اكتب عنوان الجهاز الآخر. وإن كان منسوخًا من هذا الجهاز فأعطه هوية خاصة به: احذف identity.key وidentity.crt من مجلد حالته.</translation>
        </message>
        <message>
            <source>Update the older of the two programs.</source>
            <translation>حدِّث الأقدم من البرنامجين.</translation>
        </message>
        <message>
            <source>Update Octopus there, or try again.</source>
            <translation>حدِّث Octopus هناك، أو حاول من جديد.</translation>
        </message>
        <message>
            <source>Try again.</source>
            <translation>حاول من جديد.</translation>
        </message>
        <message>
            <source>Choose a folder below one of them, or allow another one there.</source>
            <translation>اختر مجلدًا تحت أحدها، أو اسمح بمجلد آخر هناك.</translation>
        </message>
        <message>
            <source>See that its disk is mounted, or make the folder.</source>
            <translation>تأكد من أن قرصه موصول، أو أنشئ المجلد.</translation>
        </message>
        <message>
            <source>Give the user that runs Octopus there the right to write to it.</source>
            <translation>امنح المستخدم الذي يشغِّل Octopus هناك حق الكتابة فيه.</translation>
        </message>
        <message>
            <source>See to that folder, or allow another one.</source>
            <translation>افحص ذلك المجلد، أو اسمح بمجلد آخر.</translation>
        </message>
        <message>
            <source>Make room there.</source>
            <translation>أفرغ مساحة هناك.</translation>
        </message>
        <message>
            <source>Over %1 no address is needed.</source>
            <translation>عبر %1 لا حاجة إلى عنوان.</translation>
        </message>
        <message>
            <source>%1 is a matter of the proxy %2.</source>
            <translation>%1 شأن الوكيل %2.</translation>
        </message>
        <message>
            <source>Something listens over %1.</source>
            <translation>هناك ما يستقبل الاتصالات عبر %1.</translation>
        </message>
        <message>
            <source>Something listens at %1, reached over %2.</source>
            <translation>هناك ما يستقبل الاتصالات على %1، ويُوصل إليه عبر %2.</translation>
        </message>
        <message>
            <source>The proxy does not lead there: %1</source>
            <translation>الوكيل لا يوصل إلى هناك: %1</translation>
        </message>
        <message>
            <source>The tunnel cannot be used: %1</source>
            <translation>لا يمكن استخدام النفق: %1</translation>
        </message>
        <message>
            <source>The interface cannot be used: %1</source>
            <translation>لا يمكن استخدام الواجهة: %1</translation>
        </message>
        <message>
            <source>See that the proxy runs, lets this machine in, and allows the target.</source>
            <translation>تأكد من أن الوكيل يعمل ويسمح لهذا الجهاز ويسمح بالهدف.</translation>
        </message>
        <message>
            <source>See that the tunnel runs and that its socket is where it is said.</source>
            <translation>تأكد من أن النفق يعمل ومن أن مقبسه في المكان المذكور.</translation>
        </message>
        <message>
            <source>See that the interface is there, switched on and connected.</source>
            <translation>تأكد من أن الواجهة موجودة ومشغّلة ومتصلة.</translation>
        </message>
        <message>
            <source>%1 is neither the name nor the address of a machine.</source>
            <translation>‏%1 ليس اسم جهاز ولا عنوانه.</translation>
        </message>
        <message>
            <source>It is %1, id %2.</source>
            <translation>إنه %1، المعرِّف %2.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::TargetCheck</name>
        <message>
            <source>%1: checking…</source>
            <translation>%1: جارٍ الفحص…</translation>
        </message>
        <message>
            <source>%1: checking… %2</source>
            <translation>%1: جارٍ الفحص… %2</translation>
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
            <translation>الأ&amp;جهزة التي تحفظ نسخة</translation>
        </message>
        <message>
            <source>Pair a Mac&amp;hine…</source>
            <translation>إ&amp;قران جهاز…</translation>
        </message>
        <message>
            <source>Machines that keep a replica</source>
            <translation>الأجهزة التي تحفظ نسخة</translation>
        </message>
        <message>
            <source>Machine</source>
            <translation>الجهاز</translation>
        </message>
        <message>
            <source>State</source>
            <translation>الحالة</translation>
        </message>
        <message>
            <source>Folder there</source>
            <translation>المجلد هناك</translation>
        </message>
        <message>
            <source>Relative to a folder that this machine was granted there, or its whole path</source>
            <translation>نسبةً إلى مجلد سُمح به لهذا الجهاز هناك، أو المسار كاملًا</translation>
        </message>
        <message>
            <source>No other machine is known yet. Pair one first.</source>
            <translation>لا يُعرف جهاز آخر بعد. اقرن جهازًا أولًا.</translation>
        </message>
        <message>
            <source>Check the machine that is to keep the replica; one that is not paired must be paired first.</source>
            <translation>حدد الجهاز الذي سيحفظ النسخة؛ وغير المقترن يجب إقرانه أولًا.</translation>
        </message>
        <message>
            <source>Looking for machines on the network…</source>
            <translation>جارٍ البحث عن أجهزة في الشبكة…</translation>
        </message>
        <message>
            <source>No other machine was found. Pair one with a ticket.</source>
            <translation>لم يُعثر على جهاز آخر. اقرن جهازًا بتذكرة.</translation>
        </message>
        <message>
            <source>not known any more</source>
            <translation>لم يعد معروفًا</translation>
        </message>
        <message>
            <source>Folder on %1</source>
            <translation>المجلد على %1</translation>
        </message>
        <message>
            <source>Pair this machine first: nothing is sent to strangers.</source>
            <translation>اقرن هذا الجهاز أولًا: لا يُرسل شيء إلى الغرباء.</translation>
        </message>
        <message>
            <source>Network to %1: %2</source>
            <translation>الشبكة إلى %1: %2</translation>
        </message>
        <message>
            <source>Networ&amp;k to %1</source>
            <translation>الشب&amp;كة إلى %1</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::TransportField</name>
        <message>
            <source>Net&amp;work</source>
            <translation>ال&amp;شبكة</translation>
        </message>
        <message>
            <source>Several ways are separated by commas. The first one that is available is used, and a better one again as soon as it is back.</source>
            <translation>تُفصل الطرق المتعددة بفواصل (,). يُستعمل أول طريق متاح، ويُستعمل الطريق الأفضل من جديد حالما يعود.</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>تلقائي</translation>
        </message>
        <message>
            <source>IPv4 only</source>
            <translation>IPv4 فقط</translation>
        </message>
        <message>
            <source>IPv6 only</source>
            <translation>IPv6 فقط</translation>
        </message>
        <message>
            <source>Only over %1</source>
            <translation>عبر %1 فقط</translation>
        </message>
        <message>
            <source>Proxy…</source>
            <translation>وكيل…</translation>
        </message>
        <message>
            <source>Unix socket…</source>
            <translation>مقبس يونكس…</translation>
        </message>
        <message>
            <source>As the vault</source>
            <translation>مثل الخزنة</translation>
        </message>
        <message>
            <source>as the vault</source>
            <translation>مثل الخزنة</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::TrayIcon</name>
        <message>
            <source>&amp;Open Octopus</source>
            <translation>&amp;فتح Octopus</translation>
        </message>
        <message>
            <source>Octopus: the engine does not answer</source>
            <translation>Octopus: المحرك لا يستجيب</translation>
        </message>
        <message>
            <source>Octopus: nothing is mirrored yet</source>
            <translation>Octopus: لا شيء يُنسخ بعد</translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n vault(s) halted</source>
            <translation>
                <numerusform>Octopus: لا خزن متوقفة</numerusform>
                <numerusform>Octopus: خزنة واحدة متوقفة</numerusform>
                <numerusform>Octopus: خزنتان متوقفتان</numerusform>
                <numerusform>Octopus: %Ln خزن متوقفة</numerusform>
                <numerusform>Octopus: %Ln خزنة متوقفة</numerusform>
                <numerusform>Octopus: %Ln خزنة متوقفة</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n vault(s) not in sync</source>
            <translation>
                <numerusform>Octopus: كل الخزن متطابقة</numerusform>
                <numerusform>Octopus: خزنة واحدة غير متطابقة</numerusform>
                <numerusform>Octopus: خزنتان غير متطابقتين</numerusform>
                <numerusform>Octopus: %Ln خزن غير متطابقة</numerusform>
                <numerusform>Octopus: %Ln خزنة غير متطابقة</numerusform>
                <numerusform>Octopus: %Ln خزنة غير متطابقة</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n vault(s) paused</source>
            <translation>
                <numerusform>Octopus: لا خزن متوقفة مؤقتًا</numerusform>
                <numerusform>Octopus: خزنة واحدة متوقفة مؤقتًا</numerusform>
                <numerusform>Octopus: خزنتان متوقفتان مؤقتًا</numerusform>
                <numerusform>Octopus: %Ln خزن متوقفة مؤقتًا</numerusform>
                <numerusform>Octopus: %Ln خزنة متوقفة مؤقتًا</numerusform>
                <numerusform>Octopus: %Ln خزنة متوقفة مؤقتًا</numerusform>
            </translation>
        </message>
        <message>
            <source>Octopus: everything is in sync</source>
            <translation>Octopus: كل شيء متطابق</translation>
        </message>
        <message>
            <source>Worst lag: %1</source>
            <translation>أكبر تأخر: %1</translation>
        </message>
        <message>
            <source>%1: %2, lag %3</source>
            <translation>%1: %2، التأخر %3</translation>
        </message>
        <message>
            <source>unknown</source>
            <translation>غير معروف</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <comment>a vault and its state</comment>
            <translation>%1: %2</translation>
        </message>
        <message numerus="yes">
            <source>%n more…</source>
            <translation>
                <numerusform>لا مزيد…</numerusform>
                <numerusform>واحدة أخرى…</numerusform>
                <numerusform>اثنتان أخريان…</numerusform>
                <numerusform>%Ln أخرى…</numerusform>
                <numerusform>%Ln أخرى…</numerusform>
                <numerusform>%Ln أخرى…</numerusform>
            </translation>
        </message>
        <message>
            <source>Octopus</source>
            <translation>Octopus</translation>
        </message>
        <message numerus="yes">
            <source>%n more message(s): see the window.</source>
            <translation>
                <numerusform>لا رسائل أخرى.</numerusform>
                <numerusform>رسالة أخرى: انظر النافذة.</numerusform>
                <numerusform>رسالتان أخريان: انظر النافذة.</numerusform>
                <numerusform>%Ln رسائل أخرى: انظر النافذة.</numerusform>
                <numerusform>%Ln رسالة أخرى: انظر النافذة.</numerusform>
                <numerusform>%Ln رسالة أخرى: انظر النافذة.</numerusform>
            </translation>
        </message>
        <message>
            <source>Octopus: %1 has halted</source>
            <translation>Octopus: توقفت %1</translation>
        </message>
        <message>
            <source>Octopus: %1 has problems</source>
            <translation>Octopus: توجد مشكلات في %1</translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n vault(s) with problems</source>
            <translation>
                <numerusform>Octopus: لا خزن فيها مشكلات</numerusform>
                <numerusform>Octopus: خزنة واحدة فيها مشكلات</numerusform>
                <numerusform>Octopus: خزنتان فيهما مشكلات</numerusform>
                <numerusform>Octopus: %Ln خزن فيها مشكلات</numerusform>
                <numerusform>Octopus: %Ln خزنة فيها مشكلات</numerusform>
                <numerusform>Octopus: %Ln خزنة فيها مشكلات</numerusform>
            </translation>
        </message>
        <message>
            <source>Octopus: %1 cannot be reached</source>
            <translation>Octopus: لا يمكن الوصول إلى %1</translation>
        </message>
        <message numerus="yes">
            <source>Octopus: %n machine(s) cannot be reached</source>
            <translation>
                <numerusform>Octopus: لا أجهزة يتعذر الوصول إليها</numerusform>
                <numerusform>Octopus: يتعذر الوصول إلى جهاز واحد</numerusform>
                <numerusform>Octopus: يتعذر الوصول إلى جهازين</numerusform>
                <numerusform>Octopus: يتعذر الوصول إلى %Ln أجهزة</numerusform>
                <numerusform>Octopus: يتعذر الوصول إلى %Ln جهازًا</numerusform>
                <numerusform>Octopus: يتعذر الوصول إلى %Ln جهاز</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 (%2)</source>
            <comment>a state and why</comment>
            <translation>%1 (%2)</translation>
        </message>
        <message>
            <source>%1 cannot be reached</source>
            <translation>لا يمكن الوصول إلى %1</translation>
        </message>
        <message numerus="yes">
            <source>%1, %n problem(s)</source>
            <translation>
                <numerusform>%1، لا مشكلات</numerusform>
                <numerusform>%1، مشكلة واحدة</numerusform>
                <numerusform>%1، مشكلتان</numerusform>
                <numerusform>%1، %Ln مشكلات</numerusform>
                <numerusform>%1، %Ln مشكلة</numerusform>
                <numerusform>%1، %Ln مشكلة</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultActions</name>
        <message>
            <source>&amp;Add…</source>
            <translation>إ&amp;ضافة…</translation>
        </message>
        <message>
            <source>Mirror a folder to another machine</source>
            <translation>نسخ مجلد إلى جهاز آخر</translation>
        </message>
        <message>
            <source>&amp;Change…</source>
            <translation>ت&amp;عديل…</translation>
        </message>
        <message>
            <source>Change what this vault mirrors, and where to</source>
            <translation>تعديل ما تنسخه هذه الخزنة وإلى أين</translation>
        </message>
        <message>
            <source>&amp;Synchronize</source>
            <translation>م&amp;زامنة</translation>
        </message>
        <message>
            <source>Compare both sides and copy what differs</source>
            <translation>مقارنة الجانبين ونسخ ما يختلف</translation>
        </message>
        <message>
            <source>&amp;Verify</source>
            <translation>ت&amp;حقق</translation>
        </message>
        <message>
            <source>Read every byte on both sides and say what differs; nothing is changed</source>
            <translation>قراءة كل بايت على الجانبين وبيان ما يختلف؛ دون تغيير شيء</translation>
        </message>
        <message>
            <source>&amp;Pause</source>
            <translation>إي&amp;قاف مؤقت</translation>
        </message>
        <message>
            <source>Stop mirroring until it is resumed</source>
            <translation>إيقاف النسخ إلى حين استئنافه</translation>
        </message>
        <message>
            <source>&amp;Resume</source>
            <translation>ا&amp;ستئناف</translation>
        </message>
        <message>
            <source>Go on after a pause or a halt</source>
            <translation>المتابعة بعد إيقاف مؤقت أو توقف</translation>
        </message>
        <message>
            <source>Re&amp;move…</source>
            <translation>إزا&amp;لة…</translation>
        </message>
        <message>
            <source>Stop mirroring this vault for good</source>
            <translation>إيقاف نسخ هذه الخزنة نهائيًا</translation>
        </message>
        <message>
            <source>Synchronize A&amp;ll</source>
            <translation>مزامنة ال&amp;كل</translation>
        </message>
        <message>
            <source>Compare every vault of this machine and copy what differs</source>
            <translation>مقارنة كل خزن هذا الجهاز ونسخ ما يختلف</translation>
        </message>
        <message>
            <source>Pa&amp;use All</source>
            <translation>إيقاف الكل &amp;مؤقتًا</translation>
        </message>
        <message>
            <source>Stop mirroring every vault of this machine until it is resumed</source>
            <translation>إيقاف نسخ كل خزن هذا الجهاز إلى حين الاستئناف</translation>
        </message>
        <message>
            <source>R&amp;esume All</source>
            <translation>استئناف ال&amp;جميع</translation>
        </message>
        <message>
            <source>Go on with every vault that is paused</source>
            <translation>متابعة كل الخزن المتوقفة مؤقتًا</translation>
        </message>
        <message>
            <source>Comparing "%1"…</source>
            <translation>جارٍ مقارنة «%1»…</translation>
        </message>
        <message>
            <source>"%1" could not be synchronized: %2</source>
            <translation>تعذرت مزامنة «%1»: %2</translation>
        </message>
        <message>
            <source>"%1" was compared: nothing differed.</source>
            <translation>قورنت «%1»: لا فرق.</translation>
        </message>
        <message>
            <source>"%1" was compared: %2 copied, %3 removed.</source>
            <translation>قورنت «%L1»: نُسخ %L2 وأُزيل %L3.</translation>
        </message>
        <message>
            <source>Verifying "%1": every byte is read on both sides…</source>
            <translation>جارٍ التحقق من «%1»: يُقرأ كل بايت على الجانبين…</translation>
        </message>
        <message>
            <source>"%1" could not be verified: %2</source>
            <translation>تعذر التحقق من «%1»: %2</translation>
        </message>
        <message numerus="yes">
            <source>%n file(s) and folder(s)</source>
            <translation>
                <numerusform>لا ملفات ولا مجلدات</numerusform>
                <numerusform>ملف أو مجلد واحد</numerusform>
                <numerusform>ملفان أو مجلدان</numerusform>
                <numerusform>%Ln ملفات ومجلدات</numerusform>
                <numerusform>%Ln ملفًا ومجلدًا</numerusform>
                <numerusform>%Ln ملف ومجلد</numerusform>
            </translation>
        </message>
        <message>
            <source>"%1" was verified: %2, all identical.</source>
            <translation>تم التحقق من «%1»: %2، كلها متطابقة.</translation>
        </message>
        <message>
            <source>"%1" was verified: there are differences.</source>
            <translation>تم التحقق من «%1»: توجد فروق.</translation>
        </message>
        <message>
            <source>"%1" is paused.</source>
            <translation>«%1» متوقفة مؤقتًا.</translation>
        </message>
        <message>
            <source>"%1" goes on.</source>
            <translation>«%1» مستمرة.</translation>
        </message>
        <message>
            <source>Resume a halted vault</source>
            <translation>استئناف خزنة متوقفة</translation>
        </message>
        <message>
            <source>"%1" halted: %2.</source>
            <translation>توقفت «%1»: %2.</translation>
        </message>
        <message>
            <source>Resume All the Same</source>
            <translation>استئناف رغم ذلك</translation>
        </message>
        <message>
            <source>Every vault is paused.</source>
            <translation>كل الخزن متوقفة مؤقتًا.</translation>
        </message>
        <message>
            <source>Every vault goes on.</source>
            <translation>كل الخزن مستمرة.</translation>
        </message>
        <message>
            <source>"%1" is removed and its replica erased.</source>
            <translation>أُزيلت «%1» ومُحيت نسختها.</translation>
        </message>
        <message>
            <source>"%1" is removed; its replica stays.</source>
            <translation>أُزيلت «%1» وبقيت نسختها.</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultEditor</name>
        <message numerus="yes">
            <source>    and %n more</source>
            <translation>
                <numerusform>    ولا شيء آخر</numerusform>
                <numerusform>    وواحد آخر</numerusform>
                <numerusform>    واثنان آخران</numerusform>
                <numerusform>    و%Ln أخرى</numerusform>
                <numerusform>    و%Ln أخرى</numerusform>
                <numerusform>    و%Ln أخرى</numerusform>
            </translation>
        </message>
        <message>
            <source>&amp;Leave out</source>
            <translation>&amp;استبعاد</translation>
        </message>
        <message>
            <source>*.tmp
/cache/</source>
            <translation>*.tmp
/cache/</translation>
        </message>
        <message>
            <source>&amp;Only these (empty: everything)</source>
            <translation>&amp;هذه فقط (فارغ: كل شيء)</translation>
        </message>
        <message>
            <source>*.odt</source>
            <translation>*.odt</translation>
        </message>
        <message>
            <source>The folder there may hold other files &amp;already</source>
            <translation>يجوز أن يحوي المجلد هناك ملفات أ&amp;خرى</translation>
        </message>
        <message>
            <source>Change a vault</source>
            <translation>تعديل خزنة</translation>
        </message>
        <message>
            <source>Add a vault</source>
            <translation>إضافة خزنة</translation>
        </message>
        <message>
            <source>They are left alone. Where one has the name of a file of the vault, it stays, and that file is listed as a problem.</source>
            <translation>لا تُمسّ. وإذا حمل أحدها اسم ملف من الخزنة بقي كما هو وأُدرج ذلك الملف ضمن المشكلات.</translation>
        </message>
        <message>
            <source>&amp;Name</source>
            <translation>الا&amp;سم</translation>
        </message>
        <message>
            <source>What is in</source>
            <translation>ما تتضمنه</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>&amp;حفظ</translation>
        </message>
        <message>
            <source>&amp;Start Mirroring</source>
            <translation>&amp;بدء النسخ</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>إلغاء</translation>
        </message>
        <message>
            <source>Capture: watch. Octopus notices each change and copies it; every file at the target is a content that this file had at one moment.</source>
            <translation>الالتقاط: مراقبة. يلاحظ Octopus كل تغيير وينسخه؛ وكل ملف في الهدف هو محتوى كان لهذا الملف في لحظة ما.</translation>
        </message>
        <message>
            <source>Asking the target…</source>
            <translation>جارٍ سؤال الهدف…</translation>
        </message>
        <message>
            <source>Discard what you entered?</source>
            <translation>أتريد تجاهل ما أدخلته؟</translation>
        </message>
        <message>
            <source>&amp;Discard</source>
            <translation>ت&amp;جاهل</translation>
        </message>
        <message>
            <source>&amp;Keep Editing</source>
            <translation>&amp;متابعة التحرير</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultModel</name>
        <message>
            <source>Vault</source>
            <translation>الخزنة</translation>
        </message>
        <message>
            <source>With</source>
            <translation>مع</translation>
        </message>
        <message>
            <source>Replica</source>
            <translation>النسخة</translation>
        </message>
        <message>
            <source>State</source>
            <translation>الحالة</translation>
        </message>
        <message>
            <source>Lag</source>
            <translation>التأخر</translation>
        </message>
        <message>
            <source>Activity</source>
            <translation>النشاط</translation>
        </message>
        <message>
            <source>Problems</source>
            <translation>المشكلات</translation>
        </message>
        <message>
            <source>to %1</source>
            <translation>إلى %1</translation>
        </message>
        <message>
            <source>from %1</source>
            <translation>من %1</translation>
        </message>
        <message>
            <source>Unknown</source>
            <translation>غير معروف</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%L1 ٪</translation>
        </message>
        <message>
            <source>%1, %2 left</source>
            <translation>%1، بقي %2</translation>
        </message>
        <message>
            <source>Not complete yet</source>
            <translation>غير مكتملة بعد</translation>
        </message>
        <message>
            <source>As of %1</source>
            <translation>بتاريخ %1</translation>
        </message>
        <message numerus="yes">
            <source>%n change(s) waiting</source>
            <translation>
                <numerusform>لا تغييرات منتظرة</numerusform>
                <numerusform>تغيير واحد منتظر</numerusform>
                <numerusform>تغييران منتظران</numerusform>
                <numerusform>%Ln تغييرات منتظرة</numerusform>
                <numerusform>%Ln تغييرًا منتظرًا</numerusform>
                <numerusform>%Ln تغيير منتظر</numerusform>
            </translation>
        </message>
        <message>
            <source>In sync, %1 in %2</source>
            <translation>متطابقة، %1 في %2</translation>
        </message>
        <message numerus="yes">
            <source>%n file(s)</source>
            <translation>
                <numerusform>لا ملفات</numerusform>
                <numerusform>ملف واحد</numerusform>
                <numerusform>ملفان</numerusform>
                <numerusform>%Ln ملفات</numerusform>
                <numerusform>%Ln ملفًا</numerusform>
                <numerusform>%Ln ملف</numerusform>
            </translation>
        </message>
        <message>
            <source>Mirrors %1</source>
            <translation>تنسخ %1</translation>
        </message>
        <message>
            <source>The engine does not answer.</source>
            <translation>المحرك لا يستجيب.</translation>
        </message>
        <message>
            <source>The age of the oldest change that the target has not applied yet</source>
            <translation>عمر أقدم تغيير لم يطبقه الهدف بعد</translation>
        </message>
        <message>
            <source>Verified</source>
            <translation>آخر تحقق</translation>
        </message>
        <message>
            <source>Lag: %1</source>
            <translation>التأخر: %1</translation>
        </message>
        <message>
            <source>When both sides were last compared byte by byte, and what came of it</source>
            <translation>متى قورن الجانبان آخر مرة بايتًا ببايت، وما النتيجة</translation>
        </message>
        <message>
            <source>Last in sync: %1</source>
            <translation>آخر تطابق: %1</translation>
        </message>
        <message>
            <source>, </source>
            <comment>between words of a list</comment>
            <translation>، </translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultOverview</name>
        <message>
            <source>&amp;Table</source>
            <translation>&amp;جدول</translation>
        </message>
        <message>
            <source>&amp;Map</source>
            <translation>خري&amp;طة</translation>
        </message>
        <message>
            <source>&amp;Details</source>
            <translation>&amp;تفاصيل</translation>
        </message>
        <message>
            <source>Every vault in a line of a table</source>
            <translation>كل خزنة في سطر من جدول</translation>
        </message>
        <message>
            <source>The machines, and what is mirrored from where to where</source>
            <translation>الأجهزة، وما يُنسخ من أين إلى أين</translation>
        </message>
        <message>
            <source>What there is to know of the selected vault</source>
            <translation>ما يُعرف عن الخزنة المحددة</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VaultView</name>
        <message>
            <source>Vaults</source>
            <translation>الخزن</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VerificationDialog</name>
        <message>
            <source>Differences in %1</source>
            <translation>الفروق في %1</translation>
        </message>
        <message numerus="yes">
            <source>%n entries differ between the source and the replica. Synchronizing copies them anew; what is replaced is kept among the versions.</source>
            <translation>
                <numerusform>لا فرق بين المصدر والنسخة.</numerusform>
                <numerusform>عنصر واحد يختلف بين المصدر والنسخة. المزامنة تنسخه من جديد؛ ويُحفظ ما يُستبدل ضمن الإصدارات.</numerusform>
                <numerusform>عنصران يختلفان بين المصدر والنسخة. المزامنة تنسخهما من جديد؛ ويُحفظ ما يُستبدل ضمن الإصدارات.</numerusform>
                <numerusform>%Ln عناصر تختلف بين المصدر والنسخة. المزامنة تنسخها من جديد؛ ويُحفظ ما يُستبدل ضمن الإصدارات.</numerusform>
                <numerusform>%Ln عنصرًا تختلف بين المصدر والنسخة. المزامنة تنسخها من جديد؛ ويُحفظ ما يُستبدل ضمن الإصدارات.</numerusform>
                <numerusform>%Ln عنصر تختلف بين المصدر والنسخة. المزامنة تنسخها من جديد؛ ويُحفظ ما يُستبدل ضمن الإصدارات.</numerusform>
            </translation>
        </message>
        <message>
            <source>&amp;Synchronize</source>
            <translation>م&amp;زامنة</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>إغلاق</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::VerificationPane</name>
        <message>
            <source>Identical</source>
            <comment>both sides</comment>
            <translation>متطابق</translation>
        </message>
        <message>
            <source>Synchronize</source>
            <translation>مزامنة</translation>
        </message>
        <message>
            <source>Verify Now</source>
            <translation>تحقق الآن</translation>
        </message>
        <message>
            <source>Reports of verifications, the newest first</source>
            <translation>تقارير التحقق، الأحدث أولًا</translation>
        </message>
        <message>
            <source>When</source>
            <translation>متى</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>النتيجة</translation>
        </message>
        <message>
            <source>Identical</source>
            <translation>المتطابق</translation>
        </message>
        <message>
            <source>Took</source>
            <translation>المدة</translation>
        </message>
        <message>
            <source>Digest of everything compared: %1</source>
            <translation>بصمة كل ما قورن: %1</translation>
        </message>
        <message>
            <source>Never verified. Verifying reads every byte on both sides and says what differs; nothing is changed.</source>
            <translation>لم يُجرَ أي تحقق بعد. التحقق يقرأ كل بايت على الجانبين ويبيِّن ما يختلف؛ دون تغيير شيء.</translation>
        </message>
        <message>
            <source>The first %1 of %2 differences are listed. Synchronizing copies anew what differs.</source>
            <translation>المعروض أول %1 من %2 من الفروق. المزامنة تنسخ ما يختلف من جديد.</translation>
        </message>
        <message>
            <source>Synchronizing copies anew what differs; what is replaced is kept among the versions.</source>
            <translation>المزامنة تنسخ ما يختلف من جديد؛ ويُحفظ ما يُستبدل ضمن الإصدارات.</translation>
        </message>
        <message>
            <source>Both sides were identical, byte by byte.</source>
            <translation>كان الجانبان متطابقين بايتًا ببايت.</translation>
        </message>
    </context>
    <context>
        <name>octopus::desktop::Wording</name>
        <message>
            <source>Offline</source>
            <translation>غير متصل</translation>
        </message>
        <message>
            <source>Checking</source>
            <translation>جارٍ الفحص</translation>
        </message>
        <message>
            <source>Copying</source>
            <translation>جارٍ النسخ</translation>
        </message>
        <message>
            <source>Mirroring</source>
            <translation>نسخ متطابق</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>متوقفة مؤقتًا</translation>
        </message>
        <message>
            <source>Halted</source>
            <translation>متوقفة</translation>
        </message>
        <message>
            <source>Diverged</source>
            <translation>متباعدة</translation>
        </message>
        <message>
            <source>Unknown</source>
            <translation>غير معروف</translation>
        </message>
        <message>
            <source>%1 cannot be reached. Changes are kept in mind and caught up when it is back.</source>
            <translation>يتعذر الوصول إلى %1. تُحفظ التغييرات وتُستدرك عند عودته.</translation>
        </message>
        <message>
            <source>Both sides are compared; nothing is known for certain until that is done.</source>
            <translation>تجري مقارنة الجانبين؛ ولا شيء مؤكد حتى تنتهي.</translation>
        </message>
        <message>
            <source>What is missing or different at the target is being copied.</source>
            <translation>يُنسخ ما ينقص الهدف أو يختلف فيه.</translation>
        </message>
        <message>
            <source>Everything is mirrored; changes follow as they happen.</source>
            <translation>كل شيء منسوخ؛ وتتبعه التغييرات فور حدوثها.</translation>
        </message>
        <message>
            <source>Changes are on their way.</source>
            <translation>التغييرات في طريقها.</translation>
        </message>
        <message>
            <source>Paused by you. Changes are caught up when it is resumed.</source>
            <translation>أوقفتها مؤقتًا. وتُستدرك التغييرات عند الاستئناف.</translation>
        </message>
        <message>
            <source>Stopped until you decide; nothing is changed at the target.</source>
            <translation>متوقفة حتى تقرر؛ ولا يتغير شيء في الهدف.</translation>
        </message>
        <message>
            <source>Both sides were changed on their own.</source>
            <translation>تغيّر كل جانب على حدة.</translation>
        </message>
        <message>
            <source>The source folder is missing or another one</source>
            <translation>المجلد المصدر مفقود أو هو مجلد آخر</translation>
        </message>
        <message>
            <source>The source folder is suddenly empty</source>
            <translation>المجلد المصدر فارغ فجأة</translation>
        </message>
        <message>
            <source>Very many entries disappeared at once</source>
            <translation>اختفت عناصر كثيرة جدًا دفعة واحدة</translation>
        </message>
        <message>
            <source>The destination holds other data</source>
            <translation>تحوي الوجهة بيانات أخرى</translation>
        </message>
        <message>
            <source>The target does not know this machine</source>
            <translation>الهدف لا يعرف هذا الجهاز</translation>
        </message>
        <message>
            <source>The target allows no replica at that place</source>
            <translation>لا يسمح الهدف بنسخة في ذلك الموضع</translation>
        </message>
        <message>
            <source>Another machine has taken this vault over</source>
            <translation>تولى جهاز آخر هذه الخزنة</translation>
        </message>
        <message>
            <source>The target's disk cannot be written</source>
            <translation>تتعذر الكتابة على قرص الهدف</translation>
        </message>
        <message>
            <source>The replica's own records are damaged</source>
            <translation>سجلات النسخة نفسها تالفة</translation>
        </message>
        <message>
            <source>The replica is not at its place any more</source>
            <translation>النسخة لم تعد في مكانها</translation>
        </message>
        <message>
            <source>Mount or restore the source folder; mirroring goes on by itself once it is back. Resume only if the folder that is there now is meant.</source>
            <translation>أعد وصل المجلد المصدر أو استعده؛ ويستمر النسخ من تلقاء نفسه عند عودته. لا تستأنف إلا إذا كان المجلد الموجود الآن هو المقصود.</translation>
        </message>
        <message>
            <source>If the folder was emptied on purpose, resume: the target is emptied too, what was there is kept among its versions. Else restore it first.</source>
            <translation>إذا أُفرغ المجلد عمدًا فاستأنف: يُفرغ الهدف أيضًا ويُحفظ ما كان فيه ضمن إصداراته. وإلا فاستعده أولًا.</translation>
        </message>
        <message>
            <source>If that was on purpose, resume: the same entries are removed at the target and kept among its versions. Else restore them first.</source>
            <translation>إذا كان ذلك مقصودًا فاستأنف: تُزال العناصر نفسها في الهدف وتُحفظ ضمن إصداراته. وإلا فاستعدها أولًا.</translation>
        </message>
        <message>
            <source>Choose another destination, or let the vault adopt this one: what is there is left alone then.</source>
            <translation>اختر وجهة أخرى، أو دع الخزنة تتبنى هذه: فلا يُمسّ عندئذ ما فيها.</translation>
        </message>
        <message>
            <source>On the target, grant this machine a folder for its replicas.</source>
            <translation>اسمح لهذا الجهاز على الهدف بمجلد لنسخه.</translation>
        </message>
        <message>
            <source>This machine must not write any more. See on the other one which copy is the live one.</source>
            <translation>لا يجوز لهذا الجهاز الكتابة بعد الآن. انظر على الآخر أي نسخة هي الحية.</translation>
        </message>
        <message>
            <source>Make the disk at the target writable, then resume.</source>
            <translation>اجعل قرص الهدف قابلًا للكتابة ثم استأنف.</translation>
        </message>
        <message>
            <source>Resume to compare both sides anew and repair what differs.</source>
            <translation>استأنف لمقارنة الجانبين من جديد وإصلاح ما يختلف.</translation>
        </message>
        <message>
            <source>Its disk may not be mounted at the target. Mount or restore it; mirroring goes on by itself once it is back. Resume only if everything is to be copied there anew.</source>
            <translation>ربما لم يُوصَل قرصها عند الهدف. صِله أو استعد النسخة؛ ويستمر النسخ من تلقاء نفسه عند عودتها. لا تستأنف إلا إذا كان المقصود نسخ كل شيء إلى هناك من جديد.</translation>
        </message>
        <message>
            <source>Not mirrored (a socket or device)</source>
            <translation>غير منسوخ (مقبس أو جهاز)</translation>
        </message>
        <message>
            <source>Not mirrored (the name belongs to Octopus)</source>
            <translation>غير منسوخ (الاسم خاص بـ Octopus)</translation>
        </message>
        <message>
            <source>Cannot be read</source>
            <translation>تتعذر قراءته</translation>
        </message>
        <message>
            <source>Keeps changing while it is read</source>
            <translation>يتغير باستمرار أثناء قراءته</translation>
        </message>
        <message>
            <source>The target cannot write it</source>
            <translation>لا يستطيع الهدف كتابته</translation>
        </message>
        <message>
            <source>The target has no room for it</source>
            <translation>لا مساحة له في الهدف</translation>
        </message>
        <message>
            <source>Something else stands there at the target</source>
            <translation>يوجد شيء آخر هناك في الهدف</translation>
        </message>
        <message>
            <source>Only checked now and then (watch limit)</source>
            <translation>يُفحص من حين لآخر فقط (حد المراقبة)</translation>
        </message>
        <message>
            <source>Some attributes cannot be stored</source>
            <translation>يتعذر حفظ بعض السمات</translation>
        </message>
        <message>
            <source>Differs at the target</source>
            <translation>مختلف في الهدف</translation>
        </message>
        <message>
            <source>Sockets, pipes and devices have no content to mirror. Nothing needs to be done.</source>
            <translation>ليس للمقابس والأنابيب والأجهزة محتوى يُنسخ. لا يلزم فعل شيء.</translation>
        </message>
        <message>
            <source>Octopus keeps its own records under this name. Rename the entry to have it mirrored.</source>
            <translation>يحفظ Octopus سجلاته بهذا الاسم. أعد تسمية العنصر ليُنسخ.</translation>
        </message>
        <message>
            <source>Give the user that Octopus runs as the right to read it; it is then mirrored by itself. Or leave it out by a pattern.</source>
            <translation>امنح المستخدم الذي يعمل Octopus باسمه حق القراءة؛ فيُنسخ من تلقاء نفسه. أو استبعده بنمط.</translation>
        </message>
        <message>
            <source>The file is written without a pause. It is tried again and again; it is mirrored as soon as it rests for a moment.</source>
            <translation>يُكتب الملف بلا انقطاع. تتكرر المحاولة؛ ويُنسخ حالما يهدأ لحظة.</translation>
        </message>
        <message>
            <source>See on the target whether its folder may be written; then synchronize.</source>
            <translation>انظر على الهدف هل تمكن الكتابة في مجلده؛ ثم زامن.</translation>
        </message>
        <message>
            <source>Make room at the target; then synchronize.</source>
            <translation>أفسح مساحة في الهدف؛ ثم زامن.</translation>
        </message>
        <message>
            <source>Move what stands there at the target out of the way; then synchronize. Octopus does not overwrite what it did not put there.</source>
            <translation>انقل ما يوجد هناك في الهدف؛ ثم زامن. لا يكتب Octopus فوق ما لم يضعه هو.</translation>
        </message>
        <message>
            <source>Changes here are found by looking now and then, not at once. Let the administrator raise fs.inotify.max_user_watches.</source>
            <translation>تُكتشف التغييرات هنا بالنظر من حين لآخر لا فورًا. دع مدير النظام يرفع fs.inotify.max_user_watches.</translation>
        </message>
        <message>
            <source>The content is mirrored; some of its attributes cannot be kept by the file system at the target.</source>
            <translation>المحتوى منسوخ؛ وبعض سماته لا يستطيع نظام ملفات الهدف حفظها.</translation>
        </message>
        <message>
            <source>Synchronize to copy it anew; what stands at the target now is kept among the versions.</source>
            <translation>زامن لنسخه من جديد؛ ويُحفظ ما في الهدف الآن ضمن الإصدارات.</translation>
        </message>
        <message>
            <source>Missing at the target</source>
            <translation>مفقود في الهدف</translation>
        </message>
        <message>
            <source>Only at the target</source>
            <translation>في الهدف فقط</translation>
        </message>
        <message>
            <source>Other content</source>
            <translation>محتوى آخر</translation>
        </message>
        <message>
            <source>Other size</source>
            <translation>حجم آخر</translation>
        </message>
        <message>
            <source>Another kind of entry</source>
            <translation>نوع آخر من العناصر</translation>
        </message>
        <message>
            <source>Leads elsewhere</source>
            <translation>يقود إلى مكان آخر</translation>
        </message>
        <message>
            <source>Other owner, rights, time or attributes</source>
            <translation>مالك أو حقوق أو وقت أو سمات أخرى</translation>
        </message>
        <message>
            <source>unknown</source>
            <translation>غير معروف</translation>
        </message>
        <message>
            <source>%1 ms</source>
            <translation>%1 م.ث</translation>
        </message>
        <message>
            <source>%1 s</source>
            <translation>%1 ث</translation>
        </message>
        <message>
            <source>%1 min</source>
            <translation>%L1 د</translation>
        </message>
        <message>
            <source>%1 h %2 min</source>
            <translation>%L1 س %L2 د</translation>
        </message>
        <message>
            <source>%1 min %2 s</source>
            <translation>%L1 د %L2 ث</translation>
        </message>
        <message>
            <source>%1 h</source>
            <translation>%L1 س</translation>
        </message>
        <message>
            <source>Not paired</source>
            <translation>غير مقترن</translation>
        </message>
        <message>
            <source>Paired, connected</source>
            <translation>مقترن، متصل</translation>
        </message>
        <message>
            <source>Paired, not connected</source>
            <translation>مقترن، غير متصل</translation>
        </message>
        <message>
            <source>DNS-SD</source>
            <translation>DNS-SD</translation>
        </message>
        <message>
            <source>broadcast</source>
            <translation>البث</translation>
        </message>
        <message>
            <source>pairing</source>
            <translation>الإقران</translation>
        </message>
        <message>
            <source>, </source>
            <comment>between words of a list</comment>
            <translation>، </translation>
        </message>
        <message numerus="yes">
            <source>%n min ago</source>
            <translation>
                <numerusform>الآن</numerusform>
                <numerusform>قبل دقيقة</numerusform>
                <numerusform>قبل دقيقتين</numerusform>
                <numerusform>قبل %Ln دقائق</numerusform>
                <numerusform>قبل %Ln دقيقة</numerusform>
                <numerusform>قبل %Ln دقيقة</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n h ago</source>
            <translation>
                <numerusform>الآن</numerusform>
                <numerusform>قبل ساعة</numerusform>
                <numerusform>قبل ساعتين</numerusform>
                <numerusform>قبل %Ln ساعات</numerusform>
                <numerusform>قبل %Ln ساعة</numerusform>
                <numerusform>قبل %Ln ساعة</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n day(s) ago</source>
            <translation>
                <numerusform>اليوم</numerusform>
                <numerusform>قبل يوم</numerusform>
                <numerusform>قبل يومين</numerusform>
                <numerusform>قبل %Ln أيام</numerusform>
                <numerusform>قبل %Ln يومًا</numerusform>
                <numerusform>قبل %Ln يوم</numerusform>
            </translation>
        </message>
        <message>
            <source>%1, %2</source>
            <comment>when, and what came of it</comment>
            <translation>%1، %2</translation>
        </message>
        <message>
            <source>identical</source>
            <translation>متطابق</translation>
        </message>
        <message numerus="yes">
            <source>%n difference(s), repaired</source>
            <translation>
                <numerusform>لا فروق</numerusform>
                <numerusform>فرق واحد، أُصلح</numerusform>
                <numerusform>فرقان، أُصلحا</numerusform>
                <numerusform>%Ln فروق، أُصلحت</numerusform>
                <numerusform>%Ln فرقًا، أُصلحت</numerusform>
                <numerusform>%Ln فرق، أُصلحت</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n difference(s)</source>
            <translation>
                <numerusform>لا فروق</numerusform>
                <numerusform>فرق واحد</numerusform>
                <numerusform>فرقان</numerusform>
                <numerusform>%Ln فروق</numerusform>
                <numerusform>%Ln فرقًا</numerusform>
                <numerusform>%Ln فرق</numerusform>
            </translation>
        </message>
        <message>
            <source>Created</source>
            <translation>أُنشئ</translation>
        </message>
        <message>
            <source>Changed</source>
            <translation>تغيَّر</translation>
        </message>
        <message>
            <source>Appended</source>
            <translation>أُضيف إليه</translation>
        </message>
        <message>
            <source>Moved</source>
            <translation>نُقل</translation>
        </message>
        <message>
            <source>Removed</source>
            <translation>أُزيل</translation>
        </message>
        <message>
            <source>Attributes</source>
            <translation>السمات</translation>
        </message>
        <message>
            <source>%1: from %2 to %3</source>
            <translation>%1: من %2 إلى %3</translation>
        </message>
        <message>
            <source>The engine does not answer.</source>
            <translation>المحرك لا يستجيب.</translation>
        </message>
        <message>
            <source>Lag: %1</source>
            <translation>التأخر: %1</translation>
        </message>
        <message numerus="yes">
            <source>%n problem(s)</source>
            <translation>
                <numerusform>لا مشكلات</numerusform>
                <numerusform>مشكلة واحدة</numerusform>
                <numerusform>مشكلتان</numerusform>
                <numerusform>%Ln مشكلات</numerusform>
                <numerusform>%Ln مشكلة</numerusform>
                <numerusform>%Ln مشكلة</numerusform>
            </translation>
        </message>
        <message>
            <source>Verified: %1</source>
            <translation>آخر تحقق: %1</translation>
        </message>
        <message>
            <source>%1 of %2 files and folders disappeared.</source>
            <translation>اختفى %1 من أصل %2 من الملفات والمجلدات.</translation>
        </message>
        <message>
            <source>Pair the two machines again, or choose another target for the vault.</source>
            <translation>اقرن الجهازين من جديد، أو اختر للخزنة هدفًا آخر.</translation>
        </message>
        <message numerus="yes">
            <source>Everything is mirrored but for %n problem(s).</source>
            <translation>
                <numerusform>كل شيء منسوخ.</numerusform>
                <numerusform>كل شيء منسوخ عدا مشكلة واحدة.</numerusform>
                <numerusform>كل شيء منسوخ عدا مشكلتين.</numerusform>
                <numerusform>كل شيء منسوخ عدا %Ln مشكلات.</numerusform>
                <numerusform>كل شيء منسوخ عدا %Ln مشكلة.</numerusform>
                <numerusform>كل شيء منسوخ عدا %Ln مشكلة.</numerusform>
            </translation>
        </message>
        <message>
            <source>%1.</source>
            <comment>a sentence</comment>
            <translation>%1.</translation>
        </message>
        <message>
            <source>In the system's words: %1</source>
            <translation>بكلمات النظام: %1</translation>
        </message>
        <message>
            <source>Just now</source>
            <translation>الآن</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>أبدًا</translation>
        </message>
    </context>
</TS>
