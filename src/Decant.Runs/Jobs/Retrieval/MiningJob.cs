using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Decant.Data.Retrieval;
using Decant.Evaluation.Retrieval;
using Decant.Files;
using Decant.Runs.Hardware;

namespace Decant.Runs.Jobs.Retrieval;

/// <summary>Finds documents that look relevant to a query and are not (hard negatives), for a student to learn from: those that BM25 or a model finds first.</summary>
internal static class MiningJob
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Reads the texts, searches for every query, and writes the rankings.</summary>
    /// <param name="request">The files and what is taken.</param>
    /// <param name="notify">Gets a line before each model; null: nothing.</param>
    /// <param name="cancellationToken">Stops between queries; nothing is written then.</param>
    /// <exception cref="DecantException">A file is malformed, queries have no relevant document, a model cannot search, or nothing was found for any query.</exception>
    public static MiningResult Run(MiningRequest request, Action<string>? notify = null, CancellationToken cancellationToken = default)
    {
        if (request.Negatives < 1 || request.Skip < 0 || request.Depth <= request.Skip)
            throw new DecantException($"Expected at least one document per query, and a depth above what is skipped; came {request.Negatives} documents, {request.Skip} skipped of {request.Depth}.");
        if (File.Exists(request.Output))
            throw new DecantException($"{request.Output} is there already; name a new file, or delete that one.");
        var queries = IdentifiedTexts.Read(request.Queries);
        var documents = IdentifiedTexts.Read(request.Documents);
        var judgements = RelevanceJudgements.Read(request.Relevance, queries, documents);
        MachineFacts.Prepare(null);
        using var judge = request.Judge is null ? null : Scoring(request.Judge);
        var found = Found(request, queries, documents, notify, cancellationToken);
        var (lines, negatives, leftOut, doubtful) = (new List<string>(), 0L, 0, 0L);
        for (var q = 0; q < found.Length; q++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var grades = judgements.Grades[q];
            // A document with the text of a relevant one says the same, whatever its id.
            var said = grades.Keys.Select(d => documents.Texts[d]).ToHashSet(StringComparer.Ordinal);
            int[] others = [.. found[q].Skip(request.Skip).Where(d => said.Add(documents.Texts[d]))];
            if (judge is not null)
            {
                var kept = Below(judge, queries.Texts[q], others, grades.Keys, documents, request.Margin, cancellationToken);
                doubtful += others.Length - kept.Length;
                others = kept;
            }

            others = [.. others.Take(request.Negatives)];
            if (others.Length == 0)
            {
                leftOut++;
                continue;
            }

            negatives += others.Length;
            lines.Add(Line(queries.Texts[q], grades, others, documents));
        }

        if (lines.Count == 0)
            throw new DecantException($"Nothing was found for any of {found.Length:N0} queries beside their relevant documents{(doubtful > 0 ? $", and {doubtful:N0} documents were left out as the judge takes them for relevant" : "")}. Look deeper (--depth), skip fewer (--skip), or give more documents.");
        AtomicFile.Write(request.Output, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))), replace: false);
        return new(lines.Count, negatives, leftOut, doubtful);
    }

    private static int[][] Found(MiningRequest request, IdentifiedTexts queries, IdentifiedTexts documents, Action<string>? notify, CancellationToken cancellationToken)
    {
        var model = request.Model is { } folder ? SearchModel.Load(EvaluateJob.ModelPath(folder)) : null;
        using (model)
        {
            if (model is { MakesVectors: true })
            {
                notify?.Invoke($"{request.Model}: the vectors of {queries.Ids.Count:N0} queries and {documents.Ids.Count:N0} documents");
                var search = new VectorSearch(model.Vectors(documents.Texts, cancellationToken), VectorForm.Float32, model.Width);
                return [.. model.Vectors(queries.Texts, cancellationToken).Select(vector => search.Nearest(vector, request.Depth))];
            }

            var words = new Bm25(documents.Texts);
            int[][] found = [.. queries.Texts.Select(query => words.Best(query, request.Depth))];
            if (model is null)
                return found;
            notify?.Invoke($"{request.Model}: the scores of {found.Sum(f => (long)f.Length):N0} documents that BM25 finds first");
            return [.. found.Select((candidates, q) => model.Reranked(queries.Texts[q], candidates, documents.Texts, cancellationToken))];
        }
    }

    private static SearchModel Scoring(string folder)
    {
        var judge = SearchModel.Load(EvaluateJob.ModelPath(folder));
        if (!judge.MakesVectors)
            return judge;
        judge.Dispose();
        throw new DecantException($"--judge: {folder} makes vectors; expected a model that scores a query with a document (task: regression).");
    }

    private static int[] Below(SearchModel judge, string query, int[] others, IEnumerable<int> relevant, IdentifiedTexts documents, double margin, CancellationToken cancellationToken)
    {
        if (others.Length == 0)
            return others;
        var least = judge.Scores(query, relevant.Select(d => documents.Texts[d]), cancellationToken).Min() - margin;
        var scores = judge.Scores(query, others.Select(d => documents.Texts[d]), cancellationToken);
        return [.. others.Where((_, i) => scores[i] < least)];
    }

    // Grades are written only where they say more than that a document is relevant.
    private static string Line(string query, IReadOnlyDictionary<int, double> grades, int[] others, IdentifiedTexts documents)
    {
        int[] relevant = [.. grades.OrderByDescending(g => g.Value).ThenBy(g => g.Key).Select(g => g.Key)];
        var line = new JsonObject { ["query"] = query, ["positives"] = Texts(relevant), ["negatives"] = Texts(others) };
        if (grades.Values.Any(g => g != 1))
        {
            line["documents"] = Texts([.. relevant, .. others]);
            line["grades"] = new JsonArray([.. relevant.Select(d => (JsonNode)grades[d]), .. others.Select(_ => (JsonNode)0)]);
        }

        return line.ToJsonString(s_json);

        JsonArray Texts(int[] chosen) => new([.. chosen.Select(d => (JsonNode)documents.Texts[d])]);
    }
}
