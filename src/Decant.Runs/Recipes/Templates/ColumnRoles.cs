namespace Decant.Runs.Recipes.Templates;

/// <summary>Which column of a table is the text, the second text of a pair, and the label: by its name, or by what is in it.</summary>
internal static class ColumnRoles
{
    private const int FewestRows = 8; // fewer say nothing of a column
    private const int TextLength = 12; // characters on average, from which on a column may be text

    private static readonly string[] s_text = ["text", "sentence", "review", "content", "body", "comment", "message", "title", "question", "query", "文本", "内容", "评论", "句子"];
    private static readonly string[] s_label = ["label", "class", "category", "target", "sentiment", "intent", "tag", "topic", "score", "rating", "stars", "y", "标签", "类别", "分类"];

    private static readonly (string First, string Second)[] s_pairs =
    [
        ("sentence1", "sentence2"), ("premise", "hypothesis"), ("question1", "question2"), ("text_a", "text_b"), ("text1", "text2"), ("question", "sentence"), ("question", "passage"),
        ("question", "context"), ("question", "answer"), ("query", "document"), ("query", "passage"), ("s1", "s2"), ("sent1", "sent2"), ("句子1", "句子2"), ("文本1", "文本2"),
    ];

    private static readonly (string First, string Second)[] s_prompts =
        [("prompt", "completion"), ("prompt", "response"), ("prompt", "chosen"), ("instruction", "output"), ("instruction", "response"), ("question", "answer"), ("input", "output")];

    /// <summary>Whether a cell is a name that columns of text or labels have.</summary>
    public static bool IsKnownName(string cell) => s_text.Concat(s_label).Where(n => n.Length > 1)
        .Concat(s_pairs.Concat(s_prompts).SelectMany(p => new[] { p.First, p.Second })).Contains(cell.Trim(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The guess with its roles.</summary>
    public static DataGuess Fill(DataGuess table)
    {
        var label = Pick(table.Columns, s_label);
        var (text, pair) = Find(table.Columns, s_pairs);
        if (label is null && Find(table.Columns, s_prompts) is (not null, not null) prompt)
            return table with { Other = new($"prompts ('{prompt.First}') with what is to be written after them ('{prompt.Second}')", "language/dotnet-docs-gpt"), Text = prompt.First };
        if (pair is null || label is null) (text, pair) = (null, null);
        text ??= Pick([.. table.Columns.Where(c => c != label)], s_text);
        // Two columns of which one is known leave no doubt about the other.
        if (table is { HasHeader: true, Columns.Count: 2 }) (text, label) = (text ?? Other(table, label), label ?? Other(table, text));
        label ??= Only(table, c => c != text && IsLabel(table, c));
        text ??= Only(table, c => c != label && IsText(table, c));
        return table with { Text = text, Pair = pair, Label = label };
    }

    /// <summary>The columns that may be the text by what is in them.</summary>
    public static string[] Texts(DataGuess table) => [.. table.Columns.Where(c => IsText(table, c))];

    /// <summary>The values of a column.</summary>
    public static string[] Values(DataGuess table, string column)
    {
        var index = table.Columns.ToList().IndexOf(column);
        return [.. table.Rows.Select(row => row[index])];
    }

    private static string? Other(DataGuess table, string? known) => known is null ? null : table.Columns.First(c => c != known);

    private static string? Only(DataGuess table, Func<string, bool> suits) => table.Columns.Where(suits).ToArray() is [var only] ? only : null;

    private static bool IsLabel(DataGuess table, string column)
    {
        var values = Values(table, column).Where(v => !string.IsNullOrWhiteSpace(v)).ToArray();
        var different = values.Distinct(StringComparer.Ordinal).Count();
        return values.Length >= FewestRows && different > 1 && different < ClassCount.FewestValues && different * ClassCount.RowsPerClass <= values.Length;
    }

    private static bool IsText(DataGuess table, string column)
    {
        var values = Values(table, column);
        return values.Length > 0 && !IsLabel(table, column) && values.Average(v => v.Length) >= TextLength && values.Count(v => v.Any(char.IsLetter)) * 2 > values.Length;
    }

    private static (string? First, string? Second) Find(IReadOnlyList<string> columns, (string First, string Second)[] pairs)
    {
        foreach (var (first, second) in pairs)
        {
            if (Named(columns, first) is { } one && Named(columns, second) is { } other)
                return (one, other);
        }

        return (null, null);
    }

    private static string? Named(IReadOnlyList<string> columns, string name) => columns.FirstOrDefault(c => c.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string? Pick(IReadOnlyList<string> columns, string[] names) =>
        names.Select(n => Named(columns, n)).FirstOrDefault(c => c is not null)
        ?? names.Where(n => n.Length > 1).Select(n => columns.FirstOrDefault(c => c.Contains(n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(c => c is not null);
}
