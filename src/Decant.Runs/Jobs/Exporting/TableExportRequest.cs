namespace Decant.Runs.Jobs.Exporting;

/// <summary>How a static model is written.</summary>
/// <param name="Output">The folder: another than the model's own.</param>
/// <param name="Rows">How its rows are stored.</param>
internal sealed record TableExportRequest(string Output, TableRows Rows)
{
    /// <summary>The width of a table that is made of a model that is none; null: 256. A table's own width stays.</summary>
    public int? Dimensions { get; init; }

    /// <summary>A file of words and phrases, one on each line, that get rows of their own in such a table; null: none.</summary>
    public string? Vocabulary { get; init; }
}

/// <summary>How the rows of a static model are stored.</summary>
internal enum TableRows
{
    /// <summary>4 bytes a number.</summary>
    Float32,

    /// <summary>2 bytes a number.</summary>
    Float16,

    /// <summary>1 byte a number, and a factor for each row.</summary>
    Int8,
}
