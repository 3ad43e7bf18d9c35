using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Objectives;
using Decant.Runs;
using Decant.Runs.Recipes.Binding;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

/// <summary>Numbers of a shape.</summary>
public sealed record Values(long[] Shape, float[] Numbers)
{
    public static Values Random(Random random, float scale, params long[] shape) =>
        new(shape, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => scale * (float)((random.NextDouble() * 4) - 2))]);

    public Tensor ToTensor(DType dtype = DType.Float32) => Tensor.From(Numbers, Shape).To(dtype);

    /// <summary>Some of the samples, which are the first dimension.</summary>
    public Values Rows(int from, int to)
    {
        var each = Numbers.Length / (int)Shape[0];
        return new([to - from, .. Shape[1..]], Numbers[(from * each)..(to * each)]);
    }

    public Values Moved(int element, float by)
    {
        float[] moved = [.. Numbers];
        moved[element] += by;
        return this with { Numbers = moved };
    }

    public Values All(float value) => this with { Numbers = [.. Numbers.Select(_ => value)] };

    internal static Values Read(JsonElement json) =>
        new([.. json.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())], [.. json.GetProperty("data").EnumerateArray().Select(x => (float)x.GetDouble())]);
}

/// <summary>Inner values of student and teacher by path; layers are those called <c>layer.1</c> and so on, their attention <c>layer.1.attention</c>.</summary>
public sealed record FeatureCase(Dictionary<string, Values> Student, Dictionary<string, Values> Teacher)
{
    public string Name { get; init; } = "";

    /// <summary>[B, T], true where there is a token; null: everywhere.</summary>
    public bool[][]? Mask { get; init; }

    /// <summary>Options as in a recipe, as JSON.</summary>
    public string Options { get; init; } = "{}";

    public Dictionary<string, Values> Weights { get; init; } = [];

    /// <summary>What a stateful objective remembers at first.</summary>
    public Dictionary<string, Values> State { get; init; } = [];

    /// <summary>How many samples the student learns from in all.</summary>
    public int Population { get; init; } = 40;

    public bool IsCausal { get; init; }

    public double Sum { get; init; }

    public long Count { get; init; }

    public Dictionary<string, double[]> Gradients { get; init; } = [];

    public Dictionary<string, double[]> WeightGradients { get; init; } = [];

    public int Samples => (int)Student.Values.First().Shape[0];

