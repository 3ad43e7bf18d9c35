using Decant.Data.Batching;
using Decant.Models.Configuration;
using Decant.Modules;
using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Teachers.Ensembles;
using Decant.Teachers.Local;
using Decant.Tests.Models;
using Decant.Tests.Training;
using Decant.Torch;

namespace Decant.Tests.Teachers.Ensembles;

public class EnsembleTeacherTests
{
    private static readonly string[] s_classes = ["a", "b", "c"];

    [Fact]
    public void Its_members_do_not_move_by_one_bit_while_it_teaches_and_none_drops_anything()
    {
        TinyModel[] models = [new(seed: 5, dropout: 0.5), new(seed: 6, dropout: 0.9)];
        using var teacher = Of(models);
        var before = models.Select(m => m.Numbers()).ToArray();
        using var run = new TrainingRun(change: p => p with { Teacher = teacher, Objectives = [new(new SoftTargetsObjective(), 1), new(new LogitsMseObjective(), 1)] });
        run.Run();
        foreach (var (model, numbers) in models.Zip(before))
        {
            Assert.Equal(numbers, model.Numbers());
            Assert.Equal(20, model.Answers);
            Assert.Equal((false, false), model.Last);
        }
    }

    [Fact]
    public void Its_answer_is_the_mixture_of_what_each_would_say_alone()
    {
        TinyModel[] models = [new(seed: 1), new(seed: 2), new(seed: 3)];
        using var teacher = Of(models, new ConfidenceWeights(usesLabels: true));
        using var batch = TinySource.OfSize(1, 4).Enumerate(0).Single();
        using var scope = TensorScope.Open();
        var alone = models.Select(m => m.Forward(batch.ToInput())).ToArray();
        var expected = new Mixture(MixtureOf.Probabilities, new ConfidenceWeights(usesLabels: true)).Answer(alone, batch.Labels).ToArray<float>();
        Assert.Equal(expected, ((DenseLogits)teacher.Answer(batch)).Logits.ToArray<float>());
    }

    [Fact]
    public void Measured_as_one_model_it_says_what_it_teaches()
    {
        TinyModel[] models = [new(seed: 1), new(seed: 2)];
        using var ensemble = new Ensemble([new("one", models[0]), new("two", models[1])], new Mixture(MixtureOf.Probabilities, FixedWeights.Equal(2)));
        using var teacher = new EnsembleTeacher([.. models.Select(m => new LocalTeacher(m, s_classes, owns: false))], ensemble.Mixture);
        using var batch = TinySource.OfSize(1, 4).Enumerate(0).Single();
        using var scope = TensorScope.Open();
        Assert.Equal(ensemble.Forward(batch.ToInput()).ToArray<float>(), ((DenseLogits)teacher.Answer(batch)).Logits.ToArray<float>());
        Assert.Equal(models.Sum(m => m.ParameterCount), ensemble.ParameterCount);
        Assert.Equal(3, ensemble.Classes);
    }

    [Fact]
    public void Its_answer_belongs_to_the_callers_scope_and_nothing_else_is_left()
    {
        using var teacher = Of([new(seed: 1), new(seed: 2)], new ConfidenceWeights());
        using var batch = TinySource.OfSize(1, 4).Enumerate(0).Single();
        var before = Tensor.LiveCount;
        Tensor logits;
        using (TensorScope.Open())
        {
            logits = ((DenseLogits)teacher.Answer(batch)).Logits;
            Assert.Equal(before + 1, Tensor.LiveCount);
            Assert.False(logits.RequiresGrad);
        }

        Assert.True(logits.IsDisposed);
        Assert.True(Autograd.IsEnabled);
    }

    [Fact]
    public void A_thousand_answers_leave_as_many_tensors_as_one()
    {
        using var teacher = Of([new(seed: 1), new(seed: 2)], new ConfidenceWeights(usesLabels: true));
        using var batch = TinySource.OfSize(1, 4).Enumerate(0).Single();
        Ask();
        var after = Tensor.LiveCount;
        for (var i = 0; i < 1000; i++)
            Ask();
        Assert.Equal(after, Tensor.LiveCount);

        void Ask()
        {
            using var scope = TensorScope.Open();
            _ = teacher.Answer(batch);
        }
    }

