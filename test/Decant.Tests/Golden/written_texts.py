#!/usr/bin/env python3
"""Figures of written texts (ROUGE-L, exact match, distinct-n, repeated 4-grams) of many random and some chosen texts: an independent reading, which shares no code with Decant.

    python3 written_texts.py > written_texts.json      (standard library alone)

Words come from one regular expression over the text in form C; the longest common subsequence is a memoised recursion over suffixes, and precision and recall stand apart in F.
"""
import functools
import json
import random
import re
import unicodedata

ALONE = "\u3005-\u3007\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
rng = random.Random(20260101)


def words(text):
    plain = unicodedata.normalize("NFC", text)
    # What is no letter, mark or digit becomes a space; then each ideograph and kana gets room.
    kept = "".join(c if unicodedata.category(c) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "Mn", "Mc") else " " for c in plain)
    return re.sub(f"([{ALONE}])", r" \1 ", kept).lower().split()


def rouge_l(text, reference):
    a, b = words(text), words(reference)

    @functools.cache
    def common(i, j):
        if i == len(a) or j == len(b):
            return 0
        return 1 + common(i + 1, j + 1) if a[i] == b[j] else max(common(i + 1, j), common(i, j + 1))

    same = common(0, 0)
    if same == 0:
        return 0.0
    precision, recall = same / len(a), same / len(b)
    return 2 * precision * recall / (precision + recall)


def grams(sequence, n):
    return list(zip(*(sequence[i:] for i in range(n))))


def repeated(text, n):
    all_grams = grams(words(text), n)
    return None if not all_grams else 1 - len(set(all_grams)) / len(all_grams)


def distinct(texts, n):
    count = sum(len(words(t)) for t in texts)
    return None if count == 0 else len({g for t in texts for g in grams(words(t), n)}) / count


def exact(text, reference):
    def plain(t):
        return " ".join(unicodedata.normalize("NFC", t).split())
    return int(plain(text) == plain(reference))


VOCABULARIES = [
    ["the", "The", "cat", "sat", "on", "mat,", "mat", "don't", "a-b", "42", "...", "\n"],
    ["我", "们", "今天", "去", "公园", "。", "、", "iPhone", "12"],
    ["カタカナ", "ひらがな", "と", "漢字", "々", "・", "A"],
    ["Übung", "U\u0308bung", "é", "e\u0301", "ж", "Ж", "नमस्ते", "😀", "ⅷ"],
]


def made(vocabulary, most):
    joint = " " if vocabulary[0].isascii() or vocabulary[0] == "Übung" else ""
    return joint.join(rng.choice(vocabulary) for _ in range(rng.randint(0, most)))


def changed(text):
    parts = list(text)
    for _ in range(rng.randint(0, 3)):
        if parts:
            del parts[rng.randrange(len(parts))]
    return ("  " if rng.random() < 0.3 else "") + "".join(parts) + (" \n" if rng.random() < 0.3 else "")


cases = []
for vocabulary in VOCABULARIES:
    for _ in range(60):
        reference = made(vocabulary, 25)
        text = changed(reference) if rng.random() < 0.5 else made(vocabulary, 25)
        cases.append({"text": text, "reference": reference, "words": words(text), "rouge-l": rouge_l(text, reference), "exact": exact(text, reference), "repeated": repeated(text, 4)})

groups = [{"texts": texts, "distinct-1": distinct(texts, 1), "distinct-2": distinct(texts, 2)}
          for texts in ([made(v, 12) for _ in range(k)] for v in VOCABULARIES for k in (1, 3, 10))]
print(json.dumps({"cases": cases, "groups": groups}, indent=0, ensure_ascii=True))
