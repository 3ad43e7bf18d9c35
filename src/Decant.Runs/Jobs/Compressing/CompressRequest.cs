using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Jobs.Compressing;

/// <summary>What a smaller model is made of, and how.</summary>
internal sealed record CompressRequest
{
    /// <summary>Which part is kept, and how it is shared or factorised: assignments with the keys of <c>student.from-teacher</c>, such as <c>layers=4</c>.</summary>
    public required IReadOnlyList<string> Set { get; init; }

    /// <summary>The recipe whose samples importances are measured on; null: that of the run that the model lies in.</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>The folder that is made.</summary>
    public required string Output { get; init; }
}

/// <summary>A smaller model.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Kind">Its kind, and its shape in words.</param>
/// <param name="Parameters">How many numbers it has, and the model that it was made of.</param>
/// <param name="Bytes">The size of its file of weights, and of the other's.</param>
/// <param name="Notes">What was kept.</param>
internal sealed record CompressResult(string Folder, string Kind, (long Before, long After) Parameters, (long Before, long After) Bytes, IReadOnlyList<string> Notes);
