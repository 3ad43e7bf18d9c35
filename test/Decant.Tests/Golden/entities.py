#!/usr/bin/env python3
"""Entities of random tag sequences, most of them broken, in five schemes, and F1 over them: an independent reading, which shares no code and no rule table with Decant.

    python3 entities.py > entities.json      (standard library alone)

The rules are those of conlleval and of seqeval's default mode, where a chunk is closed and opened by pairs of tags. seqeval knows no M: here it is what stands
between B and E, as I is elsewhere. Positions come apart first into "starts", "inside", "ends", "alone" by the scheme's own letters, and sequences are then cut by a
small automaton over these words.
"""
import json
import random
import sys

SCHEMES = {
    "bio": {"B": "starts", "I": "inside"},
    "bioes": {"B": "starts", "I": "inside", "E": "ends", "S": "alone"},
    "bilou": {"B": "starts", "I": "inside", "L": "ends", "U": "alone"},
    "bmes": {"B": "starts", "M": "inside", "E": "ends", "S": "alone"},
    "io": None,
}
TYPES = ["ORG", "PER", "M-100"]
rng = random.Random(20001)


def entities(tags, scheme):
    found, opened = [], None  # opened: (first word, type), an entity that may go on

    def close(at):
        nonlocal opened
        if opened is not None:
            found.append([opened[0], at, opened[1]])
        opened = None

    for i, tag in enumerate(tags):
        if tag == "O":
            close(i)
            continue
        letter, _, kind = (None, None, tag) if SCHEMES[scheme] is None else tag.partition("-")
        word = "inside" if letter is None else SCHEMES[scheme][letter]
        goes_on = opened is not None and opened[1] == kind and word in ("inside", "ends")
        if not goes_on:
            close(i)
            opened = (i, kind)
        if word in ("ends", "alone"):
            close(i + 1)
    close(len(tags))
    return found


def sequence(scheme, names):
    return [rng.choice(names) for _ in range(rng.randint(1, 12))]


cases = []
for scheme, letters in SCHEMES.items():
    names = ["O"] + (TYPES if letters is None else [f"{letter}-{kind}" for letter in letters for kind in TYPES])
    wanted = [sequence(scheme, names) for _ in range(60)]
    given = [[rng.choice(names) if rng.random() < 0.25 else tag for tag in tags] for tags in wanted]
    truth, answers = ([entities(tags, scheme) for tags in all_tags] for all_tags in (wanted, given))
    right = sum(sum(1 for e in a if e in t) for t, a in zip(truth, answers))
    found, support = (sum(len(s) for s in s_all) for s_all in (answers, truth))
    cases.append({"scheme": scheme, "tags": names, "wanted": wanted, "given": given, "entities": truth, "right": right, "found": found, "support": support,
                  "f1": 2 * right / (found + support)})
json.dump({"cases": cases}, sys.stdout, separators=(",", ":"))
