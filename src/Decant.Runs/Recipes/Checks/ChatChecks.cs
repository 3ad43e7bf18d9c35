using Decant.Models.Configuration;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>A teacher behind an API classifies, tags or scores texts, and shows nothing but its answers.</summary>
internal static class ChatChecks
{
    private const string Path = "teacher.chat";

    private static readonly (ModelTask Task, string Key, Func<ChatSection, object?> Of)[] s_questions =
    [
        (ModelTask.Classification, "ask", chat => chat.Ask),
        (ModelTask.TokenClassification, "extract", chat => chat.Extract),
        (ModelTask.Regression, "score", chat => chat.Score),
        (ModelTask.Regression, "rank", chat => chat.Rank),
        (ModelTask.CausalLanguageModel, "write", chat => chat.Write),
    ];

    public static IEnumerable<RecipeFinding> Teacher(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Teacher is not { Chat: { } chat } teacher)
            yield break;
        if (teacher with { Chat = null } != new TeacherSection())
            yield return new(Path, "the teacher is a chat model, and no network is loaded or trained for it; keep 'chat' alone under teacher");
        foreach (var finding in ChatAccessChecks.Of(chat, Path))
            yield return finding;
        if ((chat.Ask?.Classes ?? []).GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { Key: var twice })
            yield return new($"{Path}.ask.classes", $"the class '{twice}' is there twice; keep one");
        if (chat.Ask?.Classes.Any(c => string.IsNullOrWhiteSpace(c.Name)) == true)
            yield return new($"{Path}.ask.classes", "a class has no name; give it one");
        foreach (var finding in Questions(recipe, chat))
            yield return finding;
        if (recipe.Student.IsPartOfTeacher)
            yield return new("student.from-teacher", $"{Path} has no layers to begin with; give student.model");
        if (recipe.Distill.TransferSet?.Data is not null && chat.Write is null)
            yield return new("distill.transfer-set.data", $"{Path} is asked about the samples of data; put the texts without labels there");
        if (chat.Rounds is not null && recipe.Task != ModelTask.Classification)
            yield return new($"{Path}.rounds", "texts are chosen by how unsure a classifier is of them, and the task is another; leave rounds out");
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
        {
            if (section.Augment is not null)
                yield return new($"{path}.augment", $"{Path} is asked about each text once, as it is; leave augment out");
            for (var i = 0; i < section.Objectives.Count; i++)
                if (section.Objectives[i].ReadsFeatures)
                    yield return new($"{path}.objectives[{i}]", $"'{kinds.KindOf(Sections.Objective, section.Objectives[i])}' reads inner values, and {Path} shows its answers alone; use {(recipe.Task == ModelTask.Regression ? "logits-mse" : "soft-targets")}");
        }
    }

    /// <summary>Each task has its question, and no other's.</summary>
    private static IEnumerable<RecipeFinding> Questions(Recipe recipe, ChatSection chat)
    {
        if (!s_questions.Any(q => q.Task == recipe.Task) || recipe.Input.Kind != InputKind.Text)
        {
            yield return new(Path, $"a chat model gives classes, tags or scores of texts, or writes texts: input.kind: text, task: {string.Join(", ", s_questions.Select(q => EnumWords.Of(q.Task)))}");
            yield break;
        }

        var fits = s_questions.First(q => q.Task == recipe.Task);
        foreach (var other in s_questions.Where(q => q.Task != fits.Task && q.Of(chat) is not null))
            yield return new($"{Path}.{other.Key}", $"'{other.Key}' is for {EnumWords.Of(other.Task)}, and the task is {EnumWords.Of(recipe.Task)}; use '{fits.Key}'");
        if (recipe.Task == ModelTask.Regression && chat is { Score: null, Rank: null })
            yield return new($"{Path}.score", "a regression needs what is to be scored; give question, from and to");
        if (chat is { Score: not null, Rank: not null })
            yield return new($"{Path}.rank", "pairs are scored one by one (score) or ranked list by list (rank); leave one of the two out");
        if (recipe.Task == ModelTask.CausalLanguageModel && chat.Write is null)
            yield return new($"{Path}.write", "a language model needs what is to be written; give an instruction, or {} where the prompts are instructions themselves");
        if (recipe.Task == ModelTask.CausalLanguageModel && recipe.Distill.Stages is { Count: > 0 })
            yield return new("distill.stages", $"what {Path} writes is learned in one stage; leave stages out");
        if (recipe.Task == ModelTask.CausalLanguageModel)
        {
            foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
                for (var i = 0; i < section.Objectives.Count; i++)
                    if (section.Objectives[i] is not Objectives.Logits.Labels)
                        yield return new($"{path}.objectives[{i}]", $"of what {Path} writes no probabilities are known; use labels, by which the student learns its texts");
        }
    }
}
