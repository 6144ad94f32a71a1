"""How src/winback/text/weights/languages.npz was made: words of four languages get the vectors that their translations have.

    python -m bench.languages SENTENCES WORDNETS WORDNET OUT.npz     two minutes of CPU

SENTENCES: a folder with deu.txt, fra.txt and spa.txt, pairs of English sentences and their translations, parted by tabs:
the selections of Tatoeba (tatoeba.org, CC BY 2.0 FR) that manythings.org/anki gave out in 2017 and 2018; 169,197, 142,787
and 118,964 pairs. WORDNETS: a folder with wn-wikt-{deu,fra,spa,por}.tab (Wiktionary, CC BY-SA 3.0) and wn-data-por.tab
(OpenWN-PT, CC BY-SA 3.0) of the Open Multilingual Wordnet. WORDNET: that of WordNet 3.0 (Debian: wordnet-base).

A ridge regression chooses the rows of a language's words so that their sum over a sentence comes near the sum that the
table of English has for its translation; it starts from the mean of the English words that share a meaning with a word in
the wordnets, the usual ones more (by the counts of senses in WordNet). Portuguese has wordnets only, and some forms of ours.
What is kept are 96 directions in which the English sums differ most. No comment of any customer went into it.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from stop_words import get_stop_words

from bench.vectors import nearer
from winback.text.languages import SMALL_WORDS
from winback.text.static_vectors import Static
from winback.text.word_tables import FLOOR, STEP, words_of

Floats = NDArray[np.float32]
LISTED = {"de": "german", "fr": "french", "es": "spanish", "pt": "portuguese"}
FILES = {"de": "deu", "fr": "fra", "es": "spa", "pt": "por"}
RIDGE = 3.0
LEAST = 3  # times a word has to stand in the sentences
SENSES = (
    2  # of an English word that is said in the sentences: a wordnet's word is kept where it is among the first ones
)
WIDTH = 96
# The chances of small words in a language without sentences: of most, and of the most frequent ones.
SMALL = 1e-3
OFTEN = {"pt": {"a o e de que": 2.5e-2, "os as um uma do da em para com nao no na se": 1e-2}}
# Forms that no wordnet has, or has with another meaning.
OURS = {
    "pt": "veio came|vieram came|vem comes|vindo coming|quero want|queria wanted|quer wants|posso can|pode can|podem can|disse said|"
    "disseram said|deu gave|deram gave|fez did|fizeram did|fiz did|faz does|recebi received|recebeu received|chegou arrived|chegaram arrived|"
    "comprei bought|comprou bought|paguei paid|pagou paid|esperei waited|espero hope|estou am|voce you|vcs you|vc you|ninguem nobody|"
    "nao not|nunca never|ainda still|otimo great|otima great|ruim bad|pessimo terrible|pessima terrible|loja shop|site website|senha password|"
    "reembolso refund|estorno refund|boleto bill|prazo deadline|frete shipping|celular phone|ligar call|liguei called|atende answers|"
    "atendimento service|treinamento training|legal nice|gostei liked|adorei loved|amei loved|demora delay|demorou delayed|demorado slow|"
    "recomendo recommend|funciona works|funcionou worked|fria cold|frio cold|vezes times|vez time|dia day|dias days|mes month|meses months|"
    "correios post office|entregue delivered|entregaram delivered|entregou delivered|veio came|faltou missing|faltando missing|falta missing"
}


def lemmas(wordnet: Path) -> dict[str, list[tuple[str, float, int]]]:
    """By synset ("02084071-n"): English words, how often they were met in that sense, and which of their senses it is."""
    counts: dict[tuple[str, str, int], int] = {}
    for line in (wordnet / "cntlist.rev").read_text().splitlines():
        key, sense, count = line.split()
        word, _, rest = key.partition("%")
        counts[word, "nvara"[int(rest[0]) - 1], int(sense)] = int(count)
    found = defaultdict(list)
    for part, name in (("n", "noun"), ("v", "verb"), ("a", "adj"), ("r", "adv")):
        for line in (wordnet / f"index.{name}").read_text().splitlines():
            if not line.startswith("  "):
                word, *fields = line.split()
                for sense, offset in enumerate(re.findall(r"\b\d{8}\b", " ".join(fields)), 1):
                    often = counts.get((word, part, sense), 0) + 1 / sense
                    found[f"{offset}-{part}"].append((word.replace("_", " "), often, sense))
    return found


def meanings(
    wordnets: Path, language: str, english: Mapping[str, Sequence[tuple[str, float, int]]], spoken: Mapping[str, int]
) -> dict[str, Counter[str]]:
    """English words by the word of another language that shares a meaning with them, with their weights."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name in (f"wn-data-{FILES[language]}.tab", f"wn-wikt-{FILES[language]}.tab"):
        path = wordnets / name
        for line in path.read_text().splitlines() if path.exists() else ():
            fields = line.split("\t")
            words = words_of(fields[2]) if len(fields) == 3 and fields[1].endswith("lemma") else []
            if len(words) == 1 and len(words[0]) > 1 and words[0].isalpha():
                for word, often, sense in english.get(fields[0].replace("-s", "-a"), ()):
                    if sense <= SENSES and all(spoken.get(piece, 0) >= LEAST for piece in word.split()):
                        found[words[0]][word] = max(found[words[0]][word], often)
    for word, _, said in (one.partition(" ") for one in OURS.get(language, "").split("|") if one):
        found[word] = Counter({said: 1.0})
    return found