    [Fact]
    public void Remembered_it_takes_the_room_of_one_teacher_and_answers_alike()
    {
        using var teacher = Of([new(seed: 1), new(seed: 2), new(seed: 3)]);
        var before = Tensor.LiveBytes;
        using var remembered = CachedTeacherOutputs.Ask(teacher, TinySource.OfSize(3, 4), 12);
        Assert.Equal(CachedTeacherOutputs.BytesFor(12, 3), Tensor.LiveBytes - before);
        using var batch = TinySource.OfSize(1, 4).Enumerate(0).Single();
        using var scope = TensorScope.Open();
        Assert.Equal(((DenseLogits)teacher.Answer(batch)).Logits.ToArray<float>(), ((DenseLogits)remembered.Answer(batch)).Logits.ToArray<float>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Members_are_disposed_with_an_ensemble_that_owns_them_and_not_with_one_that_does_not(bool owns)
    {
        TinyModel[] models = [new(seed: 1), new(seed: 2)];
        var before = models[0].NamedParameters().First().Value;
        new EnsembleTeacher([.. models.Select(m => new LocalTeacher(m, s_classes))], new Mixture(MixtureOf.Probabilities, FixedWeights.Equal(2)), owns: owns).Dispose();
        Assert.Equal(owns, before.IsDisposed);
        foreach (var model in models)
            model.Dispose();
    }

    [Fact]
    public void Classes_in_another_order_are_refused_by_the_first_that_differ()
    {
        var error = Refused([new LocalTeacher(new TinyModel(), s_classes), new LocalTeacher(new TinyModel(), ["a", "c", "b"])]);
        Assert.Contains("Teachers 'first' and 'second' have their classes in different orders: class 1 is 'b' for the one and 'c' for the other", error);
        Assert.Contains("have different classes: class 2 is 'c' for the one and 'd' for the other", Refused([new LocalTeacher(new TinyModel(), s_classes), new LocalTeacher(new TinyModel(), ["a", "b", "d"])]));
    }

    [Fact]
    public void Another_tokenizer_and_another_number_of_classes_are_refused()
    {
        Assert.Contains("different tokenizers (x, y)", Refused([new LocalTeacher(new TinyModel(), s_classes, "x"), new LocalTeacher(new TinyModel(), s_classes, "y")]));
        var four = FourClasses();
        Assert.Contains("answers with 3 numbers and teacher 'second' with 4", Refused([new LocalTeacher(new TinyModel(), []), new LocalTeacher(four, [])]));
    }

    [Fact]
    public void Models_of_different_numbers_of_classes_are_no_ensemble()
    {
        using var three = new TinyModel();
        using var four = FourClasses();
        Assert.Contains("'one' with 3, 'two' with 4", Assert.Throws<DecantException>(() => new Ensemble([new("one", three), new("two", four)], new Mixture(MixtureOf.Probabilities, FixedWeights.Equal(2)))).Message);
    }

    [Theory]
    [MemberData(nameof(Zoo.All), MemberType = typeof(Zoo))]
    public void The_classes_of_every_network_can_be_put_into_another_order(string name)
    {
        using var model = Zoo.Create(name);
        model.Eval();
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var before = model.Forward(Zoo.Input(name));
        ClassOrder.Change(model, ["x", "y", "z"], ["z", "x", "y"]);
        Assert.Equal(before.IndexSelect(1, Tensor.From(new[] { 2L, 0L, 1L })).ToArray<float>(), model.Forward(Zoo.Input(name)).ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Classes_that_are_not_the_same_cannot_be_put_into_an_order()
    {
        using var model = Zoo.Create("mlp");
        Assert.Throws<DecantException>(() => ClassOrder.Change(model, ["x", "y", "z"], ["z", "x", "w"]));
        using var tiny = new TinyModel();
        Assert.Contains("its last linear layer has no row per class", Assert.Throws<DecantException>(() => ClassOrder.Change(tiny, ["x", "y", "z"], ["z", "x", "y"])).Message);
    }

    [Fact]
    public void Of_a_large_vocabulary_answers_are_made_one_some_rows_at_a_time()
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(4);
        TeacherSignal[] members = [.. Enumerable.Range(0, 2).Select(_ => new ChunkedHeadLogits(Tensor.Randn([6, 4], generator), new OutputHead(Tensor.Randn([9, 4], generator), null)))];
        var mixed = new MixedLogits(members, new Mixture(MixtureOf.Probabilities, new ConfidenceWeights(usesLabels: true)), Tensor.From(new[] { 0L, 8L, Batch.NoLabel, 3L, 1L, 2L }));
        var whole = ((DenseLogits)mixed.Whole()).Logits;
        var parts = Tensor.Cat([((DenseLogits)mixed.Rows(0, 4)).Logits, ((DenseLogits)mixed.Rows(4, 2)).Logits]);
        Assert.Equal(whole.ToArray<float>(), parts.ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(2, mixed.Tensors.Count);
    }

    private static Model FourClasses()
    {
        using var three = Zoo.Create("mlp");
        return (((IConfigured)three).Config with { ClassNames = ["a", "b", "c", "d"] }).Build();
    }

    private static EnsembleTeacher Of(TinyModel[] models, MemberWeights? weights = null) => new(
        [.. models.Select(m => new LocalTeacher(m, s_classes))], new Mixture(MixtureOf.Probabilities, weights ?? FixedWeights.Equal(models.Length)));

    private static string Refused(ITeacher[] members)
    {
        var error = Assert.Throws<DecantException>(() => new EnsembleTeacher(members, new Mixture(MixtureOf.Probabilities, FixedWeights.Equal(members.Length)), ["first", "second"]));
        foreach (var member in members)
            member.Dispose();
        return error.Message;
    }
}
