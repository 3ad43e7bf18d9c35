using Decant.Data;
using Decant.Evaluation.Prediction;
using Decant.Modules;
using Decant.Runs.Planning;
using Decant.Runs.Preparing;

namespace Decant.Runs.Fitting;

/// <summary>
/// How much quality the teacher loses on validation samples where it is cut along one axis alone, without training. The loss of a candidate is estimated as the sum over its axes. The sum says which candidates are
/// trained, not which of them is best: layers that are missing are learned more easily than the sum says.
/// </summary>
/// <param name="grid">The grid.</param>
/// <param name="data">The data.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="seed">What calibration samples are drawn from.</param>
internal sealed class Sensitivities(CandidateGrid grid, PreparedData data, Model teacher, ulong seed)
{
    private const int MostSamples = 512;

    private readonly Dictionary<(int Axis, int Level), double> _losses = [];
    private double? _whole;

    /// <summary>The loss that a candidate is estimated to have before training, in the unit of the metric; larger is worse.</summary>
    public double Of(Candidate candidate, CancellationToken cancellationToken)
    {
        var sum = 0.0;
        foreach (var (axis, level) in candidate.Levels.Index().Where(l => l.Item > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_losses.TryGetValue((axis, level), out var loss))
                _losses[(axis, level)] = loss = Math.Max(0, (_whole ??= Score(grid.Only(0, 0), cancellationToken)) - Score(grid.Only(axis, level), cancellationToken));
            sum += loss;
        }

        return sum;
    }

    // Larger is better.
    private double Score(Candidate candidate, CancellationToken cancellationToken)
    {
        using var model = PartStudent.Make(candidate.Part, teacher, data, seed, null);
        _ = Rounding.Settle(model, data, candidate.Form);
        model.Eval();
        var samples = Samples();
        var answers = Predictor.Ask(model, data.Once(samples), EvaluationTasks.Of(data, samples), data.AsksTeacherAlong ? teacher : null, cancellationToken);
        var value = answers.Metrics()[answers.Headline.Name];
        return answers.Headline.HigherIsBetter ? value : -value;
    }

    private Dataset Samples()
    {
        var all = data.Validation!;
        return all.Count <= MostSamples || data.Streams.ContainsKey(all) ? all : all.Subset([.. Enumerable.Range(0, MostSamples).Select(i => (int)((long)i * all.Count / MostSamples))]);
    }
}
