#!/usr/bin/env python3
"""Reference sums, counts and gradients of every objective, computed by PyTorch in float64.

    /usr/bin/python3 objectives.py > objectives.json

Cases of a kind share nothing with Decant's code but the formula. The sum is over the samples that count; nothing is divided.
"""
import json
import math

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


def soft_cross_entropy(student, teacher, labels, options):
    t = options.get("temperature", 2.0)
    scale = t * t if options.get("scale-by-temperature-squared", True) else 1.0
    return scale * F.cross_entropy(student / t, F.softmax(teacher / t, -1), reduction="sum"), len(student)


def logits_mse(student, teacher, labels, options):
    if options.get("centre", False):
        student, teacher = (z - z.mean(-1, keepdim=True) for z in (student, teacher))
    return F.mse_loss(student, teacher, reduction="sum") / student.shape[-1], len(student)


def target_mse(student, teacher, labels, options):
    """A regression's data wants numbers: here the teacher's logits stand for them, where there is a label."""
    known = labels != IGNORE
    return F.mse_loss(student[known], teacher[known], reduction="sum") / student.shape[-1], int(known.sum())


def binary_cross_entropy(student, teacher, labels, options):
    """A sample has the labels for which the teacher's logit is above 0, where it has a label at all."""
    known = labels != IGNORE
    weights = options.get("positive-weights")
    return F.binary_cross_entropy_with_logits(
        student[known], (teacher[known] > 0).to(student.dtype), reduction="sum",
        pos_weight=None if weights is None else torch.tensor(weights, dtype=student.dtype)) / student.shape[-1], int(known.sum())


def binary_soft_targets(student, teacher, labels, options):
    """KL of Bernoulli distributions, from torch.distributions."""
    t = options.get("temperature", 2.0)
    scale = t * t if options.get("scale-by-temperature-squared", True) else 1.0
    bernoulli = torch.distributions.Bernoulli
    return scale * torch.distributions.kl_divergence(bernoulli(logits=teacher / t), bernoulli(logits=student / t)).sum() / student.shape[-1], len(student)


def pair_similarity(student, teacher, labels, options):
    """CosineSimilarityLoss of sentence-transformers, summed. A row of the student is one text of a pair and the teacher's the other; the label is the pair's score."""
    known = labels != IGNORE
    lowest, highest = options.get("lowest-score", 0.0), options.get("highest-score", 1.0)
    scores = (labels[known].double() - lowest) / (highest - lowest)
    return F.mse_loss(torch.cosine_similarity(student[known], teacher[known]), scores, reduction="sum"), int(known.sum())


def softened(function, default_scale=True):
    """An objective of p and q, both softened; the function gives one value per row."""
    def objective(student, teacher, labels, options):
        t = options.get("temperature", 2.0)
        scale = t * t if options.get("scale-by-temperature-squared", default_scale) else 1.0
        p, q = F.softmax(teacher / t, -1), F.softmax(student / t, -1)
        return scale * function(p, q, labels, options).sum(), len(student)
    return objective


def kl(a, b):
    return (a * (a / b).log()).sum(-1)


def reverse_kl(p, q, labels, options):
    return kl(q, p)


def jensen_shannon(p, q, labels, options):
    beta = options.get("beta", 0.5)
    if beta in (0.0, 1.0):
        return kl(p, q) if beta == 0.0 else kl(q, p)
    m = beta * p + (1 - beta) * q
    return beta * kl(p, m) + (1 - beta) * kl(q, m)


def skew_kl(p, q, labels, options):
    skew = options.get("skew", 0.1)
    return kl(p, skew * p + (1 - skew) * q)


def skew_reverse_kl(p, q, labels, options):
    skew = options.get("skew", 0.1)
    return kl(q, (1 - skew) * p + skew * q)


