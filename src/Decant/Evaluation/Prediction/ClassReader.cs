using Decant.Data.Batching;
using Decant.Modules;

namespace Decant.Evaluation.Prediction;

/// <summary>Gathers the logits of samples.</summary>
internal sealed class ClassReader(Model model) : AnswerReader(model)
{
    private readonly List<float> _logits = [];
    private readonly List<int> _labels = [];
    private readonly List<ulong> _ids = [];

    protected override void Read(Batch batch)
    {
        _logits.AddRange(Answer(Model, batch).ToArray<float>());
        _labels.AddRange(batch.Labels.ToArray<long>().Select(label => (int)label));
        _ids.AddRange(batch.Ids.Select(id => id.Value));
    }

    protected override TaskAnswers Finish()
    {
        var order = Order(_ids);
        var classes = Model.Classes;
        var logits = new float[_logits.Count];
        for (var i = 0; i < order.Length; i++)
            _logits.CopyTo(order[i] * classes, logits, i * classes, classes);
        return new Predictions(logits, classes, [.. order.Select(i => _labels[i])], [.. order.Select(i => _ids[i])]);
    }
}
