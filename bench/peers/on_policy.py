"""The peer of `on-policy`: GPT-2's architecture, 6 layers of 256 teach 3 of 192 by the reverse KL divergence on texts that the student writes.

A plain loop: the batch is written side by side with a key-value cache, until all texts have ended; then both models read what was written, and the rows of written tokens alone get logits.
"""
import math

import torch
import torch.nn.functional as F

import gpt
import peer


class Cache:
    """Keys and values of one layer: room for all positions is taken at once, or they are appended."""

    def __init__(self, room):
        self.room, self.length, self.keys, self.values = room, 0, None, None

    def append(self, key, value):  # [B, heads, T, d]
        start, self.length = self.length, self.length + key.shape[2]
        if not self.room:
            self.keys, self.values = (key, value) if start == 0 else (torch.cat([self.keys, key], 2), torch.cat([self.values, value], 2))
            return self.keys, self.values
        if start == 0:
            self.keys, self.values = (part.new_empty(*part.shape[:2], self.room, part.shape[3]) for part in (key, value))
        self.keys[:, :, start : self.length] = key
        self.values[:, :, start : self.length] = value
        return self.keys[:, :, : self.length], self.values[:, :, : self.length]


class Gpt2(gpt.Gpt2):
    def states(self, ids):
        parts = self.transformer
        x = parts["wte"](ids) + parts["wpe"].weight[: ids.shape[1]]
        for block in parts["h"]:
            x = block(x)
        return parts["ln_f"](x)  # [B, T, H]

    def logits(self, states):
        return F.linear(states, self.transformer["wte"].weight)

    def next(self, ids, caches):
        """Reads on; logits of the token after the last one."""
        parts, start = self.transformer, caches[0].length
        x = parts["wte"](ids) + parts["wpe"].weight[start : start + ids.shape[1]]
        for block, cache in zip(parts["h"], caches):
            attention, normed = block.attn, block.ln_1(x)
            batch, length, width = normed.shape
            query, key, value = (part.view(batch, length, attention.heads, attention.size).transpose(1, 2) for part in attention.c_attn(normed).split(width, 2))
            keys, values = cache.append(key, value)
            scores = query @ keys.transpose(-1, -2) * attention.size**-0.5
            if length > 1:
                scores = scores.masked_fill(attention.future[start : start + length, : start + length], -math.inf)
            x = x + attention.c_proj((scores.softmax(-1) @ values).transpose(1, 2).reshape(batch, length, width))
            x = x + block.mlp(block.ln_2(x))
        return self.logits(parts["ln_f"](x[:, -1]))


class OnPolicy(peer.Peer):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.variants = [(name, foreach, room) for name, foreach in self.variants for room in (False, True)]
        self.use(0)

    def names(self):
        return [f"{name} teacher, {'foreach' if foreach else 'plain'} optimizer, cache {'in place' if room else 'appended'}" for name, foreach, room in self.variants]

    def use(self, variant, threads=0, blas=0):
        chosen, self.room = self.variants[variant], False
        if len(chosen) == 3:
            *plain, self.room = chosen
            every, self.variants = self.variants, [tuple(plain)]
            answer = super().use(0, threads, blas)
            self.variants = every
            return answer
        return super().use(variant, threads, blas)

    @torch.inference_mode()
    def write(self, ids, greedy):
        """[B, T] prompts and what was written, and how many tokens of each were written."""
        task = self.task
        self.student.eval()
        caches = [Cache(task["prompt"] + task["new_tokens"] if self.room else 0) for _ in self.student.transformer["h"]]
        texts, finished, lengths = [ids], torch.zeros(len(ids), dtype=torch.bool), torch.zeros(len(ids), dtype=torch.long)
        for _ in range(task["new_tokens"]):
            logits = self.student.next(texts[-1], caches)
            token = logits.argmax(-1) if greedy else torch.multinomial(logits.softmax(-1), 1)[:, 0]
            texts.append(token[:, None])
            lengths += ~finished
            finished |= token < task["ends"]
            if finished.all():
                break
        self.student.train()
        return torch.cat(texts, 1), lengths

    def update(self, step, augment=True):
        size, prompt = self.task["batch"], self.task["prompt"]
        per_epoch = self.order.shape[1] // size
        epoch, batch = divmod(step, per_epoch)
        index = self.order[epoch % len(self.order), batch * size : (batch + 1) * size]
        texts, lengths = self.write(self.inputs.ids.index_select(0, index)[:, :prompt], greedy=not augment)
        texts, lengths = texts.clone(), lengths.clone()
        position = torch.arange(texts.shape[1] - 1)
        rows = ((position >= prompt - 1) & (position < prompt - 1 + lengths[:, None])).reshape(-1).nonzero()[:, 0]
        with torch.inference_mode():
            teacher = self.teacher.logits(self.teacher.states(texts[:, :-1]).flatten(0, 1)[rows])
        student = self.student.logits(self.student.states(texts[:, :-1]).flatten(0, 1)[rows])
        log_p, log_q = F.log_softmax(teacher, -1), F.log_softmax(student, -1)
        loss = F.kl_div(log_p, log_q, reduction="batchmean", log_target=True)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.detach()


if __name__ == "__main__":
    config = {"n_positions": 256, "vocab_size": 8000}
    task = {
        "batch": 16, "teacher": {**gpt.config(6, 256, 8), **config}, "student": {**gpt.config(3, 192, 6), **config}, "optimizer": "adamw", "learning_rate": 1e-3, "weight_decay": 0.01,
        "prompt": 32, "new_tokens": 96, "ends": 125, "length": 128,
    }
    peer.main(task, Gpt2, peer.Sequences, kind=OnPolicy)
