#!/usr/bin/env python3
"""Reference numbers for the metrics of regressions and language models: scipy and scikit-learn, and a plain numpy log-softmax.

    /usr/bin/python3 evaluation_tasks.py > evaluation_tasks.json      (Debian: python3-numpy python3-sklearn; scipy comes along)
"""
import json
import sys

import numpy as np
from scipy import special, stats
from sklearn import metrics

rng = np.random.default_rng(20020506)


def regression(name, n, noise, step=None):
    target = rng.normal(size=n)
    answer = 0.7 * target + noise * rng.normal(size=n) + 3
    if step:
        target, answer = np.round(target / step) * step, np.round(answer / step) * step
    target, answer = target.astype(np.float32), answer.astype(np.float32)
    t, a = target.astype(np.float64), answer.astype(np.float64)
    return {"name": name, "targets": target.tolist(), "answers": answer.tolist(),
            "pearson": float(stats.pearsonr(a, t)[0]), "spearman": float(stats.spearmanr(a, t)[0]), "ranks": stats.rankdata(a).tolist(),
            "mse": float(metrics.mean_squared_error(t, a)), "mae": float(metrics.mean_absolute_error(t, a))}


def language(rows, hidden, vocabulary):
    states, teacher_states = (rng.normal(size=(rows, hidden)).astype(np.float32) for _ in range(2))
    weight, teacher_weight = (rng.normal(size=(vocabulary, hidden)).astype(np.float32) for _ in range(2))
    labels = rng.integers(0, vocabulary, rows)
    log_q = special.log_softmax(states.astype(np.float64) @ weight.T.astype(np.float64), 1)
    log_p = special.log_softmax(teacher_states.astype(np.float64) @ teacher_weight.T.astype(np.float64), 1)
    nll = -log_q[np.arange(rows), labels]
    return {"hidden": hidden, "vocabulary": vocabulary, "labels": labels.tolist(), "states": states.ravel().tolist(), "weight": weight.ravel().tolist(),
            "teacherStates": teacher_states.ravel().tolist(), "teacherWeight": teacher_weight.ravel().tolist(),
            "nll": float(nll.mean()), "perplexity": float(np.exp(nll.mean())), "hits": int((log_q.argmax(1) == labels).sum()),
            "kl": float((np.exp(log_p) * (log_p - log_q)).sum(1).mean()), "same": int((log_q.argmax(1) == log_p.argmax(1)).sum())}


json.dump({
    "regressions": [regression("smooth", 80, 0.5), regression("many ties", 120, 0.8, step=0.5), regression("two samples", 2, 0.1), regression("large offset", 60, 30.0)],
    "language": language(13, 4, 11),
}, sys.stdout, indent=None, separators=(",", ":"))
