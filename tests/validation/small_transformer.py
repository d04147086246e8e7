"""A small decoder as people train them today: RMS norm, rotary positions, gated feed-forward, no biases."""

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint


class Block(nn.Module):  # type: ignore[misc]
    """One layer: attention and feed-forward, each after a norm and beside the residual."""

    def __init__(self, hidden: int, heads: int, feed_forward: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.RMSNorm(hidden)
        self.projections = nn.Linear(hidden, 3 * hidden, bias=False)
        self.out = nn.Linear(hidden, hidden, bias=False)
        self.feed_forward_norm = nn.RMSNorm(hidden)
        self.gate_and_up = nn.Linear(hidden, 2 * feed_forward, bias=False)
        self.down = nn.Linear(feed_forward, hidden, bias=False)

    def forward(self, states: Tensor, turns: Tensor) -> Tensor:
        """Return the states after the layer, shape (batch, sequence, hidden)."""
        batch, sequence, hidden = states.shape
        shape = (batch, sequence, 3, self.heads, hidden // self.heads)
        mixed = self.projections(self.attention_norm(states)).view(shape).permute(2, 0, 3, 1, 4)
        query, key, value = turned(mixed[0], turns), turned(mixed[1], turns), mixed[2]
        attended = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        states = states + self.out(attended.transpose(1, 2).reshape(batch, sequence, hidden))
        gate, up = self.gate_and_up(self.feed_forward_norm(states)).chunk(2, dim=-1)
        return states + self.down(functional.silu(gate) * up)


class SmallTransformer(nn.Module):  # type: ignore[misc]
    """A decoder that returns the loss of a batch of tokens."""

    def __init__(
        self, layers: int, hidden: int, heads: int, feed_forward: int, vocabulary: int, *, recompute: bool
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, hidden)
        self.blocks = nn.ModuleList(Block(hidden, heads, feed_forward) for _layer in range(layers))
        self.norm = nn.RMSNorm(hidden)
        self.head = nn.Linear(hidden, vocabulary, bias=False)
        self.head_size = hidden // heads
        self.recompute = recompute

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the mean loss of predicting each next token, shape () for tokens (batch, sequence + 1)."""
        inputs, targets = tokens[:, :-1], tokens[:, 1:]
        states = self.embedding(inputs)
        turns = turns_of(inputs.shape[1], self.head_size, tokens.device)
        for block in self.blocks:
            if self.recompute:
                states = checkpoint(block, states, turns, use_reentrant=False)
            else:
                states = block(states, turns)
        logits = self.head(self.norm(states))
        return functional.cross_entropy(logits.flatten(0, 1).float(), targets.flatten())


def turns_of(sequence: int, head_size: int, device: torch.device) -> Tensor:
    """Return the rotation of each position and pair of a head, shape (sequence, head size / 2), complex."""
    pairs = torch.arange(0, head_size, 2, device=device, dtype=torch.float32)
    angles = torch.outer(
        torch.arange(sequence, device=device, dtype=torch.float32), 10_000.0 ** (-pairs / head_size)
    )
    return torch.polar(torch.ones_like(angles), angles)


def turned(vectors: Tensor, turns: Tensor) -> Tensor:
    """Return queries or keys turned by their positions."""
    pairs = torch.view_as_complex(vectors.float().unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * turns).flatten(-2).type_as(vectors)
