"""Retrieval metrics of made-up rankings, by trec_eval's definitions, in plain Python: writes retrieval.json beside this file."""
import json
import math
import pathlib
import random

random.seed(7)
cases = []
for _ in range(40):
    documents = random.randint(3, 150)
    ranked = random.sample(range(documents), documents)[: min(documents, 100)]
    relevant = random.sample(range(documents), random.randint(1, min(documents, 15)))
    grades = {d: random.randint(1, 3) for d in relevant}

    def dcg(gains):
        return sum(g / math.log2(rank + 1) for rank, g in enumerate(gains, start=1))

    def at(k):
        first = [r for r, d in enumerate(ranked[:k], start=1) if d in grades]
        return {
            "ndcg": dcg([grades.get(d, 0) for d in ranked[:k]]) / dcg(sorted(grades.values(), reverse=True)[:k]),
            "mrr": 1 / first[0] if first else 0,
            "recall": len(first) / len(grades),
        }

    cases.append({"ranked": ranked, "grades": {str(d): g for d, g in grades.items()}, "at": {str(k): at(k) for k in (1, 5, 10, 100)}})

pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(cases) + "\n")
