using System.Globalization;
using Decant.Evaluation;
using Decant.Runs.Hardware;
using Decant.Runs.Preparing;
using Decant.Runs.Preparing.ChatTeachers;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Decant.Teachers.Remote.Limits;

namespace Decant.Runs.ActiveLearning;

/// <summary>
/// Pool-based active learning with a teacher behind an API: in each round a student learns from what was answered so far, and the texts that it is least sure of are asked about next, until the rounds, the gain
/// or the budget ends. What was chosen stands in a file beside the answers; a run that was killed goes on with the round it was in.
/// </summary>
/// <param name="catalog">The kinds that recipes name.</param>
/// <param name="command">What was typed.</param>
/// <param name="progress">Gets every event of every round.</param>
internal sealed class ActiveRounds(Catalog catalog, string command, IProgress<RunEvent>? progress)
{
    /// <summary>Holds the rounds that were not held yet.</summary>
    /// <param name="recipe">A recipe with <c>teacher.chat.rounds</c>.</param>
    /// <param name="cancellationToken">Stops; the same command goes on.</param>
    /// <returns>What was spent on them.</returns>
    public RequestBudget Run(Recipe recipe, CancellationToken cancellationToken)
    {
        recipe = FetchedModels.Of(catalog.Fetching, recipe, progress, cancellationToken);
        MachineFacts.Prepare(recipe.Threads);
        using var splits = DataPreparation.Open(catalog, recipe, cancellationToken);
        var pool = new TextPool(splits.Train, recipe.Data.StudentLabels is null);
        var (chat, folder) = (recipe.Teacher!.Chat!, ChosenTexts.FolderOf(catalog, recipe, splits.Train));
        var rounds = chat.Rounds!;
        var metric = (recipe.Distill.EarlyStopping?.Metric ?? recipe.Distill.BestBy) is { } named ? Metric.Find(named, recipe.Task) : Metric.Default(recipe.Task, false);
        var (budget, agreed) = (ChatLine.BudgetOf(chat), false);
        var chosen = ChosenTexts.Read(folder) ?? new ChosenTexts([new(pool.First(rounds.First), null, null)], pool.Count <= rounds.First ? "all training texts are asked about" : null);
        while (chosen.Ended is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var asking = catalog.Asking with { Only = chosen.All, Spending = budget, Later = Later(rounds, chosen, pool), Agrees = Agrees };
            var round = new RoundRun(catalog with { Asking = asking }, recipe, Path.Combine(folder, chosen.Rounds.Count.ToString(CultureInfo.InvariantCulture)), command, progress);
            chosen = Next(chosen, rounds, metric, round, pool, cancellationToken);
            chosen.Write(folder);
        }

        chosen.Write(folder); // where there was only one
        return budget;

        bool Agrees(ChatCost cost) => agreed = agreed || chosen.Rounds.Count > 1 || catalog.Asking.Agrees?.Invoke(cost) is true;
    }

    private static int Later(ChatRounds rounds, ChosenTexts chosen, TextPool pool) =>
        (int)Math.Min(pool.Count - chosen.All.Count, (long)rounds.More * (rounds.Most - chosen.Rounds.Count));

    private ChosenTexts Next(ChosenTexts chosen, ChatRounds rounds, Metric metric, RoundRun round, TextPool pool, CancellationToken cancellationToken)
    {
        Note($"round {chosen.Rounds.Count} of at most {rounds.Most}: {chosen.All.Count.ToString("N0", CultureInfo.InvariantCulture)} training texts");
        double? value;
        try
        {
            value = round.Learn(cancellationToken);
        }
        catch (BudgetExceededException) when (chosen.Rounds.Count > 1)
        {
            // Those of the round that were answered count.
            var stored = round.Answered(chosen.Rounds[^1].Keys, cancellationToken);
            return new([.. chosen.Rounds.SkipLast(1), .. stored.Count > 0 ? [chosen.Rounds[^1] with { Keys = stored }] : (ChosenRound[])[]], "the budget is spent");
        }

        var held = chosen with { Rounds = [.. chosen.Rounds.SkipLast(1), chosen.Rounds[^1] with { Metric = value is null ? null : metric.Name, Value = value }] };
        if (Ended(held, rounds, metric, pool) is { } reason)
            return held with { Ended = reason };
        var left = pool.Without(held.All);
        return held with { Rounds = [.. held.Rounds, new(round.Choose(left, rounds, pool.Classes, cancellationToken), null, null)] };
    }

    private static string? Ended(ChosenTexts held, ChatRounds rounds, Metric metric, TextPool pool)
    {
        if (held.All.Count >= pool.Count)
            return "all training texts are asked about";
        if (rounds.LeastGain is { } least && held.Rounds is [.., _, { Value: { } last }])
        {
            var sign = metric.HigherIsBetter ? 1 : -1;
            var gain = (sign * last) - held.Rounds.SkipLast(1).Max(r => sign * r.Value!.Value);
            if (gain <= least)
                return FormattableString.Invariant($"the last gained {gain:0.0000} over the best before it");
        }

        return held.Rounds.Count >= rounds.Most ? "it was the last of the recipe" : null;
    }

    private void Note(string text) => progress?.Report(new RunNote { Text = text });
}
