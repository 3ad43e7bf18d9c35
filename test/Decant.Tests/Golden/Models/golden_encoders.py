"""Makes the reference numbers of BERT, DistilBERT and RoBERTa with PyTorch 1.13: /usr/bin/python3 golden_encoders.py

Written from the published layout of the weights: every forward pass names the tensors as the files do, and works on one text at a time, without its padding.
"""
import math

import torch
import torch.nn.functional as F

from golden_models import case, mask_of

V, H, A, I, L, P, C = 12, 8, 2, 16, 2, 9, 3  # vocabulary, width, heads, between, layers, positions, classes


class Weights(dict):
    """Tensors by name; those of `fixed` are saved and not trained."""

    def __init__(self, shapes, fixed=()):
        super().__init__()
        self.fixed = fixed
        for name, shape in shapes.items():
            value = torch.randn(shape) * 0.3 + (1 if "norm" in name.lower() and name.endswith("weight") else 0)
            self[name] = value.requires_grad_(name not in fixed)

    def state_dict(self):
        return {k: v.detach() for k, v in self.items()}

    def named_parameters(self):
        return [(k, v) for k, v in self.items() if k not in self.fixed]


def linear(name, outputs, inputs):
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def norm(name):
    return {f"{name}.weight": (H,), f"{name}.bias": (H,)}


BERT = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value", "o": "attention.output.dense",
        "n1": "attention.output.LayerNorm", "up": "intermediate.dense", "down": "output.dense", "n2": "output.LayerNorm"}
DISTIL = {"q": "attention.q_lin", "k": "attention.k_lin", "v": "attention.v_lin", "o": "attention.out_lin",
          "n1": "sa_layer_norm", "up": "ffn.lin1", "down": "ffn.lin2", "n2": "output_layer_norm"}
FAMILIES = {
    "bert": dict(parts=BERT, layers="encoder.layer", types=2, pad=0, eps=1e-12, act=lambda x: F.gelu(x, approximate="tanh"),
                 head=("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.bias", "cls.predictions.decoder.weight")),
    "distilbert": dict(parts=DISTIL, layers="transformer.layer", types=0, pad=0, eps=1e-12, act=F.gelu,
                       head=("vocab_transform", "vocab_layer_norm", "vocab_projector.bias", "vocab_projector.weight")),
    "roberta": dict(parts=BERT, layers="encoder.layer", types=1, pad=1, eps=1e-5, act=F.relu,
                    head=("lm_head.dense", "lm_head.layer_norm", "lm_head.bias", "lm_head.decoder.weight")),
}


def encoder_shapes(family, prefix):
    f = FAMILIES[family]
    e = prefix + "embeddings."
    shapes = {e + "word_embeddings.weight": (V, H), e + "position_embeddings.weight": (P, H), **norm(e + "LayerNorm")}
    if f["types"]:
        shapes[e + "token_type_embeddings.weight"] = (f["types"], H)
    for layer in range(L):
        at = f"{prefix}{f['layers']}.{layer}."
        for part, name in f["parts"].items():
            shapes.update(norm(at + name) if part in ("n1", "n2") else linear(at + name, *{"up": (I, H), "down": (H, I)}.get(part, (H, H))))
    return shapes


def apply(w, name, x):
    return x @ w[name + ".weight"].T + w[name + ".bias"]


def normed(w, name, x, eps):
    mean = x.mean(-1, keepdim=True)
    return (x - mean) / ((x - mean) ** 2).mean(-1, keepdim=True).add(eps).sqrt() * w[name + ".weight"] + w[name + ".bias"]


def encode(w, family, prefix, tokens, types):
    """One text [T] without padding: [T, H]."""
    f, e = FAMILIES[family], prefix + "embeddings."
    first = f["pad"] + 1 if family == "roberta" else 0
    x = F.embedding(tokens, w[e + "word_embeddings.weight"], f["pad"]) + w[e + "position_embeddings.weight"][first:first + len(tokens)]
    if f["types"]:
        x = x + w[e + "token_type_embeddings.weight"][types if f["types"] > 1 else torch.zeros_like(types)]
    x = normed(w, e + "LayerNorm", x, f["eps"])
    for layer in range(L):
        at = f"{prefix}{f['layers']}.{layer}."
        name = {part: at + n for part, n in f["parts"].items()}
        q, k, v = (apply(w, name[p], x) for p in "qkv")
        d, heads = H // A, []
        for a in range(A):
            s = slice(a * d, (a + 1) * d)
            heads.append(torch.softmax(q[:, s] @ k[:, s].T / math.sqrt(d), -1) @ v[:, s])
        x = normed(w, name["n1"], x + apply(w, name["o"], torch.cat(heads, 1)), f["eps"])
        x = normed(w, name["n2"], x + apply(w, name["down"], f["act"](apply(w, name["up"], x))), f["eps"])
    return x