def learned(
    english: Static, pairs: Sequence[tuple[str, str]], start: Mapping[str, Floats]
) -> tuple[list[str], Floats, Counter[str]]:
    """The words of a language, their rows, and how often they were met."""
    said = [words_of(text) for _, text in pairs]
    often = Counter(word for row in said for word in row if word.isalpha())
    words = sorted({word for word, count in often.items() if count >= LEAST} | set(start))
    at = {word: place for place, word in enumerate(words)}
    rows = np.zeros((len(words), 384), dtype=np.float32)
    for word, row in start.items():
        rows[at[word]] = row
    if not pairs:
        return words, rows, often
    goal = english.sums([text for text, _ in pairs])
    goal = goal - english.sums([" ".join(word for word in row if word not in at) for row in said])
    ends = np.cumsum([0, *(sum(word in at for word in row) for row in said)])
    flat = np.array([at[word] for row in said for word in row if word in at])
    bag = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(said), len(words)))
    bag.sum_duplicates()
    weight = (1 / np.sqrt(np.maximum(np.diff(ends), 1))).astype(np.float32)
    bag, goal = (diags(weight) @ bag).tocsr(), goal * weight[:, None]
    return words, nearer(bag, goal, rows, ridge=RIDGE, rounds=30), often


def tables(sentences: Path, wordnets: Path, wordnet: Path) -> Iterator[tuple[str, list[str], Floats, list[float]]]:
    """Each language's words, rows and the logs of their chances; English last, with no rows."""
    english, senses = Static(), lemmas(wordnet)
    pairs = {
        language: [(one[0], one[1]) for line in path.read_text().splitlines() if len(one := line.split("\t")) >= 2]
        if (path := sentences / f"{name}.txt").exists()
        else []
        for language, name in FILES.items()
    }
    spoken = Counter(word for one in pairs.values() for text, _ in one for word in words_of(text) if word.isalpha())
    total = spoken.total()
    for language in FILES:
        meant = meanings(wordnets, language, senses, spoken)
        words = sorted({word for one in meant.values() for word in one})
        places, sums = {word: at for at, word in enumerate(words)}, english.sums(words)
        start = {}
        for word, weights in meant.items():
            share = np.array(list(weights.values()), dtype=np.float32)
            start[word] = share / share.sum() @ sums[[places[one] for one in weights]]
        listed = (*SMALL_WORDS[language], *get_stop_words(LISTED[language]))
        small = {word for one in listed for word in words_of(one) if word.isalpha()}
        if not pairs[language]:  # a small word's meanings in a wordnet are its rare ones
            own = {one.partition(" ")[0] for one in OURS.get(language, "").split("|")}
            start |= dict.fromkeys(sorted(small - own), np.zeros(384, dtype=np.float32))
        words, rows, met = learned(english, pairs[language], start)
        chance = {word: count / met.total() for word, count in met.items()}
        if not pairs[language]:  # as often as what it means, small words apart
            for word, weights in meant.items():
                chance[word] = (
                    sum(spoken[one] * count for one, count in weights.items()) / sum(weights.values()) / total
                )
            chance |= dict.fromkeys(small, SMALL)
            chance |= {word: often for some, often in OFTEN[language].items() for word in some.split()}
        yield language, words, rows, [float(np.log(max(chance.get(word, 0), 3e-7))) for word in words]
    known = list(english.vocabulary)
    yield (
        "en",
        known,
        np.zeros((0, 384), dtype=np.float32),
        [float(np.log(max(spoken[word] / total, 3e-7))) if word.isalpha() else FLOOR for word in known],
    )


def main(sentences: str, wordnets: str, wordnet: str, out: str) -> None:
    made = list(tables(Path(sentences), Path(wordnets), Path(wordnet)))
    others = made[:-1]
    rows = np.vstack([rows for _, _, rows, _ in others])
    often = np.exp(np.array([log for *_, logs in others for log in logs]))
    # the directions in which sums differ: a word's row counts as often as it is met, frequent ones not without bound
    weight = np.minimum(often, 1e-4)[:, None]
    _, axes = np.linalg.eigh((rows * weight).T @ rows)
    basis = np.ascontiguousarray(axes[:, ::-1][:, :WIDTH].T).astype(np.float32)
    kept = rows @ basis.T
    print(f"{(kept**2).sum() / (rows**2).sum():.3f} of the squares of {rows.shape}")
    scale = np.maximum(np.abs(kept).max(axis=1) / 127, 1e-5).astype(np.float16).astype(np.float32)
    logs = [log for *_, one in made for log in one]
    np.savez_compressed(
        out,
        languages=np.array([language for language, *_ in others]),
        sizes=np.array([len(words) for _, words, *_ in others]),
        words=np.frombuffer("\n".join(word for _, words, *_ in others for word in words).encode(), dtype=np.uint8),
        rows=np.round(kept / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float16),
        basis=basis.astype(np.float16),
        chances=np.round((np.array(logs) - FLOOR) / STEP).clip(0, 255).astype(np.uint8),
    )
    for language, words, *_ in others:
        print(language, f"{len(words):,} words")
    print(f"{Path(out).stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:5])
