#!/usr/bin/env python3
"""Small random decoders: logits and gradients of a forward pass written from the published layouts, in plain PyTorch (1.13).

    python3 golden_decoders.py

Writes decoders.json (the config.json of every case) and one safetensors file per case beside itself. Nothing here is batched, cached or fused: every document is
read alone, one head after the other, with the full matrix of scores. What a case asks for are the logits of all real tokens of a padded or packed batch.
"""
import json

import torch

from golden_models import HERE, save
from reference_decoders import gpt2, llama, widths

V = 13


def draw(shapes, deviation=0.25):
    """Norm weights around 1, everything else around 0."""
    weights = {}
    for name, shape in shapes.items():
        center = 1.0 if name.endswith("norm.weight") or ".ln_" in name and name.endswith("weight") else 0.0
        weights[name] = (center + torch.randn(shape) * deviation).requires_grad_()
    return weights


def gpt2_shapes(c):
    h, inner = c["n_embd"], c.get("n_inner") or 4 * c["n_embd"]
    shapes = {"transformer.wte.weight": (V, h), "transformer.wpe.weight": (c["n_positions"], h)}
    for i in range(c["n_layer"]):
        p = f"transformer.h.{i}."
        for norm in ("ln_1", "ln_2"):
            shapes[p + norm + ".weight"] = shapes[p + norm + ".bias"] = (h,)
        for name, a, b in (("attn.c_attn", h, 3 * h), ("attn.c_proj", h, h), ("mlp.c_fc", h, inner), ("mlp.c_proj", inner, h)):
            shapes[p + name + ".weight"], shapes[p + name + ".bias"] = (a, b), (b,)
    shapes["transformer.ln_f.weight"] = shapes["transformer.ln_f.bias"] = (h,)
    return shapes


def llama_shapes(c):
    h, inner = c["hidden_size"], c["intermediate_size"]
    heads, groups, d = widths(c)
    inputs = c["model_type"] == "qwen2" or c.get("attention_bias", False)
    shapes = {"model.embed_tokens.weight": (V, h)}
    for i in range(c["num_hidden_layers"]):
        p = f"model.layers.{i}."
        shapes[p + "input_layernorm.weight"] = shapes[p + "post_attention_layernorm.weight"] = (h,)
        for name, out, into, bias in (
                ("self_attn.q_proj", heads * d, h, inputs), ("self_attn.k_proj", groups * d, h, inputs), ("self_attn.v_proj", groups * d, h, inputs),
                ("self_attn.o_proj", h, heads * d, c.get("attention_bias", False)), ("mlp.gate_proj", inner, h, c.get("mlp_bias", False)),
                ("mlp.up_proj", inner, h, c.get("mlp_bias", False)), ("mlp.down_proj", h, inner, c.get("mlp_bias", False))):
            shapes[p + name + ".weight"] = (out, into)
            if bias:
                shapes[p + name + ".bias"] = (out,)
        if c["model_type"] == "qwen3":
            shapes[p + "self_attn.q_norm.weight"] = shapes[p + "self_attn.k_norm.weight"] = (d,)
    shapes["model.norm.weight"] = (h,)
    if not c.get("tie_word_embeddings"):
        shapes["lm_head.weight"] = (V, h)
    return shapes


configs = {}


