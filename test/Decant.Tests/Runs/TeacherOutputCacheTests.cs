using Decant.Models.Configuration;
using Decant.Models.Mlp;
using Decant.Modules;
using Decant.Runs.Recipes.Kinds;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Answers;
using Decant.Teachers.Ensembles;
using Decant.Teachers.Local;
using Decant.Tests.Training;
using Decant.Torch;

namespace Decant.Tests.Runs;

public sealed class TeacherOutputCacheTests : IDisposable
{
    private const long One = 8 * 3 * 4; // eight samples, three logits each

    private static readonly InputSection s_image = new() { Kind = InputKind.Image };
    private static readonly TeacherOutputKey s_question = new("teacher", "samples", s_image, null, 4, 1, "");

    private readonly LocalTeacher _teacher = new(new TinyModel(), ["a", "b", "c"]);
    private int _asked;

    public void Dispose() => _teacher.Dispose();

    [Fact]
    public void The_same_question_is_asked_once_and_another_again()
    {
        using var shelf = new TeacherOutputCache(10 * One);
        var first = shelf.Take(s_question, Ask);
        Assert.Same(first, shelf.Take(s_question with { Input = new InputSection { Kind = InputKind.Image } }, Ask));
        Assert.Equal(1, _asked);
        TeacherOutputKey[] others =
        [
            s_question with { Teacher = "another" }, s_question with { Samples = "other ones" }, s_question with { Input = s_image with { Mean = [0.5] } },
            s_question with { Tokenizer = "words" }, s_question with { Batch = 5 }, s_question with { Threads = 2 }, s_question with { Paths = "layers.1" },
        ];
        foreach (var other in others)
            Assert.NotSame(first, shelf.Take(other, Ask));
        Assert.Equal((8, 8), (_asked, shelf.Count));
    }

    [Fact]
    public void What_was_not_asked_for_longest_makes_room_and_the_last_stays_whatever_it_takes()
    {
        using var shelf = new TeacherOutputCache(2 * One);
        TeacherOutputKey Question(string name) => s_question with { Samples = name };
        foreach (var name in new[] { "a", "b", "a", "c" })
            shelf.Take(Question(name), Ask);
        Assert.Equal((3, 2), (_asked, shelf.Count)); // b went
        shelf.Take(Question("a"), Ask);
        Assert.Equal(3, _asked);
        shelf.Take(Question("b"), Ask);
        Assert.Equal((4, 2), (_asked, shelf.Count)); // and c
        using var small = new TeacherOutputCache(One - 1);
        small.Take(Question("a"), Ask);
        Assert.Equal(1, small.Count);
        Assert.Equal(One, small.Take(Question("b"), Ask).Bytes);
        Assert.Equal(1, small.Count);
    }

    [Fact]
    public void It_leaves_no_tensor_behind()
    {
        var before = Tensor.LiveCount;
        using (var shelf = new TeacherOutputCache(One))
        {
            shelf.Take(s_question, Ask);
            shelf.Take(s_question with { Batch = 2 }, Ask);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_model_is_known_by_its_numbers_and_settings_and_an_ensemble_is_not_known()
    {
        var (one, other) = (Drawn(1), Drawn(2));
        using (one)
        using (other)
        using (var twin = Drawn(1))
        {
            Assert.Equal(TeacherOutputCache.Identity(one), TeacherOutputCache.Identity(twin));
            Assert.NotNull(TeacherOutputCache.Identity(one));
            Assert.NotEqual(TeacherOutputCache.Identity(one), TeacherOutputCache.Identity(other));
        }

        using var otherwise = Drawn(1, ActivationKind.Tanh); // the same numbers, and other answers
        using var again = Drawn(1);
        Assert.NotEqual(TeacherOutputCache.Identity(again), TeacherOutputCache.Identity(otherwise));
        using var ensemble = new Ensemble([new("one", Drawn(1))], new Mixture(MixtureOf.Probabilities, FixedWeights.Equal(1)));
        Assert.Null(TeacherOutputCache.Identity(ensemble));
    }

    private static MlpClassifier Drawn(ulong seed, ActivationKind activation = ActivationKind.Relu)
    {
        using var generator = new Generator(seed);
        return MlpClassifier.Create(new MlpOptions { Hidden = [4], Activation = activation }, new ModelContext { Classes = 3, SampleShape = [3] }, generator);
    }

    private CachedTeacherOutputs Ask()
    {
        _asked++;
        return CachedTeacherOutputs.Ask(_teacher, TinySource.OfSize(2, 4), 8);
    }
}
