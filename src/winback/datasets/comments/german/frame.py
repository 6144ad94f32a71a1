"""The words round a theme, in German."""

from __future__ import annotations

from winback.datasets.comments.fragments import Frame

GERMAN = Frame(
    polite_start=(
        "Danke der Nachfrage.",
        "Ich beschwere mich ungern.",
        "Guten Tag,",
        "Nichts gegen Ihre Leute.",
        "Weil Sie fragen:",
    ),
    polite_end=("Mit freundlichen Grüßen", "Vielen Dank.", "Beste Grüße", "Danke fürs Lesen."),
    ramble_start=(
        "Wo soll ich anfangen.",
        "Also, das war so.",
        "Lange Geschichte.",
        "Normalerweise antworte ich auf so etwas nicht.",
        "{relative} meinte, ich soll das mal aufschreiben.",
    ),
    ramble_join=("Und dann noch etwas.", "Was ich auch sagen wollte.", "Übrigens.", "Na ja.", "Dazu kommt:"),
    ramble_aside=(
        "Ich weiß nicht, ob das an Ihnen liegt.",
        "Vielleicht bin ich altmodisch.",
        "Aber wer liest das schon.",
        "Ich bin kein Fachmann.",
        "Beim Strom ist es auch nicht besser.",
    ),
    angry_end=(
        "Nie wieder.",
        "Ich will mein Geld zurück.",
        "Ein Witz.",
        "Unglaublich.",
        "Liest das jemand?",
        "Ich kündige.",
        "Rufen Sie mich an. Heute.",
    ),
    praise_but=(
        "Die Leute sind nett.",
        "Die Leitung selbst ist gut.",
        "Schade, denn schnell ist es.",
        "War früher besser.",
    ),
    end={
        "low": (
            "So nicht.",
            "Ich hatte mehr erwartet.",
            "Bitte kümmern Sie sich.",
            "Deshalb nur eine {score}.",
            "Kann ich nicht empfehlen.",
            "Ich schaue mich um.",
            "Enttäuscht.",
        ),
        "middle": (
            "Sonst gut.",
            "Im Großen und Ganzen ok.",
            "Luft nach oben.",
            "Daher die {score}.",
            "Das ist alles.",
        ),
        "high": (
            "Weiter so.",
            "Gern weiterempfohlen.",
            "Danke.",
            "Gut gemacht.",
            "{score} von mir.",
            "Daumen hoch.",
            ":)",
        ),
    },
    nothing={
        "low": (
            "Ich empfehle grundsätzlich niemanden.",
            "Es gibt bessere.",
            "Viele Kleinigkeiten, nichts Großes.",
            "Bestenfalls Durchschnitt.",
            "Ihr seid doch alle gleich.",
            "Alles dauert länger als angekündigt.",
        ),
        "middle": (
            "Ist halt Internet.",
            "Bisher in Ordnung.",
            "Noch nicht lange genug dabei.",
            "Nichts zu meckern, nichts zu loben.",
            "Mehr als 8 gebe ich nie.",
            "Fragen Sie in einem Jahr wieder.",
            "passt schon",
        ),
        "high": (
            "Alles gut.",
            "Bin zufrieden.",
            "Alles wie versprochen.",
            "Kann nicht klagen, und ich klage gern.",
            "Einfach gut.",
            "Firma aus der Gegend, die sich kümmert.",
            "Sehr zufrieden, danke.",
        ),
    },
    one_word={
        "low": ("Service", "schlecht", "alles", "-", "?", "keine Angabe", "enttäuschend", "nein", "unzuverlässig"),
        "middle": ("ok", "passt", "geht so", "ganz gut", "Durchschnitt", "keine", "naja"),
        "high": ("super", "top", "gut", "Service", "alles bestens", "perfekt", "sehr gut", "prima", "zufrieden"),
    },
    price_reasons=("woanders günstiger", "besseres Angebot", "Preis", "Mobilfunk reicht uns"),
    life_reasons=(
        "Umzug ins Ausland",
        "ziehe mit {dative} zusammen, dort gibt es schon Internet",
        "Betrieb wird aufgegeben",
        "Haus wird verkauft",
        "Inhaber verstorben",
    ),
)
