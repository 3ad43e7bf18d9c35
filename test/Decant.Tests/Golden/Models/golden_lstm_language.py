"""Makes the reference numbers of the LSTM language model and the LSTM tagger with PyTorch 1.13: /usr/bin/python3 golden_lstm_language.py"""
import torch
import torch.nn.functional as F
from torch import nn

from golden_models import Named, case, mask_of, packed, shake


class Head(nn.Module):
    def __init__(self, inputs, vocabulary, tied):
        super().__init__()
        if not tied:
            self.weight = nn.Parameter(torch.randn(vocabulary, inputs) * 0.3)
        self.bias = nn.Parameter(torch.randn(vocabulary) * 0.3)


def logits(m, states):
    states = m.projection(states) if hasattr(m, "projection") else states
    return F.linear(states, getattr(m.head, "weight", m.embedding.weight), m.head.bias)


def in_two_chunks(m, i):
    """The state goes on from the first chunk to the second, its gradient does not: truncated backpropagation through time."""
    first, second = i["values"].chunk(2, dim=1)
    out, (hidden, cell) = m.lstm(m.embedding(first))
    more, (hidden, cell) = m.lstm(m.embedding(second), (hidden.detach(), cell.detach()))
    return torch.cat([logits(m, out).flatten(), logits(m, more).flatten(), hidden.detach().flatten(), cell.detach().flatten()])


def at_positions(m, i):
    states = packed(m.lstm, m.embedding(i["values"]), i["mask"])[0]
    return logits(m, states.flatten(0, 1)[i["positions"]])


def tags(m, i):
    states = packed(m.lstm, m.embedding(i["values"]), i["mask"])[0]
    return m.classifier(states.flatten(0, 1)[i["positions"]])


def one_more_step(m, i):
    """A text of which one part comes after the other, row by row of another length, is the text in one piece."""
    rows = [m.lstm(m.embedding(row[:n][None]))[0][0] for row, n in zip(i["values"], i["mask"].sum(1))]
    return torch.cat([logits(m, row) for row in rows])


if __name__ == "__main__":
    torch.manual_seed(21)
    torch.set_num_threads(1)
    V = 11
    tokens = torch.randint(0, V, (3, 8))
    case("lstm-lm-tied", Named(embedding=nn.Embedding(V, 6), lstm=nn.LSTM(6, 6, 2, batch_first=True), head=Head(6, V, True)),
         in_two_chunks, {"values": tokens})
    case("lstm-lm-projected", Named(embedding=nn.Embedding(V, 4), lstm=nn.LSTM(4, 6, 2, batch_first=True), projection=nn.Linear(6, 4), head=Head(4, V, True)),
         in_two_chunks, {"values": tokens})
    model = Named(embedding=nn.Embedding(V, 4), lstm=nn.LSTM(4, 6, 1, batch_first=True), head=Head(6, V, False))
    mask = mask_of([5, 8, 2], 8)
    case("lstm-lm-untied", shake(model, 0.2), at_positions, {"values": tokens, "mask": mask, "positions": torch.tensor([16, 0, 4, 15, 9, 0])})
    model.zero_grad()
    case("lstm-lm-by-row", model, one_more_step, {"values": tokens, "mask": mask})
    tagger = Named(embedding=nn.Embedding(V, 4, padding_idx=0), lstm=nn.LSTM(4, 3, 2, batch_first=True, bidirectional=True), classifier=nn.Linear(6, 5))
    case("lstm-tagger", tagger, tags, {"values": tokens, "mask": mask, "positions": torch.tensor([17, 0, 4, 15, 9, 16, 8])})
    print("torch", torch.__version__)
