using Decant.Data.Chats;
using Decant.Export.Adapters;
using Decant.Models.Configuration;
using Decant.Runs.Recipes.Schema;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Runs.Preparing;

/// <summary>The tokenizer of a teacher that was trained elsewhere, where the recipe trains another for the student.</summary>
internal static class TeacherTokenizer
{
    /// <summary>The teacher's own; null where there is none, or it is the student's.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="student">The student's tokenizer; null where the input is no text.</param>
    /// <exception cref="DecantException">They differ, and something in the recipe compares tokens.</exception>
    public static ITokenizer? Of(Recipe recipe, ITokenizer? student)
    {
        if (student is null || (recipe.Input.Tokenizer is null && recipe.Student.Load is null) || (recipe.Teacher?.Load ?? recipe.Teacher?.Gguf?.File) is not { } folder)
            return null;
        var own = recipe.Teacher!.Gguf is { } gguf ? GgufTeachers.Own(gguf, student) : TokenizerFile.Exists(BaseFolder.ForText(folder)) ? TokenizerFile.Load(BaseFolder.ForText(folder)) : null;
        if (own is null || own.Hash == student.Hash)
            return null;
        return Obstacle(recipe) is not { } obstacle ? own : throw new DecantException(
            $"The teacher in {folder} reads text with a tokenizer of its own ({own.VocabularySize:N0} tokens), the recipe has another ({student.VocabularySize:N0} tokens): {TokenizerDifference.Of(own, student)}. " +
            $"{obstacle}. Remove 'input.tokenizer', and teacher and student both read with the teacher's.");
    }

    /// <summary>What needs one tokenizer for both; null: nothing does.</summary>
    private static string? Obstacle(Recipe recipe)
    {
        if (recipe.Task is ModelTask.TokenClassification or ModelTask.MaskedLanguageModel)
            return "This task has an answer for each token, so both must have the same tokens";
        if (recipe.Task == ModelTask.CausalLanguageModel && recipe.Input.CarryState is true)
            return "'input.carry-state' carries states from token to token, so both must have the same tokens";
        if (recipe.Task == ModelTask.CausalLanguageModel && recipe.Teacher?.Answers is not null)
            return "Answers that are kept on disk (teacher.answers) are of the student's tokens";
        if (recipe.Teacher?.Context is not null || ContextSection.ColumnOf(recipe.Data.Train) is not null)
            return "The teacher is given a context before the student's own tokens";
        if (recipe.Task == ModelTask.CausalLanguageModel && recipe.Data.Train is ChatFileOptions)
            return "Conversations (kind: chat) are written with the special tokens of one chat template, which both must know";
        if (recipe.Student.IsPartOfTeacher || recipe.Assistants is { Count: > 0 })
            return recipe.Assistants is { Count: > 0 } ? "Assistants are taught and teach with one tokenizer" : "A student that is a part of its teacher reads with the teacher's tokenizer";
        foreach (var stage in recipe.Distill.Stages is { } stages ? stages.Select(s => s.Options) : [recipe.Distill])
        {
            if (stage.Objectives.Any(o => o.ReadsFeatures))
                return "An objective compares inner values of the tokens, so both must have the same";
            if (stage.Augment is not null)
                return "'augment' changes the student's tokens, which the teacher does not see";
        }

        return null;
    }
}
