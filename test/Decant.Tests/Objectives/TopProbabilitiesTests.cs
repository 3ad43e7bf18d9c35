using Decant.Objectives.Logits;
using Decant.Signals;
using Decant.Teachers.Answers.Packing;
using Decant.Tests.Torch;
using Decant.Torch;

namespace Decant.Tests.Objectives;

/// <summary>Divergences from a teacher of which the largest probabilities alone are known.</summary>
public sealed class TopProbabilitiesTests
{
    public static TheoryData<string> Kinds => ["soft-targets", "soft-cross-entropy", "reverse-kl", "jensen-shannon", "skew-kl", "skew-reverse-kl", "adaptive-kl", "total-variation"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Of_all_classes_it_is_what_it_is_of_the_logits(string kind)
    {
        var some = ObjectiveCase.Random(4, 6, seed: 3);
        var expected = Measure.Of(Make(kind, 2), some);
        foreach (var hasTail in new[] { true, false })
            Same(expected, Of(Make(kind, 2), some, k: 6, temperature: 2, hasTail));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void With_a_tail_it_is_that_of_two_models_that_know_the_others_as_one_class(string kind)
    {
        const double Temperature = 2;
        for (var seed = 0; seed < 10; seed++)
        {
            var some = ObjectiveCase.Random(1, 7, seed);
            var top = TopRow.Of(some.Teacher, 3, Temperature);
            // Both merged by hand, in doubles, as logits at τ.
            var merged = new ObjectiveCase(1, 4, Merged(some.Student, top.Ids, Temperature), Merged(some.Teacher, top.Ids, Temperature), [0]);
            Assert.Equal(Measure.Of(Make(kind, Temperature), merged).Sum, Of(Make(kind, Temperature), some, 3, Temperature, hasTail: true).Sum, 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Without_a_tail_it_is_that_of_the_known_classes_at_any_temperature(string kind)
    {
        foreach (var temperature in new[] { 1.0, 3 })
        {
            var some = ObjectiveCase.Random(1, 7, seed: 11);
            var ids = TopRow.Of(some.Teacher, 3).Ids;
            var known = new ObjectiveCase(1, 3, [.. ids.Select(id => some.Student[id])], [.. ids.Select(id => some.Teacher[id])], [0]);
            Assert.Equal(Measure.Of(Make(kind, temperature), known).Sum, Of(Make(kind, temperature), some, 3, temperature: 1, hasTail: false).Sum, 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_gradient_is_the_slope_of_the_sum(string kind)
    {
        Assert.SkipWhen(kind == "adaptive-kl", "A part of its sum is held fixed on purpose.");
        const float H = 1e-2f;
        var some = ObjectiveCase.Random(2, 6, seed: 5);
        var gradient = Of(Make(kind, 1.5), some, 2, 1.5, hasTail: true).Gradient;
        for (var i = 0; i < gradient.Length; i++)
        {
            double At(float by) => Of(Make(kind, 1.5), some.Moved(i, by), 2, 1.5, hasTail: true).Sum;
            Assert.Equal((At(H) - At(-H)) / (2 * H), gradient[i], 1e-2 * Math.Max(1, Math.Abs(gradient[i])));
        }
    }

    [Fact]
    public void A_tail_of_nothing_and_a_student_of_large_logits_give_finite_numbers()
    {
        var some = new ObjectiveCase(1, 4, [200, 100, -300, 0], [300, 0, -200, -250], [0]);
        foreach (var kind in Kinds.Select(row => (string)row))
        {
            var (sum, gradient) = Of(Make(kind, 1), some, 1, 1, hasTail: true);
            Assert.True(double.IsFinite(sum) && gradient.All(float.IsFinite), kind);
        }
    }

    [Fact]
    public void A_gradient_that_is_estimated_from_draws_is_the_gradient_on_average_and_that_of_the_largest_is_not()
    {
        const int Trials = 4000;
        var some = ObjectiveCase.Random(1, 12, seed: 8);
        var exact = Measure.Of(new SoftCrossEntropyObjective(new() { Temperature = 1 }), some).Gradient;
        foreach (var exponent in new[] { 1.0, 0.7 })
        {
            var (sampler, random) = (new DistributionSampler(4, 1, exponent), new SplitMix(1));
            var mean = new double[12];
            for (var trial = 0; trial < Trials; trial++)
            {
                var drawn = sampler.Draw(some.Teacher, ref random);
                foreach (var (i, g) in Of(some, drawn.Ids, drawn.Probabilities()).Index())
                    mean[i] += g / (double)Trials;
            }

            for (var i = 0; i < 12; i++)
                Assert.Equal(exact[i], mean[i], 0.02); // four standard errors of a share with four draws, 4000 times
        }

        var top = TopRow.Of(some.Teacher, 4);
        var biased = Of(some, top.Ids, Array.ConvertAll(top.LogProbabilities, MathF.Exp));
        Assert.Contains(exact.Zip(biased), pair => Math.Abs(pair.First - pair.Second) > 0.02);
    }

    [Fact]
    public void A_teacher_is_refused_at_another_temperature_and_by_objectives_that_need_all_logits()
    {
        var top = new TeacherOffer(SignalKinds.TopProbabilities, []) { Outputs = 6, Temperature = 1 };
        var drawn = top with { Kinds = SignalKinds.SparseProbabilities };
        Assert.Null(Make("soft-targets", 1).WhyNot(top));
        Assert.Equal("is computed at temperature 2, and the teacher's answers are kept at 1 and exact at no other: give both the same", Make("soft-targets", 2).WhyNot(top));
        Assert.Null(Make("soft-targets", 2).WhyNot(top with { Temperature = null }));
        Assert.Contains("use soft-cross-entropy, or keep them as logits", Make("soft-targets", 1).WhyNot(drawn));
        Assert.Null(Make("soft-cross-entropy", 1).WhyNot(drawn));
        Assert.Contains("kept at 1", Make("soft-cross-entropy", 4).WhyNot(drawn));
        Assert.Contains("the largest probabilities are kept", ((IObjective)new DecoupledObjective()).WhyNot(top));
        Assert.Contains("use a divergence such as soft-targets", ((IObjective)new LogitsMseObjective()).WhyNot(top));
        Assert.Contains("a temperature that changes", ((IObjective)new SoftTargetsObjective(new() { Temperature = new Decant.Objectives.Temperatures.LearnedTemperature() })).WhyNot(top));
    }

    [Fact]
    public void Parts_of_the_rows_sum_to_the_whole_and_no_tensor_is_left()
    {
        var some = ObjectiveCase.Random(5, 8, seed: 21);
        var before = Tensor.LiveCount;
        using (TensorScope.Open())
        {
            var signal = SignalOf(some, 3, 2, hasTail: true);
            using var batch = some.Batch();
            double Sum(long first, long count)
            {
                var part = batch.RowsFrom((int)first, (int)count);
                return Make("soft-targets", 2).Compute(new StudentOutput(Tensor.From(some.Student, 5, 8).Narrow(0, first, count)), signal.Rows(first, count), part).Sum.Item();
            }

            Assert.Equal(Sum(0, 5), Sum(0, 2) + Sum(2, 3), 1e-4);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    private static IObjective Make(string kind, double temperature) => kind switch
    {
        "soft-targets" => new SoftTargetsObjective(new() { Temperature = temperature }),
        "soft-cross-entropy" => new SoftCrossEntropyObjective(new() { Temperature = temperature }),
        "reverse-kl" => new ReverseKlObjective(new() { Temperature = temperature }),
        "jensen-shannon" => new JensenShannonObjective(new() { Temperature = temperature }),
        "skew-kl" => new SkewKlObjective(new() { Temperature = temperature }),
        "skew-reverse-kl" => new SkewReverseKlObjective(new() { Temperature = temperature }),
        "adaptive-kl" => new AdaptiveKlObjective(new() { Temperature = temperature }),
        _ => new TotalVariationObjective(new() { Temperature = temperature }),
    };

    private static TopLogProbabilities SignalOf(ObjectiveCase some, int k, double temperature, bool hasTail)
    {
        TopRow[] rows = [.. Enumerable.Range(0, some.Samples).Select(row => TopRow.Of(some.Teacher.AsSpan(row * some.Classes, some.Classes), k, temperature))];
        return new(
            Tensor.From([.. rows.SelectMany(r => r.Ids).Select(id => (long)id)], some.Samples, k), Tensor.From([.. rows.SelectMany(r => r.LogProbabilities)], some.Samples, k),
            hasTail ? Tensor.From([.. rows.Select(r => r.LogTail)], some.Samples) : null, temperature, some.Classes);
    }

    private static (double Sum, float[] Gradient) Of(IObjective objective, ObjectiveCase some, int k, double temperature, bool hasTail)
    {
        using var scope = TensorScope.Open();
        using var batch = some.Batch();
        var student = Tensor.From(some.Student, some.Samples, some.Classes);
        student.RequiresGrad = true;
        var sum = objective.Compute(new StudentOutput(student), SignalOf(some, k, temperature, hasTail), batch).Sum;
        sum.Backward();
        return (sum.Detach().Item(), student.Grad!.ToArray<float>());
    }

    private static float[] Of(ObjectiveCase some, int[] ids, float[] probabilities)
    {
        using var scope = TensorScope.Open();
        using var batch = some.Batch();
        var student = Tensor.From(some.Student, 1, some.Classes);
        student.RequiresGrad = true;
        var signal = new SparseProbabilities(Tensor.From(Array.ConvertAll(ids, id => (long)id), 1, ids.Length), Tensor.From(probabilities, 1, ids.Length), 1, some.Classes);
        new SoftCrossEntropyObjective(new() { Temperature = 1 }).Compute(new StudentOutput(student), signal, batch).Sum.Backward();
        return student.Grad!.ToArray<float>();
    }

    private static float[] Merged(float[] logits, int[] ids, double temperature)
    {
        var rest = Math.Log(logits.Where((_, id) => !ids.Contains(id)).Sum(z => Math.Exp(z / temperature)));
        return [.. ids.Select(id => logits[id]), (float)(rest * temperature)];
    }

    private static void Same((double Sum, long Count, float[] Gradient) expected, (double Sum, float[] Gradient) came)
    {
        Assert.Equal(expected.Sum, came.Sum, 1e-4);
        foreach (var (a, b) in expected.Gradient.Zip(came.Gradient))
            Assert.Equal(a, b, 1e-4f);
    }
}
