"""What people like, in German."""

from __future__ import annotations

from winback.datasets.comments.english import praise as english
from winback.datasets.comments.fragments import Theme

STAFF = Theme(
    name=english.STAFF.name,
    short=("nette Leute", "{she} war super", "freundlich und schnell", "Danke {she}!", "guter Service im Laden"),
    plain=(
        "{she} am Telefon war geduldig und wusste Bescheid.",
        "Der Techniker war pünktlich, sauber und hat sogar gesaugt.",
        "Bei Ihnen geht noch ein Mensch ans Telefon, und ein freundlicher dazu.",
        "{he} hat zurückgerufen, als er es gesagt hat. Wer macht das noch?",
        "Im Laden hat man sich Zeit für mich genommen.",
    ),
    polite=("Bitte richten Sie {name} meinen Dank aus.",),
    dry=("Ich wollte kündigen, dann sprach ich mit {name}. Gut gespielt.",),
    facts=("Anruf am {day}, 3 Minuten gewartet, in 8 gelöst.",),
    mild=("Freundlich, das zählt.", "Nette Leute, Produkt Durchschnitt."),
    after=("Das findet man bei den Großen nicht.", "Deshalb bleibe ich.", "Weiter so."),
    home=("Sogar {relative} hat es verstanden.",),
    work=("Als kleiner Betrieb merkt man, wer sich kümmert.",),
)

REPAIR = Theme(
    name=english.REPAIR.name,
    short=("Störung am selben Tag behoben", "schnelle Hilfe"),
    plain=(
        "Störung am {day} gemeldet, am Nachmittag war sie behoben.",
        "Der Bagger hatte das Kabel erwischt, nach {hours} Stunden lief alles wieder.",
        "Neuer Router war am nächsten Tag da.",
    ),
    polite=("Vielen Dank für die schnelle Reparatur.",),
    mild=("Reparatur ging schnell, hätte nicht sein müssen.",),
    after=("So muss Service sein.", "Am Tag danach kam noch ein Anruf, ob alles läuft."),
    work=("Mittags konnten wir wieder verkaufen.",),
)

SPEED = Theme(
    name=english.SPEED.name,
    short=("schnell", "sehr schnell", "Geschwindigkeit top", "schnell und stabil", "+ schnell\n+ stabil\n- Preis"),
    plain=(
        "Ich bekomme die {speed}, die ich bezahle, Tag und Nacht.",
        "Vier Leute schauen gleichzeitig und keiner schimpft.",
        "Nach Kupfer ist das eine andere Welt.",
        "Hochladen dauert Sekunden statt Minuten.",
    ),
    polite=("Mit der Geschwindigkeit bin ich sehr zufrieden.",),
    dry=("So schnell, dass mir die Ausreden ausgehen.",),
    facts=("{speed} gebucht, {speed} gemessen.",),
    mild=("schnell genug", "Tempo ist in Ordnung."),
    after=("Auch abends.", "Und das auf dem Land.", "Das WLAN reicht sogar bis {room}."),
    home=("Die Kinder sind zufrieden, also ich auch.",),
    work=("Die Datensicherung ist bis zum Frühstück durch.",),
)

RELIABLE = Theme(
    name=english.RELIABLE.name,
    short=("läuft einfach", "zuverlässig", "nie Probleme", "alles bestens", "keine Klagen"),
    plain=(
        "Läuft einfach, mehr will ich nicht.",
        "Ich weiß nicht, wann es zuletzt ausgefallen ist.",
        "Eingerichtet und vergessen.",
        "Stabil, Tag und Nacht.",
    ),
    polite=("Wir sind rundum zufrieden.",),
    dry=("Langweilig. Im besten Sinn.",),
    mild=("Funktioniert.", "Solide, nichts Besonderes.", "bisher kein Ärger"),
    after=("Möge es so bleiben.", "Hab es {dative} auch empfohlen."),
    home=("Auch bei Sturm.",),
    work=("Kasse, Telefon, Kameras: alles läuft durch.",),
)

VALUE = Theme(
    name=english.VALUE.name,
    short=("fairer Preis", "Preis passt", "günstiger als vorher und besser"),
    plain=(
        "Fairer Preis, keine Tricks.",
        "{euro} weniger als beim alten Anbieter und doppelt so schnell.",
        "Für das Geld habe ich nichts Besseres gefunden.",
    ),
    polite=("Preis und Leistung passen zusammen.",),
    mild=("Preis ist in Ordnung.",),
    after=("Bitte so lassen.", "Schon zwei Freunden erzählt."),
    work=("Eine Rechnung, ein Preis, die Buchhaltung freut sich.",),
)

EASY_APP = Theme(
    name=english.EASY_APP.name,
    short=("App ist super", "einfach", "Wechsel war leicht"),
    plain=("Den Umzug in zehn Minuten in der App erledigt.", "In der App sehe ich endlich, was ich zahle und warum."),
    polite=("Die App ist gut gemacht, sogar ich komme zurecht.",),
    mild=("App ist praktisch.",),
    after=("Man muss niemanden anrufen.",),
)
