using Decant.Torch;

namespace Decant.Signals;

/// <summary>What the student answers to a batch: only what some objective asked for.</summary>
public sealed record StudentOutput
{
    private readonly Tensor? _logits;

    /// <summary>An answer.</summary>
    /// <param name="logits">[R, C], part of the graph.</param>
    public StudentOutput(Tensor logits) => _logits = logits;

    /// <summary>Inner values alone, for objectives that do not read logits.</summary>
    /// <param name="features">By path, part of the graph.</param>
    public StudentOutput(IReadOnlyDictionary<string, Tensor> features) => Features = features;

    /// <summary>[R, C], part of the graph.</summary>
    /// <exception cref="InvalidOperationException">There are none: an objective that says it does not read them does.</exception>
    public Tensor Logits
    {
        get => _logits ?? throw new InvalidOperationException("The student's logits were not made: an objective that reads them must say so in ReadsLogits.");
        init => _logits = value;
    }

    /// <summary>The features that were requested, by path, part of the graph; empty where none were.</summary>
    public IReadOnlyDictionary<string, Tensor> Features { get; init; } = new Dictionary<string, Tensor>();
}
