using Decant.Data.Retrieval;
using Decant.Evaluation.Retrieval;
using Decant.Export;
using Decant.Models.Configuration;
using Decant.Runs.Hardware;
using Decant.Runs.Jobs.Prediction;
using Decant.Text.Files;

namespace Decant.Runs.Jobs.Retrieval;

/// <summary>Measures how well embeddings find documents, whole and with fewer numbers, in float32, int8 and single bits.</summary>
internal static class RetrievalJob
{
    /// <summary>Reads the texts, makes their vectors with each model, and searches.</summary>
    /// <param name="models">Folders of models or of runs (their student).</param>
    /// <param name="request">The files.</param>
    /// <param name="notify">Gets a line before each model; null: nothing.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="DecantException">A file is malformed, queries have no relevant document, or a model makes no vectors of texts.</exception>
    public static RetrievalResult Run(IReadOnlyList<string> models, RetrievalRequest request, Action<string>? notify = null, CancellationToken cancellationToken = default)
    {
        if (request.Dimensions.FirstOrDefault(d => d < 1, 1) is < 1 and var none)
            throw new DecantException($"--dimensions: expected a number from 1 to the width of the vectors, came {none}.");
        var paths = models.Select(EvaluateJob.ModelPath).ToArray();
        var queries = IdentifiedTexts.Read(request.Queries);
        var documents = IdentifiedTexts.Read(request.Documents);
        var judgements = RelevanceJudgements.Read(request.Relevance, queries, documents);
        MachineFacts.Prepare(null);
        var rows = new List<RetrievalRow>();
        foreach (var (name, path) in models.Zip(paths))
        {
            notify?.Invoke($"{name}: the vectors of {queries.Ids.Count:N0} queries and {documents.Ids.Count:N0} documents");
            var (ofQueries, ofDocuments) = Vectors(path, queries, documents, cancellationToken);
            foreach (var (dimensions, form) in Forms(name, ofQueries[0].Length, request.Dimensions))
            {
                var search = new VectorSearch(ofDocuments, form, dimensions);
                var scores = RetrievalScores.Of(search, ofQueries, judgements, cancellationToken);
                rows.Add(new(name, form.ToString().ToLowerInvariant(), dimensions, search.BytesPerVector, scores.NdcgAt10, scores.MrrAt10, scores.RecallAt10, scores.RecallAt100));
            }
        }

        return new(queries.Ids.Count, documents.Ids.Count, rows);
    }

    private static (float[][] Queries, float[][] Documents) Vectors(string path, IdentifiedTexts queries, IdentifiedTexts documents, CancellationToken cancellationToken)
    {
        using var model = ModelFolder.Load(path);
        if (model is not IConfigured { Config.Task: ModelTask.Embedding })
            throw new DecantException($"{path} makes no vectors of texts; expected an embedding (task: embedding). Measure it on a test split, with --recipe.");
        var tokenizer = TokenizerFile.Load(path);
        var most = TextLimit.Of(path, model);
        return (TextVectors.Of(model, tokenizer, queries.Texts, most, cancellationToken), TextVectors.Of(model, tokenizer, documents.Texts, most, cancellationToken));
    }

    private static IEnumerable<(int Dimensions, VectorForm Form)> Forms(string model, int width, IReadOnlyList<int> dimensions)
    {
        if (dimensions.FirstOrDefault(d => d < 1 || d > width, width) is var wrong && wrong != width)
            throw new DecantException($"{model}: its vectors have {width} numbers, and the first {wrong} were requested; expected from 1 to {width}.");
        return dimensions.Prepend(width).Distinct().OrderDescending().SelectMany(d => Enum.GetValues<VectorForm>().Select(form => (d, form)));
    }
}
