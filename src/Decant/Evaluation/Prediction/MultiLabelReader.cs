using Decant.Data.Batching;
using Decant.Evaluation.MultiLabel;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Evaluation.Prediction;

/// <summary>Gathers the logits of labels and which a sample has; samples without labels are left out.</summary>
/// <param name="model">The model.</param>
/// <param name="thresholds">From which probability on a sample has each label; null: 0.5.</param>
internal sealed class MultiLabelReader(Model model, IReadOnlyList<double>? thresholds) : AnswerReader(model)
{
    private readonly List<(ulong Id, float[] Logits, bool[] Wanted)> _samples = [];

    protected override void Read(Batch batch)
    {
        var labels = Model.Classes;
        var answers = Answer(Model, batch).ToArray<float>();
        var wanted = batch.Labels.To(DType.Float32).ToArray<float>();
        if (wanted.Length != answers.Length)
            throw new DecantException($"The model has {labels} labels, and the data has {(double)wanted.Length / batch.Rows:0.##}. Both must be as many.");
        for (var b = 0; b < batch.Size; b++)
        {
            var row = wanted[(b * labels)..((b + 1) * labels)];
            if (!row.Any(float.IsNaN))
                _samples.Add((batch.Ids[b].Value, answers[(b * labels)..((b + 1) * labels)], [.. row.Select(w => w > 0.5f)]));
        }
    }

    protected override TaskAnswers Finish()
    {
        if (_samples.Count == 0)
            throw AnswerFaults.Nothing();
        _samples.Sort((a, b) => a.Id.CompareTo(b.Id));
        return new MultiLabelAnswers([.. _samples.SelectMany(s => s.Logits)], [.. _samples.SelectMany(s => s.Wanted)], Model.Classes, [.. _samples.Select(s => s.Id)], thresholds);
    }
}
