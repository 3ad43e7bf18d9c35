using System.Globalization;
using Decant.Runs.Preparing;
using Decant.Teachers.Ensembles;
using Decant.Torch;
using Decant.Training.Optimizers;

namespace Decant.Runs.Running;

/// <summary>
/// Learns how much each teacher counts where it says what: minimises −log z̄(y) over the labelled validation samples, plus λ·‖A‖² ÷ 2, with Adam over all of them
/// at once. No teacher was trained on those samples; on the training samples all of them would look right.
/// </summary>
internal static class GateTraining
{
    private const int Steps = 300;
    private const double LearningRate = 0.05;
    private const double Decay = 0.01;

    /// <summary>Learns, and says in a sentence what came of it.</summary>
    public static string Run(long seed, Ensemble ensemble, PreparedData data, CancellationToken cancellationToken)
    {
        var gate = (GateWeights)ensemble.Mixture.Weights;
        using var scope = TensorScope.Open();
        var (logits, labels) = Answers(ensemble, data, cancellationToken);
        var before = Loss(ensemble.Mixture, logits, labels).Item();
        gate.Gate.RequireGrad(true);
        using (var adam = new AdamOptimizer(Optimizer.GroupByDecay(gate.Gate.NamedParameters(), Decay), new Adam { LearningRate = LearningRate, WeightDecay = Decay }))
        {
            for (var step = 0; step < Steps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var inner = TensorScope.Open();
                Tensor[] parameters = [.. adam.Groups.SelectMany(g => g.Parameters)];
                adam.Step(Autograd.Grad([Loss(ensemble.Mixture, logits, labels)], parameters), LearningRate);
            }
        }

        gate.Gate.RequireGrad(false);
        return Words(seed, ensemble, logits, labels, before);
    }

    private static string Words(long seed, Ensemble ensemble, Tensor[] logits, Tensor labels, double before)
    {
        using var noGrad = Autograd.NoGrad();
        var log = Tensor.Stack([.. logits.Select(l => l.LogSoftmax(1))]);
        var mean = ensemble.Mixture.Weights.Of(log, null).Mean([1]).ToArray<float>();
        var shares = string.Join(", ", ensemble.Members.Select((m, i) => string.Create(CultureInfo.InvariantCulture, $"{m.Name} {mean[i]:0.00}")));
        return string.Create(CultureInfo.InvariantCulture,
            $"Seed {seed}: the teachers' weights were learned on {labels.Size(0):N0} validation labels ({shares} on average); the ensemble's cross-entropy there fell from {before:0.000}, with equal weights, to {Loss(ensemble.Mixture, logits, labels).Item():0.000}.");
    }

    private static Tensor Loss(Mixture mixture, Tensor[] logits, Tensor labels) =>
        mixture.Answer(logits).LogSoftmax(1).Gather(1, labels.Unsqueeze(1)).Mean().Neg();

    /// <summary>K times [N, C], and labels [N]; rows without a label are left out.</summary>
    private static (Tensor[] Logits, Tensor Labels) Answers(Ensemble ensemble, PreparedData data, CancellationToken cancellationToken)
    {
        ensemble.Eval();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var logits = ensemble.Members.Select(_ => new List<Tensor>()).ToArray();
        var labels = new List<Tensor>();
        foreach (var batch in data.Once(data.Validation!).Enumerate(0, 0, cancellationToken))
        {
            using (batch)
            {
                var own = batch.Labels.To(ensemble.Device);
                var known = own.NotEqualTo(Decant.Data.Batching.Batch.NoLabel);                             // [R]
                labels.Add(own.MaskedSelect(known));
                for (var k = 0; k < logits.Length; k++)
                    logits[k].Add(Selected(ensemble.Members[k].Model.Forward(Decant.Signals.ModelAnswers.ToInput(batch, ensemble.Device)), known));
            }
        }

        return ([.. logits.Select(l => scope.Keep(Tensor.Cat([.. l])))], scope.Keep(Tensor.Cat([.. labels])));
    }

    private static Tensor Selected(Tensor rows, Tensor known) => rows.MaskedSelect(known.Unsqueeze(1)).View(-1, rows.Size(1));
}
