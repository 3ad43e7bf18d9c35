using Decant.Teachers.Remote.Asking;
using Decant.Teachers.Remote.Limits;
using Microsoft.Extensions.AI;

namespace Decant.Runs;

/// <summary>How teachers behind an API are reached, and whether anything may be asked.</summary>
internal sealed record ChatAsking
{
    /// <summary>Whether texts may be asked about that no store has; false, the default: what is stored is read, as to check a recipe.</summary>
    public bool MayAsk { get; init; }

    /// <summary>Decides whether all is asked, by the cost that the first answers let expect; null: no.</summary>
    public Func<ChatCost, bool>? Agrees { get; init; }

    /// <summary>The client of a program that runs a teacher of its own; null: the recipe's endpoint is opened. It stays the program's.</summary>
    public IChatClient? Client { get; init; }

    /// <summary>What makes vectors in a program that runs a teacher of its own; null: the recipe's endpoint is opened. It stays the program's.</summary>
    public IEmbeddingGenerator<string, Embedding<float>>? Generator { get; init; }

    /// <summary>The value of an environment variable, null: not set; default: the process's.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The only training texts that are asked about, where they were chosen already; null: all, or those that the recipe's rounds chose.</summary>
    public IReadOnlySet<string>? Only { get; init; }

    /// <summary>How these were chosen, for people; null: they were not.</summary>
    public string? Chosen { get; init; }

    /// <summary>How many items more are going to be asked about later, and belong to the cost; 0: none.</summary>
    public int Later { get; init; }

    /// <summary>Counts what several askings spend together; null: each has a budget of its own.</summary>
    public RequestBudget? Spending { get; init; }

    /// <summary>Gets how many texts of how many are answered, by one thread at a time; null: nobody does.</summary>
    public Action<int, int>? Answered { get; init; }
}

/// <summary>What is to be decided before a teacher is asked about all texts.</summary>
/// <param name="Model">The model and its host, for people.</param>
/// <param name="Texts">How many items are still to be asked about.</param>
/// <param name="Estimate">What they and the first ones together are expected to cost.</param>
/// <param name="Abstained">How many of the first answers name no class, and why; null: none.</param>
internal sealed record ChatCost(string Model, int Texts, CostEstimate Estimate, string? Abstained)
{
    /// <summary>How what is asked about is called, in the plural.</summary>
    public string Items { get; init; } = "texts";

    /// <summary>Whether tokens are the most that requests can have had, for the server counts none.</summary>
    public bool IsAtMost { get; init; }

    /// <summary>The same in a sentence.</summary>
    public override string ToString()
    {
        var tokens = FormattableString.Invariant($"{Estimate.Tokens.Mean:N0} tokens ({Estimate.Tokens.Low:N0} to {Estimate.Tokens.High:N0})");
        var money = Estimate.Money is { } m ? FormattableString.Invariant($", {m.Mean:0.####} in the currency of the prices ({m.Low:0.####} to {m.High:0.####})") : "";
        var abstained = Abstained is null ? "" : $". {Abstained}";
        return FormattableString.Invariant($"{Model}: {Texts:N0} {Items} to ask about; with the {Estimate.Sampled} that were answered, from which this is estimated: {(IsAtMost ? "at most, for the server counts no tokens, " : "")}{tokens}{money}{abstained}");
    }
}
