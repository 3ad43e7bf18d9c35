using Decant.Data;
using Decant.Data.Splitting;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote.Asking;
using Decant.Text;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A chat model that teaches from a prompt: what it is asked follows from the task.</summary>
internal static class ChatTeacher
{
    /// <summary>Where a recipe has it.</summary>
    public const string Path = "teacher.chat";

    /// <summary>Asks, or reads what was asked before.</summary>
    /// <param name="recipe">The recipe, whose teacher is a chat model.</param>
    /// <param name="asking">How it is reached.</param>
    /// <param name="splits">What it is asked about: all texts of all splits.</param>
    /// <param name="cancellationToken">Stops; what was answered stays in the store.</param>
    /// <exception cref="DecantException">It cannot be reached, the cost was not agreed to, the budget is spent, or the samples are not what the task has.</exception>
    public static ChatAnswers Ask(Recipe recipe, ChatAsking asking, DataSplits splits, CancellationToken cancellationToken)
    {
        var chat = recipe.Teacher!.Chat!;
        var line = new ChatLine(chat, asking, Path);
        RequireApart(chat, splits);
        return recipe.Task switch
        {
            ModelTask.TokenClassification => ChatTags.Ask(line, chat.Extract ?? new(), recipe.Data.TagScheme, asking, splits, cancellationToken),
            ModelTask.Regression when chat.Rank is { } rank => ChatRanks.Ask(line, rank, asking, splits, cancellationToken),
            ModelTask.Regression => ChatScores.Ask(line, chat.Score!, asking, splits, cancellationToken),
            _ => ChatClasses.Ask(line, chat.Ask ?? new(), asking, splits, cancellationToken),
        };
    }

    /// <summary>The samples with the classes or tags that the teacher chooses from, which may be more than there are labels of.</summary>
    /// <exception cref="DecantException">A label is none of them.</exception>
    public static Dataset Named(Recipe recipe, Dataset train) => (recipe.Task, recipe.Teacher?.Chat) switch
    {
        (ModelTask.Classification, { Ask: { Classes.Count: > 0 } ask }) => ChatClasses.Named(ask, train),
        (ModelTask.TokenClassification, { } chat) => ChatTags.Named(chat.Extract ?? new(), recipe.Data.TagScheme, train),
        _ => train,
    };

    /// <summary>Refuses examples that are measured on: the teacher would be shown their answers.</summary>
    public static void RequireApart(ChatSection chat, DataSplits splits)
    {
        var examples = new (string Key, IEnumerable<ChatPromptExample> Examples)[] { ("ask", chat.Ask?.Examples ?? []), ("extract", chat.Extract?.Examples ?? []), ("score", chat.Score?.Examples ?? []), ("write", chat.Write?.Examples ?? []) }
            .SelectMany(q => q.Examples.Select((e, i) => (e.Text, Place: FormattableString.Invariant($"{Path}.{q.Key}.examples[{i}]")))).ToLookup(e => e.Text, e => e.Place, StringComparer.Ordinal);
        if (examples.Count == 0)
            return;
        foreach (var split in All(splits).Skip(1))
            for (var i = 0; i < split.Count; i++)
                if (TextOf(split[i].Content) is { } text && examples[text].FirstOrDefault() is { } place)
                    throw new DecantException($"{place}: {split.Where(i)} is the same text, and is measured on: the teacher would be shown its answer. Take an example of the training split, or one of your own.");
    }

    private static string? TextOf(SampleContent content) => content switch
    {
        TextContent text => text.Text,
        PromptContent prompt => prompt.Prompt,
        WordsContent words => WordList.OfWords(words.Words).Text,
        _ => null,
    };

    /// <summary>The splits that there are.</summary>
    public static IEnumerable<Dataset> All(DataSplits splits) => new[] { splits.Train, splits.Validation, splits.Test }.OfType<Dataset>();
}
