using Decant.Data;
using Decant.Data.Splitting;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Storing;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A chat model that classifies the texts of a run from a prompt.</summary>
internal static class ChatTeacher
{
    /// <summary>Where a recipe has it.</summary>
    public const string Path = "teacher.chat";

    /// <summary>Asks, or reads what was asked before.</summary>
    /// <param name="section">The teacher.</param>
    /// <param name="asking">How it is reached.</param>
    /// <param name="splits">What it is asked about: all texts of all splits.</param>
    /// <param name="cancellationToken">Stops; what was answered stays in the store.</param>
    /// <exception cref="DecantException">It cannot be reached, the cost was not agreed to, the budget is spent, or texts are no single texts.</exception>
    public static ChatAnswers Ask(ChatSection section, ChatAsking asking, DataSplits splits, CancellationToken cancellationToken)
    {
        var line = new ChatLine(section, asking, Path);
        var question = new ChatClassifier(new StoredChatClient(null), Options(section, splits.Classes)); // refuses what is wrong before anything is opened
        var words = new SurveyWords
        {
            How = $"by {(section.Ask.Evidence == ClassEvidence.Stated ? "stated confidence" : section.Ask.Evidence.ToString().ToLowerInvariant())}",
            Wanted = "a class",
            Useless = "name no class",
            NextStep = $"Look at {Path}.ask: its instruction, its classes, evidence and max-output-tokens.",
        };
        var said = new ChatSurvey<string, ChatClassification>(line, question, asking, text => text, words)
            .Ask(new[] { splits.Train, splits.Validation, splits.Test }.OfType<Dataset>().SelectMany(Texts), cancellationToken);
        return new(line.Name, said.Answers, [.. said.Remarks, .. said.Unasked > 0 ? [] : Agreement(section.Ask, said.Answers.Values)]) { Unasked = said.Unasked };
    }

    /// <summary>The samples with the classes that the teacher chooses from, which may be more than there are labels of.</summary>
    /// <exception cref="DecantException">A label is none of them.</exception>
    public static Dataset Named(ChatSection section, Dataset train)
    {
        string[] classes = [.. section.Ask.Classes.Select(c => c.Name)];
        if (train.Classes.FirstOrDefault(label => !classes.Contains(label, StringComparer.Ordinal)) is not { } unknown)
            return train.WithClasses(classes);
        var near = classes.FirstOrDefault(c => c.Equals(unknown, StringComparison.OrdinalIgnoreCase)) is { } other ? $"; did you mean '{other}'?" : ".";
        throw new DecantException($"teacher.chat.ask.classes: {train.Name} has the label '{unknown}', which is not among the classes ({string.Join(", ", classes.Take(10))}{(classes.Length > 10 ? ", …" : "")}){near} Spell them as the data does, and name all.");
    }

    private static ChatClassifierOptions Options(ChatSection section, IReadOnlyList<string> classes)
    {
        var described = section.Ask.Classes.ToLookup(c => c.Name, c => c.Description, StringComparer.Ordinal);
        if (described.Select(c => c.Key).FirstOrDefault(name => !classes.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw new DecantException($"teacher.chat.ask.classes: the data has no class '{unknown}'; it has {string.Join(", ", classes.Take(10))}{(classes.Count > 10 ? ", …" : "")}.");
        return section.Ask with { Classes = [.. classes.Select(name => new ChatClass(name, described[name].FirstOrDefault()))] };
    }

    private static IEnumerable<string> Texts(Dataset split) => Enumerable.Range(0, split.Count).Select(i => split[i].Content is TextContent { Pair: null, Text: var text }
        ? text
        : throw new DecantException($"{split.Where(i)}: a chat model is asked about single texts here, and this is none. Use a teacher that is loaded or trained."));

    private static IEnumerable<string> Agreement(ChatClassifierOptions asked, IEnumerable<ChatClassification> known)
    {
        if (asked.Evidence == ClassEvidence.Samples && known.Where(a => a.Probabilities is not null).Select(a => a.Probabilities!.Max()).ToArray() is { Length: > 0 } shares)
            yield return FormattableString.Invariant($"The teacher's agreement with itself: of {asked.Samples} answers to a text {100 * shares.Average():0.0} % name the same class on average.");
    }
}
