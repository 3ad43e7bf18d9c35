namespace Decant.Runs.Jobs.Retrieval;

/// <summary>What documents that are not relevant are mined from.</summary>
/// <param name="Queries">The file of the queries.</param>
/// <param name="Documents">The file of the documents.</param>
/// <param name="Relevance">The file that says which documents answer which queries.</param>
/// <param name="Output">The file that is written: JSON lines, as the source <c>rankings</c> reads them.</param>
internal sealed record MiningRequest(string Queries, string Documents, string Relevance, string Output)
{
    /// <summary>The folder of the model whose first documents are taken; null: those of BM25. A model that scores a query with a document is given the first of BM25.</summary>
    public string? Model { get; init; }

    /// <summary>How many documents each query gets, at most; 7.</summary>
    public int Negatives { get; init; } = 7;

    /// <summary>How many of the first are passed over, as they may be relevant and not judged; 0.</summary>
    public int Skip { get; init; }

    /// <summary>How many of the first are looked at; 100.</summary>
    public int Depth { get; init; } = 100;

    /// <summary>The folder of a cross-encoder that looks at what was found: a document that it gives more than the lowest score of a relevant one, less <see cref="Margin"/>, may be relevant and is left out; null: nobody looks.</summary>
    public string? Judge { get; init; }

    /// <summary>How far below the lowest score of a relevant document another's must be, in the judge's scores; 0.</summary>
    public double Margin { get; init; }
}

/// <summary>What was mined.</summary>
/// <param name="Queries">How many queries were written.</param>
/// <param name="Negatives">How many documents they were given in all.</param>
/// <param name="LeftOut">Queries for which nothing was found, and which were not written.</param>
/// <param name="Doubtful">Documents that the judge took for relevant.</param>
internal sealed record MiningResult(int Queries, long Negatives, int LeftOut, long Doubtful);
