#!/usr/bin/env python3
"""Reference numbers for the metrics: scikit-learn where it has them, plain numpy formulas elsewhere.

    /usr/bin/python3 evaluation.py > evaluation.json      (Debian: python3-numpy python3-sklearn; scipy comes along)
"""
import json
import sys

import numpy as np
from scipy import special, stats
from sklearn import metrics

rng = np.random.default_rng(20150309)


def case(name, n, classes, absent=(), ties=False, skill=1.5):
    labels = rng.integers(0, classes, n)
    for c in absent:
        labels[labels == c] = (c + 1) % classes
    logits = rng.normal(size=(n, classes))
    logits[np.arange(n), labels] += skill
    if ties:
        logits = np.round(logits)
    teacher = logits + rng.normal(scale=0.7, size=logits.shape)
    logits, teacher = logits.astype(np.float32), teacher.astype(np.float32)
    return {"name": name, "classes": classes, "labels": labels.tolist(), "logits": logits.ravel().tolist(),
            "teacher": teacher.ravel().tolist(), "expected": expected(logits, teacher, labels, classes)}


def expected(logits32, teacher32, labels, classes):
    logits, teacher = logits32.astype(np.float64), teacher32.astype(np.float64)
    answers = logits.argmax(1)
    log_p = special.log_softmax(logits, 1)
    p = np.exp(log_p)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, answers, labels=range(classes), zero_division=0)
    log_t = special.log_softmax(teacher, 1)
    return {
        "accuracy": metrics.accuracy_score(labels, answers),
        "macro-f1": metrics.f1_score(labels, answers, average="macro"),
        "weighted-f1": metrics.f1_score(labels, answers, average="weighted"),
        "mcc": metrics.matthews_corrcoef(labels, answers),
        "nll": float(-log_p[np.arange(len(labels)), labels].mean()),
        "ece": ece(p, answers == labels),
        "roc-auc": auc(logits, log_p, labels, classes),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
        "confusion": metrics.confusion_matrix(labels, answers, labels=range(classes)).tolist(),
        "same-answer": float((answers == teacher.argmax(1)).mean()),
        "mean-kl": float((np.exp(log_t) * (log_t - log_p)).sum(1).mean()),
    }


def ece(p, right, bins=15):
    confidence = p.max(1)
    total = 0.0
    for b in range(bins):
        inside = (confidence > b / bins) & (confidence <= (b + 1) / bins)
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return float(total)


def auc(logits, log_p, labels, classes):
    if classes == 2:
        return metrics.roc_auc_score(labels, logits[:, 1] - logits[:, 0])
    log_p = log_p.astype(np.float32)  # equal rows in another order differ in the last bit of a double: that is no ranking
    values = [metrics.roc_auc_score(labels == c, log_p[:, c]) for c in range(classes) if 0 < (labels == c).sum() < len(labels)]
    return float(np.mean(values))


json.dump({
    "cases": [
        case("binary", 60, 2),
        case("binary with ties", 60, 2, ties=True),
        case("five classes", 90, 5),
        case("five classes with ties", 90, 5, ties=True, skill=1.0),
        case("two classes absent", 80, 6, absent=(5, 3)),
        case("sure of itself", 50, 3, skill=30.0),
    ],
    "mcnemar": [{"onlyA": a, "onlyB": b, "p": float(stats.binomtest(min(a, b), a + b, 0.5).pvalue) if a + b else 1.0}
                for a, b in [(0, 0), (1, 0), (0, 6), (10, 2), (25, 25), (40, 61), (900, 1000)]],
    "studentT": [{"confidence": c, "degrees": d, "t": float(stats.t.ppf((1 + c) / 2, d))}
                 for c in (0.9, 0.95, 0.99) for d in (1, 2, 3, 4, 7, 30, 500)],
    "quantiles": {"values": (v := rng.exponential(size=37).tolist()),
                  "p50": float(np.quantile(v, .5)), "p90": float(np.quantile(v, .9)),
                  "p95": float(np.quantile(v, .95)), "p99": float(np.quantile(v, .99)), "min": min(v)},
}, sys.stdout, indent=None, separators=(",", ":"))
