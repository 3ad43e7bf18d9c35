using System.Text.Json.Nodes;
using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Runs.Planning;
using Decant.Training.Optimizers;

namespace Decant.Bench;

/// <summary>One thing that is measured: teacher and student, the samples' shape, the batches.</summary>
internal sealed record Workload
{
    /// <summary>τ of the soft targets.</summary>
    public const double Temperature = 4;

    /// <summary>The weight of the soft targets; that of the labels is what is missing to 1.</summary>
    public const double SoftWeight = 0.9;

    public required string Name { get; init; }

    /// <summary>One line for people.</summary>
    public required string About { get; init; }

    public required ModelConfig Teacher { get; init; }

    public required ModelConfig Student { get; init; }

    /// <summary>How many samples there are: a multiple of <see cref="Batch"/>, so that every batch is full.</summary>
    public required int Samples { get; init; }

    public required int Batch { get; init; }

    /// <summary>How often a whole training sees every sample.</summary>
    public required int Epochs { get; init; }

    /// <summary>Updates of a live round, and of every round of PyTorch.</summary>
    public required int LiveSteps { get; init; }

    /// <summary>[C, H, W] of an image; empty for texts.</summary>
    public IReadOnlyList<int> Image { get; init; } = [];

    /// <summary>The fewest and the most tokens of a text, special ones included.</summary>
    public (int Least, int Most) Tokens { get; init; }

    /// <summary>T of a language model's sequences, of which the next tokens are predicted; 0 of other workloads.</summary>
    public int Sequence { get; init; }

    /// <summary>How the student writes the texts that it learns from; null: it learns from the samples as they are.</summary>
    public WrittenWorkload? Written { get; init; }

    /// <summary>Vary every image each time: padding of 4 and crop, flip.</summary>
    public bool Augment { get; init; }

    /// <summary>How many views of each image a whole training has, for each of which its teacher answers once; null: new ones in every epoch. A live training has new ones.</summary>
    public int? Views { get; init; }

    public required OptimizerOptions Optimizer { get; init; }

    public ulong Seed { get; init; } = 1;

    public bool IsText => Image.Count == 0;

    /// <summary>What a whole training keeps of its teacher's answers: nothing where samples vary without end; where an answer is a vocabulary per token, the states before the head.</summary>
    /// <remarks>The few samples of a language model's workload would fit as logits; a corpus would not.</remarks>
    public CachedOutputs Kept => (Augment && Views is null) || Written is not null ? CachedOutputs.None : Sequence > 0 ? CachedOutputs.States : CachedOutputs.Logits;

    /// <summary>Whether a whole training runs its teacher once per sample and caches the outputs.</summary>
    public bool Remembers => Kept != CachedOutputs.None;

    public int BatchesPerEpoch => Samples / Batch;

    /// <summary>The batches of both sides: shuffled anew in every epoch, as a plain loop does it, and not sorted by length.</summary>
    public BatchOptions Batches => new() { Size = Batch, Seed = Seed };

    /// <summary>What the peer must know, under the names of Hugging Face's configurations and PyTorch's optimizers.</summary>
    public JsonObject ToTask() => new()
    {
        ["name"] = Name,
        ["batch"] = Batch,
        ["temperature"] = Temperature,
        ["soft_weight"] = SoftWeight,
        ["augment"] = Augment,
        ["mean"] = Numbers(BenchInput.Mean),
        ["std"] = Numbers(BenchInput.Deviation),
        ["optimizer"] = Optimizer is Sgd ? "sgd" : "adamw",
        ["learning_rate"] = Optimizer.LearningRate,
        ["momentum"] = (Optimizer as Sgd)?.Momentum ?? 0,
        ["weight_decay"] = Optimizer.WeightDecay,
        ["prompt"] = Written?.Prompt,
        ["new_tokens"] = Written?.NewTokens,
        ["ends"] = Written?.Ends,
        ["teacher"] = Teacher.ToJson(),
        ["student"] = Student.ToJson(),
    };

    private JsonArray Numbers(double value) => [.. Image.Take(1).SelectMany(channels => Enumerable.Repeat(value, channels)).Select(v => (JsonNode)v)];
}

/// <summary>How a student writes the texts of a workload.</summary>
/// <param name="Prompt">How many tokens of a sample are the prompt.</param>
/// <param name="NewTokens">The most tokens that are written after it.</param>
/// <param name="Ends">The ids from 0 to below this end a text, so that texts of models that know nothing end after as unlike lengths as those of models that do.</param>
internal sealed record WrittenWorkload(int Prompt, int NewTokens, int Ends);
