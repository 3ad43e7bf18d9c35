#!/usr/bin/env python3
"""Reference sums, counts and gradients of every objective on inner values, computed by PyTorch in float64.

    /usr/bin/python3 features.py > features.json

Cases of a kind share nothing with Decant's code but the formula. The sum is over the positions that count; nothing is divided by how many there are.
"""
import json

import torch
import torch.nn.functional as F


def draw(*shape, scale=1.0):
    """What Decant gets is float32, so the reference starts from numbers that float32 holds."""
    return (torch.randn(*shape) * scale).double()


def tokens(layers, b, t, h):
    return {"embeddings": draw(b, t, h), **{f"layer.{i + 1}": draw(b, t, h) for i in range(layers)}}


def images(sizes, b):
    return {f"layer.{i + 1}": draw(b, c, y, x) for i, (c, y, x) in enumerate(sizes)}


def linear(name, h_in, h_out):
    return {f"{name}.weight": draw(h_out, h_in, scale=0.5), f"{name}.bias": draw(h_out, scale=0.5)}


MASK = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0]]).bool()


# hidden states, embeddings, hints

def project(x, weights, pair):
    first = f"projections.{pair}.first"
    if f"{first}.weight" not in weights:
        return x
    x = F.linear(x, weights[f"{first}.weight"], weights[f"{first}.bias"])
    second = f"projections.{pair}.second"
    return F.linear(F.relu(x), weights[f"{second}.weight"], weights[f"{second}.bias"]) if f"{second}.weight" in weights else x


def distance(kind, s, t):
    if kind == "cosine":
        return 1 - F.cosine_similarity(s, t, dim=-1)
    if kind == "normalized":
        return (F.normalize(s, dim=-1) - F.normalize(t, dim=-1)).square().sum(-1)
    return (s - t).square().mean(-1)


def states(student, teacher, mask, weights, options, pairs):
    total, count = 0.0, 0
    for i, (mine, theirs) in enumerate(pairs):
        s, t = student[mine], [teacher[name] for name in theirs]
        if s.dim() == 4:
            size = [min(x.shape[d] for x in [s, *t]) for d in (2, 3)]
            s, t = (F.adaptive_avg_pool2d(s, size), [F.adaptive_avg_pool2d(x, size) for x in t])
            s, t = s.permute(0, 2, 3, 1), [x.permute(0, 2, 3, 1) for x in t]
        if len(t) > 1:
            shares = F.softmax(weights[f"mixtures.{i}"], 0)
            t = sum(share * x for share, x in zip(shares, t))
        else:
            t, = t
        if options.get("tokens") == "first":
            s, t = s[:, 0], t[:, 0]
        d = distance(options.get("distance", "mse"), project(s, weights, i), t)
        if s.dim() == 4:
            total, count = total + d.mean((1, 2)).sum(), count + len(d)
        elif mask is None or d.dim() == 1:
            total, count = total + d.sum(), count + d.numel()
        else:
            total, count = total + d[mask].sum(), count + int(mask.sum())
    return total, count


def embeddings(student, teacher, mask, weights, options, pairs):
    return states(student, teacher, mask, weights, options, [("embeddings", ["embeddings"])])


def pair(student, *teachers):
    return f"layer.{student}", [f"layer.{t}" for t in teachers]


def hidden_states_cases():
    def case(name, options, pairs, widths=(3, 3), layers=(2, 4), mask=MASK, weights=None):
        return ("hidden-states", name, options, tokens(layers[0], 3, 4, widths[0]), tokens(layers[1], 3, 4, widths[1]), mask, weights or {}, pairs)
    uniform = [pair(1, 2), pair(2, 4)]
    yield case("uniform", {}, uniform)
    yield case("no padding", {}, uniform, mask=None)
    yield case("cosine", {"distance": "cosine"}, uniform)
    yield case("patient", {"tokens": "first", "distance": "normalized", "layers": "last"}, [pair(2, 4)])
    yield case("projected", {}, uniform, widths=(2, 3), weights={**linear("projections.0.first", 2, 3), **linear("projections.1.first", 2, 3)})
    yield case("mlp", {"projection": "mlp", "layers": "last"}, [pair(2, 4)], widths=(2, 3), weights={
        **linear("projections.0.first", 2, 3), **linear("projections.0.second", 3, 3)})
    yield case("linear though the widths are equal", {"projection": "linear", "layers": "first-and-last"}, [pair(1, 1), pair(2, 4)], weights={
        **linear("projections.0.first", 3, 3), **linear("projections.1.first", 3, 3)})
    yield case("teacher layers", {"teacher-layers": [1, 3]}, [pair(1, 1), pair(2, 3)])
    yield case("pairs", {"pairs": [{"student": "0", "teacher": "0"}, {"student": "layer.1", "teacher": "layer.3"}]}, [("embeddings", ["embeddings"]), pair(1, 3)])
    yield case("learned", {"layers": "learned"}, [pair(1, 1, 2, 3), pair(2, 1, 2, 3)], layers=(2, 3), weights={"mixtures.0": draw(3), "mixtures.1": draw(3)})
    rows = {"layer.1": draw(4, 3)}, {"layer.1": draw(4, 5)}
    yield ("hidden-states", "vectors", {}, *rows, None, linear("projections.0.first", 3, 5), [pair(1, 1)])
    maps = images([(3, 4, 4)], 2), images([(3, 2, 4)], 2)
    yield ("hidden-states", "images of two sizes", {}, *maps, None, {}, [pair(1, 1)])
    yield ("embeddings", "equal widths", {}, tokens(1, 3, 4, 3), tokens(1, 3, 4, 3), MASK, {}, None)
    yield ("embeddings", "projected", {}, tokens(1, 3, 4, 2), tokens(1, 3, 4, 3), MASK, linear("projections.0.first", 2, 3), None)


KINDS = {"hidden-states": states, "embeddings": embeddings}
CASES = [hidden_states_cases]


def shown(x):
    return {"shape": list(x.shape), "data": x.reshape(-1).tolist()}


def side(values):
    return {"layers": [name for name in values if name.startswith("layer.") and name.count(".") == 1], "values": {name: shown(x.detach()) for name, x in values.items()}}


def main():
    torch.manual_seed(1)
    cases = []
    for make in CASES:
        for kind, name, options, student, teacher, mask, weights, pairs in make():
            for x in [*student.values(), *weights.values()]:
                x.requires_grad_()
            total, count = KINDS[kind](student, teacher, mask, weights, options, pairs)
            total.backward()
            cases.append({
                "kind": kind, "name": name, "options": options, "student": side(student), "teacher": side(teacher),
                "mask": None if mask is None else mask.int().tolist(), "weights": {n: shown(x.detach()) for n, x in weights.items()},
                "sum": total.item(), "count": count,
                "gradients": {n: x.grad.reshape(-1).tolist() for n, x in student.items() if x.grad is not None},
                "weight-gradients": {n: x.grad.reshape(-1).tolist() for n, x in weights.items()}})
    # PyTorch 1.13's random numbers may differ from a later one's; the cases hold them, so the file stays valid.
    print("[\n" + ",\n".join(map(json.dumps, cases)) + "\n]")


if __name__ == "__main__":
    main()
