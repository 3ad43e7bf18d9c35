#!/usr/bin/env python3
"""Reference answers of ensembles, computed by PyTorch in float64 from the formulas in docs/methods.md, "Several teachers".

    /usr/bin/python3 ensembles.py > ensembles.json

Probabilities are averaged as such, the slow way: softmax, weighted sum, logarithm. "soft-targets" is the sum of τ²·KL(p ‖ q) for a student, with p the ensemble's
answer divided by τ; "tempered-members" is the same with the mean of the members' probabilities at τ, which is not what is done.
"""
import json

import torch
import torch.nn.functional as F

IGNORE = -100
MEMBERS, ROWS, CLASSES = 3, 7, 5


def softmax_rest(doubt):
    """CA-MKD: w_k = (1 - softmax_k(doubt)) / (K - 1)."""
    e = torch.exp(doubt - doubt.max(0).values)
    return (1 - e / e.sum(0)) / (len(doubt) - 1)


def entropy(p):
    return -(p * p.log()).sum(-1)


def weights_of(kind, p, labels, fixed, gate):
    if kind == "fixed":
        w = torch.tensor(fixed, dtype=p.dtype)
        return (w / w.sum())[:, None].expand(-1, p.shape[1])
    if kind == "confidence":
        return softmax_rest(entropy(p))
    if kind == "label-confidence":
        doubt = entropy(p)
        for r, y in enumerate(labels.tolist()):
            if y != IGNORE:
                doubt[:, r] = -p[:, r, y].log()
        return softmax_rest(doubt)
    a, b = gate
    answers = torch.cat(list(p), dim=1)  # [R, K·C]
    return F.softmax(answers @ a.T + b, 1).T


def soft_targets(student, teacher_p, t):
    q = F.log_softmax(student / t, -1)
    return float((teacher_p * (teacher_p.log() - q)).sum() * t * t)


def main():
    torch.manual_seed(3)
    cases = []
    for combine in ("probabilities", "logits"):
        for kind in ("fixed", "fixed", "confidence", "label-confidence", "learned"):
            z = torch.randn(MEMBERS, ROWS, CLASSES, dtype=torch.float32).double() * 3
            z = z.float().double()
            labels = torch.tensor([0, 1, IGNORE, 3, 4, IGNORE, 2])
            fixed = [1.0, 1.0, 1.0] if not cases or cases[-1]["kind"] != "fixed" else [2.0, 0.5, 0.0]
            gate = ((torch.randn(MEMBERS, MEMBERS * CLASSES) * 0.7).double(), torch.randn(MEMBERS).double())
            student = (torch.randn(ROWS, CLASSES) * 2).double()
            p = F.softmax(z, -1)
            w = weights_of(kind, p, labels, fixed, gate)[..., None]
            answer = (w * p).sum(0).log() if combine == "probabilities" else (w * z).sum(0)
            t = 4.0
            tempered = (w * F.softmax(z / t, -1)).sum(0)
            cases.append({
                "combine": combine, "kind": kind, "logits": z.tolist(), "labels": labels.tolist(), "fixed": fixed,
                "gate": [gate[0].tolist(), gate[1].tolist()], "weights": w[..., 0].tolist(), "answer": answer.tolist(), "student": student.tolist(),
                "temperature": t, "soft-targets": soft_targets(student, F.softmax(answer / t, -1), t), "tempered-members": soft_targets(student, tempered, t),
            })
    print(json.dumps(cases))


main()
