using Decant.Torch;
using Decant.Training;
using Decant.Training.Checkpoints;

namespace Decant.Tests.Training;

/// <summary>Teachers whose weights follow their student's.</summary>
public sealed class FollowingWeightsTests
{
    private const int Steps = 12;

    [Fact]
    public void A_live_teacher_has_the_students_weights_after_every_update()
    {
        using var teacher = new TinyModel(seed: 9);
        TrainingRun? running = null;
        var seen = 0;
        using var run = running = new TrainingRun(new Recorder
        {
            AtStep = s =>
            {
                Assert.Equal(running!.Student.Numbers(), teacher.Numbers());
                seen++;
            },
        }, p => p with { Following = new(teacher, p.Student, 0) });
        run.Run();
        Assert.Equal(Steps, seen);
    }

    [Fact]
    public void An_average_is_that_of_the_weights_after_each_update()
    {
        const double Momentum = 0.75;
        using var teacher = new TinyModel(seed: 9);
        TrainingRun? running = null;
        var expected = teacher.Numbers().Select(n => (double)n).ToArray();
        using var run = running = new TrainingRun(new Recorder
        {
            AtStep = _ => expected = [.. expected.Zip(running!.Student.Numbers(), (mean, now) => (Momentum * mean) + ((1 - Momentum) * now))],
        }, p => p with { Following = new(teacher, p.Student, Momentum) });
        run.Run();
        Assert.All(expected.Zip(teacher.Numbers()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.NotEqual(running.Student.Numbers(), teacher.Numbers());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.9)]
    public void Resumed_after_any_update_teacher_and_student_are_the_same_to_the_bit(double momentum)
    {
        using var last = new TinyModel(seed: 9);
        using var whole = Taught(last, momentum);
        whole.Run();
        for (var step = 1; step <= Steps; step++)
        {
            var at = step;
            using var stop = new CancellationTokenSource();
            using var one = new TinyModel(seed: 9);
            using var first = Taught(one, momentum, new Recorder { AtStep = s => { if (s.Step == at) stop.Cancel(); } });
            first.Run(cancellationToken: stop.Token);
            using var snapshot = first.Loop.Capture();
            using var two = new TinyModel(seed: 77);
            using var second = Taught(two, momentum);
            second.Run(snapshot, seed: 999);
            Assert.Equal(last.Numbers(), two.Numbers());
            Assert.Equal(whole.Student.Numbers(), second.Student.Numbers());
        }
    }

    [Fact]
    public void A_checkpoint_without_the_average_is_refused()
    {
        using var model = new TinyModel(seed: 9);
        using var without = new TrainingRun();
        without.Run();
        using TrainingSnapshot snapshot = without.Loop.Capture();
        using var run = Taught(model, 0.9);
        Assert.Contains("teacher.follow", Assert.Throws<DecantException>(() => run.Run(snapshot)).Message, StringComparison.Ordinal);
    }

    // The teacher teaches, so that its weights decide the student's.
    private static TrainingRun Taught(TinyModel teacher, double momentum, Recorder? recorder = null) =>
        new(recorder, p => p with { Following = new(teacher, p.Student, momentum), Teacher = new Decant.Teachers.Local.LocalTeacher(teacher, ["a", "b", "c"], owns: false) });
}