    public static FeatureCase[] Golden(string kind)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Golden", "features.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.EnumerateArray().Where(c => c.GetProperty("kind").GetString() == kind).Select(Read)];
    }

    /// <summary>The objective for these values, as a recipe would make it, with the weights of the case.</summary>
    public IFeatureObjective Create(string kind)
    {
        var faults = new FaultList();
        var tree = (MapNode)YamlTree.Parse(Options, mark => SourceLocation.Line(Name, mark.Line), faults)!;
        var type = Catalog.Standard.Kinds.Kinds(Sections.Objective).Single(k => k.Kind == kind).Options;
        var options = new RecipeBinder(Catalog.Standard.Kinds, faults, ".").Record(type, tree, tree.Spot, kind);
        faults.ThrowIfAny();
        using var generator = new Generator(11);
        var context = new ObjectiveContext(() => Map("The student", Student), () => Map("The teacher", Teacher)) { Generator = generator, Samples = Population };
        var objective = (IFeatureObjective)Catalog.Standard.CreateObjective((ObjectiveOptions)options, context);
        if (Weights.Count > 0)
            ((ITrainedObjective)objective).Trained.LoadStateDict(Weights.ToDictionary(w => w.Key, w => w.Value.ToTensor()));
        if (State.Count > 0)
        {
            using var scope = TensorScope.Open();
            var stateful = (IStatefulObjective)objective;
            stateful.Restore(State.ToDictionary(s => s.Key, s => s.Value.ToTensor(stateful.State[s.Key].DType)));
        }

        return objective;
    }

    public Batch Batch()
    {
        var length = Mask is null ? Student.Values.FirstOrDefault(v => v.Shape.Length >= 3)?.Shape[^2] ?? 1 : Mask.Length == 0 ? 1 : Mask[0].Length;
        return new(
            Tensor.Zeros([Samples, length], DType.Int64), Tensor.Zeros([Samples], DType.Int64), Samples, [.. Enumerable.Range(0, Samples).Select(i => new SampleId((ulong)i))],
            Mask is null ? null : Tensor.From([.. Mask.SelectMany(m => m)], Samples, length));
    }

    public FeatureCase Rows(int from, int to) => this with { Student = Map(Student, v => v.Rows(from, to)), Teacher = Map(Teacher, v => v.Rows(from, to)), Mask = Mask?[from..to] };

    public FeatureCase WithStudent(Func<Values, Values> change) => this with { Student = Map(Student, change) };

    public FeatureCase Moved(string path, int element, float by) => this with { Student = new(Student) { [path] = Student[path].Moved(element, by) } };

    /// <summary>With numbers that the dtype holds exactly.</summary>
    public FeatureCase Rounded(DType dtype)
    {
        using var scope = TensorScope.Open();
        Values Round(Values v) => v with { Numbers = v.ToTensor(dtype).To(DType.Float32).ToArray<float>() };
        return this with { Student = Map(Student, Round), Teacher = Map(Teacher, Round) };
    }

    private static Dictionary<string, Values> Map(Dictionary<string, Values> values, Func<Values, Values> change) => values.ToDictionary(v => v.Key, v => change(v.Value));

    private FeatureMap Map(string who, Dictionary<string, Values> values)
    {
        var layers = Enumerable.Range(1, 99).Select(i => $"layer.{i}").TakeWhile(layer => values.Keys.Any(path => path == layer || path.StartsWith(layer + ".", StringComparison.Ordinal))).ToArray();
        return FeatureMap.Of(who, new ModelLayers(values.ContainsKey("embeddings") ? "embeddings" : null, layers) { Attentions = [.. layers.Select(l => $"{l}.attention")] },
            values.ToDictionary(v => v.Key, v => (IReadOnlyList<long>)v.Value.Shape), IsCausal);
    }

    private static FeatureCase Read(JsonElement c) => new(Side(c, "student"), Side(c, "teacher"))
    {
        Name = c.GetProperty("name").GetString()!,
        Options = c.GetProperty("options").GetRawText(),
        IsCausal = c.TryGetProperty("causal", out var causal) && causal.GetBoolean(),
        Mask = c.GetProperty("mask") is { ValueKind: JsonValueKind.Array } mask ? [.. mask.EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetInt32() == 1).ToArray())] : null,
        State = c.TryGetProperty("state", out var state) ? state.EnumerateObject().ToDictionary(s => s.Name, s => Values.Read(s.Value)) : [],
        Population = c.TryGetProperty("samples", out var samples) ? samples.GetInt32() : 40,
        Weights = c.GetProperty("weights").EnumerateObject().ToDictionary(w => w.Name, w => Values.Read(w.Value)),
        Sum = c.GetProperty("sum").GetDouble(),
        Count = c.GetProperty("count").GetInt64(),
        Gradients = Numbers(c, "gradients"),
        WeightGradients = Numbers(c, "weight-gradients"),
    };

    private static Dictionary<string, Values> Side(JsonElement c, string side) => c.GetProperty(side).EnumerateObject().ToDictionary(v => v.Name, v => Values.Read(v.Value));

    private static Dictionary<string, double[]> Numbers(JsonElement c, string name) =>
        c.GetProperty(name).EnumerateObject().ToDictionary(g => g.Name, g => g.Value.EnumerateArray().Select(x => x.GetDouble()).ToArray());
}

/// <summary>What an objective makes of a case.</summary>
internal sealed record FeatureMeasure(double Sum, long Count, Dictionary<string, float[]> Gradients, Dictionary<string, float[]> WeightGradients)
{
    public IEnumerable<float> AllGradients => Gradients.Values.Concat(WeightGradients.Values).SelectMany(g => g);

    public static FeatureMeasure Of(IFeatureObjective objective, FeatureCase some, DType dtype = DType.Float32)
    {
        using var scope = TensorScope.Open();
        using var batch = some.Batch();
        var student = objective.StudentFeatures.ToDictionary(path => path, path => some.Student[path].ToTensor(dtype));
        foreach (var value in student.Values)
            value.RequiresGrad = true;
        var teacher = objective.TeacherFeatures.ToDictionary(path => path, path => some.Teacher[path].ToTensor(dtype));
        var trained = ((ITrainedObjective)objective).Trained.NamedParameters().ToArray();
        foreach (var (_, parameter) in trained)
            parameter.Grad = null;
        var (sum, count) = objective.Compute(new StudentOutput(student), new DenseLogits(Tensor.Zeros([1, 1])) { Features = teacher }, batch);
        Assert.Equal(DType.Float32, sum.DType);
        Assert.Empty(sum.Shape);
        if (count > 0)
            sum.Backward();
        var measured = new FeatureMeasure(
            sum.Detach().Item(), count,
            student.ToDictionary(s => s.Key, s => s.Value.Grad?.To(DType.Float32).ToArray<float>() ?? new float[some.Student[s.Key].Numbers.Length]),
            trained.ToDictionary(t => t.Key, t => t.Value.Grad?.ToArray<float>() ?? []));
        foreach (var (_, parameter) in trained)
            parameter.Grad = null;
        return measured;
    }
}
