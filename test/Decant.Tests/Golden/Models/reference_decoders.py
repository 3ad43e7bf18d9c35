"""Decoders' forward passes as their published layouts have them, in plain PyTorch (1.13): one document at a time, nothing batched, cached or fused."""
import math

import torch
import torch.nn.functional as F


def gpt2(c, w, ids):
    """One document [T] to logits [T, V]."""
    t, h, heads = len(ids), c["n_embd"], c["n_head"]
    d = h // heads
    norm = lambda x, name: F.layer_norm(x, (h,), w[name + ".weight"], w[name + ".bias"], c.get("layer_norm_epsilon", 1e-5))
    x = w["transformer.wte.weight"][ids] + w["transformer.wpe.weight"][:t]
    for i in range(c["n_layer"]):
        p = f"transformer.h.{i}."
        conv = lambda v, name: v @ w[p + name + ".weight"] + w[p + name + ".bias"]
        q, k, v = conv(norm(x, p + "ln_1"), "attn.c_attn").split(h, 1)
        out = []
        for n in range(heads):
            s = slice(n * d, (n + 1) * d)
            scores = q[:, s] @ k[:, s].T
            if c.get("scale_attn_weights", True):
                scores = scores / math.sqrt(d)
            if c.get("scale_attn_by_inverse_layer_idx"):
                scores = scores / (i + 1)
            scores = scores.masked_fill(torch.ones(t, t).triu(1).bool(), float("-inf"))
            out.append(scores.softmax(1) @ v[:, s])
        x = x + conv(torch.cat(out, 1), "attn.c_proj")
        inner = conv(norm(x, p + "ln_2"), "mlp.c_fc")
        inner = 0.5 * inner * (1 + torch.tanh(math.sqrt(2 / math.pi) * (inner + 0.044715 * inner ** 3)))
        x = x + conv(inner, "mlp.c_proj")
    return norm(x, "transformer.ln_f") @ w["transformer.wte.weight"].T


def widths(c):
    heads = c["num_attention_heads"]
    return heads, c.get("num_key_value_heads") or heads, c.get("head_dim") or c["hidden_size"] // heads


def frequencies(c, length):
    """Angles per position and the factor of cosines and sines, as the papers (and Meta's code for llama3) give them."""
    _, _, d = widths(c)
    s, base, most = c.get("rope_scaling") or {}, c.get("rope_theta", 10000.0), c["max_position_embeddings"]
    kind, factor = s.get("rope_type", s.get("type", "default")), s.get("factor", 1.0)
    if kind == "dynamic" and length > most:
        base = base * ((factor * length / most) - (factor - 1)) ** (d / (d - 2))
    plain = torch.tensor([base ** (-2 * i / d) for i in range(d // 2)], dtype=torch.float64)
    if kind == "linear":
        return plain / factor, 1.0
    if kind == "llama3":
        old, low, high = s["original_max_position_embeddings"], s["low_freq_factor"], s["high_freq_factor"]
        out = []
        for f in plain.tolist():
            wave = 2 * math.pi / f
            if wave < old / high:
                out.append(f)
            elif wave > old / low:
                out.append(f / factor)
            else:
                smooth = (old / wave - low) / (high - low)
                out.append((1 - smooth) * f / factor + smooth * f)
        return torch.tensor(out, dtype=torch.float64), 1.0
    if kind == "yarn":
        old = s.get("original_max_position_embeddings", most)
        pair = lambda turns: d * math.log(old / (turns * 2 * math.pi)) / (2 * math.log(base))
        low, high = pair(s.get("beta_fast", 32)), pair(s.get("beta_slow", 1))
        if s.get("truncate", True):
            low, high = math.floor(low), math.ceil(high)
        low, high = max(low, 0), min(high, d - 1)
        ramp = ((torch.arange(d // 2, dtype=torch.float64) - low) / (high - low if high != low else 0.001)).clamp(0, 1)
        grow = lambda weight: 1.0 if factor <= 1 else 0.1 * weight * math.log(factor) + 1
        enlarged = grow(s["mscale"]) / grow(s["mscale_all_dim"]) if "mscale" in s else s.get("attention_factor", grow(1))
        return plain / factor * ramp + plain * (1 - ramp), enlarged
    return plain, 1.0


def turn(x, angles, enlarged):
    """[T, d]: the pair (i, i + d/2) by its angle."""
    a, b = x.chunk(2, 1)
    cos, sin = (angles.cos() * enlarged).float(), (angles.sin() * enlarged).float()
    return torch.cat([a * cos - b * sin, b * cos + a * sin], 1)


def window_of(c, layer):
    if c["model_type"] == "mistral":
        return c.get("sliding_window")
    if not c.get("use_sliding_window"):
        return None
    if "layer_types" in c:
        return c["sliding_window"] if c["layer_types"][layer] == "sliding_attention" else None
    return c["sliding_window"] if layer >= c["max_window_layers"] else None


def llama(c, w, ids, longest):
    t, (heads, groups, d) = len(ids), widths(c)
    norm = lambda x, name: w[name] * x / (x.pow(2).mean(-1, keepdim=True) + c.get("rms_norm_eps", 1e-6)).sqrt()
    speeds, enlarged = frequencies(c, longest)
    angles = torch.arange(t, dtype=torch.float64)[:, None] * speeds
    x = w["model.embed_tokens.weight"][ids]
    for i in range(c["num_hidden_layers"]):
        p = f"model.layers.{i}."
        linear = lambda v, name: F.linear(v, w[p + name + ".weight"], w.get(p + name + ".bias"))
        y = norm(x, p + "input_layernorm.weight")
        q, k, v = (linear(y, f"self_attn.{n}_proj").split(d, 1) for n in "qkv")
        hidden = torch.ones(t, t).triu(1).bool()
        window = window_of(c, i)
        if window:
            hidden = hidden | torch.ones(t, t).tril(-window).bool()
        out = []
        for n in range(heads):
            query, key, value = q[n], k[n // (heads // groups)], v[n // (heads // groups)]
            if c["model_type"] == "qwen3":
                query, key = norm(query, p + "self_attn.q_norm.weight"), norm(key, p + "self_attn.k_norm.weight")
            scores = turn(query, angles, enlarged) @ turn(key, angles, enlarged).T / math.sqrt(d)
            out.append(scores.masked_fill(hidden, float("-inf")).softmax(1) @ value)
        x = x + linear(torch.cat(out, 1), "self_attn.o_proj")
        y = norm(x, p + "post_attention_layernorm.weight")
        x = x + linear(F.silu(linear(y, "mlp.gate_proj")) * linear(y, "mlp.up_proj"), "mlp.down_proj")
    return norm(x, "model.norm.weight") @ w.get("lm_head.weight", w["model.embed_tokens.weight"]).T
