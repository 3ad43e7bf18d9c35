using Decant.Data.Batching;
using Decant.Evaluation.Regression;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Evaluation.Prediction;

/// <summary>Gathers numbers and the wanted ones; samples without any target are left out.</summary>
internal sealed class RegressionReader(Model model, CorrelationKind correlation) : AnswerReader(model)
{
    private readonly List<(ulong Id, float[] Answer, float[] Target)> _samples = [];

    protected override void Read(Batch batch)
    {
        var outputs = Model.Classes;
        var answers = Answer(Model, batch).ToArray<float>();
        var targets = batch.Labels.To(DType.Float32).ToArray<float>();
        if (targets.Length != answers.Length)
            throw new DecantException($"The model has {outputs} outputs per sample, and the data has targets of {(double)targets.Length / batch.Rows:0.##}. Both must be as many.");
        for (var b = 0; b < batch.Size; b++)
        {
            var target = targets[(b * outputs)..((b + 1) * outputs)];
            if (target.Any(float.IsFinite))
                _samples.Add((batch.Ids[b].Value, answers[(b * outputs)..((b + 1) * outputs)], target));
        }
    }

    protected override TaskAnswers Finish()
    {
        if (_samples.Count == 0)
            throw AnswerFaults.Nothing();
        _samples.Sort((a, b) => a.Id.CompareTo(b.Id));
        return new RegressionAnswers(
            [.. _samples.SelectMany(s => s.Answer)], [.. _samples.SelectMany(s => s.Target)], Model.Classes, [.. _samples.Select(s => s.Id)], correlation);
    }
}
