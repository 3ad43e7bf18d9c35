using System.Globalization;

namespace Decant.Data.Retrieval;

/// <summary>Which documents answer which queries, and how well: a grade above 0 is relevant; what is not judged is not.</summary>
/// <param name="Grades">[Q] for each query the grade of every relevant document, by its index.</param>
internal sealed record RelevanceJudgements(IReadOnlyList<IReadOnlyDictionary<int, double>> Grades)
{
    private const int Named = 5;

    /// <summary>
    /// Reads a file: a query's id, a document's id and a grade with tabs between them, perhaps with a line of names before them (BEIR); or TREC's four columns with white space between them, of
    /// which the second is ignored.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="queries">All queries; every one must have a relevant document.</param>
    /// <param name="documents">All documents.</param>
    /// <exception cref="DecantException">A line is something else, an id is unknown, a pair is judged twice, or queries have no relevant document: they are named.</exception>
    public static RelevanceJudgements Read(string file, IdentifiedTexts queries, IdentifiedTexts documents)
    {
        var (ofQuery, ofDocument) = (Indices(queries), Indices(documents));
        var grades = queries.Ids.Select(_ => new Dictionary<int, double>()).ToArray();
        var judged = new HashSet<(int, int)>();
        var isFirst = true;
        foreach (var (line, number) in TextLines.Of(file))
        {
            var (where, mayBeNames) = ($"{file}:{number}", isFirst);
            isFirst = false;
            if (Fields(line) is not { } row || !int.TryParse(row.Grade, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var grade))
            {
                if (mayBeNames && Fields(line) is { } names && AreNames(names, ofQuery, ofDocument))
                    continue;
                throw new DecantException($"{where}: expected a query's id, a document's id and a whole number, with tabs between them, or TREC's four columns, came '{(line.Length > 80 ? line[..80] + "…" : line)}'.");
            }

            var query = Index(ofQuery, row.Query, "query", where);
            var document = Index(ofDocument, row.Document, "document", where);
            if (!judged.Add((query, document)))
                throw new DecantException($"{where}: the document '{row.Document}' was judged for the query '{row.Query}' already; take one of the lines out.");
            if (grade > 0)
                grades[query][document] = grade;
        }

        var without = queries.Ids.Where((_, q) => grades[q].Count == 0).ToArray();
        if (without.Length > 0)
        {
            throw new DecantException(
                $"{file}: {without.Length} of {queries.Ids.Count} queries have no relevant document (a grade above 0), so nothing can be found for them: {string.Join(", ", without.Take(Named))}{(without.Length > Named ? ", …" : "")}. " +
                "Judge them, or take them out of the queries.");
        }

        return new(grades);
    }

    private static Dictionary<string, int> Indices(IdentifiedTexts texts) => texts.Ids.Select((id, index) => (id, index)).ToDictionary(t => t.id, t => t.index, StringComparer.Ordinal);

    // A judgement with a wrong grade must not pass for the names of the columns: its ids are known, or its grade begins as a number does.
    private static bool AreNames((string Query, string Document, string Grade) row, Dictionary<string, int> queries, Dictionary<string, int> documents) =>
        !queries.ContainsKey(row.Query) && !documents.ContainsKey(row.Document) && row.Grade.Length > 0 && row.Grade.All(c => char.IsLetter(c) || c is '_' or '-' or ' ');

    private static int Index(Dictionary<string, int> indices, string id, string what, string where) =>
        indices.TryGetValue(id, out var index) ? index : throw new DecantException($"{where}: there is no {what} with the id '{id}'; expected one of those that were read.");

    private static (string Query, string Document, string Grade)? Fields(string line)
    {
        var tabs = line.Split('\t');
        if (tabs.Length == 3)
            return (tabs[0].Trim(), tabs[1].Trim(), tabs[2].Trim());
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 4 ? (words[0], words[2], words[3]) : words.Length == 3 ? (words[0], words[1], words[2]) : null;
    }
}
