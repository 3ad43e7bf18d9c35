using Decant.Data.Batching;
using Decant.Evaluation.Embeddings;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Evaluation.Prediction;

/// <summary>Takes the cosines of a batch and releases its vectors. A sample of two rows is a pair; its score is the label of its first row.</summary>
internal sealed class EmbeddingReader(Model model, Model? teacher) : AnswerReader(model, teacher)
{
    private readonly List<(ulong Id, double? Teacher, double? Pair, double? Score)> _samples = [];

    protected override void Read(Batch batch)
    {
        var vectors = Unit(Answer(Model, batch));
        var close = Teacher is null || Teacher.Classes != Model.Classes ? null
            : vectors.Mul(Teacher == Model ? vectors : Unit(Answer(Teacher, batch))).Sum(1).ToArray<float>();
        // [R − 1]: between each row and the next; of pairs every other one is wanted.
        var neighbours = batch.Rows < 2 ? [] : vectors.Narrow(0, 0, batch.Rows - 1).Mul(vectors.Narrow(0, 1, batch.Rows - 1)).Sum(1).ToArray<float>();
        var scores = batch.Labels.DType == DType.Float32 ? batch.Labels.ToArray<float>() : null;
        var row = 0;
        for (var b = 0; b < batch.Size; b++)
        {
            var rows = RowsOf(batch, b);
            double? score = scores is not null && scores.Length == batch.Rows && float.IsFinite(scores[row]) ? scores[row] : null;
            _samples.Add((batch.Ids[b].Value, close?.AsSpan(row, rows).ToArray().Average(c => (double)c), rows == 2 ? neighbours[row] : null, score));
            row += rows;
        }
    }

    protected override TaskAnswers Finish()
    {
        _samples.Sort((a, b) => a.Id.CompareTo(b.Id));
        return new EmbeddingAnswers([.. _samples.Select(s => s.Id)], Column(s => s.Teacher), Column(s => s.Pair), Column(s => s.Score));

        double[]? Column(Func<(ulong Id, double? Teacher, double? Pair, double? Score), double?> value) =>
            _samples.All(s => value(s) is not null) ? [.. _samples.Select(s => value(s)!.Value)] : null;
    }

    /// <summary>Rows of length 1 [R, D]; a row of zeros stays one.</summary>
    private static Tensor Unit(Tensor rows) => rows.Div(rows.Norm([1], keep: true).Clamp(min: 1e-12));
}
