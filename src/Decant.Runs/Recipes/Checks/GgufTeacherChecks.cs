using Decant.Models.Configuration;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;

namespace Decant.Runs.Recipes.Checks;

/// <summary>A GGUF file gives logits of tokens or vectors of texts, and shows nothing else.</summary>
internal static class GgufTeacherChecks
{
    public static IEnumerable<RecipeFinding> Teachers(Recipe recipe, IKindRegistry kinds)
    {
        foreach (var (path, section) in recipe.LargeModels().Where(t => t.Section.Gguf is not null))
            foreach (var finding in Teacher($"{path}.gguf", path, section, recipe))
                yield return finding;
        if (recipe.LargeModels().FirstOrDefault(t => t.Section.Gguf is not null).Path is not { } first)
            yield break;
        foreach (var finding in Learning($"{first}.gguf", recipe, kinds))
            yield return finding;
    }

    private static IEnumerable<RecipeFinding> Teacher(string key, string path, LargeModelSection section, Recipe recipe)
    {
        (string Key, bool IsSaid)[] others =
        [
            ("model", section.Model is not null), ("load", section.Load is not null), ("new-head", section.NewHead), ("train", section.Train is not null), ("seed", section.Seed is not null),
            ("images", section.Images is not null), ("quantization", section.Quantization is not null),
            ("chat", section is TeacherSection { Chat: not null }), ("embeddings", section is TeacherSection { Embeddings: not null }), ("scores", section is TeacherSection { Scores: not null }),
        ];
        foreach (var (other, _) in others.Where(o => o.IsSaid))
            yield return new($"{path}.{other}", $"the teacher is {key}, computed by llama.cpp as it is; leave '{other}' out, or 'gguf'");
        if (recipe.Task is not (ModelTask.CausalLanguageModel or ModelTask.Embedding))
            yield return new(key, $"a GGUF file gives the logits of next tokens or the vectors of texts, and the task is {EnumWords.Of(recipe.Task)}; use causal-lm or embedding");
        if (recipe.Task is ModelTask.CausalLanguageModel && section.Gguf!.Normalize)
            yield return new($"{key}.normalize", "'normalize' is for the vectors of an embedding; leave it out");
        if (recipe.Input.MaxTokens > section.Gguf!.Context)
            yield return new($"{key}.context", $"texts have up to {recipe.Input.MaxTokens} tokens (input.max-tokens), and there is room for {section.Gguf.Context}; leave 'context' out, or say input.max-tokens: {section.Gguf.Context}");
    }

    private static IEnumerable<RecipeFinding> Learning(string key, Recipe recipe, IKindRegistry kinds)
    {
        if (recipe.Student.IsPartOfTeacher)
            yield return new("student.from-teacher", $"{key} shows no weights to begin with; give student.model");
        for (var i = 0; i < (recipe.Assistants?.Count ?? 0); i++)
            if (i == 0 && recipe.Assistants![i].FromTeacher is not null)
                yield return new($"assistants[{i}].from-teacher", $"{key} shows no weights to begin with; give assistants[{i}].model");
        if (recipe.Input.Vocabulary is KeptVocabulary.Used or KeptVocabulary.Named)
            yield return new("input.vocabulary", $"the tokens of {key} stay as they are; leave 'vocabulary' out");
        if (recipe.Input.CarryState is true)
            yield return new("input.carry-state", $"{key} reads each text from its beginning; leave it out");
        if (recipe.Input.Kind is not InputKind.Text)
            yield return new(key, "a GGUF file reads text, and input.kind is another; say kind: text");
        foreach (var (path, section) in RecipeChecks.DistillSections(recipe))
            for (var i = 0; i < section.Objectives.Count; i++)
                if (section.Objectives[i].ReadsFeatures)
                    yield return new($"{path}.objectives[{i}]", $"'{kinds.KindOf(Sections.Objective, section.Objectives[i])}' reads inner values, and {key} gives its {(recipe.Task is ModelTask.Embedding ? "vectors" : "logits")} alone; use {(recipe.Task is ModelTask.Embedding ? "vectors" : "soft-targets")}");
    }
}