def adaptive_kl(p, q, labels, options):
    rows = []
    for a, b in zip(p, q):
        head, mass = [], 0.0
        for c in a.argsort(descending=True).tolist():
            mass += a[c].item()
            if head and mass > options.get("head-mass", 0.5):
                break
            head.append(c)
        gap = (a - b).abs().detach()
        w = gap[head].sum() / gap.sum()
        rows.append(w * kl(a, b) + (1 - w) * kl(b, a))
    return torch.stack(rows)


def total_variation(p, q, labels, options):
    return (p - q).abs().sum(-1) / 2


def decoupled(student, teacher, labels, options):
    t = options.get("temperature", 2.0)
    scale = t * t if options.get("scale-by-temperature-squared", True) else 1.0
    known = [i for i, y in enumerate(labels.tolist()) if y != IGNORE]
    total = 0.0
    for i in known:
        p, q, y = F.softmax(teacher[i] / t, -1), F.softmax(student[i] / t, -1), labels[i]
        others = torch.arange(len(p)) != y
        target = kl(torch.stack([p[y], p[others].sum()]), torch.stack([q[y], q[others].sum()]))
        rest = kl(p[others] / p[others].sum(), q[others] / q[others].sum())
        total = total + options.get("alpha", 1.0) * target + options.get("beta", 8.0) * rest
    return scale * total, len(known)


def cosine(student, teacher, labels, options):
    if options.get("centre", False):
        student, teacher = (z - z.mean(-1, keepdim=True) for z in (student, teacher))
    return (1 - F.cosine_similarity(student, teacher, -1)).sum(), len(student)


def correlation(a, b):
    return torch.corrcoef(torch.stack([a, b]))[0, 1]


def dist(student, teacher, labels, options):
    t = options.get("temperature", 1.0)
    p, q = F.softmax(teacher / t, -1), F.softmax(student / t, -1)
    total = options.get("inter", 1.0) * sum(1 - correlation(a, b) for a, b in zip(q, p))
    if len(student) > 1:
        intra = torch.stack([1 - correlation(a, b) for a, b in zip(q.T, p.T)]).mean()
        total = total + options.get("intra", 1.0) * len(student) * intra
    return total, len(student)


def logit_standardization(student, teacher, labels, options):
    student, teacher = ((z - z.mean(-1, keepdim=True)) / z.std(-1, keepdim=True) for z in (student, teacher))
    inner = dict(options.get("objective", {"kind": "soft-targets"}))
    return OBJECTIVES[inner.pop("kind")](student, teacher, labels, inner)


OBJECTIVES = {
    "binary-cross-entropy": binary_cross_entropy, "binary-soft-targets": binary_soft_targets,
    "target-mse": target_mse, "pair-similarity": pair_similarity, "labels": labels, "soft-targets": soft_targets, "soft-cross-entropy": soft_cross_entropy, "logits-mse": logits_mse,
    "reverse-kl": softened(reverse_kl), "jensen-shannon": softened(jensen_shannon), "skew-kl": softened(skew_kl),
    "skew-reverse-kl": softened(skew_reverse_kl), "adaptive-kl": softened(adaptive_kl), "total-variation": softened(total_variation, False),
    "decoupled": decoupled, "cosine": cosine, "dist": dist, "logit-standardization": logit_standardization}

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
    ("reverse-kl", "default", {}),
    ("reverse-kl", "temperature 1", {"temperature": 1.0}),
    ("reverse-kl", "unscaled", {"temperature": 4.0, "scale-by-temperature-squared": False}),
    ("jensen-shannon", "default", {}),
    ("jensen-shannon", "beta 0.1", {"beta": 0.1, "temperature": 1.0}),
    ("jensen-shannon", "beta 0.9", {"beta": 0.9, "scale-by-temperature-squared": False}),
    ("jensen-shannon", "beta 0", {"beta": 0.0}),
    ("jensen-shannon", "beta 1", {"beta": 1.0}),
    ("skew-kl", "default", {}),
    ("skew-kl", "half", {"skew": 0.5, "temperature": 1.0}),
    ("skew-reverse-kl", "default", {}),
    ("skew-reverse-kl", "half", {"skew": 0.5, "temperature": 1.0}),
    ("adaptive-kl", "default", {}),
    ("adaptive-kl", "temperature 1", {"temperature": 1.0}),
    ("adaptive-kl", "large head", {"head-mass": 0.9, "temperature": 4.0}),
    ("total-variation", "default", {}),
    ("total-variation", "scaled", {"temperature": 4.0, "scale-by-temperature-squared": True}),
    ("decoupled", "default", {}),
    ("decoupled", "equal factors", {"alpha": 1.0, "beta": 1.0, "temperature": 1.0}),
    ("decoupled", "target alone", {"alpha": 2.0, "beta": 0.0}),
    ("decoupled", "others alone", {"alpha": 0.0, "beta": 1.0, "scale-by-temperature-squared": False}),
    ("cosine", "plain", {}),
    ("cosine", "centred", {"centre": True}),
    ("dist", "default", {}),
    ("dist", "factors and temperature", {"inter": 2.0, "intra": 0.5, "temperature": 4.0}),
    ("logit-standardization", "default", {}),
    ("logit-standardization", "decoupled", {"objective": {"kind": "decoupled", "temperature": 2.0, "beta": 4.0}}),
    ("logit-standardization", "reverse", {"objective": {"kind": "reverse-kl", "temperature": 1.0}}),
]


