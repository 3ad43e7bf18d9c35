using Decant.Data.Splitting;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Runs.Preparing;

/// <summary>Opens the sources of all tasks and makes the tokenizer that they share, trained on the texts of all.</summary>
internal static class TaskPreparation
{
    /// <exception cref="DecantException">Every fault of every task.</exception>
    public static IReadOnlyList<PreparedTask> Prepare(Catalog catalog, MultiTaskRecipe recipe, CancellationToken cancellationToken)
    {
        var alone = recipe.Tasks.Select(recipe.Of).ToArray();
        var open = new List<DataSplits>();
        try
        {
            TaskFaults.Each(recipe, (task, i) =>
            {
                open.Add(DataPreparation.Open(catalog, alone[i], cancellationToken));
                TaskLabels.Check(task.Task, open[^1]);
                TeacherImages.RequireOneForm(alone[i], open[^1].Train[0], "teachers of several tasks are given them in one form");
                return task;
            });
            var tokenizer = recipe.Input.Kind == InputKind.Text ? Tokenizer(catalog, recipe, open, cancellationToken) : null;
            var restricted = UsedVocabulary.Of(recipe.Input.Vocabulary, tokenizer, [.. open.Select(s => s.Train)], cancellationToken);
            return TaskFaults.Each(recipe, (task, i) =>
                new PreparedTask(task.Name, alone[i], DataPreparation.Prepared(open[i], alone[i], tokenizer, restricted, cancellationToken)) { Weight = task.Weight });
        }
        catch
        {
            foreach (var splits in open)
                splits.Dispose();
            throw;
        }
    }

    private static ITokenizer Tokenizer(Catalog catalog, MultiTaskRecipe recipe, IReadOnlyList<DataSplits> open, CancellationToken cancellationToken)
    {
        if (recipe.Input.Tokenizer is { } choice)
            return catalog.TrainTokenizer(choice, open.SelectMany(s => DataPreparation.Texts(s.Train)), cancellationToken);
        var loaded = recipe.Tasks.Where(t => t.Teacher.Load is { } folder && TokenizerFile.Exists(folder)).Select(t => (t.Name, Tokenizer: TokenizerFile.Load(t.Teacher.Load!))).ToArray();
        if (loaded.Length == 0)
            throw DataPreparation.NoTokenizer();
        foreach (var (name, tokenizer) in loaded.Where(l => l.Tokenizer.Hash != loaded[0].Tokenizer.Hash))
        {
            throw new DecantException(
                $"The teachers of {loaded[0].Name} and {name} read text with two tokenizers ({TokenizerDifference.Of(loaded[0].Tokenizer, tokenizer)}), and one student has one: " +
                "take teachers that share theirs, or say 'input.tokenizer' and train the teachers here.");
        }

        return loaded[0].Tokenizer;
    }
}
