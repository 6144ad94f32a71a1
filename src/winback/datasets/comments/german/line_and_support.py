"""The line and getting help, in German, with the rarer troubles."""

from __future__ import annotations

from winback.datasets.comments.english import line as en_line
from winback.datasets.comments.english import rare as en_rare
from winback.datasets.comments.english import support as en_support
from winback.datasets.comments.fragments import Theme

EVENINGS = Theme(
    name=en_line.EVENINGS.name,
    short=("abends langsam", "ab {evening} geht nichts", "{got} Mbit statt {speed}", "ruckelt jeden Abend"),
    plain=(
        "Jeden Abend ab {evening} wird es langsam.",
        "Wir zahlen für {speed} und haben abends {got} Mbit.",
        "Tagsüber gut, abends bleibt das Bild stehen.",
        "Wenn alle zu Hause sind, geht nichts mehr.",
        "Mittags misst der Techniker volle Leistung, abends kommt keiner.",
    ),
    angry=("{got} Mbit! Ich zahle für {speed}!", "Jeden. Einzelnen. Abend."),
    polite=("Abends ist die Verbindung leider recht langsam.",),
    dry=("Um {evening} geht das Internet schlafen. Wir dann auch.",),
    facts=("12 Uhr volle Leistung, 20 Uhr {got} Mbit, Mitternacht wieder voll.",),
    mild=("Gute Leitung, abends etwas zäh.", "schnell genug, nur abends nicht"),
    after=("Die Nachbarn sagen das auch.", "Am Router liegt es nicht.", "Von einem Ausbau weiß niemand etwas."),
    home=("Die Kinder können ihre Hausaufgaben nicht machen.", "{relative} telefoniert jetzt im Auto."),
    work=("Wir haben bis zehn geöffnet, da ist das Geschäftszeit.", "Unsere Gäste beschweren sich übers WLAN."),
    reasons=("abends zu langsam",),
)

ROUTER = Theme(
    name=en_line.ROUTER.name,
    short=(
        "Router startet ständig neu",
        "WLAN reicht nicht bis {room}",
        "ständig Stecker ziehen",
        "Router taugt nichts",
    ),
    plain=(
        "Der Router startet von allein neu, gern mitten im Gespräch.",
        "Seit dem letzten Update fällt er {many} Mal am Tag aus.",
        "Das WLAN reicht nicht bis {room}.",
        "Der neue Router ist schlechter als der alte.",
        "Jeden Morgen muss ich den Stecker ziehen.",
        "Der Austauschrouter macht genau dasselbe.",
    ),
    angry=("Der Kasten ist Schrott.", "Heute {many} Neustarts. Heute!"),
    polite=("Der Router startet ab und zu neu, ein anderes Modell wäre schön.",),
    dry=("Mein Router macht mehr Pausen als die Baustelle nebenan.",),
    facts=("Neustarts: {day} 3, {day2} 5. Zweites Gerät, gleicher Fehler.",),
    mild=("Router braucht manchmal einen Neustart, sonst gut.", "ok, WLAN könnte weiter reichen"),
    after=(
        "Am Telefon heißt es immer: einmal neu starten.",
        "Bis {month} lief alles.",
        "Ein anderes Gerät wurde versprochen, kam aber nie.",
    ),
    home=("{relative} arbeitet von zu Hause und fliegt aus jedem zweiten Gespräch.",),
    work=("Wenn er neu startet, steht die Kasse.", "Die Telefone fallen mit aus."),
    reasons=("Verbindung bricht dauernd ab", "Router nie richtig gelaufen"),
)

