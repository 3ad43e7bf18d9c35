using Decant.Data;
using Decant.Data.Labels;
using Decant.Evaluation;
using Decant.Evaluation.TrivialAnswers;
using Decant.Runs.Preparing;

namespace Decant.Runs.Comparing;

/// <summary>Compares the models of a run with trivial answers that need no model, seed by seed.</summary>
internal sealed class TrivialAnswerTests(PreparedData data)
{
    private readonly Dictionary<string, List<TrivialAnswerTest?>> _tests = [];
    private readonly int? _majority = Majority(data.Train);

    /// <summary>Tests one seed of an arm.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="answers">What it answered.</param>
    /// <returns>Null where the task has no such answer.</returns>
    public TrivialAnswerTest? Test(string arm, TaskAnswers answers)
    {
        var test = TrivialAnswerTest.Of(answers, _majority, data.Classes);
        if (!_tests.TryGetValue(arm, out var seeds))
            _tests[arm] = seeds = [];
        seeds.Add(test);
        return test;
    }

    /// <summary>The seeds of an arm that were tested and are no better; null: none, or the arm was not tested.</summary>
    public Shortfall? ShortfallOf(string arm) => _tests.TryGetValue(arm, out var seeds) ? Shortfall.Of(seeds) : null;

    /// <summary>The class with the most labels in the training split, the lowest of those that tie; null where its labels are no classes.</summary>
    private static int? Majority(Dataset train)
    {
        if (train.LabelKind != LabelKind.Class || train.LabelledCount == 0)
            return null;
        var counts = train.CountByClass();
        return Enumerable.Range(0, counts.Count).MaxBy(c => counts[c]);
    }
}
