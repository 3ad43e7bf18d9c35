using Decant.Compression.Pruning;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Export;
using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Models.ImageNetResNet;
using Decant.Models.ResNet;
using Decant.Modules;
using Decant.Tests.Export.Onnx;
using Decant.Tests.Models;
using Decant.Torch;

namespace Decant.Tests.Compression.Pruning;

/// <summary>Which channels a student keeps of a convolutional teacher.</summary>
public sealed class ChannelPruningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => PrunedConvolutions.Names;

    public static TheoryData<string, UnitImportance> Measured
    {
        get
        {
            var cases = new TheoryData<string, UnitImportance>();
            foreach (var name in PrunedConvolutions.Names)
                foreach (var importance in new[] { UnitImportance.Activation, UnitImportance.Taylor })
                    cases.Add(name, importance);
            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>One pixel x, two channels 3x and 1, two hidden units 4·(3x) and 2·1, and the second hidden unit speaks for class 0.</summary>
    [Fact]
    public void The_scores_are_those_computed_by_hand()
    {
        using var scope = TensorScope.Open();
        using var model = new CnnConfig { ClassNames = ["a", "b"], InputShape = [1, 1, 1], Channels = [2], KernelSize = 1, PoolSize = 1, HiddenSize = 2, FeatureDropout = 0, Dropout = 0 }.Build();
        using (Autograd.NoGrad())
        {
            foreach (var (_, weight) in model.NamedParameters())
                weight.ZeroInPlace();
            foreach (var (name, values) in new Dictionary<string, float[]> { ["conv1.weight"] = [3, 0], ["conv1.bias"] = [0, 1], ["fc1.weight"] = [4, 0, 0, 2], ["fc2.weight"] = [0, 0.5f, 0, 0] })
            {
                var weight = model.NamedParameters().Single(p => p.Key == name).Value;
                weight.CopyInPlace(Tensor.From(values).Reshape(weight.Shape));
            }
        }

        var part = new PartOfTeacher { Channels = [1], Hidden = 1 };
        Near([5, Math.Sqrt(5)], [4, Math.Sqrt(4.25)], UnitImportances.Measure(model, part with { Importance = UnitImportance.Magnitude }, []));
        Near([Math.Sqrt(9 + 36), Math.Sqrt(2)], [Math.Sqrt(144 + 576), Math.Sqrt(8)], UnitImportances.Measure(model, part with { Importance = UnitImportance.Activation }, Pixels()));
        // The logits are (1, 0) for both pixels and both are of class 0: what unit 1 adds to the loss is 2 (1 − p(0)), once before and once behind it, for each pixel.
        var p = 1 - (1 / (1 + Math.Exp(-1)));
        Near([0, 4 * p], [0, 4 * p], UnitImportances.Measure(model, part with { Importance = UnitImportance.Taylor }, Pixels()));

        using var student = StudentFromTeacher.Make(model, part with { Importance = UnitImportance.Taylor }, null, UnitImportances.Measure(model, part with { Importance = UnitImportance.Taylor }, Pixels()));
        var kept = student.StateDict();
        Assert.Equal(([0f], [1f], [2f]), (kept["conv1.weight"].ToArray<float>(), kept["conv1.bias"].ToArray<float>(), kept["fc1.weight"].ToArray<float>()), Same);
        Assert.Equal([0.5f, 0], kept["fc2.weight"].ToArray<float>());
    }

    [Theory, MemberData(nameof(Measured))]
    public void Channels_that_give_nothing_are_left_out_and_the_student_answers_as_the_teacher(string name, UnitImportance importance)
    {
        using var scope = TensorScope.Open();
        using var teacher = PrunedConvolutions.Make(name);
        var part = PrunedConvolutions.Without(teacher, PrunedConvolutions.Silence(teacher), importance);
        var expected = PrunedConvolutions.Logits(teacher);
        Assert.True(expected.Distinct().Count() > 6, "the teacher says the same always");
        var notes = new List<string>();
        using var student = StudentFromTeacher.Make(teacher, part, null, UnitImportances.Measure(teacher, part, PrunedConvolutions.Batches()), notes.Add);
        Assert.True(student.ParameterCount < teacher.ParameterCount);
        Near(expected, PrunedConvolutions.Logits(student), 1e-4);
        using var leading = StudentFromTeacher.Make(teacher, part with { Importance = UnitImportance.First });
        Assert.Equal(student.ParameterCount, leading.ParameterCount);
        Assert.True(Largest(expected, PrunedConvolutions.Logits(leading)) > 1e-3, "the first channels would have done as well");
        Assert.StartsWith($"kept by {importance.ToString().ToLowerInvariant()}: channels ", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Names))]
    public void Where_nothing_is_left_out_the_student_is_the_teacher(string name)
    {
        using var scope = TensorScope.Open();
        using var teacher = PrunedConvolutions.Make(name);
        var none = ChannelMap.Of(((IConfigured)teacher).Config)!.Groups.Keys.ToDictionary(g => g, _ => Array.Empty<int>());
        var part = PrunedConvolutions.Without(teacher, none, UnitImportance.Magnitude);
        using var student = StudentFromTeacher.Make(teacher, part, null, UnitImportances.Measure(teacher, part, []));
        Assert.Equal(PrunedConvolutions.Logits(teacher), PrunedConvolutions.Logits(student));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_student_with_fewer_channels_is_saved_loaded_trained_and_exported_as_any_other(string name)
    {
        using var teacher = PrunedConvolutions.Make(name);
        var part = PrunedConvolutions.Without(teacher, PrunedConvolutions.Silence(teacher), UnitImportance.Magnitude);
        using var student = StudentFromTeacher.Make(teacher, part, null, UnitImportances.Measure(teacher, part, []));
        ModelFolder.Save(_folder.Path, student);
        using var loaded = ModelFolder.Load(_folder.Path);
        Assert.Equal(PrunedConvolutions.Logits(student), PrunedConvolutions.Logits(loaded));
        OnnxParityTests.Same(loaded);
        using var again = StudentFromTeacher.Make(loaded, part with { Importance = UnitImportance.First }); // the same sizes: a part of a part
        Assert.Equal(PrunedConvolutions.Logits(student), PrunedConvolutions.Logits(again));
        using var scope = TensorScope.Open();
        loaded.Train();
        loaded.Forward(Zoo.Input("cnn")).Square().Sum().Backward();
        Assert.All(loaded.NamedParameters(), parameter => Assert.NotNull(parameter.Value.Grad));
    }

    [Fact]
    public void Every_weight_of_a_group_is_known()
    {
        foreach (var name in PrunedConvolutions.Names)
        {
            using var model = PrunedConvolutions.Make(name);
            var map = ChannelMap.Of(((IConfigured)model).Config)!;
            foreach (var (weight, value) in model.StateDict().Where(w => w.Value.Dimensions > 0))
            {
                var groups = map.Of(weight, value.Dimensions);
                Assert.Equal(value.Size(0) is not 3, groups[0] is not null); // three classes
                if (value.Dimensions > 1)
                    Assert.Equal(value.Size(1) is not 3, groups[1] is not null); // three channels of the image
                Assert.All(groups.Index().Where(g => g.Item is not null), g => Assert.Equal(0, value.Size(g.Index) % g.Item!.Count));
            }

            Assert.All(map.Groups.Values.SelectMany(g => g.Seen), path => Assert.Contains(path, model.NamedModules().Select(m => m.Key)));
        }
    }

    [Theory]
    [InlineData("cnn", "channels: expected a number for each of the teacher's 2 convolutions, which have 4, 6, came 1: [4]", 4)]
    [InlineData("cnn", "channels: number 2 is 7, and the teacher has 6 there", 4, 7)]
    [InlineData("cnn", "channels: number 1 is 0, and the teacher has 4 there: a part has 1 to that many", 0, 6)]
    [InlineData("resnet", "channels: expected a number for each of the teacher's 3 stages, which have 16, 32, 64, came 4", 8, 16, 32, 64)]
    [InlineData("resnet", "[16, 8, 64] become fewer along the network", 16, 8, 64)]
    [InlineData("resnet-conv", "the way around the first block would lose what the teacher has there", 16, 64, 128)]
    [InlineData("imagenet-resnet-50", "number 4 is 193, and the teacher has 192 there", 24, 48, 96, 193)]
    public void Channels_that_the_teacher_has_not_are_refused(string name, string part, params int[] channels)
    {
        using var teacher = PrunedConvolutions.Make(name);
        Assert.Contains(part, Told(() => StudentFromTeacher.Make(teacher, new() { Channels = channels })));
    }

    [Fact]
    public void Parts_of_other_families_are_refused_by_name()
    {
        using var cnn = PrunedConvolutions.Make("cnn");
        Assert.Contains("a cnn has no such blocks", Told(() => StudentFromTeacher.Make(cnn, new() { InnerChannels = [2, 2] })));
        Assert.Contains("there are no scores of them", Told(() => StudentFromTeacher.Make(cnn, new() { Channels = [2, 2], Importance = UnitImportance.Magnitude })));
        Assert.Contains("no scores of the channels of 'conv1'", Told(() => StudentFromTeacher.Make(cnn, new() { Channels = [2, 2] }, null, new() { Channels = new Dictionary<string, IReadOnlyList<double>>() })));
        Assert.Contains("3 scores of channels of 'conv1'", Told(() => StudentFromTeacher.Make(cnn, new() { Channels = [2, 2] }, null, new() { Channels = new Dictionary<string, IReadOnlyList<double>> { ["conv1"] = [1, 2, 3] } })));
        using var mlp = Zoo.Create("mlp");
        Assert.Contains("the teacher is of type 'mlp'", Told(() => StudentFromTeacher.Make(mlp, new() { Channels = [2] })));
        using var resnet = PrunedConvolutions.Make("resnet");
        Assert.Contains("has no 'hidden'", Told(() => StudentFromTeacher.Make(resnet, new() { Hidden = 8 })));
        using var vectors = new ImageNetResNetConfig { Task = ModelTask.Embedding, OutputSize = 48, Depths = [1, 1, 1, 1], LayerType = ImageNetBlock.Basic, EmbeddingSize = 6, PooledFeatures = true }.Build();
        Assert.Contains("are the teacher's embedding", Told(() => StudentFromTeacher.Make(vectors, new() { Channels = [6, 12, 24, 40] })));
        using var narrow = StudentFromTeacher.Make(vectors, new() { Channels = [4, 9, 20, 48] });
        Assert.Equal(48, narrow.Classes);
    }

    [Theory]
    [InlineData("[8, 16]", null)]
    [InlineData(null, "[8, 16, 0]")]
    public void Settings_whose_channels_do_not_go_together_are_refused(string? hidden, string? inner)
    {
        static IReadOnlyList<int>? Numbers(string? text) => text is null ? null : [.. text.Trim('[', ']').Split(", ").Select(int.Parse)];
        var basic = new ResNetConfig { ClassNames = ["a", "b"], Depth = 8, HiddenSizes = Numbers(hidden) ?? [16, 32, 64], InnerSizes = Numbers(inner) };
        Assert.Contains("three numbers of at least 1 are needed", Told(() => basic.Build()));
        var large = new ImageNetResNetConfig { ClassNames = ["a", "b"], Depths = [1, 1, 1, 1], LayerType = ImageNetBlock.Basic, HiddenSizes = Numbers(hidden), InnerSizes = Numbers(inner) };
        Assert.Contains("four numbers of at least 1 are needed", Told(() => large.Build()));
    }

    private static IEnumerable<Batch> Pixels()
    {
        foreach (var (value, id) in new[] { (1f, 1UL), (2f, 2UL) })
        {
            using var scope = TensorScope.Suspend();
            yield return new Batch(Tensor.From([value], 1, 1, 1, 1), Tensor.From([0L]), 1, [new SampleId(id)]);
        }
    }

    private static string Told(Action action) => Assert.Throws<DecantException>(action).Message;

    private static bool Same((float[], float[], float[]) a, (float[], float[], float[]) b) => a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2) && a.Item3.SequenceEqual(b.Item3);

    private static void Near(double[] channels, double[] hidden, UnitScores scores)
    {
        Assert.All(channels.Zip(scores.Channels!["conv1"]), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.All(hidden.Zip(scores.Channels["fc1"]), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private static double Largest(float[] expected, float[] came) => expected.Zip(came).Max(pair => Math.Abs(pair.First - pair.Second));

    private static void Near(float[] expected, float[] came, double tolerance) => Assert.InRange(Largest(expected, came) / expected.Max(Math.Abs), 0, tolerance);
}
