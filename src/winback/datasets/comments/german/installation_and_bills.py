"""Appointments, the first bill and the price letter, in German."""

from __future__ import annotations

from winback.datasets.comments.english.appointments import APPOINTMENTS as EN_APPOINTMENTS
from winback.datasets.comments.english.bills import FIRST_BILL as EN_FIRST_BILL
from winback.datasets.comments.english.bills import PRICE_RISE as EN_PRICE_RISE
from winback.datasets.comments.fragments import Theme

APPOINTMENTS = Theme(
    name=EN_APPOINTMENTS.name,
    short=(
        "Techniker kam nicht",
        "niemand gekommen, niemand angerufen",
        "{n} Termine, kein Techniker",
        "Termin per SMS abgesagt, am selben Tag",
        "umsonst gewartet",
        "warte seit {month} auf den Anschluss",
    ),
    plain=(
        "Der Techniker ist am {day} nicht gekommen und niemand hat Bescheid gesagt.",
        "Termin zwischen 8 und 13 Uhr, gekommen ist keiner.",
        "Erst hieß es {day}, dann {day2}, gekommen ist keiner.",
        "Im System steht, wir seien nicht zu Hause gewesen. Ich saß ab {early} am Fenster.",
        "Beim ersten Termin fehlte ein Teil, beim zweiten der Techniker.",
        "Der Termin wurde morgens um {early} per SMS verschoben.",
        "Der Monteur wusste nichts von unserem Auftrag.",
        "Für einen Anschluss braucht es bei Ihnen {n} Termine.",
    ),
    angry=(
        "Schon wieder keiner da! Führt bei Ihnen jemand einen Kalender?",
        "{n} Vormittage gewartet. Für NICHTS.",
        "Eine Frechheit, einfach nicht zu kommen.",
    ),
    polite=(
        "Leider kam der Techniker nicht zum vereinbarten Termin, über einen Anruf hätte ich mich gefreut.",
        "Der Herr, der am Ende kam, war sehr nett. Nur die Termine davor hat niemand eingehalten.",
    ),
    dry=(
        "Ihr Techniker ist wie das Nordlicht: andere sollen ihn schon gesehen haben.",
        "Termin von 8 bis 18 Uhr. Mutig, das Termin zu nennen.",
    ),
    facts=(
        "1. Termin: keiner da. 2. Termin: verschoben. 3. Termin: falsches Kabel.",
        "Bestellt im {month}, {n} Termine, bis heute kein Internet.",
    ),
    mild=(
        "Anschluss läuft, der Weg dahin war mühsam.",
        "Techniker kam einen Tag später, sonst gut",
        "Ein Termin ist geplatzt, danach ging es schnell.",
    ),
    after=(
        "Kein Anruf, keine Entschuldigung.",
        "Am Telefon hieß es, der Monteur gehöre nicht zu Ihnen.",
        "Einen neuen Termin konnte mir keiner nennen.",
        "Der nächste freie Termin ist in {weeks} Wochen.",
        "Ich kaufe bei Ihnen, nicht beim Subunternehmer.",
    ),
    home=("Ich hatte extra Urlaub genommen.", "{relative} hat den ganzen Vormittag gewartet."),
    work=(
        "Wir hatten dafür den Laden zu.",
        "Ohne Leitung läuft die Kasse nicht.",
        "Zwei Leute kamen dafür am Samstag.",
    ),
    reasons=("Anschluss kam nie zustande", "Termine nicht eingehalten"),
)

FIRST_BILL = Theme(
    name=EN_FIRST_BILL.name,
    short=(
        "Rechnung unverständlich",
        "erste Rechnung falsch",
        "doppelt abgebucht",
        "statt {quoted} dann {billed}",
        "Rabatt fehlt auf der Rechnung",
    ),
    plain=(
        "Auf der ersten Rechnung standen {billed}, vereinbart waren {quoted}.",
        "Die erste Rechnung versteht kein Mensch.",
        "Der zugesagte Rabatt fehlt auf der Rechnung.",
        "Abgebucht wurde ab dem Ersten, die Leitung lief erst zwei Wochen später.",
        "Der Router sollte nichts kosten und steht jetzt auf der Rechnung.",
        "Ich musste {mins} Minuten telefonieren, um meine eigene Rechnung zu verstehen.",
        "Drei Teilbeträge, eine Gutschrift, und am Ende stimmt die Summe nicht.",
    ),
    angry=("{billed} statt {quoted}! So geht das nicht.", "Abbuchen können Sie, erklären nicht."),
    polite=("Eine kurze Erklärung zur ersten Rechnung wäre hilfreich gewesen.",),
    dry=("Schnelles Internet, Rechnung aus dem letzten Jahrhundert.", "Für Ihre Rechnung braucht man ein Studium."),
    facts=("Vereinbart {quoted}, abgebucht {billed}, gutgeschrieben {euro}, immer noch falsch.",),
    mild=("Die Rechnung könnte klarer sein, sonst alles gut.", "erste Rechnung verwirrend, danach ok"),
    after=(
        "Ob sie jetzt stimmt, weiß ich bis heute nicht.",
        "Seitdem prüfe ich jede Rechnung.",
        "Zweimal angerufen, zwei Auskünfte bekommen.",
        "Auf die Rückzahlung warte ich noch.",
    ),
    home=("Ich muss mit meiner Rente rechnen.", "{relative} hat auch draufgeschaut und aufgegeben."),
    work=("Unsere Buchhaltung hat sie zurückgeschickt.", "Die Umsatzsteuer steht nur auf der Hälfte der Posten."),
    reasons=("Rechnungen nie richtig",),
)

PRICE_RISE = Theme(
    name=EN_PRICE_RISE.name,
    short=("zu teuer", "schon wieder teurer", "Preis", "{percent} % mehr, ohne Grund", "Neukunden zahlen weniger"),
    plain=(
        "Im Brief steht, dass es {percent} % teurer wird, aber nicht warum.",
        "Neukunden zahlen {euro} weniger als ich.",
        "Mitten im Vertrag wurde der Preis erhöht.",
        "Der Brief spricht von Verbesserungen. Ich sehe keine, nur den Preis.",
        "Als ich wegen der Erhöhung anrief, gab es sofort Rabatt. Warum nicht gleich?",
        "Für die gleiche Leitung zahle ich {euro} mehr als im letzten Jahr.",
    ),
    angry=("{percent} % mehr für dieselbe Leistung. Unverschämt.", "Treue wird bei Ihnen bestraft!"),
    polite=("Dass alles teurer wird, verstehe ich. Ein ehrlicher Satz dazu hätte mir gereicht.",),
    dry=("Das Einzige, was zuverlässig schneller wird, ist der Preis.",),
    facts=("Früher {old}, jetzt {new}. Gleiche Leitung, gleicher Router.",),
    mild=("Gut, aber langsam teuer.", "läuft, Preis könnte besser sein", "Zufrieden, bis auf die Erhöhung im {month}."),
    after=(
        "Ich vergleiche jetzt andere Anbieter.",
        "Auf meine E-Mail kam keine Antwort.",
        "So hält man keine Kunden.",
        "Nächstes Jahr wahrscheinlich wieder.",
    ),
    home=("Bei einem Einkommen merkt man das.",),
    work=("Bei {many} Anschlüssen summiert sich das.", "Mein Budget war schon verabschiedet."),
    reasons=("Preiserhöhung", "anderswo {euro} billiger", "zu teuer geworden"),
)