def texts(w, family, prefix, i):
    for tokens, types, mask in zip(i["values"], i["types"], i["mask"]):
        yield encode(w, family, prefix, tokens[mask], types[mask])


def head_shapes(family, task, outputs):
    if task in ("classification", "regression"):
        if family == "bert":
            return {**linear("bert.pooler.dense", H, H), **linear("classifier", outputs, H)}
        if family == "distilbert":
            return {**linear("pre_classifier", H, H), **linear("classifier", outputs, H)}
        return {**linear("classifier.dense", H, H), **linear("classifier.out_proj", outputs, H)}
    if task == "tokens":
        return linear("classifier", outputs, H)
    dense, layer_norm, bias, weight = FAMILIES[family]["head"]
    return {**linear(dense, H, H), **norm(layer_norm), bias: (V,), **({weight: (V, H)} if task == "untied" else {})}


def classify(w, family, x):
    if family == "bert":
        return apply(w, "classifier", torch.tanh(apply(w, "bert.pooler.dense", x[0])))
    if family == "distilbert":
        return apply(w, "classifier", F.relu(apply(w, "pre_classifier", x[0])))
    return apply(w, "classifier.out_proj", torch.tanh(apply(w, "classifier.dense", x[0])))


def tell(w, family, task, rows):
    f = FAMILIES[family]
    dense, layer_norm, bias, weight = f["head"]
    act = F.gelu if family == "roberta" else f["act"]
    rows = normed(w, layer_norm, act(apply(w, dense, rows)), f["eps"])
    return rows @ w[weight if task == "untied" else f"{family}.embeddings.word_embeddings.weight"].T + w[bias]


def forward(family, task):
    prefix = "" if task == "embedding" else family + "."

    def run(w, i):
        states = list(texts(w, family, prefix, i))
        if task in ("classification", "regression"):
            return torch.stack([classify(w, family, x) for x in states])
        if task == "embedding":
            vectors = torch.stack([x.mean(0) for x in states])
            return vectors / (vectors ** 2).sum(1, keepdim=True).sqrt()
        # Of the texts' tokens, those at the positions that are asked about.
        places = {int(p): x for p, x in zip(i["mask"].flatten().nonzero().flatten(), torch.cat(states))}
        rows = torch.stack([places[int(p)] for p in i["positions"]])
        return apply(w, "classifier", rows) if task == "tokens" else tell(w, family, task, rows)

    return run


def inputs(family, task):
    pad = FAMILIES[family]["pad"]
    mask = mask_of([3, 6, 1, 5], 6)
    if family == "roberta" and task not in ("classification", "regression"):
        mask[3] = mask[3].flip(0)  # padding on the left: positions are counted from the first token
    values = torch.randint(2, V, (4, 6)).masked_fill(~mask, pad)
    types = torch.tensor([[0, 0, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [0, 0, 0, 0, 0, 0], [0, 1, 1, 1, 1, 0]]) * mask
    asked = {"positions": torch.tensor([8, 0, 12, 20, 7, 8])} if task in ("tokens", "masked", "untied") else {}
    return {"values": values, "mask": mask, "types": types, **asked}


def cases():
    for family in FAMILIES:
        for task in ("classification", "regression", "tokens", "masked", "untied", "embedding"):
            if task == "embedding":
                pooler = linear("pooler.dense", H, H) if family != "distilbert" else {}
                weights = Weights({**encoder_shapes(family, ""), **pooler}, fixed=tuple(pooler))
            else:
                outputs = 1 if task == "regression" else C
                weights = Weights({**encoder_shapes(family, family + "."), **head_shapes(family, task, outputs)})
            case(f"{family}-{task}", weights, forward(family, task), inputs(family, task))


def one_step():
    """Masked language modelling for real: cross-entropy with the hidden tokens, and its gradients."""
    weights = Weights({**encoder_shapes("bert", "bert."), **head_shapes("bert", "masked", C)})
    i = inputs("bert", "masked")
    targets = torch.tensor([3, 4, 5, 6, 7, 8])

    def run(w, given):
        return F.cross_entropy(forward("bert", "masked")(w, i), targets, reduction="mean")[None]

    case("bert-masked-loss", weights, run, {**i, "targets": targets})


if __name__ == "__main__":
    torch.manual_seed(22)
    torch.set_num_threads(1)
    cases()
    one_step()
    print("torch", torch.__version__)
