using Decant.Export;
using Decant.Models;
using Decant.Models.Bert;
using Decant.Models.Configuration;
using Decant.Models.DistilBert;
using Decant.Models.Encoders;
using Decant.Models.FromTeacher;
using Decant.Models.Gpt2;
using Decant.Models.Llama;
using Decant.Models.Roberta;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models.FromTeacher;

/// <summary>Students that begin with their teacher's weights and share them or have them in factors.</summary>
public sealed class CompactStudentTests : IDisposable
{
    private static readonly Dictionary<string, (ModelTask Task, ModelOptions Options)> s_teachers = new()
    {
        ["encoder"] = (ModelTask.Classification, new BertOptions { Layers = 4, Hidden = 16, Heads = 4, Intermediate = 24 }),
        ["encoder-masked"] = (ModelTask.MaskedLanguageModel, new BertOptions { Layers = 4, Hidden = 16, Heads = 4 }),
        ["encoder-embedding"] = (ModelTask.Embedding, new BertOptions { Layers = 4, Hidden = 16, Heads = 4 }),
        ["distilbert"] = (ModelTask.Classification, new DistilBertOptions { Layers = 4, Hidden = 16, Heads = 4 }),
        ["llama"] = (ModelTask.CausalLanguageModel, new LlamaOptions { Layers = 4, Hidden = 16, Heads = 4, KeyValueHeads = 2 }),
        ["gpt2"] = (ModelTask.CausalLanguageModel, new Gpt2Options { Layers = 4, Hidden = 16, Heads = 4, Tied = false }),
        ["roberta"] = (ModelTask.TokenClassification, new RobertaOptions { Layers = 4, Hidden = 16, Heads = 4 }),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Teachers => [.. s_teachers.Keys];

    public static TheoryData<string> Encoders => [.. s_teachers.Keys.Where(name => s_teachers[name].Task != ModelTask.CausalLanguageModel)];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Teachers))]
    public void A_group_begins_with_the_weights_of_its_first_layer(string name)
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher(name);
        using var student = StudentFromTeacher.Make(teacher, new() { UniqueLayers = 2 });
        using var expected = StudentFromTeacher.Make(teacher, new() { LayerIndices = [0, 0, 2, 2] });
        Assert.Equal(Logits(expected), Logits(student));
        Assert.True(student.ParameterCount < expected.ParameterCount);
        using var others = StudentFromTeacher.Make(teacher, new() { LayerIndices = [3, 1, 0], ShareLayers = [0, 1, 0] });
        using var expectedOthers = StudentFromTeacher.Make(teacher, new() { LayerIndices = [3, 1, 3] });
        Assert.Equal(Logits(expectedOthers), Logits(others));
    }

    [Theory, MemberData(nameof(Encoders))]
    public void Of_matrices_that_have_a_low_rank_nothing_is_lost(string name)
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher(name, rank: 3);
        using var student = StudentFromTeacher.Make(teacher, new() { Energy = 1 - 1e-9, Embedding = 3 });
        var config = (EncoderConfig)((IConfigured)student).Config;
        Assert.Equal(4 * 6, config.LinearRanks!.Count);
        Assert.All(config.LinearRanks.Values, rank => Assert.Equal(3, rank));
        Assert.Equal(3, config.Shape.Embedding);
        Near(Logits(teacher), Logits(student), 1e-4f);
        Assert.True(student.ParameterCount < teacher.ParameterCount);
        ModelFolder.Save(_folder.Path, student);
        using var loaded = ModelFolder.Load(_folder.Path);
        Assert.Equal(Logits(student), Logits(loaded));
    }

    [Fact]
    public void A_matrix_becomes_the_nearest_of_its_rank()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher("encoder");
        using var student = StudentFromTeacher.Make(teacher, new() { Rank = 4, Factorize = FactorizedLayers.FeedForward });
        const string Path = "bert.encoder.layer.1.intermediate.dense";
        var state = student.StateDict();
        var difference = state[Path + ".expand.weight"].MatMul(state[Path + ".reduce.weight"]) - teacher.StateDict()[Path + ".weight"];
        var left = new TruncatedSvd(teacher.StateDict()[Path + ".weight"], Path).SingularValues.Skip(4).Sum(s => s * s);
        Assert.Equal(left, difference.Mul(difference).Sum().Item(), 1e-3);
        Assert.Equal(teacher.StateDict()[Path + ".bias"].ToArray<float>(), state[Path + ".expand.bias"].ToArray<float>());
        Assert.Equal(teacher.StateDict()["bert.encoder.layer.1.attention.self.query.weight"].ToArray<float>(), state["bert.encoder.layer.1.attention.self.query.weight"].ToArray<float>());
    }

    [Fact]
    public void With_a_part_of_the_vocabulary_it_answers_as_without()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher("encoder-masked", rank: 3);
        int[] tokens = [0, 5, 29, 3, 17, 11, 8, 9, 4, 1, 2];
        var part = new PartOfTeacher { UniqueLayers = 2, Rank = 3, Embedding = 3 };
        using var cut = StudentFromTeacher.Make(teacher, new(), tokens);
        using var studentOfCut = StudentFromTeacher.Make(cut, part);
        using var atOnce = StudentFromTeacher.Make(teacher, part, tokens);
        using var whole = StudentFromTeacher.Make(teacher, part);
        using var cutBehind = StudentFromTeacher.Make(whole, new(), tokens);
        long[] text = [1, 5, 9, 10, 4, 3];
        var expected = Logits(whole, text.Select(t => (long)tokens[t]));
        Near([.. expected.Chunk(30).SelectMany(row => tokens.Select(t => row[t]))], Logits(cutBehind, text), 1e-4f);
        Near(Logits(cutBehind, text), Logits(atOnce, text), 1e-3f);
        Assert.Equal(Logits(studentOfCut, text), Logits(atOnce, text));
    }

    [Fact]
    public void Without_memory_it_has_the_same_shapes()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher("encoder");
        var part = new PartOfTeacher { Layers = 3, UniqueLayers = 2, Rank = 4, Embedding = 5 };
        using var student = StudentFromTeacher.Make(teacher, part);
        using var shapes = ShapesOnly.Open();
        using var bare = ((IConfigured)teacher).Config.Build();
        using var small = StudentFromTeacher.Make(bare, part);
        Assert.True(small.HasNoMemory);
        Assert.Equal(student.ParameterCount, small.ParameterCount);
        using var byEnergy = StudentFromTeacher.Make(teacher, new() { Energy = 0.5 });
        using var most = StudentFromTeacher.Make(bare, new() { Energy = 0.5 }); // no student of an energy is larger
        Assert.InRange(byEnergy.ParameterCount, 1, most.ParameterCount);
        Assert.InRange(most.ParameterCount, byEnergy.ParameterCount, teacher.ParameterCount);
    }

    [Fact]
    public void What_the_teacher_does_not_have_is_refused()
    {
        using var scope = TensorScope.Open();
        using var teacher = Teacher("encoder");
        Refused(new() { Rank = 0 }, "student.from-teacher: rank is 0, and the matrices have ranks up to 16");
        Refused(new() { Rank = 200 }, "student.from-teacher: rank is 200, and the matrices have ranks up to 16");
        Refused(new() { Energy = 0 }, "energy is 0, the share of the squared singular values that is kept: expected above 0, at most 1");
        Refused(new() { Energy = 1.5 }, "energy is 1.5");
        Refused(new() { Energy = double.NaN }, "energy is NaN");
        Refused(new() { Energy = 1 }, "at an energy of 1 every matrix has a rank of 16 or more, at which two factors save nothing");
        Refused(new() { Rank = 4, Energy = 0.5 }, "both 'rank' and 'energy'");
        Refused(new() { Embedding = 17 }, "embedding is 17, and the table of 30 tokens for states of 16 has a rank of at most 16");
        Refused(new() { Layers = 2, ShareLayers = [0, 0, 1, 1] }, "share-layers has 4 numbers, and there are 2 layers");
        Refused(new() { Factorize = FactorizedLayers.Attention }, "neither rank nor energy asks for any");
        Refused(new() { UniqueLayers = 5 }, "unique-layers is 5, and there are 4 layers");

        using var shared = StudentFromTeacher.Make(teacher, new() { UniqueLayers = 2 });
        Assert.Contains("shares weights or has them in factors, so no part of it can be taken", Assert.Throws<DecantException>(() => StudentFromTeacher.Make(shared, new() { Layers = 2 })).Message);
        using var same = StudentFromTeacher.Make(shared, new());
        Assert.Equal(Logits(shared), Logits(same));

        using var decoder = ModelFamilies.All.Single(f => f.Kind == "llama").Create(new LlamaOptions { Hidden = 16 }, new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = 30, MaxTokens = 20 });
        Assert.Contains("rank, embedding: layers are shared and ranks cut in encoders (encoder, distilbert, roberta) and decoders (gpt2, llama, mistral, qwen2, qwen3), embeddings cut in encoders, and the teacher is of kind 'llama'", Assert.Throws<DecantException>(() => StudentFromTeacher.Make(decoder, new() { Rank = 4, Embedding = 3 })).Message);

        void Refused(PartOfTeacher part, string said) => Assert.Contains(said, Assert.Throws<DecantException>(() => StudentFromTeacher.Make(teacher, part)).Message);
    }

    private static void Near(float[] expected, float[] came, float tolerance)
    {
        Assert.Equal(expected.Length, came.Length);
        Assert.True(expected.Distinct().Count() > 2, "the teacher says the same always");
        for (var i = 0; i < came.Length; i++)
            Assert.Equal(expected[i], came[i], tolerance);
    }

    /// <summary>No weight is 0 or 1; matrices of layers and the table of words are of a rank where one is given.</summary>
    private static Model Teacher(string name, int? rank = null)
    {
        using var generator = new Generator(11);
        var (task, options) = s_teachers[name];
        var context = new ModelContext { Task = task, Classes = task.HasClasses() ? 3 : task == ModelTask.Embedding ? 16 : 0, VocabularySize = 30, MaxTokens = 20 };
        var model = ModelFamilies.All.Single(f => f.OptionsType == options.GetType()).Create(options, context, generator);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        foreach (var (path, weight) in model.NamedParameters())
        {
            var isLow = rank is not null && weight.Dimensions == 2 && (path.Contains("layer.", StringComparison.Ordinal) || path.Contains("word_embeddings", StringComparison.Ordinal));
            weight.CopyInPlace(isLow ? Tensor.Randn([weight.Size(0), rank!.Value], generator).MatMul(Tensor.Randn([rank.Value, weight.Size(1)], generator)).Mul(0.2) : Tensor.Randn(weight.Shape, generator).Mul(0.5));
        }

        model.Eval();
        return model;
    }

    private static float[] Logits(Model model, IEnumerable<long>? tokens = null)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        model.Eval();
        long[] text = [.. tokens ?? [3, 17, 9, 4, 29, 2, 2, 8, 11, 5]];
        return model.Forward(new ModelInput(Tensor.From(text, 1, text.Length))).ToArray<float>();
    }
}
