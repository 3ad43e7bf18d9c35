using Decant.Compression.Pruning;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.FromTeacher;
using Decant.Models.LstmText;
using Decant.Modules;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Compression.Pruning;

/// <summary>Which units a student keeps of its teacher.</summary>
public class UnitImportanceTests
{
    private static readonly UnitImportance[] s_measured = [UnitImportance.Magnitude, UnitImportance.Activation, UnitImportance.Taylor];

    public static TheoryData<string, UnitImportance> Cases
    {
        get
        {
            var cases = new TheoryData<string, UnitImportance>();
            foreach (var name in PrunedTransformers.Names)
                foreach (var importance in s_measured.Where(i => i != UnitImportance.Taylor || name != "bert-vectors"))
                    cases.Add(name, importance);
            return cases;
        }
    }

    [Fact]
    public void Magnitudes_are_the_norms_of_what_makes_a_unit_and_what_reads_it()
    {
        using var scope = TensorScope.Open();
        using var model = new BertConfig
        {
            Task = ModelTask.Classification,
            ClassNames = ["a", "b"],
            VocabSize = 5,
            HiddenSize = 4,
            NumAttentionHeads = 2,
            NumHiddenLayers = 1,
            IntermediateSize = 3,
            MaxPositionEmbeddings = 4,
        }.Build();
        using (Autograd.NoGrad())
        {
            foreach (var (_, weight) in model.NamedParameters())
                weight.ZeroInPlace();
            Set(model, "bert.encoder.layer.0.intermediate.dense.weight", 3, 1, 0); // unit 1 reads hidden dimension 0
            Set(model, "bert.encoder.layer.0.output.dense.weight", 4, 0, 1);       // and is read into it
            Set(model, "bert.encoder.layer.0.intermediate.dense.bias", 2, 2);
            Set(model, "bert.encoder.layer.0.attention.self.value.weight", 6, 3, 1); // the second row of head 1
            Set(model, "bert.encoder.layer.0.attention.output.dense.weight", 8, 1, 2); // the first column of head 1
            Set(model, "bert.encoder.layer.0.attention.self.key.bias", 1, 0);
            Set(model, "bert.embeddings.word_embeddings.weight", 12, 4, 3);
            Set(model, "bert.embeddings.LayerNorm.weight", 5, 3);
            Set(model, "classifier.weight", 0.5f, 1, 2);
        }

        var scores = UnitImportances.Measure(model, new() { Importance = UnitImportance.Magnitude, Hidden = 2, Heads = 1, Intermediate = 2 }, []);
        Assert.Equal([0, 5, 2], scores.Intermediate![0]);
        Assert.Equal([1, 10], scores.Heads![0]);
        Assert.Equal([5, 10, 0.5, 13], scores.Hidden!.Select(s => Math.Round(s, 5)));
        Assert.Null(scores.Layers);

        using var student = StudentFromTeacher.Make(model, new() { Importance = UnitImportance.Magnitude, Hidden = 2, Heads = 1, Intermediate = 2 }, null, scores);
        var weights = student.StateDict();
        Assert.Equal([0, 0, 0, 0], weights["bert.encoder.layer.0.intermediate.dense.weight"].ToArray<float>()); // dimension 0 is left out
        Assert.Equal([0, 2], weights["bert.encoder.layer.0.intermediate.dense.bias"].ToArray<float>());
        Assert.Equal([0, 0, 6, 0], weights["bert.encoder.layer.0.attention.self.value.weight"].ToArray<float>());
        Assert.Equal([8, 0, 0, 0], weights["bert.encoder.layer.0.attention.output.dense.weight"].ToArray<float>());
        Assert.Equal(12, weights["bert.embeddings.word_embeddings.weight"].ToArray<float>()[9]);
        Assert.Equal([0, 5], weights["bert.embeddings.LayerNorm.weight"].ToArray<float>());
    }

