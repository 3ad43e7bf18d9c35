using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>What was asked, and what became of the answers. Every text that was written is a row or set aside once.</summary>
public sealed record SynthesisTally
{
    /// <summary>Requests for texts.</summary>
    public int Requests { get; init; }

    /// <summary>How many of their answers came from the store.</summary>
    public int FromStore { get; init; }

    /// <summary>The answers by their form; those of <see cref="ListForm.None"/> are in <see cref="Unusable"/> too.</summary>
    public IReadOnlyDictionary<ListForm, int> Forms { get; init; } = new Dictionary<ListForm, int>();

    /// <summary>Answers without a list, and requests without an answer, by the reason.</summary>
    public IReadOnlyDictionary<AbstentionReason, int> Unusable { get; init; } = new Dictionary<AbstentionReason, int>();

    /// <summary>The beginning of an answer that has no list; null: there was none.</summary>
    public string? UnusableExample { get; init; }

    /// <summary>Elements of the lists.</summary>
    public int Written { get; init; }

    /// <summary>How many of them are set aside, by the reason.</summary>
    public IReadOnlyDictionary<SetAside, int> SetAside { get; init; } = new Dictionary<SetAside, int>();

    /// <summary>Texts that a judge was asked about.</summary>
    public int Judged { get; init; }

    /// <summary>How many of the judge's answers came from the store.</summary>
    public int JudgedFromStore { get; init; }

    /// <summary>Reasons of the judge for dropping texts, the first few.</summary>
    public IReadOnlyList<string> JudgeReasons { get; init; } = [];

    /// <summary>Tokens of the prompts, the judge's not included; of stored answers those that were paid then.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens of the answers, the judge's not included.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Tokens of the judge's prompts.</summary>
    public long JudgeInputTokens { get; init; }

    /// <summary>Tokens of the judge's answers.</summary>
    public long JudgeOutputTokens { get; init; }
}

/// <summary>How far a class has come.</summary>
/// <param name="Name">Its name; null: rows have no class.</param>
/// <param name="Wanted">How many rows were asked for.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="Rounds">In how many rounds it was asked for.</param>
/// <param name="IsGivenUp">Whether it has fewer than wanted because <see cref="ChatSynthesizerOptions.Patience"/> rounds brought none.</param>
public sealed record SynthesizedClass(string? Name, int Wanted, int Rows, int Rounds, bool IsGivenUp);

/// <summary>The rows that came of it.</summary>
/// <param name="Rows">In the order in which they were asked for.</param>
/// <param name="Classes">How far each class has come.</param>
/// <param name="Tally">What became of all answers.</param>
public sealed record SynthesisResult(IReadOnlyList<SyntheticRow> Rows, IReadOnlyList<SynthesizedClass> Classes, SynthesisTally Tally);

/// <summary>What is to be decided before the rest is asked for.</summary>
/// <param name="Requests">How many requests are expected yet, at the share of texts that became rows so far.</param>
/// <param name="Write">What all requests for texts cost, those that were sent included.</param>
/// <param name="Judge">What all questions to the judge cost; null: there is none.</param>
/// <param name="Tally">What became of the first answers.</param>
public sealed record SynthesisCost(int Requests, CostEstimate Write, CostEstimate? Judge, SynthesisTally Tally);
