namespace Decant.Runs.Recipes.Templates;

/// <summary>What a data file looks like: the source that reads it, and for rows the columns of text and label.</summary>
internal sealed record DataGuess
{
    /// <summary>The kind of the source.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether it holds images.</summary>
    public bool IsImages { get; init; }

    /// <summary>The side that pictures of several sizes are resized to; null: they need not be.</summary>
    public int? Size { get; init; }

    /// <summary>Whether pictures are grey.</summary>
    public bool AreGrey { get; init; }

    /// <summary>What the file is, in words: <c>CSV with ';' between the fields</c>.</summary>
    public string Words { get; init; } = "";

    /// <summary>The task that the file is for where that is no classification, with the recipe to begin with; null: it may be one.</summary>
    public OtherTask? Other { get; init; }

    /// <summary>The key of the recipe that names the file.</summary>
    public string FileKey => Kind == "parquet" ? "files" : "file";

    /// <summary>The encoding; null: UTF-8, or as the byte-order mark says.</summary>
    public string? Encoding { get; init; }

    /// <summary>The character between two fields of a CSV file where it is no comma; null: it is one.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first row names the columns; without it they are numbers from 1.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>The names of its columns; empty where it has none.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The first rows, a value for each column; empty where there are no columns.</summary>
    public IReadOnlyList<string[]> Rows { get; init; } = [];

    /// <summary>Whether the rows are all that the file has.</summary>
    public bool HasAllRows { get; init; }

    /// <summary>The column of the text, when one looks like it.</summary>
    public string? Text { get; init; }

    /// <summary>The column of the second text of a pair, when one looks like it.</summary>
    public string? Pair { get; init; }

    /// <summary>The column of the label, when one looks like it.</summary>
    public string? Label { get; init; }

    /// <summary>The types of the tags in its first lines, as they come; empty where words have none.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Looks at a file, or at a folder of pictures.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="hasHeader">Whether the first row of a table names the columns; null: that is guessed.</param>
    /// <exception cref="DecantException">It is empty, is nothing that is read, or cannot be read.</exception>
    public static DataGuess Of(string path, bool? hasHeader = null)
    {
        if (Directory.Exists(path)) return PictureGuess.Of(path);
        var name = Path.GetFileName(path).ToLowerInvariant();
        var plain = name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
        if (plain.Contains("idx3", StringComparison.Ordinal) || plain.Contains("idx4", StringComparison.Ordinal) || plain.EndsWith(".idx", StringComparison.Ordinal))
            return new DataGuess { Kind = "idx", IsImages = true };
        if (Path.GetExtension(name) == ".parquet")
            return ColumnGuess.Of(path);
        if (Path.GetExtension(plain) == ".bin")
            return new DataGuess { Kind = "cifar", IsImages = true };
        var head = FileHead.Read(path);
        if (head.IsIdx)
            return new DataGuess { Kind = "idx", IsImages = true };
        var guess = Path.GetExtension(name) switch
        {
            ".csv" => TableGuess.Of(head, ',', hasHeader),
            ".tsv" or ".tab" => TableGuess.Of(head, '\t', hasHeader),
            ".jsonl" or ".ndjson" or ".json" => JsonGuess.Of(head),
            _ => LinesGuess.Of(head, hasHeader),
        };
        return guess with { Encoding = head.EncodingToSay };
    }
}

/// <summary>What a file is for that is no classification.</summary>
/// <param name="What">What it holds.</param>
/// <param name="Recipe">The recipe that comes along to begin with.</param>
internal sealed record OtherTask(string What, string Recipe);
