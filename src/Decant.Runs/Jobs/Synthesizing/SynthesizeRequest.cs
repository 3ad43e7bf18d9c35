using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote.Synthesizing;

namespace Decant.Runs.Jobs.Synthesizing;

/// <summary>What <see cref="SynthesizeJob"/> is to do.</summary>
internal sealed record SynthesizeRequest
{
    /// <summary>What is to be written.</summary>
    public required SynthesisRecipe Recipe { get; init; }

    /// <summary>Where the rows go: JSON lines by the endings <c>.jsonl</c> and <c>.ndjson</c>, else CSV. A file that <see cref="SynthesizeJob"/> did not write is not overwritten.</summary>
    public required string Out { get; init; }

    /// <summary>Gets how many rows of how many there are after each round; null: nobody does.</summary>
    public Action<int, int>? Progress { get; init; }
}

/// <summary>What came of it.</summary>
/// <param name="File">The rows' file.</param>
/// <param name="Manifest">The manifest's.</param>
/// <param name="Synthesis">The rows and what became of all answers.</param>
/// <param name="Sent">What was sent and spent now, for people: of the model that writes, and of the judge where it is another.</param>
internal sealed record SynthesizeResult(string File, string Manifest, SynthesisResult Synthesis, IReadOnlyList<string> Sent);
