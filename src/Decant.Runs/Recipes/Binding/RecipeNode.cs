namespace Decant.Runs.Recipes.Binding;

/// <summary>A recipe as it was written, before it is known what its keys mean; never changed, so that parts may be shared by aliases.</summary>
/// <param name="Spot">Where it begins.</param>
internal abstract record RecipeNode(SourceLocation Spot)
{
    /// <summary>What it is, as messages say it: <c>the text 'abc'</c>.</summary>
    public abstract string Describe();
}

/// <summary>One value.</summary>
/// <param name="Spot">Where it stands.</param>
/// <param name="Text">The value, quotes and escapes resolved.</param>
/// <param name="Plain">Whether it stood without quotes, so that it may be a number, a truth value or nothing.</param>
internal sealed record ScalarNode(SourceLocation Spot, string Text, bool Plain) : RecipeNode(Spot)
{
    private const int Shown = 60;

    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>Whether its fault is already reported, so that no further one is added.</summary>
    public bool Broken { get; init; }

    public override string Describe()
    {
        if (IsNull) return "nothing";
        var shown = (Text.Length > Shown ? Text[..Shown] + "…" : Text).ReplaceLineEndings("\\n");
        if (!Plain) return $"the text '{shown}' in quotes";
        return Text is "true" or "false" ? Text : Numbers.LooksLikeOne(Text) ? $"the number {shown}" : $"the text '{shown}'";
    }
}

/// <summary>A list.</summary>
/// <param name="Spot">Where it begins.</param>
/// <param name="Items">Its entries.</param>
internal sealed record ListNode(SourceLocation Spot, IReadOnlyList<RecipeNode> Items) : RecipeNode(Spot)
{
    public override string Describe() => Items.Count switch { 0 => "an empty list", 1 => "a list of one", var n => $"a list of {n}" };
}

/// <summary>Keys with values, each key once.</summary>
/// <param name="Spot">Where it begins.</param>
/// <param name="Entries">Its keys, in the order written.</param>
internal sealed record MapNode(SourceLocation Spot, IReadOnlyList<MapEntry> Entries) : RecipeNode(Spot)
{
    public override string Describe() => Entries.Count == 0
        ? "an empty mapping"
        : $"a mapping with {string.Join(", ", Entries.Take(3).Select(e => $"'{e.Key}'"))}{(Entries.Count > 3 ? ", …" : "")}";

    public MapEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);
}

/// <summary>One key with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="KeySpot">Where the key stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record MapEntry(string Key, SourceLocation KeySpot, RecipeNode Value);