# Relations between the samples of a batch. Student and teacher have spaces of different widths; "labels" says nothing. Double loops, as the papers' formulas read.


def pairs(f, size):
    return torch.stack([torch.stack([f(i, j) for j in range(size)]) for i in range(size)])


def distance(a, b):
    """0 without a gradient where the two are one."""
    return torch.zeros((), dtype=a.dtype) if torch.equal(a, b) else (a - b).pow(2).sum().sqrt()


def unit(a):
    """0 without a gradient has none."""
    return torch.zeros_like(a) if not a.any() else a / a.pow(2).sum().sqrt()


def relation_distance(student, teacher, options):
    def relative(e):
        d = pairs(lambda i, j: distance(e[i], e[j]), len(e))
        return d / d[d > 0].mean() if (d > 0).any() else d
    return F.smooth_l1_loss(relative(student), relative(teacher), reduction="mean")


def relation_angle(student, teacher, options):
    def cosines(e):
        return torch.stack([pairs(lambda j, k: (unit(e[j] - e[i]) * unit(e[k] - e[i])).sum(), len(e)) for i in range(len(e))])
    return F.smooth_l1_loss(cosines(student), cosines(teacher), reduction="mean")


def similarity_preserving(student, teacher, options):
    def gram(e):
        return F.normalize(pairs(lambda i, j: e[i].dot(e[j]), len(e)), p=2, dim=1)
    return torch.linalg.matrix_norm(gram(student) - gram(teacher)).pow(2) / len(student) ** 2


def correlation_congruence(student, teacher, options):
    gamma, order = options.get("gamma", 0.4), options.get("order", 2)

    def kernel(e):
        def of(i, j):
            cosine = unit(e[i]).dot(unit(e[j]))
            return math.exp(-2 * gamma) * sum((2 * gamma) ** p / math.factorial(p) * cosine ** p for p in range(order + 1))
        return pairs(of, len(e))
    return (kernel(student) - kernel(teacher)).pow(2).mean()


def cosines(e):
    return torch.stack([torch.stack([F.cosine_similarity(a, b, dim=0, eps=1e-30) for b in e]) for a in e])


def beginnings(student, options):
    return [student, *(student[:, :d] for d in options.get("matryoshka", []))]


def similarity_matrix(student, teacher, options):
    other = ~torch.eye(len(student), dtype=torch.bool)
    return torch.stack([F.mse_loss(cosines(s)[other], cosines(teacher)[other]) for s in beginnings(student, options)]).mean()


