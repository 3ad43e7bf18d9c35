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


# maps of attention

BLOCKED = -1e30


def heads_of(layers, b, heads, t, causal=False, mask=None):
    """Scores as a model makes them: what a token does not see has a number far below 0 added."""
    hidden = torch.zeros(b, 1, t, t)
    if mask is not None:
        hidden = hidden + (~mask).float()[:, None, None, :] * BLOCKED
    if causal:
        hidden = torch.minimum(hidden, torch.full((t, t), BLOCKED).triu(1))
    return {f"layer.{i + 1}.attention.scores": (draw(b, heads, t, t) + hidden.double()).float().double() for i in range(layers)}


def sight(mask, t, causal):
    """[B or 1, T, T], true where a token sees another."""
    seen = torch.ones(1, t, t).bool() if mask is None else mask[:, None, :].expand(-1, t, -1)
    return seen & torch.ones(t, t).tril().bool() if causal else seen


def group(x, compared):
    b, a, t, s = x.shape
    return x.view(b, compared, a // compared, t, s)


def attention_maps(student, teacher, mask, weights, options, extra):
    kind, pairs, causal = extra
    total, count = 0.0, 0
    for i, (mine, theirs) in enumerate(pairs):
        s, t = student[f"{mine}.attention.scores"], [teacher[f"{name}.attention.scores"] for name in theirs]
        mapping = options.get("heads", "auto")
        compared = 1 if mapping == "average" or (mapping == "auto" and s.shape[1] != t[0].shape[1]) else s.shape[1]
        shares = F.softmax(weights[f"mixtures.{i}"], 0) if len(t) > 1 else torch.ones(1).double()
        b, _, length, _ = s.shape
        seen = sight(mask, length, causal).expand(b, -1, -1)
        for sample in range(b):
            for query in range(length):
                if mask is not None and not mask[sample, query]:
                    continue
                count += 1
                keys = seen[sample, query]
                rows = [group(x, compared)[sample, :, :, query][..., keys] for x in [s, *t]]  # [h, averaged, keys]
                if kind == "attention-scores":
                    rows = [r.mean(1) for r in rows]
                    target = sum(share * r for share, r in zip(shares, rows[1:]))
                    total = total + (rows[0] - target).square().mean()
                else:
                    rows = [F.softmax(r, -1).mean(1) for r in rows]
                    target = sum(share * r for share, r in zip(shares, rows[1:]))
                    total = total + (target * (target.log() - rows[0].log())).sum(-1).mean()
    return total, count


def attention_map_cases(kind):
    def case(name, options, pairs, heads=(2, 2), layers=(2, 2), mask=MASK, causal=False, weights=None):
        return (kind, name, options, heads_of(layers[0], 3, heads[0], 4, causal, mask), heads_of(layers[1], 3, heads[1], 4, causal, mask), mask, weights or {}, (kind, pairs, causal))
    yield case("uniform", {}, [pair(1, 1), pair(2, 2)])
    yield case("no padding", {}, [pair(1, 1), pair(2, 2)], mask=None)
    yield case("left to right", {"layers": "last"}, [pair(2, 2)], causal=True)
    yield case("left to right without padding", {"layers": "last"}, [pair(2, 2)], causal=True, mask=None)
    yield case("averaged heads", {"layers": "last"}, [pair(2, 4)], heads=(2, 3), layers=(2, 4))
    yield case("averaged though there are as many", {"pairs": [{"student": "1", "teacher": "2"}], "heads": "average"}, [pair(1, 2)])
    yield case("groups", {"pairs": [{"student": "layer.2.attention", "teacher": "layer.1.attention"}], "heads": "groups"}, [pair(2, 1)], heads=(2, 4))
    yield case("learned", {"layers": "learned"}, [pair(1, 1, 2, 3)], layers=(1, 3), weights={"mixtures.0": draw(3)})


# relations

def qkv(layers, b, heads, key_heads, t, d):
    return {f"layer.{i + 1}.attention.{part}": draw(b, heads if part == "queries" else key_heads, t, d) for i in range(layers) for part in ("queries", "keys", "values")}


def relation_heads(x, r):
    b, a, t, d = x.shape
    return x.transpose(1, 2).reshape(b, t, r, a * d // r).transpose(1, 2)


def relations(student, teacher, mask, weights, options, extra):
    pairs, r, causal = extra
    parts = {"query-key": ("queries", "keys"), "query-query": ("queries", "queries"), "key-key": ("keys", "keys"), "value-value": ("values", "values")}
    total, count = 0.0, 0
    for mine, (theirs,) in pairs:
        for relation in options.get("relations", ["query-query", "key-key", "value-value"]):
            maps = []
            for side, layer in ((student, mine), (teacher, theirs)):
                left, right = (side[f"{layer}.attention.{part}"] for part in parts[relation])
                if left.shape[1] != right.shape[1]:
                    right = right.repeat_interleave(left.shape[1] // right.shape[1], 1)
                left, right = relation_heads(left, r), relation_heads(right, r)
                scores = left @ right.transpose(2, 3) / left.shape[-1] ** 0.5
                seen = sight(mask, scores.shape[-1], causal)
                maps.append(F.log_softmax(scores.masked_fill(~seen[:, None], float("-inf")), -1))
            q, p = maps
            gap = torch.where(p.exp() == 0, torch.zeros_like(p), p - q)
            per_token = (p.exp() * gap).sum(-1).mean(1)  # [B, T]
            total = total + (per_token if mask is None else per_token[mask]).sum()
        count += int(mask.sum()) if mask is not None else per_token.numel()
    return total, count


def relation_cases():
    def case(name, options, pairs, r, student=(2, 2, 3), teacher=(2, 2, 5), layers=(1, 2), mask=MASK, causal=False):
        made = [qkv(n, 3, heads, keys, 4, d) for n, (heads, keys, d) in zip(layers, (student, teacher))]
        return ("attention-relations", name, options, *made, mask, {}, (pairs, r, causal), {"causal": causal})
    yield case("last layers, other widths", {}, [pair(1, 2)], 2)
    yield case("no padding", {}, [pair(1, 2)], 2, mask=None)
    yield case("relation heads that are not those of the models", {"relation-heads": 3}, [pair(1, 2)], 3, student=(2, 2, 3), teacher=(4, 4, 3))
    yield case("MiniLM", {"relations": ["query-key", "value-value"], "pairs": [{"student": "1", "teacher": "1"}]}, [pair(1, 1)], 2)
    yield case("left to right", {"relations": ["query-key"]}, [pair(1, 2)], 2, causal=True)
    yield case("left to right without padding", {}, [pair(1, 2)], 2, causal=True, mask=None)
    yield case("keys that heads share", {"relations": ["query-key", "key-key"], "relation-heads": 2}, [pair(1, 2)], 2, student=(4, 2, 2), teacher=(4, 1, 4))
    yield case("two pairs", {"layers": "first-and-last"}, [pair(1, 1), pair(2, 2)], 2, layers=(2, 2))

# images

def alike(s, t):
    size = [min(s.shape[d], t.shape[d]) for d in (2, 3)]
    return F.adaptive_avg_pool2d(s, size), F.adaptive_avg_pool2d(t, size)


def attention_transfer(student, teacher, mask, weights, options, pairs):
    total, count = 0.0, 0
    for mine, (theirs,) in pairs:
        s, t = (F.normalize(x.pow(2).mean(1).flatten(1)) for x in alike(student[mine], teacher[theirs]))
        form = options.get("distance", "squares")
        total = total + ((s - t).norm(dim=1).sum() if form == "norm" else (s - t).pow(2).sum() if form == "squares" else (s - t).pow(2).mean(1).sum())
        count += len(s)
    return total, count


def attention_transfer_cases():
    def case(name, options, pairs, student=((2, 4, 4), (3, 2, 2)), teacher=((4, 4, 4), (5, 2, 2))):
        return ("attention-transfer", name, options, images(student, 3), images(teacher, 3), None, {}, pairs)
    yield case("uniform", {}, [pair(1, 1), pair(2, 2)])
    yield case("the paper's norm", {"distance": "norm"}, [pair(1, 1), pair(2, 2)])
    yield case("the program's mean", {"distance": "mean", "layers": "last"}, [pair(2, 2)])
    yield case("sizes that differ", {"pairs": [{"student": "layer.1", "teacher": "layer.2"}]}, [pair(1, 2)], teacher=((4, 4, 4), (5, 3, 2)))


def hint(student, teacher, mask, weights, options, pairs):
    return states(student, teacher, mask, weights, {}, pairs)


def hint_cases():
    def case(name, options, student, teacher, pairs, weights):
        return ("hint", name, options, images(student, 2), images(teacher, 2), None, weights, pairs)
    maps = ((2, 4, 4), (3, 2, 2)), ((2, 4, 4), (4, 4, 4), (5, 2, 2))
    yield case("the layers in the middle", {}, *maps, [pair(1, 2)], linear("projections.0.first", 2, 4))
    yield case("layers by number and path", {"student": "2", "teacher": "layer.3"}, *maps, [pair(2, 3)], linear("projections.0.first", 3, 5))
    yield case("sizes that differ", {"student": "2", "teacher": "2"}, *maps, [pair(2, 2)], linear("projections.0.first", 3, 4))
    yield case("widths that are equal, not projected", {"student": "1", "teacher": "1", "projection": "none"}, *maps, [pair(1, 1)], {})
    vectors = {"layer.1": draw(3, 2)}, {"layer.1": draw(3, 3)}
    yield ("hint", "vectors", {"projection": "mlp"}, *vectors, None, {**linear("projections.0.first", 2, 3), **linear("projections.0.second", 3, 3)}, [pair(1, 1)])


def fsp(student, teacher, mask, weights, options, pairs):
    total, count = 0.0, 0

    def flow(first, second):
        first, second = alike(first, second)
        return torch.einsum("bchw,bdhw->bcd", first, second) / (first.shape[2] * first.shape[3])

    def mine(i):
        x = student[pairs[i][0]]
        name = f"projections.{i}.first"
        return F.conv2d(x, weights[f"{name}.weight"][:, :, None, None], weights[f"{name}.bias"]) if f"{name}.weight" in weights else x

    for i in range(len(pairs) - 1):
        s, t = flow(mine(i), mine(i + 1)), flow(teacher[pairs[i][1][0]], teacher[pairs[i + 1][1][0]])
        total, count = total + (s - t).square().mean((1, 2)).sum(), count + len(s)
    return total, count


def fsp_cases():
    def case(name, options, student, teacher, pairs, weights=None):
        return ("fsp", name, options, images(student, 2), images(teacher, 2), None, weights or {}, pairs)
    same = ((2, 4, 4), (3, 4, 4), (3, 2, 2))
    yield case("equal channels", {}, same, same, [pair(1, 1), pair(2, 2), pair(3, 3)])
    yield case("first and last", {"layers": "first-and-last"}, same, same, [pair(1, 1), pair(3, 3)])
    yield case("projected", {"layers": "first-and-last"}, same, ((4, 2, 4), (3, 2, 2)), [pair(1, 1), pair(3, 2)], {**linear("projections.0.first", 2, 4)})


# contrastive representation distillation

def contrastive(student, teacher, mask, weights, options, state):
    temperature, samples = options.get("contrast-temperature", 0.07), len(state["ids"])
    total = 0.0
    sides = ((student["representation"], 0, state["teacher-bank"], state["normalizers"][1]), (teacher["representation"], 1, state["student-bank"], state["normalizers"][0]))
    for x, i, bank, log_z in sides:
        name = f"projections.{i}.first"
        for b, v in enumerate(F.normalize(F.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"]))):
            e = (bank @ v / temperature).exp() / log_z.exp()
            own = state["ids"].tolist().index(b)
            share = (samples - 1) / samples  # K noise samples of probability 1 ÷ N each
            others = torch.cat([e[:own], e[own + 1:]])
            total = total - (e[own] / (e[own] + share)).log() - (share / (others + share)).log().sum()
    return total, len(student["representation"])


def contrastive_cases():
    def case(name, options, samples):
        n, d = 6, options["dimensions"]
        state = {
            "student-bank": F.normalize(draw(n, d)).float().double(), "teacher-bank": F.normalize(draw(n, d)).float().double(),
            "ids": torch.tensor([2, 0, 4, 1, 3, 5]), "counters": torch.tensor([n, 7]), "normalizers": torch.tensor([1.5, 2.0]).double()}
        weights = {**linear("projections.0.first", 3, d), **linear("projections.1.first", 5, d)}
        values = {"representation": draw(samples, 3)}, {"representation": draw(samples, 5)}
        return ("contrastive-representation", name, options, *values, None, weights, state, {"samples": n, "state": {key: shown(x) for key, x in state.items()}})
    yield case("all others", {"dimensions": 4}, 4)
    yield case("warmer", {"dimensions": 3, "contrast-temperature": 0.5}, 1)


KINDS = {
    "hidden-states": states, "embeddings": embeddings, "attention-scores": attention_maps, "attention-probabilities": attention_maps, "attention-relations": relations,
    "attention-transfer": attention_transfer, "hint": hint, "fsp": fsp, "contrastive-representation": contrastive,
}
CASES = [
    hidden_states_cases, lambda: attention_map_cases("attention-scores"), lambda: attention_map_cases("attention-probabilities"), relation_cases,
    attention_transfer_cases, hint_cases, fsp_cases, contrastive_cases,
]


def shown(x):
    return {"shape": list(x.shape), "data": [float(f"{v:.9g}") for v in x.reshape(-1).tolist()]}


def side(values):
    return {name: shown(x.detach()) for name, x in values.items()}


def main():
    torch.manual_seed(1)
    cases = []
    for make in CASES:
        for kind, name, options, student, teacher, mask, weights, extra, *more in make():
            for x in [*student.values(), *weights.values()]:
                x.requires_grad_()
            total, count = KINDS[kind](student, teacher, mask, weights, options, extra)
            total.backward()
            cases.append({
                "kind": kind, "name": name, "options": options, "student": side(student), "teacher": side(teacher),
                "mask": None if mask is None else mask.int().tolist(), "weights": {n: shown(x.detach()) for n, x in weights.items()},
                "sum": total.item(), "count": count,
                "gradients": {n: x.grad.reshape(-1).tolist() for n, x in student.items() if x.grad is not None},
                "weight-gradients": {n: x.grad.reshape(-1).tolist() for n, x in weights.items()}, **(more[0] if more else {})})
    # PyTorch 1.13's random numbers may differ from a later one's; the cases hold them, so the file stays valid.
    print("[\n" + ",\n".join(map(json.dumps, cases)) + "\n]")


if __name__ == "__main__":
    main()
