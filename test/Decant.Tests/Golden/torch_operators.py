#!/usr/bin/env python3
"""Numbers and gradients of every operator that Decant.Torch exposes, made by PyTorch (1.13) itself.

    python3 torch_operators.py > torch_operators.json

A case is a name, its inputs and what PyTorch's own call makes of them. Gradients are those of the sum of outputs * seeds
for every floating-point input. "after" holds the inputs that the call has changed. The default generator is seeded with 0
before every call. OperatorCases.cs has the same names with the calls of Decant.Torch.
"""
import json
import math
import sys

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
source = torch.Generator().manual_seed(20)
cases = {}


def rnd(*shape, low=-2.0, high=2.0, dtype=torch.float64):
    return (torch.rand(shape, generator=source, dtype=torch.float64) * (high - low) + low).to(dtype)


def pos(*shape):
    return rnd(*shape, low=0.3, high=2.5)


def ints(high, *shape):
    return torch.randint(high, shape, generator=source)


def distinct(*shape):
    """No two alike and none near another: kinks and ties stay away from finite differences."""
    count = math.prod(shape)
    return (torch.randperm(count, generator=source).double() / count * 4 - 2 + 0.013).reshape(shape)


def mask(*shape):
    return torch.rand(*shape, generator=source) < 0.5


def bare(tensor):
    flat = tensor.detach().reshape(-1)
    values = flat.tolist() if tensor.dtype in (torch.bool, torch.int64) else [float(v) for v in flat.double()]
    return {"dtype": str(tensor.dtype)[6:], "shape": list(tensor.shape), "data": [v if not isinstance(v, float) or math.isfinite(v) else str(v).replace("inf", "Infinity").replace("nan", "NaN") for v in values]}


def case(name, inputs, call, frozen=()):
    """call gives a tensor or several, or None if it changes its inputs: then all of them are its outputs."""
    assert name not in cases, name
    leaves = [t.clone().requires_grad_(t.is_floating_point() and i not in frozen) for i, t in enumerate(inputs)]
    torch.manual_seed(0)
    given = [t.clone() for t in leaves]
    outputs = call(*given)
    in_place = outputs is None
    outputs = given if in_place else [outputs] if torch.is_tensor(outputs) else list(outputs)
    seeds = [rnd(*o.shape).to(o.dtype) if o.requires_grad else None for o in outputs]
    wanted = [t for t in leaves if t.requires_grad]
    gradients = []
    if wanted and any(s is not None for s in seeds):
        pairs = [(o, s) for o, s in zip(outputs, seeds) if s is not None]
        gradients = list(torch.autograd.grad([o for o, _ in pairs], wanted, [s for _, s in pairs], allow_unused=True))
    found = iter(gradients)
    cases[name] = {
        "inputs": [bare(t) for t in inputs],
        "frozen": list(frozen),
        "outputs": [bare(o) for o in outputs],
        "seeds": [None if s is None else bare(s) for s in seeds],
        "gradients": [None if not (gradients and t.requires_grad) else (lambda g: None if g is None else bare(g))(next(found)) for t in leaves],
        "after": {str(i): bare(t) for i, t in enumerate(given) if not in_place and not torch.equal(t.nan_to_num(), inputs[i].nan_to_num())},
    }


def unary(name, call, inputs):
    case(name, [inputs], call)


a, b, row = rnd(2, 3), rnd(2, 3), rnd(3)

# arithmetic
case("add", [a, row], lambda x, y: x.add(y, alpha=0.5))
case("add one", [a, row], lambda x, y: x + y)
unary("add number", lambda x: x + 1.25, a)
case("sub", [a, row], lambda x, y: x - y)
unary("sub number", lambda x: x - 1.25, a)
unary("number sub", lambda x: 1.25 - x, a)
case("mul", [a, row], lambda x, y: x * y)
unary("mul number", lambda x: x * 1.25, a)
case("div", [a, pos(3)], lambda x, y: x / y)
unary("div number", lambda x: x / 1.25, a)
unary("neg", lambda x: -x, a)
unary("pow", lambda x: x**3, a)
unary("pow half", lambda x: x**0.5, pos(2, 3))
unary("reciprocal", torch.reciprocal, pos(2, 3))
case("addcmul", [a, b, row], lambda x, y, z: torch.addcmul(x, y, z, value=0.5))
case("lerp", [a, b], lambda x, y: torch.lerp(x, y, 0.3))
case("maximum", [a, row], torch.maximum)
case("minimum", [a, row], torch.minimum)

