"""The peer of `lstm-lm`: two layers of 650 teach two of 200; the head is the embedding."""
import torch.nn.functional as F
import torch
from torch import nn

import peer


class Head(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(config["vocab_size"]))


class LstmLanguage(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, hidden = config["embedding_size"], config["hidden_size"]
        self.embedding = nn.Embedding(config["vocab_size"], width)
        self.lstm = nn.LSTM(width, hidden, config["num_hidden_layers"], batch_first=True)
        self.head = Head(config)

    def forward(self, ids):
        states, _ = self.lstm(self.embedding(ids))  # [B, T, H]
        return F.linear(states.reshape(-1, states.shape[-1]), self.embedding.weight, self.head.bias)  # [B·T, V]


def config(width):
    return {"num_hidden_layers": 2, "embedding_size": width, "hidden_size": width, "vocab_size": 10000}


if __name__ == "__main__":
    task = {"batch": 20, "length": 35, "teacher": config(650), "student": config(200), "optimizer": "sgd", "learning_rate": 1.0, "weight_decay": 0.0}
    peer.main(task, LstmLanguage, peer.Sequences)
