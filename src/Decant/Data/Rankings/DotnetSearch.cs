using Decant.Data.Sources;

namespace Decant.Data.Rankings;

/// <summary>A query of a search in .NET's documentation.</summary>
/// <param name="Text">What a member returns.</param>
/// <param name="Relevant">The documents that answer it.</param>
internal sealed record SearchQuery(string Text, IReadOnlyList<int> Relevant);

/// <summary>The queries and documents of one part of a search in .NET's documentation.</summary>
/// <param name="Queries">The queries, in the order of their members.</param>
/// <param name="Documents">The documents: a member's name with its type, and its summary; each once.</param>
/// <param name="Summaries">The summaries of the documents alone.</param>
internal sealed record DotnetSearch(IReadOnlyList<SearchQuery> Queries, IReadOnlyList<string> Documents, IReadOnlyList<string> Summaries)
{
    private const int MostRelevant = 3;
    private const int Parts = 10; // eight to train with, one each to validate and to test

    /// <summary>Reads all files and keeps one part.</summary>
    /// <exception cref="DecantException">A file is not XML documentation.</exception>
    public static DotnetSearch Of(IReadOnlyList<string> files, SearchPart part, int minWords, CancellationToken cancellationToken)
    {
        var members = new List<(SearchPart Part, string Document, string Summary, string Returns)>();
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            members.AddRange(DotnetDocsReader.ReadMembers(file).OrderBy(m => m.Name, StringComparer.Ordinal).Where(m => m.Summary.Length > 0 && TypeOf(m.Name) is not null)
                .Select(m => (PartOf(TypeOf(m.Name)!), $"{ShortName(m.Name)}: {m.Summary}", m.Summary, m.Returns)));
        }

        // What an earlier part has: the first part that a text occurs in keeps it.
        var firstOf = new Dictionary<string, SearchPart>(StringComparer.Ordinal);
        foreach (var text in members.SelectMany(m => new[] { (m.Part, Text: m.Document), (m.Part, Text: m.Summary), (m.Part, Text: m.Returns) }))
            firstOf[text.Text] = firstOf.TryGetValue(text.Text, out var first) && first < text.Part ? first : text.Part;
        var (documents, summaries, index) = (new List<string>(), new List<string>(), new Dictionary<string, int>(StringComparer.Ordinal));
        var answers = new Dictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        foreach (var member in members.Where(m => m.Part == part && firstOf[m.Document] == part && firstOf[m.Summary] == part))
        {
            if (!index.TryGetValue(member.Document, out var at))
            {
                index[member.Document] = at = documents.Count;
                documents.Add(member.Document);
                summaries.Add(member.Summary);
            }

            if (firstOf[member.Returns] != part || member.Returns.Split(' ').Length < minWords || member.Returns == member.Summary)
                continue;
            if (!answers.TryGetValue(member.Returns, out var relevant)) answers[member.Returns] = relevant = [];
            relevant.Add(at);
        }

        return new([.. answers.Where(a => a.Value.Count <= MostRelevant).Select(a => new SearchQuery(a.Key, [.. a.Value]))], documents, summaries);
    }

    /// <summary>The full name of the type that a member belongs to; null for types and namespaces themselves.</summary>
    private static string? TypeOf(string id)
    {
        if (id.Length < 3 || id[0] is not ('M' or 'P' or 'F' or 'E')) return null;
        var end = id.AsSpan().IndexOfAny('(', '~');
        var name = end < 0 ? id[2..] : id[2..end];
        var dot = name.LastIndexOf('.');
        return dot > 0 ? name[..dot] : null;
    }

    /// <summary><c>String.Trim</c> of <c>M:System.String.Trim(System.Char)</c>.</summary>
    private static string ShortName(string id) => $"{DocText.Name("T:" + TypeOf(id))}.{DocText.Name(id)}";

    private static SearchPart PartOf(string type) => (ContentHash.OfText(type, null) % Parts) switch
    {
        < Parts - 2 => SearchPart.Train,
        Parts - 2 => SearchPart.Validation,
        _ => SearchPart.Test,
    };
}
