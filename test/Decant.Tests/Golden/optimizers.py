#!/usr/bin/env python3
"""Trajectories of torch.optim and torch.nn.utils.clip_grad_norm_ that Decant's optimizers and clipping are compared with.

    /usr/bin/python3 optimizers.py > optimizers.json

Three parameters: a matrix that always has a gradient, a vector that has none in every third step, and a vector that gets its first in step 5.
The learning rate changes from step to step. All in float32, as Decant computes.
"""
import json

import torch

STEPS = 10
SHAPES = {"matrix": (3, 2), "sometimes": (4,), "late": (2,)}

CASES = [
    ("sgd", "plain", {}),
    ("sgd", "weight decay", {"weight-decay": 0.1}),
    ("sgd", "momentum", {"momentum": 0.9}),
    ("sgd", "momentum and weight decay", {"momentum": 0.9, "weight-decay": 0.05}),
    ("sgd", "nesterov", {"momentum": 0.8, "nesterov": True, "weight-decay": 0.05}),
    ("adam", "defaults", {}),
    ("adam", "weight decay", {"weight-decay": 0.1}),
    ("adam", "betas and epsilon", {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-3}),
    ("adamw", "defaults", {"weight-decay": 0.01}),
    ("adamw", "strong decay", {"weight-decay": 0.3, "beta1": 0.8, "epsilon": 1e-6}),
    ("rmsprop", "defaults", {}),
    ("rmsprop", "momentum and weight decay", {"alpha": 0.9, "momentum": 0.7, "weight-decay": 0.1, "epsilon": 1e-5}),
]


def optimizer(kind, parameters, o):
    decay = o.get("weight-decay", 0.0)
    if kind == "sgd":
        return torch.optim.SGD(parameters, lr=1, momentum=o.get("momentum", 0), nesterov=o.get("nesterov", False), weight_decay=decay)
    if kind == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=1, alpha=o.get("alpha", 0.99), eps=o.get("epsilon", 1e-8), momentum=o.get("momentum", 0), weight_decay=decay)
    make = torch.optim.Adam if kind == "adam" else torch.optim.AdamW
    return make(parameters, lr=1, betas=(o.get("beta1", 0.9), o.get("beta2", 0.999)), eps=o.get("epsilon", 1e-8), weight_decay=decay)


def has_gradient(name, step):
    return {"matrix": True, "sometimes": step % 3 != 2, "late": step >= 4}[name]


def trajectory(kind, name, options):
    start = {n: torch.randn(*shape) for n, shape in SHAPES.items()}
    parameters = {n: v.clone().requires_grad_() for n, v in start.items()}
    steps, made = [], optimizer(kind, list(parameters.values()), options)
    for step in range(STEPS):
        rate = 0.05 / (1 + step)
        gradients = {n: torch.randn(*SHAPES[n]) if has_gradient(n, step) else None for n in SHAPES}
        for n, p in parameters.items():
            p.grad = None if gradients[n] is None else gradients[n].clone()
        made.param_groups[0]["lr"] = rate
        made.step()
        steps.append({
            "learning-rate": rate,
            "gradients": {n: None if g is None else g.flatten().tolist() for n, g in gradients.items()},
            "parameters": {n: p.detach().flatten().tolist() for n, p in parameters.items()}})
    return {"kind": kind, "name": name, "options": options, "start": {n: v.flatten().tolist() for n, v in start.items()}, "steps": steps}


def clipping(limit, scale):
    gradients = [torch.randn(3, 2) * scale, torch.randn(4) * scale]
    parameters = [torch.zeros_like(g).requires_grad_() for g in gradients]
    for p, g in zip(parameters, gradients):
        p.grad = g.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, limit)
    return {"limit": limit, "norm": norm.item(), "gradients": [g.flatten().tolist() for g in gradients],
            "clipped": [p.grad.flatten().tolist() for p in parameters]}


def main():
    torch.manual_seed(2)
    trajectories = ",\n".join(json.dumps(trajectory(*case)) for case in CASES)
    clippings = ",\n".join(json.dumps(clipping(*case)) for case in ((1.0, 1.0), (100.0, 1.0), (0.5, 1e4), (1.0, 0.0)))
    print(f'{{"shapes": {json.dumps(SHAPES)},\n"trajectories": [\n{trajectories}],\n"clipping": [\n{clippings}]}}')


if __name__ == "__main__":
    main()
