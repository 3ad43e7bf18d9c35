using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Objectives.Logits;
using Decant.Objectives.Ranking;
using Decant.Objectives.Relations;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

/// <summary>Logits of student and teacher [B, C] and labels; a golden one knows what comes of them.</summary>
public sealed record ObjectiveCase(int Samples, int Classes, float[] Student, float[] Teacher, long[] Labels)
{
    public string Name { get; init; } = "";

    public JsonElement Options { get; init; }

    public double Sum { get; init; }

    public long Count { get; init; }

    public double[] Gradient { get; init; } = [];

    public static ObjectiveCase[] Golden(string kind)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Golden", "objectives.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.EnumerateArray().Where(c => c.GetProperty("kind").GetString() == kind).Select(c => Read(c.Clone()))];
    }

    /// <summary>Normally distributed logits; every third sample has no label.</summary>
    public static ObjectiveCase Random(int samples, int classes, int seed, float scale = 2)
    {
        using var generator = new Generator((ulong)seed + 1);
        using var scope = TensorScope.Open();
        float[] Logits() => (Tensor.Randn([samples, classes], generator) * scale).ToArray<float>();
        return new(samples, classes, Logits(), Logits(), [.. Enumerable.Range(0, samples).Select(i => i % 3 == 1 ? Decant.Data.Batching.Batch.NoLabel : (i + seed) % classes)]);
    }

    /// <summary>The same with one of the student's logits moved.</summary>
    public ObjectiveCase Moved(int element, float by)
    {
        float[] moved = [.. Student];
        moved[element] += by;
        return this with { Student = moved };
    }

    public ObjectiveCase Rows(int from, int to) => new(
        to - from, Classes, Student[(from * Classes)..(to * Classes)], Teacher[(from * Classes)..(to * Classes)], Labels[from..to]);

    /// <summary>With logits that the dtype holds exactly.</summary>
    public ObjectiveCase Rounded(DType dtype)
    {
        using var scope = TensorScope.Open();
        float[] Round(float[] logits) => Tensor.From(logits).To(dtype).To(DType.Float32).ToArray<float>();
        return this with { Student = Round(Student), Teacher = Round(Teacher) };
    }

    public Batch Batch() => new(
        Tensor.Zeros([Samples, 1]), Tensor.From(Labels, Samples), Labels.Count(l => l != Decant.Data.Batching.Batch.NoLabel),
        [.. Enumerable.Range(0, Samples).Select(i => new SampleId((ulong)i))]);

    /// <summary>A regression's: the teacher's logits are the numbers wanted, where there is a label.</summary>
    public Batch NumbersBatch() => new(
        Tensor.Zeros([Samples, 1]), Tensor.From([.. Teacher.Select((number, i) => Labels[i / Classes] == Decant.Data.Batching.Batch.NoLabel ? float.NaN : number)], Samples, Classes),
        Labels.Count(l => l != Decant.Data.Batching.Batch.NoLabel), [.. Enumerable.Range(0, Samples).Select(i => new SampleId((ulong)i))]);

    /// <summary>Any number of labels: a sample with a label has those for which the teacher's logit is above 0.</summary>
    public Batch LabelSetsBatch() => new(
        Tensor.Zeros([Samples, 1]), Tensor.From([.. Teacher.Select((logit, i) => Labels[i / Classes] == Decant.Data.Batching.Batch.NoLabel ? float.NaN : logit > 0 ? 1f : 0f)], Samples, Classes),
        Labels.Count(l => l != Decant.Data.Batching.Batch.NoLabel), [.. Enumerable.Range(0, Samples).Select(i => new SampleId((ulong)i))]);

    /// <summary>Pairs of texts with a vector each: a sample's second vector is the teacher's, its score the label.</summary>
    public Batch PairsBatch() => new(
        Tensor.Zeros([2 * Samples, 1]), Tensor.From([.. Labels.SelectMany(l => Enumerable.Repeat(l == Decant.Data.Batching.Batch.NoLabel ? float.NaN : l, 2))], 2 * Samples, 1),
        2 * Labels.Count(l => l != Decant.Data.Batching.Batch.NoLabel), [.. Enumerable.Range(0, Samples).Select(i => new SampleId((ulong)i))])
    {
        RowsPerSample = [.. Enumerable.Repeat(2, Samples)],
    };

    /// <summary>Queries with documents: a row is a query, its numbers are the scores of its documents, its label the relevant one.</summary>
    public Batch RankingBatch() => new(
        Tensor.Zeros([Samples * Classes, 1]),
        Tensor.From([.. Labels.SelectMany(l => Enumerable.Range(0, Classes).Select(c => l == Decant.Data.Batching.Batch.NoLabel ? float.NaN : c == l ? 1f : 0f))], Samples * Classes, 1),
        Classes * Labels.Count(l => l != Decant.Data.Batching.Batch.NoLabel), [.. Enumerable.Range(0, Samples).Select(i => new SampleId((ulong)i))])
    {
        RowsPerSample = [.. Enumerable.Repeat(Classes, Samples)],
        Ranking = RankingForm.Scores,
    };

    private static ObjectiveCase Read(JsonElement c)
    {
        var (student, teacher) = (Rows(c.GetProperty("student")), Rows(c.GetProperty("teacher")));
        return new(student.Length, student[0].Length, Flat(student), Flat(teacher), [.. c.GetProperty("labels").EnumerateArray().Select(l => l.GetInt64())])
        {
            Name = c.GetProperty("name").GetString()!,
            Options = c.GetProperty("options"),
            Sum = c.GetProperty("sum").GetDouble(),
            Count = c.GetProperty("count").GetInt64(),
            Gradient = [.. Rows(c.GetProperty("gradient")).SelectMany(r => r)],
        };
    }

    private static double[][] Rows(JsonElement matrix) => [.. matrix.EnumerateArray().Select(r => r.EnumerateArray().Select(x => x.GetDouble()).ToArray())];

    private static float[] Flat(double[][] rows) => [.. rows.SelectMany(r => r).Select(x => (float)x)];
}