def case(name, config, rows, packed=None):
    """rows: (padding left, documents' lengths, padding right). All rows are as wide. packed: with segments."""
    config = {"vocab_size": V, **config}
    configs[name] = config
    w = draw(gpt2_shapes(config) if config["model_type"] == "gpt2" else llama_shapes(config))
    out = {f"state.{k}": v.detach().clone() for k, v in w.items()}
    width = sum(rows[0][1]) + rows[0][0] + rows[0][2]
    values, mask, segments, logits = [], [], [], []
    for left, lengths, right in rows:
        documents = [torch.randint(0, V, (n,)) for n in lengths]
        padding = torch.randint(0, V, (left + right,))  # anything may stand there
        values.append(torch.cat([padding[:left], *documents, padding[left:]]))
        mask.append(torch.tensor([False] * left + [True] * sum(lengths) + [False] * right))
        segments.append(torch.cat([torch.full((n,), i) for i, n in enumerate([left + lengths[0], *lengths[1:-1], lengths[-1] + right] if len(lengths) > 1 else [width])]))
        for ids in documents:
            logits.append(gpt2(config, w, ids) if config["model_type"] == "gpt2" else llama(config, w, ids, width))
    mask = torch.stack(mask)
    output = torch.cat(logits)
    seed = torch.randn(output.shape)
    (output * seed).sum().backward()
    out.update({"input.values": torch.stack(values), "input.positions": mask.flatten().nonzero()[:, 0], "output": output, "seed": seed})
    if not mask.all():
        out["input.mask"] = mask
    if packed:
        out["input.segments"] = torch.stack(segments)
    out.update({f"grad.{k}": v.grad for k, v in w.items()})
    save(name, out)


GPT2 = {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_embd": 12, "n_head": 3, "n_layer": 2, "n_positions": 11}
LLAMA = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 12, "intermediate_size": 10, "num_hidden_layers": 2,
         "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 16, "hidden_act": "silu"}
PLAIN, PADDED, PACKED = [(0, [9], 0), (0, [9], 0)], [(0, [9], 0), (4, [5], 0), (0, [7], 2), (2, [6], 1)], [(0, [4, 3, 2], 0), (0, [1, 8], 0), (2, [3, 3], 1)]


def scaled(**scaling):
    return {**LLAMA, "num_key_value_heads": 2, "num_hidden_layers": 1, "max_position_embeddings": 8 if scaling["rope_type"] == "dynamic" else 64, "rope_scaling": scaling}


if __name__ == "__main__":
    torch.manual_seed(21)
    torch.set_num_threads(1)
    case("gpt2", GPT2, PLAIN)
    case("gpt2-padded", GPT2, PADDED)
    case("gpt2-packed", GPT2, PACKED, True)
    case("gpt2-scales", {**GPT2, "n_inner": 7, "scale_attn_by_inverse_layer_idx": True, "scale_attn_weights": False}, PLAIN)
    case("llama", {**LLAMA, "attention_bias": True, "mlp_bias": True, "rope_theta": 100.0}, PLAIN)
    case("llama-padded", {**LLAMA, "num_attention_heads": 6, "num_key_value_heads": 3, "tie_word_embeddings": True}, PADDED)
    case("llama-packed", {**LLAMA, "num_attention_heads": 3, "head_dim": 6}, PACKED, True)
    case("llama-linear", scaled(rope_type="linear", factor=2.5), PLAIN)
    case("llama-dynamic", scaled(rope_type="dynamic", factor=2.0), [(0, [13], 0)])
    case("llama-llama3", {**scaled(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=64),
                          "head_dim": 12, "rope_theta": 50.0}, PLAIN)
    case("llama-yarn", {**scaled(rope_type="yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=4), "head_dim": 12, "rope_theta": 30.0}, PLAIN)
    case("llama-yarn-scales", {**scaled(rope_type="yarn", factor=4.0, mscale=0.7, mscale_all_dim=1.2, truncate=False, beta_fast=6), "head_dim": 12}, PLAIN)
    case("mistral", {**LLAMA, "model_type": "mistral", "architectures": ["MistralForCausalLM"], "head_dim": 4, "sliding_window": 3}, PADDED)
    case("mistral-plain", {**LLAMA, "model_type": "mistral", "architectures": ["MistralForCausalLM"], "sliding_window": 4}, PLAIN)
    case("qwen2", {**LLAMA, "model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"], "use_sliding_window": True, "sliding_window": 4,
                   "max_window_layers": 1, "tie_word_embeddings": True}, PLAIN)
    case("qwen3", {**LLAMA, "model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"], "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
                   "use_sliding_window": True, "sliding_window": 2, "layer_types": ["sliding_attention", "full_attention"]}, PADDED)
    (HERE / "decoders.json").write_text(json.dumps(configs, indent=1) + "\n")
    print("torch", torch.__version__)
