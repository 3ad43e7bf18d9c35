"""The peer of `encoder`: BERT's architecture, 6 layers of 256 teach 2 of 128; names as in Hugging Face's BertForSequenceClassification.

The frozen teacher is run in two ways, of which the faster counts: as the same module as the student, and by the fast path of PyTorch's own
nn.TransformerEncoder, which leaves padding out.
"""
import torch
import torch.nn.functional as F
from torch import nn

import peer


class Embeddings(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["hidden_size"]
        self.word_embeddings = nn.Embedding(config["vocab_size"], width, padding_idx=config.get("pad_token_id", 0))
        self.position_embeddings = nn.Embedding(config["max_position_embeddings"], width)
        self.token_type_embeddings = nn.Embedding(2, width)
        self.LayerNorm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, ids):
        places = self.position_embeddings.weight[: ids.shape[1]] + self.token_type_embeddings.weight[0]  # one text: all of type 0
        return self.LayerNorm(self.word_embeddings(ids) + places)


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.heads, self.size = heads, width // heads

    def forward(self, x, bias):
        batch, length, width = x.shape
        query, key, value = (layer(x).view(batch, length, self.heads, self.size).transpose(1, 2) for layer in (self.query, self.key, self.value))
        scores = query @ key.transpose(-1, -2) * self.size**-0.5 + bias
        return (scores.softmax(-1) @ value).transpose(1, 2).reshape(batch, length, width)


class Output(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.dense = nn.Linear(inputs, width)
        self.LayerNorm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x, around):
        return self.LayerNorm(self.dense(x) + around)


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, inner = config["hidden_size"], config["intermediate_size"]
        self.attention = nn.ModuleDict({"self": SelfAttention(width, config["num_attention_heads"]), "output": Output(width, width)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, inner)})
        self.output = Output(inner, width)

    def forward(self, x, bias):
        x = self.attention["output"](self.attention["self"](x, bias), x)
        return self.output(F.gelu(self.intermediate["dense"](x)), x)


class Bert(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["hidden_size"]
        layers = nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))
        self.bert = nn.ModuleDict({
            "embeddings": Embeddings(config),
            "encoder": nn.ModuleDict({"layer": layers}),
            "pooler": nn.ModuleDict({"dense": nn.Linear(width, width)}),
        })
        self.classifier = nn.Linear(width, len(config["id2label"]))
        self.config = config

    def forward(self, ids, lengths):
        x = self.bert["embeddings"](ids)
        padding = torch.arange(ids.shape[1]) >= lengths[:, None]  # [B, T]
        bias = torch.zeros(padding.shape).masked_fill_(padding, torch.finfo(torch.float32).min)[:, None, None]
        for layer in self.bert["encoder"]["layer"]:
            x = layer(x, bias)
        return self.classifier(torch.tanh(self.bert["pooler"]["dense"](x[:, 0])))


class Fast(nn.Module):
    """The same network by nn.TransformerEncoder: in evaluation without gradients it has kernels of its own and computes no padding."""

    def __init__(self, model):
        super().__init__()
        config = model.config
        layer = nn.TransformerEncoderLayer(
            config["hidden_size"], config["num_attention_heads"], config["intermediate_size"], dropout=0.0, activation="gelu", layer_norm_eps=1e-12,
            batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, config["num_hidden_layers"], enable_nested_tensor=True)
        self.embeddings, self.pooler, self.classifier = model.bert["embeddings"], model.bert["pooler"]["dense"], model.classifier
        for mine, theirs in zip(self.encoder.layers, model.bert["encoder"]["layer"]):
            attention = theirs.attention["self"]
            parts = (attention.query, attention.key, attention.value)
            with torch.no_grad():
                mine.self_attn.in_proj_weight.copy_(torch.cat([p.weight for p in parts]))
                mine.self_attn.in_proj_bias.copy_(torch.cat([p.bias for p in parts]))
            for to, of in (
                (mine.self_attn.out_proj, theirs.attention["output"].dense), (mine.norm1, theirs.attention["output"].LayerNorm),
                (mine.linear1, theirs.intermediate["dense"]), (mine.linear2, theirs.output.dense), (mine.norm2, theirs.output.LayerNorm)):
                to.load_state_dict(of.state_dict())

    def forward(self, ids, lengths):
        padding = torch.arange(ids.shape[1]) >= lengths[:, None]
        x = self.encoder(self.embeddings(ids), src_key_padding_mask=padding)
        return self.classifier(torch.tanh(self.pooler(x[:, 0])))


def config(layers, width, heads):
    return {
        "num_hidden_layers": layers, "hidden_size": width, "num_attention_heads": heads, "intermediate_size": 4 * width,
        "vocab_size": 8000, "max_position_embeddings": 64, "id2label": peer.classes(6)}


if __name__ == "__main__":
    task = {"batch": 32, "teacher": config(6, 256, 8), "student": config(2, 128, 4), "optimizer": "adamw", "learning_rate": 1e-3, "weight_decay": 0.01}
    peer.main(task, Bert, peer.Texts, {"plain": lambda teacher: teacher, "nn.TransformerEncoder": Fast})