# comparisons
u, v = ints(4, 2, 5).double(), ints(4, 5).double()
for name, of in dict(eq=torch.eq, ne=torch.ne, gt=torch.gt, ge=torch.ge, lt=torch.lt, le=torch.le).items():
    case(name, [u, v], of)
    case(name + " number", [u], lambda x, of=of: of(x, 2.0))
p, q = mask(2, 4), mask(4)
case("and", [p, q], torch.logical_and)
case("or", [p, q], torch.logical_or)
case("not", [p], torch.logical_not)
odd = torch.tensor([1.0, math.inf, -math.inf, math.nan, 0.0], dtype=torch.float64)
case("isfinite", [odd], torch.isfinite)
case("isnan", [odd], torch.isnan)

# element by element
for name, of, x in [
    ("exp", torch.exp, a), ("log", torch.log, pos(2, 3)), ("log1p", torch.log1p, pos(2, 3)), ("expm1", torch.expm1, a),
    ("sqrt", torch.sqrt, pos(2, 3)), ("rsqrt", torch.rsqrt, pos(2, 3)), ("abs", torch.abs, a), ("sign", torch.sign, a),
    ("square", torch.square, a), ("sigmoid", torch.sigmoid, a), ("tanh", torch.tanh, a), ("sin", torch.sin, a), ("cos", torch.cos, a),
    ("relu", torch.relu, a), ("silu", F.silu, a), ("erf", torch.erf, a), ("floor", torch.floor, a), ("round", torch.round, a),
    ("softplus", F.softplus, a), ("logsigmoid", F.logsigmoid, a), ("gelu", F.gelu, a),
]:
    unary(name, of, x)
unary("gelu tanh", lambda x: F.gelu(x, approximate="tanh"), a)
unary("clamp", lambda x: x.clamp(-0.5, 0.75), distinct(3, 4))
unary("clamp below", lambda x: x.clamp(min=-0.5), distinct(3, 4))
unary("leaky relu", lambda x: F.leaky_relu(x, 0.2), a)
unary("round halves", torch.round, torch.tensor([0.5, 1.5, 2.5, -0.5, -1.5], dtype=torch.float64))

# in place
case("add_", [a, row], lambda x, y: (x.add_(y, alpha=0.5), None)[1])
case("add_ number", [a], lambda x: (x.add_(1.25), None)[1])
case("sub_", [a, row], lambda x, y: (x.sub_(y), None)[1])
case("mul_", [a, row], lambda x, y: (x.mul_(y), None)[1])
case("mul_ number", [a], lambda x: (x.mul_(1.25), None)[1])
case("div_ number", [a], lambda x: (x.div_(1.25), None)[1])
case("addcmul_", [a, b, row], lambda x, y, z: (x.addcmul_(y, z, value=0.5), None)[1])
case("addcdiv_", [a, b, pos(3)], lambda x, y, z: (x.addcdiv_(y, z, value=0.5), None)[1])
case("lerp_", [a, b], lambda x, y: (x.lerp_(y, 0.3), None)[1])
case("clamp_", [distinct(3, 4)], lambda x: (x.clamp_(-0.5, 0.75), None)[1])
case("copy_", [a, row], lambda x, y: (x.copy_(y), None)[1])
case("fill_", [a], lambda x: (x.fill_(1.25), None)[1])
case("zero_", [a], lambda x: (x.zero_(), None)[1])
case("normal_", [a], lambda x: (x.normal_(1, 2, generator=torch.Generator().manual_seed(7)), None)[1], frozen=[0])
case("uniform_", [a], lambda x: (x.uniform_(-1, 3), None)[1], frozen=[0])
case("bernoulli_", [rnd(4, 5)], lambda x: (x.bernoulli_(0.3), None)[1], frozen=[0])

