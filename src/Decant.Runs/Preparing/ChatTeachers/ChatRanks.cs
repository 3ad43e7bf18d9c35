using Decant.Data;
using Decant.Data.Labels;
using Decant.Data.Splitting;
using Decant.Teachers.Remote.Ranking;
using Decant.Teachers.Remote.Storing;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A chat model that ranks the documents of each query of a run from a prompt, and so scores the pairs.</summary>
internal static class ChatRanks
{
    /// <inheritdoc cref="ChatTeacher.Ask"/>
    public static ChatAnswers Ask(ChatLine line, ChatRankerOptions rank, ChatAsking asking, DataSplits splits, CancellationToken cancellationToken)
    {
        if (splits.Classes.Count != 1)
            throw new DecantException($"{ChatTeacher.Path}.rank: a place becomes one number, and {splits.Train.Name} has {splits.Classes.Count} ({string.Join(", ", splits.Classes.Take(10))}). Name one column as target.");
        var ranker = new ChatRanker(new StoredChatClient(null), rank); // refuses what is wrong before anything is opened
        foreach (var split in ChatTeacher.All(splits))
            RequireScale(rank, split);
        RankedList[] lists = [.. ChatTeacher.All(splits).SelectMany(Lists)], several = [.. lists.Where(l => l.Documents.Count > 1)];
        foreach (var list in several)
            _ = ranker.Messages(list); // refuses what is too long before anything is asked
        var words = new SurveyWords
        {
            Items = "queries",
            How = rank.Orders > 1 ? FormattableString.Invariant($"by the ranks of each query's documents in {rank.Orders} orders") : "by the ranks of each query's documents",
            Wanted = "a ranking",
            Useless = "rank no list of documents",
            NextStep = $"Look at {ChatTeacher.Path}.rank: its instruction and max-output-tokens.",
            Consequence = "their pairs are not learned from, and where they are measured the middle of the scale stands for them",
        };
        var said = new ChatSurvey<RankedList, ChatRanking>(line, ranker, asking, list => list.Whole, words).Ask(several, cancellationToken);
        var scores = new Dictionary<(string, string), float>();
        foreach (var (list, answer) in said.Answers)
            foreach (var (document, score) in list.Documents.Zip(answer.Scores ?? []))
                scores.TryAdd((list.Query, document), (float)score);
        return new(line.Name, Said, [.. said.Remarks, .. Remarks(lists.Length - several.Length, said)])
        {
            Undecided = [(float)((rank.From + rank.To) / 2)],
            Wanted = words.Wanted,
            Unasked = said.Unasked,
            Look = said.Look(line.Name, list => list.Query, (list, answer) => string.Join(" > ", list.Documents.Zip(answer.Scores!).OrderByDescending(d => d.Second).Select(d => d.First))),
        };

        float[]? Said(Sample sample) => sample.Content is TextContent { Pair: { } document, Text: var query } && scores.TryGetValue((query, document), out var score) ? [score] : null;
    }

    private static IEnumerable<string> Remarks(int alone, Surveyed<RankedList, ChatRanking> said)
    {
        if (alone > 0)
            yield return FormattableString.Invariant($"{alone:N0} queries have one document alone, which nothing can be ranked against: they are not asked about, and not learned from.");
        if (said.Answers.Values.Select(a => a.Agreement).OfType<double>().ToArray() is { Length: > 0 } agreements)
            yield return FormattableString.Invariant($"The teacher's agreement with itself: Kendall's W of the orders of a query is {agreements.Average():0.00} on average (1: always the same ranking).");
    }

    // The documents of each query of a split, each once.
    private static IEnumerable<RankedList> Lists(Dataset split) => Enumerable.Range(0, split.Count).Select(i => split[i].Content as TextContent is { Pair: not null } pair
            ? pair
            : throw new DecantException($"{split.Where(i)}: a chat model ranks the second texts of pairs here, and this is none. Name a column as pair, or use score."))
        .GroupBy(pair => pair.Text, StringComparer.Ordinal).Select(query => new RankedList(query.Key, [.. query.Select(pair => pair.Pair!).Distinct(StringComparer.Ordinal)]));

    // Labels beyond the scale are of another one, and the teacher's scores would be too.
    private static void RequireScale(ChatRankerOptions rank, Dataset split)
    {
        for (var i = 0; i < split.Count; i++)
        {
            if (split.AnnotationOf(i) is NumberAnnotation { Numbers: [var number, ..] } && (number < rank.From || number > rank.To))
                throw new DecantException(FormattableString.Invariant($"{split.Where(i)}: the number {number} is not on the scale of {ChatTeacher.Path}.rank, from {rank.From} to {rank.To}. Give from and to as the data has them."));
        }
    }
}