def similarity_ranking(student, teacher, options):
    size, tau = len(student), options.get("temperature", 0.05)
    other = ~torch.eye(size, dtype=torch.bool)

    def shares(e):
        return F.log_softmax(cosines(e)[other].view(size, size - 1) / tau, dim=1)
    return torch.stack([F.kl_div(shares(s), shares(teacher), reduction="batchmean", log_target=True) for s in beginnings(student, options)]).mean()


RELATIONS = {
    "relation-distance": relation_distance, "relation-angle": relation_angle,
    "similarity-preserving": similarity_preserving, "correlation-congruence": correlation_congruence,
    "similarity-matrix": similarity_matrix, "similarity-ranking": similarity_ranking}

RELATION_CASES = [
    ("relation-distance", "plain", {}),
    ("relation-angle", "plain", {}),
    ("similarity-preserving", "plain", {}),
    ("correlation-congruence", "plain", {}),
    ("correlation-congruence", "gamma and order", {"gamma": 1.5, "order": 5}),
    ("correlation-congruence", "linear", {"order": 1}),
]

# Drawn after all others, so that theirs stay as they are.
SIMILARITY_CASES = [
    ("similarity-matrix", "plain", {}),
    ("similarity-matrix", "beginnings", {"matryoshka": [1]}),
    ("similarity-ranking", "plain", {}),
    ("similarity-ranking", "warm", {"temperature": 0.5}),
    ("similarity-ranking", "beginnings", {"temperature": 0.2, "matryoshka": [1]}),
]


def relations(kinds, seed):
    """The value of a batch is B times the mean over its relations, and counts B."""
    source = torch.Generator().manual_seed(seed)

    def case(kind, name, options, student, teacher):
        student = student.double().requires_grad_()
        total = len(student) * RELATIONS[kind](student, teacher.double(), options)
        gradient, = torch.autograd.grad(total, student)
        return {"kind": kind, "name": name, "options": options, "student": student.tolist(), "teacher": teacher.double().tolist(),
                "labels": [0] * len(student), "sum": total.item(), "count": len(student), "gradient": gradient.tolist()}

    for kind, name, options in kinds:
        for samples, own, others, scale in ((6, 3, 5, 2.0), (2, 4, 2, 1.0), (4, 2, 7, 30.0)):
            student, teacher = (torch.randn(samples, width, generator=source) * scale for width in (own, others))
            yield case(kind, f"{name}, B = {samples}", options, student, teacher)
            if samples == 6:
                student[4], teacher[5] = student[1], teacher[0]
                yield case(kind, f"{name}, two samples alike to each", options, student, teacher)



# Drawn after all others, so that theirs stay as they are.
PAIR_CASES = [
    ("pair-similarity", "scores from 0 to 1", {}),
    ("pair-similarity", "scores from 0 to 5", {"lowest-score": 0.0, "highest-score": 5.0}),
    ("pair-similarity", "scores from -1 to 4", {"lowest-score": -1.0, "highest-score": 4.0}),
]


def of_rows(kinds):
    for kind, name, options in kinds:
        for samples, classes, scale in ((6, 5, 2.0), (1, 5, 8.0)):
            # What Decant gets is float32, so the reference starts from numbers that float32 holds.
            student = (torch.randn(samples, classes) * scale).double().requires_grad_()
            teacher = (torch.randn(samples, classes) * scale).double()
            target = torch.randint(0, classes, (samples,))
            target[1::3] = IGNORE
            total, count = OBJECTIVES[kind](student, teacher, target, options)
            gradient, = torch.autograd.grad(total, student)
            yield {
                "kind": kind, "name": f"{name}, B = {samples}", "options": options,
                "student": student.tolist(), "teacher": teacher.tolist(), "labels": target.tolist(),
                "sum": total.item(), "count": count, "gradient": gradient.tolist()}


def vectors(student, teacher, labels, options):
    """torch.nn.functional's cosine and mean squared error of the vectors of embeddings of one width."""
    if options.get("distance") == "mse":
        return F.mse_loss(student, teacher, reduction="none").mean(-1).sum(), len(student)
    distance = 1 - F.cosine_similarity(student, teacher)
    return (2 * distance if options.get("distance") == "normalized" else distance).sum(), len(student)