# matrices
case("matmul", [rnd(2, 3, 4), rnd(4, 5)], torch.matmul)
case("matmul vectors", [rnd(4), rnd(4)], torch.matmul)
case("bmm", [rnd(2, 3, 4), rnd(2, 4, 5)], torch.bmm)
case("addmm", [rnd(5), rnd(3, 4), rnd(4, 5)], torch.addmm)
case("outer", [rnd(3), rnd(4)], torch.outer)

# reductions
c = distinct(2, 3, 4)
unary("sum", torch.sum, c)
unary("sum over several", lambda x: x.sum([0, 2], keepdim=True), c)
unary("sum over one", lambda x: x.sum(1), c)
unary("mean", torch.mean, c)
unary("mean over several", lambda x: x.mean([0, 2]), c)
unary("mean over one", lambda x: x.mean(-1, keepdim=True), c)
unary("max over several", lambda x: x.amax([0, 2]), c)
unary("max over all", lambda x: x.amax(), c)
unary("max over one", lambda x: x.amax(1, keepdim=True), c)
unary("max of equals", lambda x: x.amax(0), torch.tensor([2.0, 1.0, 2.0], dtype=torch.float64))
unary("min", lambda x: x.amin([1]), c)
unary("argmax", lambda x: x.argmax(2), c)
unary("var", lambda x: x.var([0, 2]), c)
unary("var of all elements", lambda x: x.var([1], unbiased=False, keepdim=True), c)
unary("logsumexp", lambda x: x.logsumexp(1), c)
unary("norm", lambda x: torch.linalg.vector_norm(x), c)
unary("norm over one", lambda x: torch.linalg.vector_norm(x, dim=[1], keepdim=True), c)
unary("all", torch.all, p)
unary("any", torch.any, p)
unary("cumsum", lambda x: x.cumsum(1), c)
unary("softmax", lambda x: x.softmax(1), c)
unary("log_softmax", lambda x: x.log_softmax(-1), c)

# choosing
where = ints(3, 2, 2, 4)
case("gather", [c, where], lambda x, i: x.gather(1, i))
case("index_select", [c, ints(3, 5)], lambda x, i: x.index_select(1, i))
chosen = mask(3, 4)
case("masked_fill", [c, chosen], lambda x, m: x.masked_fill(m, -7.0))
case("masked_select", [c, chosen], lambda x, m: x.masked_select(m))
case("where", [mask(2, 3), a, row], torch.where)
case("scatter", [c, where], lambda x, i: x.scatter(1, i, 9.0))
case("scatter_add", [c, where, rnd(2, 2, 4)], lambda x, i, s: x.scatter_add(1, i, s))
unary("topk", lambda x: x.topk(2, 1), c)
unary("sort", lambda x: x.sort(1, descending=True), c)
case("one_hot", [ints(5, 2, 3)], lambda i: F.one_hot(i, 5))
unary("tril", lambda x: x.tril(1), c)
unary("triu", lambda x: x.triu(-1), c)

# shapes
unary("reshape", lambda x: x.reshape(4, -1), c)
unary("view", lambda x: x.view(6, 4), c)
unary("transpose", lambda x: x.transpose(0, 2), c)
unary("permute", lambda x: x.permute(2, 0, 1), c)
unary("squeeze", lambda x: x.squeeze(1), rnd(2, 1, 3))
unary("unsqueeze", lambda x: x.unsqueeze(-1), a)
case("cat", [a, b, rnd(2, 1)], lambda *t: torch.cat(t, 1))
case("stack", [a, b], lambda *t: torch.stack(t, 1))
unary("split", lambda x: x.split(2, 2), rnd(2, 3, 5))
unary("chunk", lambda x: x.chunk(2, 1), c)
unary("narrow", lambda x: x.narrow(2, 1, 2), c)
unary("select", lambda x: x.select(1, 2), c)
unary("slice", lambda x: x[:, :, 0:4:2], c)
unary("expand", lambda x: x.expand(4, -1, 3), rnd(2, 1))
unary("repeat", lambda x: x.repeat(2, 1, 2), a)
unary("flip", lambda x: x.flip(0, 2), c)
unary("pad", lambda x: F.pad(x, (1, 2, 0, 1), value=0.5), a)
unary("contiguous", lambda x: x.contiguous(), c)
unary("flatten", lambda x: x.flatten(1), c)
unary("clone", lambda x: x.clone(), a)
unary("detach", lambda x: x.detach(), a)
unary("to dtype", lambda x: x.to(torch.float32), a)
unary("to int64", lambda x: x.to(torch.int64), a)
unary("to device", lambda x: x.to("cpu"), a)

