using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Tests.Training;
using Decant.Torch;

namespace Decant.Tests.Teachers;

public class LocalTeacherTests
{
    private static readonly string[] s_classes = ["a", "b", "c"];

    [Fact]
    public void Its_weights_do_not_move_by_one_bit_while_it_teaches()
    {
        var model = new TinyModel(seed: 5, dropout: 0.5);
        using var teacher = new LocalTeacher(model, s_classes);
        var before = model.Numbers();
        using var run = new TrainingRun(change: p => p with { Teacher = teacher, Objectives = [new(new SoftTargetsObjective(), 1), new(new LogitsMseObjective(), 1)] });
        run.Run();
        Assert.Equal(before, model.Numbers());
        Assert.Equal(20, model.Answers);
        Assert.Equal((false, false), model.Last);
        using var scope = TensorScope.Open();
        Assert.All(model.NamedParameters(), p => Assert.Null(p.Value.Grad));
        Assert.All(model.NamedParameters(), p => Assert.False(p.Value.RequiresGrad));
    }

    [Fact]
    public void Its_dropout_is_off_and_it_draws_no_random_number()
    {
        using var generator = Generator.Default();
        using var scope = TensorScope.Open();
        using var teacher = new LocalTeacher(new TinyModel(dropout: 0.9), s_classes);
        using var batch = TinySource.OfSize(1, 4).Enumerate(0).Single();
        var before = generator.GetState();
        var first = ((DenseLogits)teacher.Answer(batch)).Logits;
        var second = ((DenseLogits)teacher.Answer(batch)).Logits;
        Assert.Equal(first.ToArray<float>(), second.ToArray<float>());
        Assert.Equal(before, generator.GetState());
        Assert.False(first.RequiresGrad);
    }

    [Fact]
    public void Its_answer_belongs_to_the_callers_scope_and_nothing_else_is_left()
    {
        using var teacher = new LocalTeacher(new TinyModel(), s_classes);
        using var batch = TinySource.OfSize(1, 4).Enumerate(0).Single();
        var before = Tensor.LiveCount;
        Tensor logits;
        using (TensorScope.Open())
        {
            logits = ((DenseLogits)teacher.Answer(batch)).Logits;
            Assert.Equal(before + 1, Tensor.LiveCount);
            Assert.Equal([4L, 3L], logits.Shape);
        }

        Assert.True(logits.IsDisposed);
        Assert.True(Autograd.IsEnabled);
    }

    [Fact]
    public void Switched_to_training_mode_it_refuses_to_teach()
    {
        var model = new TinyModel();
        using var teacher = new LocalTeacher(model, s_classes);
        using var batch = TinySource.OfSize(1, 4).Enumerate(0).Single();
        model.Train();
        Assert.Throws<InvalidOperationException>(() => teacher.Answer(batch));
    }

    [Fact]
    public void A_student_cannot_be_its_own_teacher_while_it_is_trained()
    {
        var error = Assert.Throws<DecantException>(() => new TrainingRun(change: p => p with { Teacher = new LocalTeacher(p.Student, s_classes, owns: false) }));
        Assert.Contains("frozen", error.Message);
    }

    [Fact]
    public void Classes_that_do_not_fit_its_logits_are_refused()
    {
        using var model = new TinyModel();
        Assert.Contains("3 outputs, but 2 classes", Assert.Throws<DecantException>(() => new LocalTeacher(model, ["a", "b"])).Message);
    }

    [Fact]
    public void A_model_is_disposed_with_the_teacher_that_owns_it_and_not_with_one_that_does_not()
    {
        var model = new TinyModel();
        new LocalTeacher(model, s_classes, owns: false).Dispose();
        Assert.NotEmpty(model.Numbers());
        new LocalTeacher(model, s_classes).Dispose();
        Assert.All(model.NamedParameters(), p => Assert.True(p.Value.IsDisposed));
    }

    [Fact]
    public void Cancelled_it_does_not_begin()
    {
        var model = new TinyModel();
        using var teacher = new LocalTeacher(model, s_classes);
        using var batch = TinySource.OfSize(1, 4).Enumerate(0).Single();
        Assert.Throws<OperationCanceledException>(() => teacher.Answer(batch, new CancellationToken(true)));
        Assert.Equal(0, model.Answers);
    }
}
