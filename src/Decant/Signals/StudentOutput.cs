using Decant.Torch;

namespace Decant.Signals;

/// <summary>What the student answers to a batch: only what some objective asked for.</summary>
/// <param name="Logits">[R, C], part of the graph.</param>
public sealed record StudentOutput(Tensor Logits);