# made from nothing
case("zeros", [], lambda: torch.zeros(2, 3))
case("ones", [], lambda: torch.ones(2, dtype=torch.int64))
case("full", [], lambda: torch.full((2, 2), 1.5, dtype=torch.float64))
case("scalar", [], lambda: torch.tensor(1.5))
case("arange", [], lambda: torch.arange(3, 10, 2))
case("eye", [], lambda: torch.eye(3))
case("randn", [], lambda: torch.empty(5).normal_(generator=torch.Generator().manual_seed(7)))
case("rand", [], lambda: torch.empty(2, 3).uniform_(generator=torch.Generator().manual_seed(7)))
case("empty", [], lambda: torch.zeros(2, 0, 3))
case("zeros_like", [a], torch.zeros_like)
case("ones_like", [a], torch.ones_like)
case("empty_like", [rnd(2, 0)], torch.empty_like)

# of networks
image = distinct(2, 4, 6, 6)
case("linear", [rnd(2, 3, 4), rnd(5, 4), rnd(5)], F.linear)
case("embedding", [rnd(6, 3), ints(6, 2, 4)], lambda w, i: F.embedding(i, w, padding_idx=2))
case("conv2d", [image, rnd(6, 2, 3, 3), rnd(6)], lambda x, w, z: F.conv2d(x, w, z, stride=2, padding=1, groups=2))
case("conv1d", [rnd(2, 3, 7), rnd(4, 3, 3), rnd(4)], lambda x, w, z: F.conv1d(x, w, z, stride=2, padding=1))
unary("max_pool2d", lambda x: F.max_pool2d(x, 3, 2, 1), image)
unary("avg_pool2d", lambda x: F.avg_pool2d(x, 2), image)
unary("adaptive_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, (2, 3)), image)
unary("dropout", lambda x: F.dropout(x, 0.4, True), rnd(4, 5))
unary("dropout not training", lambda x: F.dropout(x, 0.4, False), rnd(4, 5))
case("layer_norm", [rnd(2, 3, 5), rnd(5), rnd(5)], lambda x, w, z: F.layer_norm(x, (5,), w, z, 1e-3))
case("batch_norm", [rnd(4, 3, 2), rnd(3), rnd(3), rnd(3), pos(3)], lambda x, w, z, m, s: F.batch_norm(x, m, s, w, z, True, 0.2, 1e-3), frozen=[3, 4])
case("batch_norm not training", [rnd(4, 3, 2), rnd(3), rnd(3), rnd(3), pos(3)], lambda x, w, z, m, s: F.batch_norm(x, m, s, w, z, False, 0.1, 1e-5), frozen=[3, 4])


def lstm_weights(inputs, hidden, layers, directions):
    weights = []
    for layer in range(layers):
        for _ in range(directions):
            width = inputs if layer == 0 else hidden * directions
            weights += [rnd(4 * hidden, width), rnd(4 * hidden, hidden), rnd(4 * hidden), rnd(4 * hidden)]
    return weights


H = 3
state = lambda: [rnd(4, 2, H), rnd(4, 2, H)]
case("lstm", [rnd(2, 5, 4), *state(), *lstm_weights(4, H, 2, 2)],
     lambda x, h, c, *w: torch.lstm(x, (h, c), list(w), True, 2, 0.0, False, True, True))
lengths = torch.tensor([5, 3])
case("pack", [rnd(2, 5, 4), lengths], lambda x, n: torch._pack_padded_sequence(x, n, True))
case("pad packed", [rnd(8, 4), torch.tensor([2, 2, 2, 1, 1])], lambda d, n: torch._pad_packed_sequence(d, n, True, 0.0, 6)[0])
case("lstm packed", [rnd(8, 4), torch.tensor([2, 2, 2, 1, 1]), *state(), *lstm_weights(4, H, 2, 2)],
     lambda d, n, h, c, *w: torch.lstm(d, n, (h, c), list(w), True, 2, 0.0, False, True))

# of many tensors at once
x, y, z, s = rnd(2, 3), rnd(4), rnd(2, 3), rnd(4)
e, f = pos(2, 3), pos(4)
frozen = range(6)
case("foreach add", [x, y, z, s], lambda a, b, c, d: torch._foreach_add_([a, b], [c, d], alpha=0.5) and None, frozen)
case("foreach add number", [x, y], lambda a, b: torch._foreach_add_([a, b], 1.5) and None, frozen)
case("foreach mul number", [x, y], lambda a, b: torch._foreach_mul_([a, b], 1.5) and None, frozen)
case("foreach addcmul", [x, y, z, s, e, f], lambda a, b, c, d, g, h: torch._foreach_addcmul_([a, b], [c, d], [g, h], 0.5) and None, frozen)
case("foreach addcdiv", [x, y, z, s, e, f], lambda a, b, c, d, g, h: torch._foreach_addcdiv_([a, b], [c, d], [g, h], 0.5) and None, frozen)
case("foreach sqrt", [e, f], lambda a, b: torch._foreach_sqrt([a, b]), frozen)
case("foreach norm", [x, y], lambda a, b: torch._foreach_norm([a, b], 2.0), frozen)
case("foreach zero", [x, y], lambda a, b: torch._foreach_zero_([a, b]) and None, frozen)

# Later ones at the end, so that the numbers of those before stay what they are.
case("add_ whole number", [ints(5, 2, 3)], lambda x: (x.add_(3), None)[1])
case("set data", [rnd(2, 3), ints(9, 4)], lambda x, y: (setattr(x, "data", y), None)[1], frozen=[0])
case("view dtype", [rnd(2, 3)], lambda x: x.view(torch.int64), frozen=[0])
case("baddbmm", [rnd(3, 5), rnd(2, 3, 4), rnd(2, 4, 5)], lambda x, y, z: torch.baddbmm(x, y, z, alpha=0.5))
case("channels last", [rnd(2, 3, 4, 5)], lambda x: x.contiguous(memory_format=torch.channels_last))
case("channels last of one", [rnd(2, 1, 4, 5)], lambda x: x.contiguous(memory_format=torch.channels_last))
case("foreach mul add", [x, y, z, s], lambda a, b, c, d: (a.mul_(0.5).add_(c), b.mul_(0.5).add_(d), None)[-1], frozen)
case("foreach lerp", [x, y, z, s], lambda a, b, c, d: (a.lerp_(c, 0.3), b.lerp_(d, 0.3), None)[-1], frozen)
case("addmm_", [rnd(3, 5), rnd(3, 4), rnd(4, 5)], lambda x, y, z: (x.addmm_(y, z), None)[1])
case("unbind", [rnd(2, 3, 4)], lambda x: x.unbind(1))
case("roll", [rnd(2, 3, 5)], lambda x: x.roll(2, -1))
case("as strided", [rnd(2, 6)], lambda x: x.as_strided([2, 3], [1, 2], 1))
case("relu_", [distinct(3, 4)], lambda x: (x.relu_(), None)[1])
case("batch norm relu", [rnd(3, 4, 2, 5), rnd(3, 4, 2, 5), rnd(4), rnd(4), rnd(4), pos(4)], lambda x, y, w, b, m, v: F.relu(F.batch_norm(x, m, v, w, b, True, 0.2, 1e-4) + y), frozen=[4, 5])
case("resize bilinear", [rnd(2, 3, 5, 6)], lambda x: F.interpolate(x, size=(3, 9), mode="bilinear", antialias=True))

json.dump({"torch": torch.__version__, "cases": cases}, sys.stdout, separators=(",", ":"), allow_nan=False)
print()
