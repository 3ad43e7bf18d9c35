using Decant.Data.Batching;
using Decant.Models.FromTeacher;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>Adds up scores over calibration batches.</summary>
internal interface IScoreCollector
{
    /// <summary>The inner values that it reads.</summary>
    IEnumerable<string> Paths { get; }

    /// <summary>Whether the forward pass must leave a graph.</summary>
    bool NeedsGradients { get; }

    /// <summary>Takes a batch.</summary>
    /// <param name="features">The inner values, by path.</param>
    /// <param name="logits">What the model answered.</param>
    /// <param name="batch">What it was asked, on the model's device.</param>
    void Add(IReadOnlyDictionary<string, Tensor> features, Tensor logits, Batch batch);

    /// <summary>Adds what it has to scores.</summary>
    UnitScores AddTo(UnitScores scores);
}
