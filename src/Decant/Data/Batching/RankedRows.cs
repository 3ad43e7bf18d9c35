using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>What the rows of a batch of queries with documents are.</summary>
internal enum RankingForm
{
    /// <summary>A query with a document: a model answers with a score.</summary>
    Scores,

    /// <summary>A text: a sample's query, and then its documents; a model answers with vectors, whose cosines are the scores.</summary>
    Vectors,
}

/// <summary>Which rows of a batch belong to which query, as tensors on the batch's device, which the batch owns.</summary>
internal sealed class RankedRows : IDisposable
{
    private const double LeastNorm = 1e-6;

    private readonly RankingForm _form;
    private readonly Tensor _queries;     // [B] int64: the row of each query; of scores, of its first document
    private readonly Tensor _queryOf;     // [P] int64: the query of each document
    private readonly Tensor _documents;   // [P] int64: the row of each document
    private readonly Tensor _places;      // [B·K] int64: the document at each place; 0 where there is none

    private RankedRows(RankingForm form, int[] counts, int labelled, Device device)
    {
        (_form, Samples, Widest, LabelledSamples) = (form, counts.Length, counts.DefaultIfEmpty(0).Max(), labelled);
        var (queries, queryOf, documents) = (new List<long>(), new List<long>(), new List<long>());
        var (places, isEmpty) = (new long[Samples * Widest], new bool[Samples * Widest]);
        Array.Fill(isEmpty, true);
        for (var (sample, row) = (0, 0L); sample < Samples; sample++)
        {
            queries.Add(row);
            row += form == RankingForm.Vectors ? 1 : 0;
            for (var k = 0; k < counts[sample]; k++, row++)
            {
                (places[(sample * Widest) + k], isEmpty[(sample * Widest) + k]) = (documents.Count, false);
                queryOf.Add(sample);
                documents.Add(row);
            }
        }

        (_queries, _queryOf, _documents, _places) = (Own(queries), Own(queryOf), Own(documents), Own(places));
        IsEmpty = TensorScope.Own(Tensor.From(isEmpty, device, Samples, Widest));

        Tensor Own(IEnumerable<long> numbers) => TensorScope.Own(Tensor.From(numbers.ToArray(), device));
    }

    /// <summary>B.</summary>
    public int Samples { get; }

    /// <summary>K, the documents of the query that has the most.</summary>
    public int Widest { get; }

    /// <summary>How many queries have grades.</summary>
    public int LabelledSamples { get; }

    /// <summary>[B, K] bool: true where a query has no document.</summary>
    public Tensor IsEmpty { get; }

    /// <summary>[P] int64: the index of the query of each document.</summary>
    public Tensor QueryOf => _queryOf;

    /// <summary>The rows of a batch.</summary>
    /// <param name="batch">A batch with <see cref="Batch.Ranking"/>.</param>
    public static RankedRows Of(Batch batch)
    {
        var own = batch.Ranking == RankingForm.Vectors ? 1 : 0;
        var (labelled, row) = (0, 0);
        foreach (var rows in batch.RowsPerSample!)
        {
            labelled += batch.Counts.IsLabelled(row + own) ? 1 : 0;
            row += rows;
        }

        return new(batch.Ranking!.Value, [.. batch.RowsPerSample.Select(rows => rows - own)], labelled, batch.Device);
    }

    /// <summary>The score of each document [P] of what a model answered: its number, or the cosine of its vector and its query's, times <paramref name="scale"/>.</summary>
    /// <param name="answers">[R, C] float32: one number, or a vector.</param>
    /// <param name="scale">What cosines are multiplied by; numbers are taken as they are.</param>
    /// <exception cref="DecantException">The model answers a query with a document with several numbers.</exception>
    public Tensor Scores(Tensor answers, double scale)
    {
        if (answers.Size(1) == 1)
            return (_form == RankingForm.Scores ? answers : answers.IndexSelect(0, _documents)).Squeeze(1);
        var unit = Unit(answers);
        return (unit.IndexSelect(0, _queries.IndexSelect(0, _queryOf)) * unit.IndexSelect(0, _documents)).Sum(1) * scale;
    }

    /// <summary>The score of every document of the batch for every query [B, P]: cosines of vectors, times <paramref name="scale"/>.</summary>
    /// <param name="answers">[R, D] float32.</param>
    /// <param name="scale">What cosines are multiplied by.</param>
    /// <exception cref="DecantException">The model makes no vectors.</exception>
    public Tensor ScoresOfAll(Tensor answers, double scale)
    {
        var unit = Unit(answers);
        return unit.IndexSelect(0, _queries).MatMul(unit.IndexSelect(0, _documents).Transpose(0, 1)) * scale;
    }

    /// <summary>Numbers of documents [P] side by side for each query [B, K]; where there is no document, <paramref name="empty"/>.</summary>
    public Tensor ByQuery(Tensor ofDocuments, double empty) => ofDocuments.IndexSelect(0, _places).Reshape(Samples, Widest).MaskedFill(IsEmpty, empty);

    /// <summary>The grades of the documents [P], not a number where a query has none.</summary>
    /// <param name="labels">The batch's labels [R, 1].</param>
    public Tensor Grades(Tensor labels) => labels.IndexSelect(0, _documents).Squeeze(1);

    /// <summary>Numbers of documents [P] as one number for every row of the batch [R, 1], 0 in the row of a query.</summary>
    /// <param name="ofDocuments">[P] float32.</param>
    /// <param name="rows">R.</param>
    public Tensor ByRow(Tensor ofDocuments, int rows) => _form == RankingForm.Scores ? ofDocuments.Unsqueeze(1)
        : Tensor.Zeros([rows, 1], DType.Float32).To(ofDocuments.Device).ScatterAdd(0, _documents.Unsqueeze(1), ofDocuments.Unsqueeze(1));

    /// <summary>Releases the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in new[] { _queries, _queryOf, _documents, _places, IsEmpty })
            tensor.Dispose();
    }

    private Tensor Unit(Tensor answers) => _form == RankingForm.Vectors && answers.Size(1) > 1 ? answers / answers.Norm([1], keep: true).Clamp(min: LeastNorm)
        : throw new DecantException($"The model answers a query with a document with {answers.Size(1)} numbers, and its scores were to be {(answers.Size(1) == 1 ? "cosines of vectors" : "one number each")}: expected a regression with one output, or an embedding.");
}
