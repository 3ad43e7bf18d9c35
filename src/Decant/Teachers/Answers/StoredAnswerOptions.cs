using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Signals;
using Decant.Teachers.Answers.Storage;

namespace Decant.Teachers.Answers;

/// <summary>What is kept on disk of a local teacher's answers, and where.</summary>
internal abstract record StoredAnswerOptions
{
    /// <summary>A folder of stores: each teacher, and each way of keeping its answers, has its own in it. It is made where it is not there.</summary>
    [Description("folder of stores, shared by runs; each teacher and each way of keeping answers has its own store in it")]
    [LocalPath]
    public required string Folder { get; init; }

    /// <summary>What a student can be taught by.</summary>
    internal abstract SignalKinds Kinds { get; }

    /// <summary>What all answers have in common.</summary>
    /// <param name="teacher">What identifies the teacher.</param>
    /// <param name="offer">What it can give.</param>
    /// <param name="settings">A hash of how it reads its input, where that is not in the input's numbers; null: it is.</param>
    internal AnswerManifest Manifest(string teacher, TeacherOffer offer, string? settings) =>
        Kept(new() { Teacher = teacher, Kind = AnswerKind.Logits, Vocabulary = offer.Outputs, Tokenizer = offer.TokenizerHash, Settings = settings });

    private protected abstract AnswerManifest Kept(AnswerManifest common);
}

/// <summary>All logits.</summary>
internal sealed record StoredLogits : StoredAnswerOptions
{
    /// <summary>How numbers are kept; default: float16, off by a 2,048th of themselves at most.</summary>
    [Description("float16, off by a 2,048th of a number at most, or float32, exact")]
    public NumberFormat Numbers { get; init; }

    internal override SignalKinds Kinds => SignalKinds.DenseLogits;

    private protected override AnswerManifest Kept(AnswerManifest common) => common with { Numbers = Numbers };
}

/// <summary>The largest probabilities, and the mass of all others.</summary>
internal sealed record StoredTopProbabilities : StoredAnswerOptions
{
    /// <summary>k; default: 20. Of fewer classes, all.</summary>
    [Description("how many of the largest probabilities")]
    [Range(1, 65_535)]
    public int K { get; init; } = 20;

    /// <summary>What is made of the rest; default: one class more.</summary>
    [Description("what is made of the others: bucket (one class more), renormalize (the k are taken for all), drop (the k as they are: a cross-entropy)")]
    public TailRule Tail { get; init; }

    /// <summary>τ, by which logits are divided before; default: 1.</summary>
    [Description("temperature of the probabilities; that of the objectives, but for tail: renormalize")]
    [Range(0.01, 1000.0)]
    public double Temperature { get; init; } = 1;

    internal override SignalKinds Kinds => Tail == TailRule.Drop ? SignalKinds.SparseProbabilities : SignalKinds.TopProbabilities;

    private protected override AnswerManifest Kept(AnswerManifest common) => common with { Kind = AnswerKind.TopK, K = Math.Min(K, common.Vocabulary), Tail = Tail, Temperature = Temperature };
}

/// <summary>Classes that are drawn from the teacher's distribution.</summary>
internal sealed record StoredDraws : StoredAnswerOptions
{
    /// <summary>N, with replacement; default: 50.</summary>
    [Description("how many ids are drawn for each row, with replacement")]
    [Range(1, 65_535)]
    public int Draws { get; init; } = 50;

    /// <summary>t: ids are drawn by p^t; default: 1. Less draws more of the tail, and costs a byte more for each id.</summary>
    [Description("ids are drawn by p to this power; 1 takes the least room")]
    [Range(0.5, 1.5)]
    public double Exponent { get; init; } = 1;

    /// <summary>τ, by which logits are divided before; default: 1.</summary>
    [Description("temperature of the probabilities; that of the objective")]
    [Range(0.01, 1000.0)]
    public double Temperature { get; init; } = 1;

    internal override SignalKinds Kinds => SignalKinds.SparseProbabilities;

    private protected override AnswerManifest Kept(AnswerManifest common) => common with { Kind = AnswerKind.Sampled, Draws = Draws, Exponent = Exponent, Temperature = Temperature };
}
