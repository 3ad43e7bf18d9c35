using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives.Relations;

/// <summary>The vectors of some samples in the spaces of student and teacher.</summary>
public sealed record RelationCase(float[][] Student, float[][] Teacher)
{
    public int Samples => Student.Length;

    public static RelationCase Random(int samples, int seed, int own = 3, int others = 5, float scale = 1)
    {
        var random = new Random(seed);
        float[][] Some(int width) => [.. Enumerable.Range(0, samples).Select(_ => Enumerable.Range(0, width).Select(_ => (float)(random.NextDouble() * 2 - 1) * scale).ToArray())];
        return new(Some(own), Some(others));
    }

    /// <summary>The golden cases of a kind, each with what it comes to.</summary>
    public static IEnumerable<(string Name, JsonElement Options, RelationCase Case, double Sum, long Count, double[] Gradient)> Golden(string kind)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "objectives.json")));
        foreach (var c in document.RootElement.EnumerateArray().Where(c => c.GetProperty("kind").GetString() == kind).Select(c => c.Clone()))
        {
            yield return (c.GetProperty("name").GetString()!, c.GetProperty("options"), new(Rows(c.GetProperty("student")), Rows(c.GetProperty("teacher"))),
                c.GetProperty("sum").GetDouble(), c.GetProperty("count").GetInt64(), [.. Rows(c.GetProperty("gradient")).SelectMany(r => r).Select(x => (double)x)]);
        }
    }

    /// <summary>The same with the student's vectors changed.</summary>
    public RelationCase Moved(Func<float[], float[]> change) => this with { Student = [.. Student.Select(change)] };

    public RelationCase Moved(int sample, int element, float by)
    {
        float[][] moved = [.. Student.Select(v => v.ToArray())];
        moved[sample][element] += by;
        return this with { Student = moved };
    }

    public Batch Batch() => new(Tensor.Zeros([Samples, 1]), Tensor.From(new long[Samples], Samples), Samples, [.. Enumerable.Range(0, Samples).Select(i => new SampleId((ulong)i))]);

    /// <summary>What an objective makes of it, and the gradient for the student's numbers.</summary>
    public (double Sum, long Count, float[] Gradient) Of(IObjective objective, DType dtype = DType.Float32)
    {
        using var scope = TensorScope.Open();
        using var batch = Batch();
        var student = Matrix(Student).To(dtype);
        student.RequiresGrad = true;
        var teacher = Matrix(Teacher).To(dtype);
        var (sum, count) = objective.ReadsLogits
            ? objective.Compute(new StudentOutput(student), new DenseLogits(teacher), batch)
            : objective.Compute(new StudentOutput(Named(student)), new DenseLogits(Tensor.Zeros([Samples, 2])) { Features = Named(teacher) }, batch);
        Assert.Equal(DType.Float32, sum.DType);
        Assert.Empty(sum.Shape);
        if (count > 0)
            sum.Backward();
        return (sum.Detach().Item(), count, student.Grad is { } g ? g.To(DType.Float32).ToArray<float>() : new float[Student.Sum(v => v.Length)]);
    }

    public static Tensor Matrix(float[][] rows) => Tensor.From([.. rows.SelectMany(r => r)], rows.Length, rows.Length == 0 ? 1 : rows[0].Length);

    public static Dictionary<string, Tensor> Named(Tensor value) => new() { [Model.Representation] = value };

    private static float[][] Rows(JsonElement matrix) => [.. matrix.EnumerateArray().Select(r => r.EnumerateArray().Select(x => (float)x.GetDouble()).ToArray())];
}
