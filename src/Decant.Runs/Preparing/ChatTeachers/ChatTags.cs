using Decant.Data;
using Decant.Data.Splitting;
using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Extracting;
using Decant.Teachers.Remote.Storing;
using Decant.Text;
using Decant.Text.Tags;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A chat model that finds spans in the sentences of a run from a prompt, and so tags their words.</summary>
internal static class ChatTags
{
    private const double Least = 1e-6; // of a tag without votes: not known, and not impossible

    /// <inheritdoc cref="ChatTeacher.Ask"/>
    public static ChatAnswers Ask(ChatLine line, ChatExtractorOptions extract, TagScheme scheme, ChatAsking asking, DataSplits splits, CancellationToken cancellationToken)
    {
        var tags = TagSet.Read(splits.Classes, scheme);
        var outside = Logits(OneHot(TagSpelling.Of(tags, [], words: 1)[0], tags.Names.Count)); // refuses tags without an O
        var question = new ChatExtractor(new StoredChatClient(null), Options(extract, TagSpelling.Types(tags)), tags); // refuses what is wrong before anything is opened
        var words = new SurveyWords
        {
            How = extract.Samples > 1 ? FormattableString.Invariant($"by {extract.Samples} lists of spans for each") : "by a list of spans for each",
            Wanted = "a list of spans",
            Useless = "are no list of spans of the text",
            NextStep = $"Look at {ChatTeacher.Path}.extract: its instruction, its types and max-output-tokens.",
            Consequence = "they are not learned from, and where they are measured it is taken to have found nothing",
        };
        var said = new ChatSurvey<WordList, ChatExtraction>(line, question, asking, item => item.Text, words)
            .Ask(ChatTeacher.All(splits).SelectMany(Sentences), cancellationToken);
        return new(line.Name, Said, [.. said.Remarks, .. said.Unasked > 0 ? [] : Agreement(extract, said.Answers.Values)]) { Undecided = outside, Wanted = words.Wanted, Unasked = said.Unasked, Look = said.Look(line.Name, item => item.Text, (_, answer) => answer.Spans is { Count: > 0 } spans ? string.Join("; ", spans.Select(s => $"{s.Type}: {s.Text}")) : "nothing found") };

        float[]? Said(Sample sample) => said.Answers.GetValueOrDefault(Words(sample.Content)!)?.Probabilities is { } p ? [.. p.SelectMany(Logits)] : null;
    }

    /// <summary>The samples with the tags of all types that the teacher looks for, where there are no tags, or not those of all.</summary>
    /// <exception cref="DecantException">A tag has another type, or neither the samples nor the teacher have types.</exception>
    public static Dataset Named(ChatExtractorOptions extract, TagScheme scheme, Dataset train)
    {
        string[] types = [.. extract.Types.Select(t => t.Name)];
        if (train.Classes.Count == 0)
            return types.Length > 0 ? train.WithClasses(ChatExtractor.TagsOf(extract)) : throw new DecantException($"{ChatTeacher.Path}.extract.types: {train.Name} has no tags, so the types of spans are not known; name them.");
        if (types.Length == 0 || TagSet.TryRead(train.Classes, scheme, out _) is not { } tags) // what cannot be read is reported with its place
            return train;
        var there = TagSpelling.Types(tags);
        if (there.FirstOrDefault(t => !types.Contains(t, StringComparer.Ordinal)) is { } unknown)
            throw new DecantException($"{ChatTeacher.Path}.extract.types: {train.Name} has tags of the type '{unknown}', which is not among the types ({Shown(types)}). Spell them as the data does, and name all.");
        string[] more = [.. types.Where(t => !there.Contains(t, StringComparer.Ordinal))];
        if (more.Length == 0)
            return train;
        return tags.Scheme == TagScheme.Bio
            ? train.WithClasses([.. train.Classes, .. more.SelectMany(t => new[] { $"B-{t}", $"I-{t}" })])
            : throw new DecantException($"{ChatTeacher.Path}.extract.types: {train.Name} has no tag of the type '{more[0]}'; it has {Shown(there)}.");
    }

    private static ChatExtractorOptions Options(ChatExtractorOptions extract, IReadOnlyList<string> types)
    {
        var described = extract.Types.ToLookup(t => t.Name, t => t.Description, StringComparer.Ordinal);
        return extract with { Types = [.. types.Select(name => new ChatClass(name, described[name].FirstOrDefault()))] };
    }

    private static IEnumerable<WordList> Sentences(Dataset split) => Enumerable.Range(0, split.Count).Select(i => Words(split[i].Content)
        ?? throw new DecantException($"{split.Where(i)}: a chat model tags the words of sentences here, and this is none. Give a source of them (kind: conll)."));

    private static WordList? Words(SampleContent content) => content is WordsContent { Words: var words } ? WordList.OfWords(words) : null;

    private static float[] Logits(double[] probabilities) => Array.ConvertAll(probabilities, p => (float)Math.Log(p + Least));

    private static double[] OneHot(int at, int count) => [.. Enumerable.Range(0, count).Select(i => i == at ? 1.0 : 0)];

    private static string Shown(IReadOnlyList<string> types) => string.Join(", ", types.Take(10)) + (types.Count > 10 ? ", …" : "");

    private static IEnumerable<string> Agreement(ChatExtractorOptions asked, IEnumerable<ChatExtraction> known)
    {
        if (asked.Samples > 1 && known.Where(a => a.Abstention is null).Select(a => a.Agreement).ToArray() is { Length: > 0 } shares)
            yield return FormattableString.Invariant($"The teacher's agreement with itself: of {asked.Samples} answers to a text {100 * shares.Average():0.0} % give a word the same tag on average.");
    }
}
