using Decant.Data.Retrieval;
using Decant.Evaluation.Retrieval;
using Decant.Runs.Hardware;

namespace Decant.Runs.Jobs.Retrieval;

/// <summary>Measures how well models find documents: embeddings by their vectors, whole and with fewer numbers, in float32, int8 and single bits; cross-encoders by reranking what BM25 finds; and BM25 beside them.</summary>
internal static class RetrievalJob
{
    /// <summary>How many documents a model that scores a query with a document is given: those that BM25 finds first.</summary>
    private const int Reranked = 100;

    /// <summary>Reads the texts, makes their vectors with each model, and searches.</summary>
    /// <param name="models">Folders of models or of runs (their student).</param>
    /// <param name="request">The files.</param>
    /// <param name="notify">Gets a line before each model; null: nothing.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="DecantException">A file is malformed, queries have no relevant document, or a model makes no vectors of texts and scores no pairs.</exception>
    public static RetrievalResult Run(IReadOnlyList<string> models, RetrievalRequest request, Action<string>? notify = null, CancellationToken cancellationToken = default)
    {
        if (request.Dimensions.FirstOrDefault(d => d < 1, 1) is < 1 and var none)
            throw new DecantException($"--dimensions: expected a number from 1 to the width of the vectors, came {none}.");
        var paths = models.Select(EvaluateJob.ModelPath).ToArray();
        var queries = IdentifiedTexts.Read(request.Queries);
        var documents = IdentifiedTexts.Read(request.Documents);
        var judgements = RelevanceJudgements.Read(request.Relevance, queries, documents);
        MachineFacts.Prepare(null);
        var words = new Bm25(documents.Texts);
        var rows = new List<RetrievalRow> { Row("BM25", "words", 0, 0, RetrievalScores.Of(queries.Ids.Count, (q, count) => words.Best(queries.Texts[q], count), judgements, cancellationToken)) };
        foreach (var (name, path) in models.Zip(paths))
        {
            using var model = SearchModel.Load(path);
            notify?.Invoke(model.MakesVectors
                ? $"{name}: the vectors of {queries.Ids.Count:N0} queries and {documents.Ids.Count:N0} documents"
                : $"{name}: the scores of the {Reranked} documents that BM25 finds first, for each of {queries.Ids.Count:N0} queries");
            rows.AddRange(model.MakesVectors ? OfVectors(name, model, request.Dimensions) : [OfScores(name, model)]);
        }

        return new(queries.Ids.Count, documents.Ids.Count, rows);

        IEnumerable<RetrievalRow> OfVectors(string name, SearchModel model, IReadOnlyList<int> wanted)
        {
            var (ofQueries, ofDocuments) = (model.Vectors(queries.Texts, cancellationToken), model.Vectors(documents.Texts, cancellationToken));
            foreach (var (dimensions, form) in Forms(name, ofQueries[0].Length, wanted))
            {
                var search = new VectorSearch(ofDocuments, form, dimensions);
                yield return Row(name, form.ToString().ToLowerInvariant(), dimensions, search.BytesPerVector, RetrievalScores.Of(search, ofQueries, judgements, cancellationToken));
            }
        }

        RetrievalRow OfScores(string name, SearchModel model)
        {
            int[][] found = [.. queries.Texts.Select(query => model.Reranked(query, words.Best(query, Reranked), documents.Texts, cancellationToken))];
            return Row(name, $"reranks {Reranked}", 0, 0, RetrievalScores.Of(found.Length, (q, count) => found[q][..Math.Min(count, found[q].Length)], judgements, cancellationToken));
        }
    }

    private static RetrievalRow Row(string model, string form, int dimensions, int bytes, RetrievalScores scores) =>
        new(model, form, dimensions, bytes, scores.NdcgAt10, scores.MrrAt10, scores.RecallAt10, scores.RecallAt100);

    private static IEnumerable<(int Dimensions, VectorForm Form)> Forms(string model, int width, IReadOnlyList<int> dimensions)
    {
        if (dimensions.FirstOrDefault(d => d < 1 || d > width, width) is var wrong && wrong != width)
            throw new DecantException($"{model}: its vectors have {width} numbers, and the first {wrong} were requested; expected from 1 to {width}.");
        return dimensions.Prepend(width).Distinct().OrderDescending().SelectMany(d => Enum.GetValues<VectorForm>().Select(form => (d, form)));
    }
}
