"""Take out of a comment what the customer did not say, without moving a character of what was said.

What goes is overwritten with spaces, so that a place in the cleaned text is the same place in the comment as it was given.
"""

from __future__ import annotations

import html
import re
import unicodedata

# What stands in a comment and is none of the customer's words. Each is matched case-insensitively.
_GONE = re.compile(
    r"""
      <(?:script|style)\b.*?</(?:script|style)\s*>          # code in HTML
    | <!--.*?-->
    | </?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>                      # tags
    | \bhttps?://\S+ | \bwww\.\S+
    | (?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,120}
    | (?:✅\s*)?\b(?:trip|verified)\s+verified\s*\| | ✅\s*(?:trip\s+)?verified(?:\s+(?:review|purchase))?\s*\|?
    | \b(?:not|un)\s*verified\s*\| | \bverified\s+(?:review|purchase)\s*\|
    | \bx{2,}(?:[/\s.,-]+x{2,})*\b                           # redaction: XXXX, XX/XX/XXXX
    | \{\s*[$€£]\s*[\d.,]+\s*\}                              # an amount as the regulator masks it
    | \[(?:redacted|removed|name|deleted|masked)[^\]]*\] | \[(?:mail|phone|card|account)\]
    | [█▇■]{2,} | \*{3,} | _{3,} | -{4,} | ={4,}
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SIGNS = (
    "<",
    "http",
    "www",
    "@",
    "verified",
    "xx",
    "{",
    "[",
    "█",
    "▇",
    "■",
    "***",
    "___",
    "---",
    "===",
)  # in each of these
# From here on somebody else speaks: what was quoted below an answer by mail.
_THREAD = re.compile(
    r"""
    ^[ \t]*(?:
        -{2,}[ ]*(?:original\s+message|forwarded\s+message|ursprüngliche\s+nachricht|message\s+d'origine|mensagem\s+original|mensaje\s+original)\b.*
      | on\s.{4,120}\swrote:\s* | am\s.{4,120}\sschrieb\b.{0,80}:\s* | le\s.{4,120}\sa\s+écrit\s*:\s*
      | em\s.{4,120}\sescreveu:\s* | el\s.{4,120}\sescribió:\s*
      | (?:from|von|de)\s*:.{0,200}\n[ \t]*(?:sent|to|date|gesendet|an|enviad[oa]|envoyé|para|à)\s*:.*
    )$
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
# A signature: a mark of its own, or a word of parting near the end, on a line of its own or behind a sentence, with what follows.
_PARTED = (
    r"(?:(?:kind|best|warm)\s+)?regards|yours\s+(?:sincerely|faithfully|truly)|sincerely|best\s+wishes|mit\s+(?:freundlichen|besten)\s+gr(?:ü|ue)(?:ß|ss)en"
    r"|(?:viele|liebe|beste|schöne)\s+gr(?:ü|ue)(?:ß|ss)e|mfg|cordialement|bien\s+à\s+vous|atenciosamente|(?:um\s+)?abraço|cumprimentos|(?:un\s+)?saludos?(?:\s+cordiales)?|atentamente"
)  # fmt: skip
_PARTING = (
    "regards", "yours", "sincerely", "wishes", "grü", "grue", "mfg", "cordialement", "vous", "atenciosamente",
    "abraço", "cumprimentos", "saludo", "atentamente",
)  # fmt: skip
_SIGNATURE = re.compile(
    r"^[ \t]*(?:--[ ]?|_{2,}|sent\s+from\s+my\b.*|gesendet\s+von\s+meinem\b.*|von\s+meinem\s+\w+\s+gesendet.*|envoyé\s+de(?:puis)?\s+mon\b.*|enviado\s+d[eo](?:sde)?\s+m[eiu].*"
    rf"|(?:{_PARTED})\b.{{0,40}})[ \t]*$"
    # or in the last line, behind a sentence, with nothing but a name behind
    rf"|(?<=[.!?…])[ \t]+(?:{_PARTED})\b(?:[,.!]?[ \t]*[^\W\d_][\w.'’ -]{{0,40}})?[.!]?\s*\Z",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED = 300  # characters from the end in which a word of parting begins a signature
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_ODD = re.compile(
    "[\u00a0\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]"
)


def cleaned(comment: str) -> str:
    """The comment with everything blanked that the customer did not say; as long as it was, each word in its place."""
    text = comment
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    # Most comments have none of it, which is seen sooner than a pattern is tried at each of their letters.
    lines, plain = "\n" in text, text.casefold()
    # Where all is quoted, the quotation is what there is.
    if lines and (found := _THREAD.search(text)) and text[: found.start()].strip():
        text = text[: found.start()] + " " * (len(text) - found.start())
    if ">" in text and _QUOTED.search(text) and (without := _QUOTED.sub(_spaces, text)).strip():
        text = without
    if any(sign in plain for sign in _SIGNS):
        text = _GONE.sub(_spaces, text)
    if lines or any(word in plain for word in _PARTING):
        for found in _SIGNATURE.finditer(text):
            if len(text.rstrip()) - found.start() <= _SIGNED and text[: found.start()].strip():
                text = text[: found.start()] + " " * (len(text) - found.start())
                break
    return text if text.isascii() and text.isprintable() else _ODD.sub(" ", text)


def has_words(text: str) -> bool:
    """Whether there is a letter or a pictograph in it."""
    return text[:1].isalpha() or any(char.isalpha() or unicodedata.category(char) == "So" for char in text)


def _spaces(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _character(found: re.Match[str]) -> str:
    """What an entity stands for, with spaces behind it to keep its length."""
    said = html.unescape(found[0])
    return said + " " * (len(found[0]) - len(said)) if len(said) < len(found[0]) else found[0]
