"""The peer of `lstm`: two layers of 512 teach one of 128, in one direction, on packed sequences."""
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

import peer


class Lstm(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, hidden = config["embedding_size"], config["hidden_size"]
        self.embedding = nn.Embedding(config["vocab_size"], width, padding_idx=config.get("pad_token_id", 0))
        self.lstm = nn.LSTM(width, hidden, config["num_hidden_layers"], batch_first=True)
        self.classifier = nn.Linear(hidden, len(config["id2label"]))

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(self.embedding(ids), lengths, batch_first=True, enforce_sorted=False)
        _, (hidden, _) = self.lstm(packed)  # [layers, B, H]
        return self.classifier(hidden[-1])


def config(layers, width):
    return {"num_hidden_layers": layers, "embedding_size": width, "hidden_size": width, "vocab_size": 8000, "id2label": peer.classes(6)}


if __name__ == "__main__":
    task = {"batch": 32, "teacher": config(2, 512), "student": config(1, 128), "optimizer": "adamw", "learning_rate": 1e-3, "weight_decay": 0.01}
    peer.main(task, Lstm, peer.Texts)
