using Decant.Models.Configuration;
using Decant.Objectives;
using Decant.Objectives.Sequence;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Text.Training;

namespace Decant.Runs.Recipes.Checks;

/// <summary>A teacher behind an API that scores the tokens of texts that the student writes, and shows nothing else.</summary>
internal static class ScoresTeacherChecks
{
    private const string Path = "teacher.scores";

    public static IEnumerable<RecipeFinding> Teacher(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Teacher is not { Scores: { } scores } teacher)
            yield break;
        if (teacher with { Scores = null } != new TeacherSection())
            yield return new(Path, "the teacher is a model behind an API that scores texts, and no network is loaded or trained for it; keep 'scores' alone under teacher");
        foreach (var finding in ChatAccessChecks.Of(scores, Path))
            yield return finding;
        foreach (var finding in Inputs(recipe))
            yield return finding;
        foreach (var finding in Students(recipe))
            yield return finding;
        foreach (var finding in Learning(recipe, kinds))
            yield return finding;
    }

    private static IEnumerable<RecipeFinding> Inputs(Recipe recipe)
    {
        if (recipe.Task != ModelTask.CausalLanguageModel || recipe.Input.Kind != InputKind.Text)
            yield return new(Path, "it scores the tokens of texts: input.kind: text, task: causal-lm");
        if (recipe.Input.Tokenizer is not LoadedTokenizerOptions)
            yield return new("input.tokenizer", $"the server of {Path} is sent token ids, and one tokenizer must be the student's and the server's; name a folder that has it, {{ kind: load, from: … }}");
        if (recipe.Input.Vocabulary is KeptVocabulary.Used or KeptVocabulary.Named)
            yield return new("input.vocabulary", $"the token ids are those of {Path}'s server and stay as they are; leave 'vocabulary' out");
    }

    private static IEnumerable<RecipeFinding> Students(Recipe recipe)
    {
        if (recipe.Student.IsPartOfTeacher)
            yield return new("student.from-teacher", $"{Path} has no layers to begin with; give student.model or student.load");
        if (recipe.Assistants is { Count: > 0 })
            yield return new("assistants", $"{Path} is asked about the texts of one student; leave assistants out");
        if (recipe.Student.Generations > 1)
            yield return new("student.generations", $"{Path} is asked about the texts of one student; leave generations out");
    }

    private static IEnumerable<RecipeFinding> Learning(Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Distill.WarmUp is not null)
            yield return new("distill.warm-up", $"a warm-up imitates inner values, and {Path} shows scores alone; leave warm-up out");
        if (RecipeChecks.DistillSections(recipe).All(s => s.Section.Rollouts is null))
            yield return new("distill", $"{Path} scores texts that the student writes, and it writes none; add 'rollouts: {{ student: 1 }}' and the objective {{ kind: on-policy, granularity: sampled }}");
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
        {
            if (section.Rollouts is { } rollouts && (rollouts.Teacher.Largest > 0 || rollouts.TeacherMix > 0))
                yield return new($"{path}.rollouts", $"{Path} scores texts and writes none here; leave 'teacher' and 'teacher-mix' out");
            for (var i = 0; i < section.Objectives.Count; i++)
                if (Fault(section.Objectives[i], kinds) is { } fault)
                    yield return new($"{path}.objectives[{i}]", fault);
        }
    }

    private static string? Fault(ObjectiveOptions objective, IKindRegistry kinds) => objective switch
    {
        OnPolicy { Granularity: not Granularity.Sampled } => $"it compares distributions, and {Path} gives the scores of written tokens alone; use 'granularity: sampled'",
        OnPolicy { Temperature: not 1 } => $"its temperature is another than 1, and {Path} gives scores at temperature 1; leave 'temperature' out",
        OnPolicy => null,
        RowObjectiveOptions { SampleWeighting: not null } => $"'sample-weighting' needs the confidence of a teacher, and {Path} gives the scores of written tokens alone; leave it out",
        _ when objective.ReadsFeatures || TeacherChecks.NeedsTeacher(objective, kinds) =>
            $"'{kinds.KindOf(Sections.Objective, objective)}' needs more of the teacher than the scores of written tokens, and {Path} gives no more; use {{ kind: on-policy, granularity: sampled }}, or labels",
        _ => null,
    };
}
