using Decant.Data;
using Decant.Evaluation.Prediction;
using Decant.Export;
using Decant.Runs.Preparing;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Runs.Running;

namespace Decant.Runs.ActiveLearning;

/// <summary>The run of one round: a student that learns from the texts that are asked about so far, and says which of the others it is least sure of.</summary>
/// <param name="catalog">The kinds, with the texts that are asked about.</param>
/// <param name="recipe">The recipe.</param>
/// <param name="folder">The folder of the round.</param>
/// <param name="command">What was typed.</param>
/// <param name="progress">Gets every event.</param>
internal sealed class RoundRun(Catalog catalog, Recipe recipe, string folder, string command, IProgress<RunEvent>? progress)
{
    private Recipe OfRound => recipe with { Teacher = recipe.Teacher! with { Chat = recipe.Teacher.Chat! with { Rounds = null } } };

    /// <summary>Asks, and trains the student, or finds that it was.</summary>
    /// <returns>The best value of the metric on validation samples; null: there are none.</returns>
    public double? Learn(CancellationToken cancellationToken) =>
        StudentRun.Run(catalog, "distill", OfRound, new RunOptions { Out = folder, Command = command, ToResume = command }, progress, cancellationToken);

    /// <summary>The texts that the next round asks about, by key: those that the student is least sure of.</summary>
    /// <param name="texts">Those that were not asked about, in the order of their keys, which decides between equal ones.</param>
    /// <param name="rounds">What the recipe says.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="cancellationToken">Stops.</param>
    public IReadOnlyList<string> Choose(IReadOnlyList<string> texts, ChatRounds rounds, IReadOnlyList<string> classes, CancellationToken cancellationToken)
    {
        if (rounds.Choose == RoundChoice.Random)
            return [.. texts.Take(rounds.More).Select(ChosenTexts.KeyOf)];
        using var data = DataPreparation.Prepare(catalog, OfRound, cancellationToken);
        using var model = ModelFolder.Load(Path.Combine(folder, Arms.Student));
        using var samples = Dataset.From("training texts that were not asked about", texts.Select(text => ((SampleContent)new TextContent(text), (string?)classes[0])), classes); // a label, which plays no part, so that they are answered
        var said = Predictor.Predict(model, data.Once(samples), cancellationToken);
        var rows = Enumerable.Range(0, samples.Count).ToDictionary(i => samples.IdOf(i).Value, i => i);
        return
        [
            .. Enumerable.Range(0, said.Count).Select(i => (Row: rows[said.SampleIds[i]], Unsure: Uncertainty.Of(said.Row(i), rounds.Choose)))
                .OrderByDescending(t => t.Unsure).ThenBy(t => t.Row).Take(rounds.More).Select(t => ChosenTexts.KeyOf(texts[t.Row])),
        ];
    }

    /// <summary>Of some texts those that have a stored answer.</summary>
    public IReadOnlyList<string> Answered(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var only = catalog with { Asking = catalog.Asking with { MayAsk = false } };
        using var splits = DataPreparation.Open(only, recipe, cancellationToken);
        var said = ChatTeacher.Ask(recipe, only.Asking, splits, cancellationToken);
        var answered = Enumerable.Range(0, splits.Train.Count).Select(i => splits.Train[i]).Where(sample => said.LogitsOf(sample) is not null).Select(sample => ChosenTexts.KeyOf(((TextContent)sample.Content).Text)).ToHashSet(StringComparer.Ordinal);
        return [.. keys.Where(answered.Contains)];
    }
}
