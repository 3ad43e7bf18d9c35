#!/usr/bin/env python3
"""Reference sums, counts and gradients of every objective, computed by PyTorch in float64.

    /usr/bin/python3 objectives.py > objectives.json

Cases of a kind share nothing with Decant's code but the formula. The sum is over the samples that count; nothing is divided.
"""
import json

import torch
import torch.nn.functional as F

IGNORE = -100


def labels(student, teacher, labels, options):
    if options.get("form") == "focal":
        return focal(student, labels, options)
    if "form" in options:
        # Balanced softmax is n_y e^z_y / sum_c n_c e^z_c; with a factor, n_c to its power.
        student = student + torch.log(torch.tensor(options["class-counts"], dtype=student.dtype) ** options.get("adjustment", 1.0))
    weights = options.get("class-weights")
    return F.cross_entropy(
        student, labels, ignore_index=IGNORE, reduction="sum", label_smoothing=options.get("label-smoothing", 0.0),
        weight=None if weights is None else torch.tensor(weights, dtype=student.dtype)), int((labels != IGNORE).sum())


def focal(student, labels, options):
    known = labels != IGNORE
    p = F.softmax(student[known], -1).gather(-1, labels[known, None])[:, 0]
    weights = torch.tensor(options.get("class-weights", [1.0] * student.shape[-1]), dtype=student.dtype)[labels[known]]
    return -(weights * (1 - p) ** options.get("gamma", 2.0) * torch.log(p)).sum(), int(known.sum())


def soft_targets(student, teacher, labels, options):
    t = options.get("temperature", 2.0)
    scale = t * t if options.get("scale-by-temperature-squared", True) else 1.0
    divergence = F.kl_div(F.log_softmax(student / t, -1), F.softmax(teacher / t, -1), reduction="sum")
    return divergence * scale, len(student)


def logits_mse(student, teacher, labels, options):
    if options.get("centre", False):
        student, teacher = (z - z.mean(-1, keepdim=True) for z in (student, teacher))
    return F.mse_loss(student, teacher, reduction="sum") / student.shape[-1], len(student)


def target_mse(student, teacher, labels, options):
    """A regression's data wants numbers: here the teacher's logits stand for them, where there is a label."""
    known = labels != IGNORE
    return F.mse_loss(student[known], teacher[known], reduction="sum") / student.shape[-1], int(known.sum())


OBJECTIVES = {"target-mse": target_mse, "labels": labels, "soft-targets": soft_targets, "logits-mse": logits_mse}

CASES = [
    ("labels", "plain", {}),
    ("labels", "smoothed", {"label-smoothing": 0.1}),
    ("labels", "weighted", {"class-weights": [1.0, 0.25, 3.0, 0.0, 2.0]}),
    ("labels", "smoothed and weighted", {"label-smoothing": 0.2, "class-weights": [1.0, 0.25, 3.0, 0.0, 2.0]}),
    ("soft-targets", "default", {}),
    ("soft-targets", "temperature 1", {"temperature": 1.0}),
    ("soft-targets", "temperature 20", {"temperature": 20.0}),
    ("soft-targets", "unscaled", {"temperature": 4.0, "scale-by-temperature-squared": False}),
    ("logits-mse", "plain", {}),
    ("logits-mse", "centred", {"centre": True}),
    ("target-mse", "plain", {}),
    ("labels", "focal", {"form": "focal"}),
    ("labels", "focal, gamma 0.5, weighted", {"form": "focal", "gamma": 0.5, "class-weights": [1.0, 0.25, 3.0, 0.0, 2.0]}),
    ("labels", "balanced softmax", {"form": "balanced-softmax", "class-counts": [500, 40, 3, 1, 120]}),
    ("labels", "balanced softmax, smoothed and weighted",
     {"form": "balanced-softmax", "class-counts": [500, 40, 3, 1, 120], "label-smoothing": 0.1, "class-weights": [1.0, 0.25, 3.0, 0.0, 2.0]}),
    ("labels", "logit-adjusted", {"form": "logit-adjusted", "adjustment": 1.5, "class-counts": [500, 40, 3, 1, 120]}),
]


def main():
    torch.manual_seed(1)
    cases = []
    for kind, name, options in CASES:
        for samples, classes, scale in ((6, 5, 2.0), (1, 5, 8.0)):
            # What Decant gets is float32, so the reference starts from numbers that float32 holds.
            student = (torch.randn(samples, classes) * scale).double().requires_grad_()
            teacher = (torch.randn(samples, classes) * scale).double()
            target = torch.randint(0, classes, (samples,))
            target[1::3] = IGNORE
            total, count = OBJECTIVES[kind](student, teacher, target, options)
            gradient, = torch.autograd.grad(total, student)
            cases.append({
                "kind": kind, "name": f"{name}, B = {samples}", "options": options,
                "student": student.tolist(), "teacher": teacher.tolist(), "labels": target.tolist(),
                "sum": total.item(), "count": count, "gradient": gradient.tolist()})
    # PyTorch 1.13's random numbers may differ from a later one's; the cases hold them, so the file stays valid.
    print("[\n" + ",\n".join(map(json.dumps, cases)) + "\n]")


if __name__ == "__main__":
    main()
