namespace Decant.Runs.Recipes.Binding;

/// <summary>One key that was renamed.</summary>
/// <param name="Section">The section that it belongs to: the end of its path without indices, such as <c>input.mask</c>; several are parted by <c>|</c>; empty: the recipe itself.</param>
/// <param name="Kind">The kinds that have the key, parted by <c>|</c>; null: any, or a section without kinds.</param>
/// <param name="Old">Its former name.</param>
/// <param name="New">Its name.</param>
internal sealed record RenamedKey(string Section, string? Kind, string Old, string New);

/// <summary>Keys and kinds of former releases, and what they are called now. The reader refuses the old names by this table, and <c>decant recipes upgrade</c> rewrites them.</summary>
internal static class RenamedKeys
{
    /// <summary>Placeholder for the kind of a section of which only a path is known, as in <c>--set</c>.</summary>
    public const string UnknownKind = "*";

    private const string Sources = "train|validation|test|data";
    private const string Objectives = "objectives|objective";
    private const string Confidence = "sample-weighting|temperature";

    /// <summary>The keys.</summary>
    public static IReadOnlyList<RenamedKey> Keys { get; } =
    [
        new("", null, "cores", "thread-allocation"),
        new("data", null, "long-tail", "imbalance-factor"),
        new(Sources, "csv|tsv|jsonl|labelled-lines", "in-memory-up-to", "max-in-memory-bytes"),
        new("tokenizer", "unigram", "longest-token", "max-token-length"),
        new("input.mask", null, "share", "probability"),
        new("teachers", null, "seeds", "members"),
        new("from-teacher", null, "take", "layer-indices"),
        new("from-teacher", null, "kv-heads", "key-value-heads"),
        new("distill|stages|tasks", null, "balance", "combination"),
        new("distill|stages", null, "transfer", "transfer-set"),
        new("distill", null, "tower", "blockwise"),
        new("schedule", "linear|cosine", "end", "end-factor"),
        new("schedule", "plateau", "least", "min-factor"),
        new(Objectives, null, "by-sample", "sample-weighting"),
        new(Objectives, null, "of", "representation"),
        new(Objectives, "labels", "form", "loss"),
        new(Objectives, "attention-transfer", "form", "distance"),
        new(Confidence, "entropy|confidence", "sure", "confident"),
        new(Confidence, "entropy|confidence", "unsure", "uncertain"),
        new("temperature", "learned", "least", "min"),
        new("temperature", "learned", "most", "max"),
        new("temperature", "learned", "rise", "warm-up"),
        new("temperature", "learned", "strength", "gradient-scale"),
        new("evaluate", null, "confidence", "confidence-level"),
        new("evaluate", null, "test-by-teacher", "teacher-generated-test"),
    ];

    /// <summary>The kinds: values of <c>kind</c>.</summary>
    public static IReadOnlyList<RenamedKey> Kinds { get; } = [new(Sources, null, "written-by-model", "generated")];

    /// <summary>The names that a key of a former release may have now: none where it is no such key, several where its kind is not known and decides.</summary>
    /// <param name="path">The section's path, such as <c>distill.objectives[0]</c>, former names in it replaced already.</param>
    /// <param name="kind">The section's kind; null: it has none; <see cref="UnknownKind"/>.</param>
    /// <param name="key">The key.</param>
    public static IReadOnlyList<string> Of(string path, string? kind, string key) =>
        [.. Keys.Where(k => k.Old == key && IsIn(path, k.Section) && IsOf(kind, k.Kind)).Select(k => k.New).Distinct()];

    /// <summary>What a kind of a former release is called now; null: it is none.</summary>
    /// <param name="path">The path of the section that chooses it.</param>
    /// <param name="kind">The value of its <c>kind</c>.</param>
    public static string? KindOf(string path, string kind) => Kinds.FirstOrDefault(k => k.Old == kind && IsIn(path, k.Section))?.New;

    private static bool IsIn(string path, string sections)
    {
        var plain = string.Join('.', path.Split('.').Select(part => part.Split('[')[0]));
        return sections.Length == 0 ? path.Length == 0 : sections.Split('|').Any(s => plain == s || plain.EndsWith($".{s}", StringComparison.Ordinal));
    }

    private static bool IsOf(string? kind, string? kinds) => kinds is null || kind == UnknownKind || (kind is not null && kinds.Split('|').Contains(kind));
}
