"""Writes unigram_em.json: two rounds of expectation maximisation for Unigram on a toy corpus, by listing every way to cut every run.

    python3 unigram_em.py > unigram_em.json
"""
import json
import math

RUNS = [["abc", 3], ["ab", 2], ["bcab", 1], ["cabca", 2]]
TOKENS = {"a": 4.0, "b": 3.0, "c": 5.0, "ab": 2.0, "bc": 1.0, "abc": 1.5, "ca": 0.5}


def cuts(text):
    if not text:
        yield []
    for end in range(1, len(text) + 1):
        if text[:end] in TOKENS:
            for rest in cuts(text[end:]):
                yield [text[:end], *rest]


def rounds(count):
    weights = dict(TOKENS)
    for _ in range(count):
        total = math.fsum(weights.values())
        chance = {token: weight / total for token, weight in weights.items()}
        expected = {token: 0.0 for token in TOKENS}
        likelihood = 0.0
        for text, number in RUNS:
            ways = [(way, math.prod(chance[token] for token in way)) for way in cuts(text)]
            all_ways = math.fsum(p for _, p in ways)
            likelihood += number * math.log(all_ways)
            for way, p in ways:
                for token in way:
                    expected[token] += number * p / all_ways
        total = math.fsum(expected.values())
        yield {"logLikelihood": likelihood, "scores": {token: math.log(value / total) for token, value in expected.items()}}
        weights = expected


print(json.dumps({"runs": [{"text": t, "count": n} for t, n in RUNS], "tokens": TOKENS, "rounds": list(rounds(3))}, indent=1))
