using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Teachers.Local;
using Decant.Training;
using Decant.Training.Optimizers;
using Decant.Training.Schedules;

namespace Decant.Tests.Training;

public class PlanChecksTests
{
    [Fact]
    public void Nothing_to_learn_from_is_refused()
    {
        Refused("at least one objective", p => p with { Objectives = [] });
        Refused("weight 0", p => p with { Objectives = [new(new LabelsObjective(), 0)] });
        Refused("labels: a weight is at least 0; -1", p => p with { Objectives = [new(new LabelsObjective(), -1), new(new SoftTargetsObjective(), 1)] });
    }

    [Fact]
    public void A_teacher_that_cannot_teach_what_is_asked_is_refused()
    {
        Refused("soft-targets learn from a teacher, and there is none", p => p with { Teacher = null });
        Refused("needs DenseLogits", p => p with { Teacher = new CountingTeacher { Offer = new TeacherOffer(SignalKinds.None, ["a", "b", "c"]) } });
        Refused("knows 2 classes (a, b …), the student 3", p => p with { Teacher = new CountingTeacher { Offer = new TeacherOffer(SignalKinds.DenseLogits, ["a", "b"]) } });
    }

    [Fact]
    public void Numbers_that_make_no_training_are_refused_all_at_once()
    {
        var message = Refused("epochs 0 and accumulate 0", p => p with { Epochs = 0, Accumulate = 0, LearningRate = double.NaN, ClipNorm = 0, L1 = -1, Patience = 0 });
        Assert.Equal(5, message.Split('\n').Length);
    }

    [Fact]
    public void What_waits_for_validation_is_refused_without_it()
    {
        Refused("The schedule waits for validation", p => p with { Validate = null });
        Refused("Early stopping waits for validation", p => p with { Validate = null, Patience = 1, Schedule = new ConstantSchedule(1, new ConstantRate()) });
    }

    [Fact]
    public void A_parameter_is_not_trained_twice()
    {
        Refused("'in' twice", p =>
        {
            var all = p.Student.NamedParameters().ToList();
            return p with { Optimizer = new SgdOptimizer([.. Optimizer.GroupByDecay(all, 0), .. Optimizer.GroupByDecay(all[..1], 0)], new Sgd { LearningRate = 1 }) };
        });
        Refused("no parameters", p => p with { Optimizer = new SgdOptimizer([], new Sgd { LearningRate = 1 }) });
    }

    [Fact]
    public void A_teachers_parameters_are_never_in_an_optimizer()
    {
        using var model = new TinyModel();
        Refused("'in', which is frozen", p =>
        {
            var optimizer = new SgdOptimizer(Optimizer.GroupByDecay(model.NamedParameters(), 0), new Sgd { LearningRate = 1 });
            return p with { Optimizer = optimizer, Teacher = new LocalTeacher(model, ["a", "b", "c"], owns: false) };
        });
        Assert.Empty(Optimizer.GroupByDecay(model.NamedParameters(), 0));
    }

    private static string Refused(string because, Func<TrainingPlan, TrainingPlan> change)
    {
        var error = Assert.Throws<DecantException>(() => new TrainingRun(change: change));
        Assert.Contains(because, error.Message);
        return error.Message;
    }
}