OBJECTIVES["vectors"] = vectors

# Drawn after all others, so that theirs stay as they are.
VECTOR_CASES = [
    ("vectors", "plain", {}),
    ("vectors", "squares", {"distance": "mse"}),
    ("vectors", "normalized", {"distance": "normalized"}),
]

# Drawn after all others, so that theirs stay as they are.
ENTROPY_CASES = [
    ("soft-cross-entropy", "default", {}),
    ("soft-cross-entropy", "temperature 1", {"temperature": 1.0}),
    ("soft-cross-entropy", "unscaled", {"temperature": 4.0, "scale-by-temperature-squared": False}),
]

# Drawn after all others, so that theirs stay as they are.
LABEL_SET_CASES = [
    ("binary-cross-entropy", "plain", {}),
    ("binary-cross-entropy", "positive weights", {"positive-weights": [1.0, 3.5, 0.25, 2.0, 1.0]}),
    ("binary-soft-targets", "plain", {}),
    ("binary-soft-targets", "temperature 1", {"temperature": 1.0}),
    ("binary-soft-targets", "temperature 4, unscaled", {"temperature": 4.0, "scale-by-temperature-squared": False}),
]


def ranking_labels(student, teacher, labels, options):
    """A row is a query with its documents; the label is the relevant one."""
    known = labels != IGNORE
    return F.cross_entropy(student[known], labels[known], reduction="sum"), int(known.sum())


def margin_mse(student, teacher, labels, options):
    """Of a query with a label the relevant document against each other one, without a label all pairs; the mean over the pairs."""
    total = student.new_zeros(())
    for s, t, label in zip(student, teacher, labels):
        count = len(s)
        pairs = [(i, j) for i in range(count) for j in range(i + 1, count)] if label == IGNORE else [(int(label), j) for j in range(count) if j != label]
        first, second = map(list, zip(*pairs))
        total = total + F.mse_loss(s[first] - s[second], t[first] - t[second])
    return total, len(student)


def listwise_kl(student, teacher, labels, options):
    tau = options.get("temperature", 1.0)
    return F.kl_div(F.log_softmax(student / tau, -1), F.softmax(teacher / tau, -1), reduction="sum") * tau * tau, len(student)


def pairwise_ranking(student, teacher, labels, options):
    """KL of Bernoulli distributions over all pairs, from torch.distributions; the mean over the pairs of a query."""
    tau = options.get("temperature", 1.0)
    bernoulli = torch.distributions.Bernoulli
    first, second = torch.triu_indices(student.shape[1], student.shape[1], 1)
    p, q = (bernoulli(logits=(x[:, first] - x[:, second]) / tau) for x in (teacher, student))
    return torch.distributions.kl_divergence(p, q).mean(1).sum() * tau * tau, len(student)


OBJECTIVES.update({"ranking-labels": ranking_labels, "margin-mse": margin_mse, "listwise-kl": listwise_kl, "pairwise-ranking": pairwise_ranking})

# Drawn after all others, so that theirs stay as they are.
RANKING_CASES = [
    ("ranking-labels", "plain", {}),
    ("margin-mse", "plain", {}),
    ("listwise-kl", "plain", {}),
    ("listwise-kl", "temperature 4", {"temperature": 4.0}),
    ("pairwise-ranking", "plain", {}),
    ("pairwise-ranking", "temperature 4", {"temperature": 4.0}),
]