STORY = Theme(
    name=en_support.STORY.name,
    short=(
        "alles {many} Mal erzählt",
        "keiner liest die Notizen",
        "von Pontius zu Pilatus",
        "jeder sagt etwas anderes",
    ),
    plain=(
        "Bei jedem Anruf fange ich wieder von vorne an.",
        "Ich habe die Störung {many} Leuten erklärt.",
        "Der Laden schickt mich ans Telefon, das Telefon in den Laden.",
        "Der Rückruf war für {day} versprochen, der Nächste wusste nichts davon.",
        "Erst sollte ich Fotos schicken, dann sollte ich Fotos schicken.",
    ),
    angry=("LESEN SIE IHRE NOTIZEN.", "Fünf Abteilungen, und keine ist zuständig!"),
    polite=("Alle waren freundlich. Nur hätte ich es gern nicht jedem neu erklärt.",),
    dry=("Meine Störungsmeldung kann ich inzwischen auswendig.",),
    facts=("{many} Anrufe, {n} Tickets, eine Störung.",),
    mild=("Am Ende gelöst, aber oft erklären müssen.", "Nette Leute, schlechte Übergabe."),
    after=(
        "Und gelöst ist es immer noch nicht.",
        "Ich schreibe jetzt selbst mit, mit Namen.",
        "Nur {she} hatte es gelesen.",
    ),
    home=("Das mache ich in meiner Mittagspause.",),
    work=("Ich habe einen Betrieb zu führen.", "Versprochen war ein fester Ansprechpartner."),
    reasons=("niemand kümmert sich",),
)

WAITING = Theme(
    name=en_support.WAITING.name,
    short=("{mins} Minuten Warteschleife", "keiner geht ran", "Hotline nie erreichbar", "Chatbot hilft nicht"),
    plain=(
        "{mins} Minuten gewartet und dann aus der Leitung geflogen.",
        "Am {day} ist bei Ihnen niemand zu erreichen.",
        "Der Chatbot versteht mich nicht und lässt mich nicht zu einem Menschen.",
        "Meine E-Mail aus dem {month} ist bis heute unbeantwortet.",
    ),
    angry=("{mins} Minuten für eine Frage von zwei Minuten!", "Stellen Sie Leute ein!"),
    polite=("Die Dame war sehr hilfsbereit, nur das Warten war lang.",),
    dry=("Ihre Wartemusik kann ich jetzt mitsingen.",),
    facts=("{day} {mins} Min., rausgeflogen. {day2} falsche Abteilung.",),
    mild=("Lange gewartet, gute Antwort.", "Hotline sollte länger offen sein"),
    after=("Ich wollte nur eine Sache wissen.", "Im Laden ging es dann schneller.", "Der Rückruf kam nie."),
    home=("Einen Computer habe ich nicht, nur das Telefon.",),
    work=("So lange stand bei uns alles.",),
    reasons=("nie jemanden erreicht",),
)

MOVING = Theme(
    name=en_rare.MOVING.name,
    short=("Umzug hat {weeks} Wochen gedauert", "nach Umzug offline"),
    plain=(
        "Der Umzug der Leitung hat {weeks} Wochen gedauert.",
        "Für einen Umzug braucht man bei Ihnen drei Abteilungen.",
    ),
    angry=("{weeks} Wochen ohne Internet, weil wir vier Straßen weiter gezogen sind!",),
    mild=("Umzug dauerte zu lange, die Leitung ist gut.",),
    after=("Bezahlt haben wir trotzdem.",),
    reasons=("Umzug, Leitung kam nicht rechtzeitig mit",),
)

BACKUP = Theme(
    name=en_rare.BACKUP.name,
    short=("Ersatzleitung springt nicht an",),
    plain=("Die Ersatz-SIM springt nie an, wenn die Leitung ausfällt.", "Wofür zahle ich die Ausfallsicherung?"),
    mild=("Leitung gut, die mobile Reserve hat noch nie funktioniert.",),
    after=("Alles musste von Hand neu gestartet werden.",),
    reasons=("Ausfallsicherung ohne Wirkung",),
)

APP = Theme(
    name=en_rare.APP.name,
    short=("App meldet mich dauernd ab", "Login geht nicht"),
    plain=("Die App meldet mich jedes Mal ab.", "In der App sehe ich, dass es eine Rechnung gibt, aber nicht welche."),
    mild=("Leitung gut, App geht so.",),
    after=("Also rufe ich an.",),
    reasons=("Konto online nie zum Laufen gebracht",),
)
