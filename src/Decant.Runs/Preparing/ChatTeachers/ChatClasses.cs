using Decant.Data;
using Decant.Data.Splitting;
using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Storing;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A chat model that classifies the texts of a run from a prompt.</summary>
internal static class ChatClasses
{
    private const double Least = 1e-6; // of a class that was not among the tokens: not known, and not impossible

    /// <inheritdoc cref="ChatTeacher.Ask"/>
    public static ChatAnswers Ask(ChatLine line, ChatClassifierOptions ask, ChatAsking asking, DataSplits splits, CancellationToken cancellationToken)
    {
        var question = new ChatClassifier(new StoredChatClient(null), Options(ask, splits.Classes)); // refuses what is wrong before anything is opened
        var words = new SurveyWords
        {
            How = $"by {(ask.Evidence == ClassEvidence.Stated ? "stated confidence" : ask.Evidence.ToString().ToLowerInvariant())}",
            Wanted = "a class",
            Useless = "name no class",
            NextStep = $"Look at {ChatTeacher.Path}.ask: its instruction, its classes, evidence and max-output-tokens.",
        };
        var said = new ChatSurvey<string, ChatClassification>(line, question, asking, text => text, words)
            .Ask([.. Texts(splits.Train).Where(text => asking.Only?.Contains(ChosenTexts.KeyOf(text)) != false), .. ChatTeacher.All(splits).Skip(1).SelectMany(Texts)], cancellationToken);
        return new(line.Name, Said, [.. asking.Chosen is { } how ? [how] : (string[])[], .. said.Remarks, .. said.Unasked > 0 ? [] : Agreement(ask, said.Answers.Values)]) { Undecided = new float[splits.Classes.Count], Wanted = words.Wanted, Unasked = said.Unasked, Look = said.Look(line.Name, text => text, (_, answer) => Shares(answer.Probabilities!, splits.Classes)) };

        float[]? Said(Sample sample) => said.Answers.GetValueOrDefault(((TextContent)sample.Content).Text)?.Probabilities is { } p ? Array.ConvertAll(p, x => (float)Math.Log(x + Least)) : null;
    }

    /// <summary>The samples with the classes that the teacher chooses from, which may be more than there are labels of.</summary>
    /// <exception cref="DecantException">A label is none of them.</exception>
    public static Dataset Named(ChatClassifierOptions ask, Dataset train)
    {
        string[] classes = [.. ask.Classes.Select(c => c.Name)];
        if (train.Classes.FirstOrDefault(label => !classes.Contains(label, StringComparer.Ordinal)) is not { } unknown)
            return train.WithClasses(classes);
        var near = classes.FirstOrDefault(c => c.Equals(unknown, StringComparison.OrdinalIgnoreCase)) is { } other ? $"; did you mean '{other}'?" : ".";
        throw new DecantException($"teacher.chat.ask.classes: {train.Name} has the label '{unknown}', which is not among the classes ({string.Join(", ", classes.Take(10))}{(classes.Length > 10 ? ", …" : "")}){near} Spell them as the data does, and name all.");
    }

    // The classes of at least a twentieth, the most probable first.
    private static string Shares(double[] probabilities, IReadOnlyList<string> classes) => string.Join(", ", probabilities.Index().Where(p => p.Item >= 0.05).OrderByDescending(p => p.Item)
        .Select(p => FormattableString.Invariant($"{classes[p.Index]} {100 * p.Item:0} %")));

    private static ChatClassifierOptions Options(ChatClassifierOptions ask, IReadOnlyList<string> classes)
    {
        var described = ask.Classes.ToLookup(c => c.Name, c => c.Description, StringComparer.Ordinal);
        if (described.Select(c => c.Key).FirstOrDefault(name => !classes.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw new DecantException($"teacher.chat.ask.classes: the data has no class '{unknown}'; it has {string.Join(", ", classes.Take(10))}{(classes.Count > 10 ? ", …" : "")}.");
        return ask with { Classes = [.. classes.Select(name => new ChatClass(name, described[name].FirstOrDefault()))] };
    }

    /// <summary>The texts of a split, in its order.</summary>
    /// <exception cref="DecantException">It has something else.</exception>
    public static IEnumerable<string> Texts(Dataset split) => Enumerable.Range(0, split.Count).Select(i => split[i].Content is TextContent { Pair: null, Text: var text }
        ? text
        : throw new DecantException($"{split.Where(i)}: a chat model is asked about single texts here, and this is none. Use a teacher that is loaded or trained."));

    private static IEnumerable<string> Agreement(ChatClassifierOptions asked, IEnumerable<ChatClassification> known)
    {
        if (asked.Evidence == ClassEvidence.Samples && known.Where(a => a.Probabilities is not null).Select(a => a.Probabilities!.Max()).ToArray() is { Length: > 0 } shares)
            yield return FormattableString.Invariant($"The teacher's agreement with itself: of {asked.Samples} answers to a text {100 * shares.Average():0.0} % name the same class on average.");
    }
}