    [Theory, MemberData(nameof(Cases))]
    public void However_the_teacher_numbers_its_units_the_student_computes_the_same(string name, UnitImportance importance)
    {
        using var scope = TensorScope.Open();
        using var teacher = PrunedTransformers.Make(name);
        using var shuffled = PrunedTransformers.Shuffled(name, teacher);
        Near(PrunedTransformers.Logits(teacher), name == "bert-vectors" ? [] : PrunedTransformers.Logits(shuffled), 1e-4);
        var part = Narrow(name, importance);
        using var first = Student(teacher, part);
        using var second = Student(shuffled, part);
        Assert.True(first.ParameterCount < teacher.ParameterCount);
        if (name == "bert-vectors")
            Near(PrunedTransformers.Logits(first).Order(), PrunedTransformers.Logits(second).Order(), 1e-4); // the numbers of a vector change places with its dimensions
        else
            Near(PrunedTransformers.Logits(first), PrunedTransformers.Logits(second), 1e-4);
        using var leading = StudentFromTeacher.Make(teacher, part with { Importance = UnitImportance.First });
        Assert.NotEqual(PrunedTransformers.Logits(leading), PrunedTransformers.Logits(first));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Where_nothing_is_left_out_the_student_is_the_teacher(string name, UnitImportance importance)
    {
        using var scope = TensorScope.Open();
        using var teacher = PrunedTransformers.Make(name);
        var sizes = new UnitMap(((IConfigured)teacher).Config).Sizes;
        using var student = Student(teacher, new() { Importance = importance, Hidden = sizes.Hidden, Heads = sizes.Heads, Intermediate = sizes.Intermediate });
        Assert.Equal(PrunedTransformers.Logits(teacher), PrunedTransformers.Logits(student));
    }

    [Theory]
    [InlineData("llama", UnitImportance.Activation)]
    [InlineData("llama", UnitImportance.Taylor)]
    [InlineData("qwen3", UnitImportance.Activation)]
    [InlineData("gpt2", UnitImportance.Activation)]
    [InlineData("gpt2", UnitImportance.Taylor)]
    [InlineData("bert", UnitImportance.Activation)]
    [InlineData("bert", UnitImportance.Taylor)]
    [InlineData("distilbert", UnitImportance.Taylor)]
    public void Units_that_give_nothing_are_left_out_and_the_student_answers_as_the_teacher(string name, UnitImportance importance)
    {
        using var scope = TensorScope.Open();
        using var teacher = PrunedTransformers.Make(name);
        var map = new UnitMap(((IConfigured)teacher).Config);
        using (Autograd.NoGrad())
        {
            // A unit of its own in each layer: what makes it is 0, and f(0) = 0.
            foreach (var (weight, value) in teacher.NamedParameters())
            {
                var (axes, layer) = map.Of(weight, value.Dimensions);
                var made = Array.IndexOf(axes, UnitAxis.Intermediate);
                if (made >= 0 && (axes.Length == 1 || !IsReader(weight)))
                    value.Narrow(made, 3 + layer!.Value, 2).ZeroInPlace();
            }
        }

        var expected = PrunedTransformers.Logits(teacher);
        using var student = Student(teacher, new() { Importance = importance, Intermediate = map.Sizes.Intermediate - 2 });
        Near(expected, PrunedTransformers.Logits(student), 1e-5);
        using var leading = StudentFromTeacher.Make(teacher, new() { Intermediate = map.Sizes.Intermediate - 2 });
        Assert.True(expected.Zip(PrunedTransformers.Logits(leading)).Max(p => Math.Abs(p.First - p.Second)) > 1e-3, "the first units would have done as well");

        static bool IsReader(string weight) => weight.Contains("down_proj", StringComparison.Ordinal) || weight.Contains("mlp.c_proj", StringComparison.Ordinal)
            || weight.EndsWith("output.dense.weight", StringComparison.Ordinal) || weight.Contains("lin2", StringComparison.Ordinal);
    }

    [Fact]
    public void Heads_that_share_keys_are_left_out_together()
    {
        using var scope = TensorScope.Open();
        using var teacher = PrunedTransformers.Make("llama"); // 8 heads, 4 of keys and values, each 2 wide
        using (Autograd.NoGrad())
        {
            // The values of group 1 of the lower layer, and of group 2 of the upper.
            for (var layer = 0; layer < 2; layer++)
                teacher.StateDict()[$"model.layers.{layer}.self_attn.v_proj.weight"].Narrow(0, 2 * (1 + layer), 2).ZeroInPlace();
        }

        foreach (var importance in new[] { UnitImportance.Activation, UnitImportance.Taylor })
        {
            var part = new PartOfTeacher { Importance = importance, Heads = 6 };
            var scores = UnitImportances.Measure(teacher, part, PrunedTransformers.Batches(teacher));
            Assert.All(scores.Heads![0].Skip(2).Take(2), s => Assert.Equal(0, s, 1e-6));
            using var student = StudentFromTeacher.Make(teacher, part, null, scores);
            Near(PrunedTransformers.Logits(teacher), PrunedTransformers.Logits(student), 1e-5);
        }
    }

    [Fact]
    public void The_best_heads_of_the_best_groups_are_kept()
    {
        var teacher = new UnitSizes(1, 8, 6, 3, 2, 4);
        var scores = new UnitScores { Heads = [[1, 9, 4, 4, 8, 3]], KeyValueHeads = [[0, 5, 0]] };
        // Two of two groups: sums 10, 13 and 11.
        var (queries, keys) = Assert.Single(HeadChoice.Of(teacher, teacher with { Heads = 4, KeyValueHeads = 2 }, scores));
        Assert.Equal([2, 3, 4, 5], queries);
        Assert.Equal([1, 2], keys);
        // One of each: 9, 4 + 5 and 8; of equal ones the first.
        (queries, keys) = Assert.Single(HeadChoice.Of(teacher, teacher with { Heads = 2, KeyValueHeads = 2 }, scores));
        Assert.Equal([1, 2], queries);
        Assert.Equal([0, 1], keys);
        var said = Assert.Throws<DecantException>(() => HeadChoice.Of(teacher, teacher with { Heads = 3, KeyValueHeads = 1 }, scores)).Message;
        Assert.Contains("3 heads were requested with 1 of keys and values, 3 for each, and in the teacher 2 share one", said);
        Assert.Contains("say heads: 2 or fewer", said);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("bert")]
    public void Activations_do_not_depend_on_padding_or_on_how_samples_are_batched(string name)
    {
        using var scope = TensorScope.Open();
        using var teacher = PrunedTransformers.Make(name);
        var part = Narrow(name, UnitImportance.Activation) with { Layers = 1, Choose = LayerChoice.Importance };
        var together = UnitImportances.Measure(teacher, part, PrunedTransformers.Batches(teacher));
        var alone = UnitImportances.Measure(teacher, part, PrunedTransformers.Batches(teacher, size: 1));
        Near(All(together), All(alone), 1e-4);
        Assert.Equal(4, together.Heads!.Count + together.Intermediate!.Count);

        static IEnumerable<float> All(UnitScores scores) => scores.Heads!.Concat(scores.Intermediate!).Append(scores.Hidden!).Append(scores.Layers!).SelectMany(s => s).Select(s => (float)s);
    }

    [Fact]
    public void A_layer_that_changes_nothing_is_left_out()
    {
        using var scope = TensorScope.Open();
        using var teacher = PrunedTransformers.Make("llama");
        using (Autograd.NoGrad())
        {
            teacher.StateDict()["model.layers.0.self_attn.o_proj.weight"].ZeroInPlace();
            teacher.StateDict()["model.layers.0.mlp.down_proj.weight"].ZeroInPlace();
        }

        var part = new PartOfTeacher { Layers = 1, Choose = LayerChoice.Importance };
        var scores = UnitImportances.Measure(teacher, part, PrunedTransformers.Batches(teacher));
        Assert.Equal(0, scores.Layers![0], 1e-6);
        Assert.InRange(scores.Layers[1], 1e-3, 2);
        Assert.Null(scores.Heads);
        using var student = StudentFromTeacher.Make(teacher, part, null, scores);
        Near(PrunedTransformers.Logits(teacher), PrunedTransformers.Logits(student), 1e-5);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("bert")]
    [InlineData("bert-vectors")]
    [InlineData("distilbert")]
    public void Without_a_layer_the_loss_rises_by_the_divergence_of_the_answers(string name)
    {
        using var scope = TensorScope.Open();
        using var teacher = PrunedTransformers.Make(name);
        _ = PrunedTransformers.Logits(teacher); // tables of angles are made once
        var (part, tensors) = (new PartOfTeacher { Layers = 1, Choose = LayerChoice.LossIncrease }, Tensor.LiveCount);
        var scores = UnitImportances.Measure(teacher, part, PrunedTransformers.Batches(teacher)).Layers!;
        Assert.Equal(tensors, Tensor.LiveCount);
        var rows = PrunedTransformers.Batches(teacher).ToArray();
        foreach (var layer in new[] { 0, 1 })
        {
            using var cut = StudentFromTeacher.Make(teacher, new() { LayerIndices = [1 - layer] });
            var (sum, count) = (0.0, 0);
            foreach (var batch in rows)
            {
                var (whole, without) = (Rows(teacher, batch), Rows(cut, batch));
                sum += whole.Zip(without, (p, q) => name is "distilbert" or "bert-vectors" ? p.Zip(q, (a, b) => (a - b) * (a - b)).Sum() : Divergence(p, q)).Sum();
                count += whole.Length;
            }

            Assert.Equal(sum / count, scores[layer], 1e-3 * scores[layer]);
        }

        using var student = StudentFromTeacher.Make(teacher, part, null, new() { Layers = scores });
        using var expected = StudentFromTeacher.Make(teacher, new() { LayerIndices = [scores[0] > scores[1] ? 0 : 1] });
        Near(PrunedTransformers.Logits(expected), PrunedTransformers.Logits(student), 0);
        Array.ForEach(rows, r => r.Dispose());

        static double[][] Rows(Model model, Decant.Data.Batching.Batch batch)
        {
            using var noGrad = Autograd.NoGrad();
            model.Eval();
            var logits = model.Forward(batch.ToInput());
            return [.. logits.Reshape(-1).ToArray<float>().Select(v => (double)v).Chunk((int)logits.Size(1))];
        }

        static double Divergence(double[] p, double[] q)
        {
            var (a, b) = (p.Max() + Math.Log(p.Sum(v => Math.Exp(v - p.Max()))), q.Max() + Math.Log(q.Sum(v => Math.Exp(v - q.Max()))));
            return p.Zip(q, (x, y) => Math.Exp(x - a) * (x - a - (y - b))).Sum();
        }
    }

    [Fact]
    public void Gradients_of_the_teacher_leave_no_trace_in_it()
    {
        using var teacher = PrunedTransformers.Make("bert");
        var before = teacher.StateDict().SelectMany(w => w.Value.ToArray<float>()).ToArray();
        var tensors = Tensor.LiveCount;
        var scores = UnitImportances.Measure(teacher, Narrow("bert", UnitImportance.Taylor), PrunedTransformers.Batches(teacher));
        Assert.Equal(before, teacher.StateDict().SelectMany(w => w.Value.ToArray<float>()));
        Assert.All(teacher.NamedParameters(), p => Assert.False(p.Value.RequiresGrad || p.Value.HasGrad, p.Key));
        Assert.Equal(tensors, Tensor.LiveCount);
        Assert.All(scores.Intermediate!.SelectMany(s => s), s => Assert.True(s > 0));
    }

    [Fact]
    public void Taylor_is_the_weights_times_their_gradients()
    {
        using var scope = TensorScope.Open();
        using var teacher = PrunedTransformers.Make("bert");
        var scores = UnitImportances.Measure(teacher, new() { Importance = UnitImportance.Taylor, Intermediate = 4 }, PrunedTransformers.Batches(teacher));
        teacher.RequireGrad(true);
        using var batch = PrunedTransformers.Batches(teacher).Single();
        var logits = teacher.InEvaluation(() => teacher.Forward(Decant.Signals.ModelAnswers.ToInput(batch)));
        logits.LogSoftmax(1).Gather(1, batch.Labels.Unsqueeze(1)).Mean().Neg().Backward();
        var expected = new double[12];
        foreach (var (name, columns) in new[] { ("intermediate.dense.weight", false), ("intermediate.dense.bias", false), ("output.dense.weight", true) })
        {
            var weight = teacher.StateDict()[$"bert.encoder.layer.1.{name}"];
            var products = weight.Mul(weight.Grad!).Abs();
            var sums = (products.Dimensions == 1 ? products : products.Sum(columns ? 0 : 1)).ToArray<float>();
            for (var i = 0; i < 12; i++)
                expected[i] += sums[i];
        }

        Assert.All(expected.Zip(scores.Intermediate![1]), p => Assert.Equal(p.First, p.Second, 1e-5));
    }

    [Fact]
    public void Samples_without_labels_take_the_likeliest_class()
    {
        using var teacher = PrunedTransformers.Make("bert");
        var part = Narrow("bert", UnitImportance.Taylor);
        var scores = UnitImportances.Measure(teacher, part, PrunedTransformers.Batches(teacher).Select(Unlabelled));
        Assert.All(scores.Intermediate!.SelectMany(s => s), s => Assert.True(s > 0));

        static Decant.Data.Batching.Batch Unlabelled(Decant.Data.Batching.Batch batch)
        {
            batch.Labels.FillInPlace(Decant.Data.Batching.Batch.NoLabel);
            return batch;
        }
    }

    [Fact]
    public void What_cannot_be_measured_is_told()
    {
        using var teacher = PrunedTransformers.Make("bert-vectors");
        var narrow = new PartOfTeacher { Importance = UnitImportance.Taylor, Intermediate = 4 };
        Assert.Contains("'taylor' takes the gradient of a loss, and a model of vectors has no loss", Told(() => UnitImportances.Measure(teacher, narrow, PrunedTransformers.Batches(teacher))));
        Assert.Contains("there is none to calibrate on. Give a transfer set with samples", Told(() => UnitImportances.Measure(teacher, narrow with { Importance = UnitImportance.Activation }, [])));
        Assert.Contains("there are no scores of them. Give UnitScores", Told(() => StudentFromTeacher.Make(teacher, narrow)));
        Assert.Contains("there are no scores of them. Give UnitScores.Layers", Told(() => StudentFromTeacher.Make(teacher, new() { Layers = 1, Choose = LayerChoice.Importance })));
        Assert.Contains("there are 3 scores of feed-forward units of layer 0, and the teacher has 12", Told(() => StudentFromTeacher.Make(teacher, narrow, null, new() { Intermediate = [[1, 2, 3], [1, 2, 3]] })));
        Assert.Contains("there are scores of feed-forward units for 1 layers, and the teacher has 2", Told(() => StudentFromTeacher.Make(teacher, narrow, null, new() { Intermediate = [[1, 2, 3]] })));
        Assert.Contains("not all finite", Told(() => StudentFromTeacher.Make(teacher, new() { Hidden = 8, Heads = 2 }, null, new() { Hidden = [.. Enumerable.Repeat(double.NaN, 16)] })));
        Assert.Contains("intermediate is 13, and the teacher has 12: a part cannot be larger", Told(() => StudentFromTeacher.Make(teacher, new() { Intermediate = 13 }, null, new())));

        using var lstm = ModelFamilies.All.Single(f => f.Kind == "lstm").Create(new LstmOptions { Embedding = 6, Hidden = 8, Layers = 2 }, new ModelContext { Classes = 3, VocabularySize = 30, MaxTokens = 20 });
        Assert.Contains("a model of type 'lstm' has no heads and feed-forward units whose importance can be measured", Told(() => UnitImportances.Measure(lstm, new() { Importance = UnitImportance.Magnitude, Hidden = 4 }, [])));
    }

    private static string Told(Func<object> work) => Assert.Throws<DecantException>(() => { _ = work(); }).Message;

    private static PartOfTeacher Narrow(string name, UnitImportance importance) => PrunedTransformers.IsDecoder(name)
        ? new() { Importance = importance, Hidden = 8, Heads = name == "llama" ? 4 : 2, Intermediate = 5 }
        : new() { Importance = importance, Hidden = 8, Heads = 2, Intermediate = 5 };

    private static Model Student(Model teacher, PartOfTeacher part) => StudentFromTeacher.Make(teacher, part, null, UnitImportances.Measure(teacher, part, PrunedTransformers.Batches(teacher)));

    private static void Set(Model model, string name, float value, params int[] at)
    {
        var place = model.StateDict()[name];
        foreach (var index in at)
            place = place.Select(0, index);
        place.FillInPlace(value);
    }

    private static void Near(IEnumerable<float> expected, IEnumerable<float> actual, double tolerance) => Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, tolerance));
}
