namespace Decant.Hub;

/// <summary>What is fetched.</summary>
/// <param name="Address">From where.</param>
/// <param name="Purpose">What for.</param>
internal sealed record FetchRequest(ModelAddress Address, FetchPurpose Purpose = FetchPurpose.Model)
{
    /// <summary>Patterns with <c>*</c> and <c>?</c> of the files that are wanted instead of those that <see cref="Purpose"/> needs; empty: those.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Refuses the settings of a model before its weights are fetched; gets the path of its <c>config.json</c>. Null: no check.</summary>
    public Action<string>? CheckSettings { get; init; }
}