/// <summary>What an objective makes of a case, and the gradient for the student's logits.</summary>
internal static class Measure
{
    /// <summary>The batch of a case as an objective wants it labelled.</summary>
    public static Batch BatchOf(IObjective objective, ObjectiveCase some) =>
        objective switch { TargetMseObjective => some.NumbersBatch(), BinaryCrossEntropyObjective => some.LabelSetsBatch(), PairSimilarityObjective => some.PairsBatch(), RankingObjective => some.RankingBatch(), _ => some.Batch() };

    public static (double Sum, long Count, float[] Gradient) Of(IObjective objective, ObjectiveCase some, DType dtype = DType.Float32)
    {
        using var scope = TensorScope.Open();
        using var batch = BatchOf(objective, some);
        var logits = Tensor.From(some.Student, some.Samples, some.Classes).To(dtype);
        logits.RequiresGrad = true;
        var teacher = Tensor.From(some.Teacher, some.Samples, some.Classes).To(dtype);
        var answers = objective switch
        {
            PairSimilarityObjective => Tensor.Stack([logits, teacher], 1).Reshape([2 * some.Samples, some.Classes]),
            RankingObjective => logits.Reshape(-1, 1),
            _ => logits,
        };
        var (sum, count) = objective.Compute(new StudentOutput(answers), new DenseLogits(objective is RankingObjective ? teacher.Reshape(-1, 1) : teacher), batch);
        Assert.Equal(DType.Float32, sum.DType);
        Assert.Empty(sum.Shape);
        if (count > 0)
            sum.Backward();
        var gradient = logits.Grad is { } g ? g.To(DType.Float32).ToArray<float>() : new float[some.Student.Length];
        return (sum.Detach().Item(), count, gradient);
    }
}
