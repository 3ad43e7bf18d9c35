using Decant.Data;
using Decant.Data.Sources;
using Decant.Data.Splitting;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote.Storing;
using Decant.Teachers.Remote.Writing;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A chat model that writes what a language model learns to write: sequence-level distillation.</summary>
internal static class ChatTexts
{
    /// <summary>Asks, or reads what was asked before.</summary>
    /// <param name="recipe">The recipe, with <c>teacher.chat.write</c>.</param>
    /// <param name="asking">How the model is reached.</param>
    /// <param name="splits">Prompts with completions. It is asked about the training prompts, or those of <c>distill.transfer-set.data</c>.</param>
    /// <param name="open">Opens a source.</param>
    /// <param name="cancellationToken">Stops; what was answered stays in the store.</param>
    /// <returns>What was said of it, and prompts with what was written of them; while it was not asked, something as long in its place.</returns>
    /// <exception cref="DecantException">It cannot be reached, the cost was not agreed to, the budget is spent, or the samples are no prompts.</exception>
    public static (ChatAnswers Answers, Dataset Written) Ask(Recipe recipe, ChatAsking asking, DataSplits splits, Func<SourceOptions, Dataset> open, CancellationToken cancellationToken)
    {
        var (chat, write) = (recipe.Teacher!.Chat!, recipe.Teacher.Chat!.Write!);
        var line = new ChatLine(chat, asking, ChatTeacher.Path);
        var question = new ChatWriter(new StoredChatClient(null), write); // refuses what is wrong before anything is opened
        foreach (var split in ChatTeacher.All(splits))
            RequirePrompts(split);
        ChatTeacher.RequireApart(chat, splits);
        using var other = recipe.Distill.TransferSet?.Data is { } source ? open(source) : null;
        var (prompts, held) = Prompts(other ?? splits.Train, [.. new[] { splits.Validation, splits.Test }.OfType<Dataset>()]);
        var said = new ChatSurvey<string, ChatWriting>(line, question, asking, text => text, Words(write)).Ask(prompts, cancellationToken);
        var written = Written(prompts, said.Answers, write, isAsked: said.Unasked == 0);
        if (written.Length == 0)
            throw new DecantException($"{(other ?? splits.Train).Name}: the teacher wrote nothing that can be used of the {prompts.Length:N0} prompts. Look at {ChatTeacher.Path}.write.");
        var answers = new ChatAnswers(line.Name, _ => null, [.. said.Remarks, .. Remarks(held, prompts.Length, said, written.Length)]) { Undecided = [], Wanted = "a text", Unasked = said.Unasked, Writes = true, Look = said.Look(line.Name, text => text, (_, answer) => string.Join(" │ ", answer.Texts.Concat(answer.Rationales))) };
        return (answers, Dataset.From($"what {line.Name} wrote", written.Select(w => ((SampleContent)w, (string?)null))).WithOwnLabels());
    }

    private static SurveyWords Words(ChatWriterOptions write) => new()
    {
        Items = "prompts",
        How = write.Samples == 1 ? "whose texts the student learns" : FormattableString.Invariant($"of which the student learns up to {write.Samples} texts for each prompt"),
        Wanted = "a text that can be used",
        Useless = "cannot be used",
        NextStep = $"Look at {ChatTeacher.Path}.write: its instruction, rationale and max-output-tokens.",
        Consequence = "they are not learned from",
    };

    private static void RequirePrompts(Dataset split)
    {
        if (split.Count > 0 && split[0].Content is not PromptContent)
            throw new DecantException($"{split.Where(0)}: {ChatTeacher.Path}.write is about prompts, and this is running text. Give sources with a 'prompt' and a 'completion'; prompts without completions go into distill.transfer-set.data.");
    }

    /// <summary>Each prompt once, without those that are measured on.</summary>
    private static (string[] Prompts, int Held) Prompts(Dataset samples, Dataset[] measured)
    {
        var held = measured.SelectMany(All).ToHashSet(StringComparer.Ordinal);
        string[] all = [.. All(samples).Distinct(StringComparer.Ordinal)], apart = [.. all.Where(prompt => !held.Contains(prompt))];
        return (apart, all.Length - apart.Length);
    }

    private static IEnumerable<string> All(Dataset samples) => Enumerable.Range(0, samples.Count).Select(i => samples[i].Content switch
    {
        PromptContent prompt => prompt.Prompt,
        TextContent { Pair: null } text => text.Text,
        var content => throw new DecantException($"{samples.Where(i)}: expected a prompt, came {content.GetType().Name.Replace("Content", "", StringComparison.Ordinal).ToLowerInvariant()}; give a source with a 'prompt', or with texts that are the prompts."),
    });

    private static PromptContent[] Written(string[] prompts, IReadOnlyDictionary<string, ChatWriting> said, ChatWriterOptions write, bool isAsked) =>
    [
        .. prompts.SelectMany(prompt => said.GetValueOrDefault(prompt) is { } answer ? Rows(prompt, answer, write)
            : isAsked ? [] : [new PromptContent(prompt, write.Separator + prompt)]), // as long as the prompt: not known
    ];

    private static IEnumerable<PromptContent> Rows(string prompt, ChatWriting answer, ChatWriterOptions write) =>
    [
        .. answer.Texts.Select(text => new PromptContent(prompt, write.Separator + text)),
        .. answer.Rationales.Select(reasons => new PromptContent(write.Rationale!.Prompt.Replace(ChatWriterOptions.TextPlace, prompt, StringComparison.Ordinal), write.Separator + reasons)),
    ];

    private static IEnumerable<string> Remarks(int held, int prompts, Surveyed<string, ChatWriting> said, int written)
    {
        if (held > 0)
            yield return FormattableString.Invariant($"{held:N0} prompts are also in the validation or test split: the teacher is not asked about them, and the student does not learn them.");
        if (said.Unasked == 0)
            yield return FormattableString.Invariant($"The student learns {written:N0} texts that the teacher wrote of {prompts:N0} prompts. Of the teacher itself nothing is measured: an API of chat says no probabilities of the test split's texts.");
    }
}