def on_policy(student, teacher, labels, options):
    """Rows of text from the data: the exact divergence of the next token, or that of the most probable tokens with what is left of both distributions."""
    tau = options.get("temperature", 1.0)
    log_p, log_q = F.log_softmax(teacher / tau, -1), F.log_softmax(student / tau, -1)
    kind = options.get("divergence", "reverse")
    if options.get("granularity") == "top-k":
        of_student = options.get("top-k-of", "student" if "reverse" in kind else "teacher") == "student"
        ids = (student.detach() if of_student else teacher).topk(options["k"], -1).indices
        def known(logits):
            p = F.softmax(logits / tau, -1)
            part = p.gather(-1, ids)
            if options.get("tail", "bucket") == "bucket":
                return torch.cat([part, p.sum(-1, keepdim=True) - part.sum(-1, keepdim=True)], -1).log()
            return (part / part.sum(-1, keepdim=True)).log() if options["tail"] == "renormalize" else part.log()
        log_p, log_q = known(teacher), known(student)
    p, q = log_p.exp(), log_q.exp()
    def kl(a, b):
        return (a * (a.log() - b.log())).sum()
    beta, skew = options.get("beta", 0.5), options.get("skew", 0.1)
    mixture = beta * p + (1 - beta) * q
    total = {
        "forward": lambda: kl(p, q),
        "reverse": lambda: kl(q, p),
        "jensen-shannon": lambda: beta * kl(p, mixture) + (1 - beta) * kl(q, mixture),
        "skew-forward": lambda: kl(p, skew * p + (1 - skew) * q),
        "skew-reverse": lambda: kl(q, (1 - skew) * p + skew * q),
    }[kind]()
    return total, len(student)


OBJECTIVES["on-policy"] = on_policy

# Drawn after all others, so that theirs stay as they are.
ON_POLICY_CASES = [
    ("on-policy", "default", {}),
    ("on-policy", "forward, temperature 3", {"divergence": "forward", "temperature": 3.0}),
    ("on-policy", "jensen-shannon", {"divergence": "jensen-shannon", "beta": 0.3}),
    ("on-policy", "skew-forward", {"divergence": "skew-forward", "skew": 0.2}),
    ("on-policy", "skew-reverse", {"divergence": "skew-reverse"}),
    ("on-policy", "top 2, bucket", {"granularity": "top-k", "k": 2}),
    ("on-policy", "top 2 of the teacher, bucket", {"granularity": "top-k", "k": 2, "top-k-of": "teacher"}),
    ("on-policy", "top 2, forward", {"granularity": "top-k", "k": 2, "divergence": "forward"}),
    ("on-policy", "top 3, renormalize", {"granularity": "top-k", "k": 3, "tail": "renormalize"}),
    ("on-policy", "top 3, drop", {"granularity": "top-k", "k": 3, "tail": "drop"}),
]


def aligned_spans(student, teacher, labels, options):
    """A teacher with the student's own tokens: the divergence at each token."""
    return on_policy(student, teacher, labels, {"divergence": "forward", **options})


def universal_logit(student, teacher, labels, options):
    p, q = F.softmax(teacher, -1).sort(-1, descending=True).values, F.softmax(student, -1).sort(-1, descending=True).values
    return (q - p).abs().sum(), len(student)


OBJECTIVES["aligned-spans"], OBJECTIVES["universal-logit"] = aligned_spans, universal_logit

# Drawn after all others, so that theirs stay as they are.
SPAN_CASES = [
    ("aligned-spans", "default", {}),
    ("aligned-spans", "reverse, temperature 2", {"divergence": "reverse", "temperature": 2.0}),
    ("aligned-spans", "jensen-shannon", {"divergence": "jensen-shannon", "beta": 0.3}),
    ("universal-logit", "plain", {}),
]


def main():
    torch.manual_seed(1)
    cases = [*of_rows(CASES), *relations(RELATION_CASES, 3), *of_rows(PAIR_CASES), *relations(SIMILARITY_CASES, 5), *of_rows(VECTOR_CASES),
             *of_rows(ENTROPY_CASES), *of_rows(LABEL_SET_CASES), *of_rows(RANKING_CASES), *of_rows(ON_POLICY_CASES), *of_rows(SPAN_CASES)]
    # PyTorch 1.13's random numbers may differ from a later one's; the cases hold them, so the file stays valid.
    print("[\n" + ",\n".join(map(json.dumps, cases)) + "\n]")


if __name__ == "__main__":
    main()
