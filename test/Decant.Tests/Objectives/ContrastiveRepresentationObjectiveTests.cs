using Decant.Data;
using Decant.Data.Batching;
using Decant.Signals;
using Decant.Torch;

namespace Decant.Tests.Objectives;

public sealed class ContrastiveRepresentationObjectiveTests : FeatureSpecification
{
    protected override string Kind => "contrastive-representation";

    protected override bool IsDivergence => false;

    protected override bool IsPerSample => false;

    protected override FeatureCase Example(int samples, int seed, float scale = 1)
    {
        var random = new Random(seed);
        return new(One(Values.Random(random, scale, samples, 3)), One(Values.Random(random, scale, samples, 5)))
        {
            Options = "{ dimensions: 4, contrast-temperature: 0.5 }",
            Population = 6,
            State = new()
            {
                ["student-bank"] = Values.Random(random, 1, 6, 4),
                ["teacher-bank"] = Values.Random(random, 1, 6, 4),
                ["ids"] = new([6], [3, 1, 0, 2, 5, 4]),
                ["counters"] = new([2], [6, 3]),
                ["normalizers"] = new([2], [1.5f, 2]),
            },
        };
    }

    [Fact]
    public void Worked_by_hand_two_samples_at_right_angles()
    {
        // D = 2, T = 1, Z = e⁰, N = 2, K = 1, share ½. Both models say (1, 0) of sample 0, and the banks hold (1, 0) of it, (0, 1) of the other:
        // each side −log(e ÷ (e + ½)) − log(½ ÷ (1 + ½)).
        var some = Still(new FeatureCase(One(new([1, 1], [1])), One(new([1, 1], [1])))
        {
            Options = "{ dimensions: 2, contrast-temperature: 1 }",
            Population = 2,
            Weights = new[] { 0, 1 }.SelectMany(i => new[] { ($"projections.{i}.first.weight", new Values([2, 1], [1, 0])), ($"projections.{i}.first.bias", new Values([2], [0, 0])) }).ToDictionary(w => w.Item1, w => w.Item2),
        });
        var (sum, count, _, _) = Measure(some);
        Assert.Equal(1, count);
        Assert.Equal(2 * (-Math.Log(Math.E / (Math.E + 0.5)) - Math.Log(0.5 / 1.5)), sum, 1e-5);
    }

    [Fact]
    public void A_sample_that_was_seen_is_remembered_by_its_id_as_half_of_the_old_vector_and_half_of_the_new()
    {
        var some = Example(2, 3);
        var objective = (IStatefulObjective)Create(some);
        var before = Bank(objective);
        _ = FeatureMeasure.Of((IFeatureObjective)objective, some);
        var after = Bank(objective);
        for (var row = 0; row < 6; row++)
        {
            var isSeen = row is 1 or 2; // ids 1 and 0
            var (old, now) = (before.Skip(4 * row).Take(4).ToArray(), after.Skip(4 * row).Take(4).ToArray());
            Assert.Equal(!isSeen, old.SequenceEqual(now));
            if (isSeen)
                Assert.Equal(1, now.Sum(x => x * x), 1e-5f);
        }
    }

    [Fact]
    public void Rows_go_to_ids_in_the_order_in_which_they_were_first_seen_and_a_trial_takes_none()
    {
        var some = Example(3, 3) with { State = [] };
        var objective = (IStatefulObjective)Create(some);
        var fresh = Bank(objective);
        using (Autograd.NoGrad())
            Look(objective, some, [9, 8, 9]);
        Assert.Equal(fresh, Bank(objective));
        Assert.Equal([0, 0], objective.State["counters"].ToArray<long>());
        Look(objective, some, [9, 8, 9]);
        Assert.Equal([9, 8, 0, 0, 0, 0], objective.State["ids"].ToArray<long>());
        Assert.Equal([2, 1], objective.State["counters"].ToArray<long>());
        Look(objective, some, [8, 7, 6]);
        Assert.Equal([9, 8, 7, 6, 0, 0], objective.State["ids"].ToArray<long>());
        Look(objective, some, [5, 4, 9]);
        var error = Assert.Throws<DecantException>(() => Look(objective, some, [3, 9, 8]));
        Assert.Contains("was made for 6 samples, and sample 0000000000000003 is one more", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ dimensions: 4 }")]
    [InlineData("{ dimensions: 4, negatives: 2 }")]
    public void What_was_saved_goes_on_to_the_same_bits(string options)
    {
        var some = Example(3, 3) with { State = [], Options = options };
        var (whole, first) = ((IStatefulObjective)Create(some), (IStatefulObjective)Create(some));
        var next = Example(3, 4);
        Look(whole, some, [1, 2, 3]);
        Look(first, some, [1, 2, 3]);
        var resumed = (IStatefulObjective)Create(some);
        resumed.Restore(first.State);
        Assert.Equal(Look(whole, next, [3, 5, 1]), Look(resumed, next, [3, 5, 1]));
        foreach (var (name, tensor) in whole.State)
            Assert.Equal(tensor.To(DType.Float64).ToArray<double>(), resumed.State[name].To(DType.Float64).ToArray<double>());
    }

    [Fact]
    public void The_negatives_are_drawn_anew_for_every_batch_and_are_never_the_sample_itself()
    {
        var bank = new Decant.Objectives.Features.ContrastBank(50, 2, null);
        SampleId[] ids = [new(1), new(2)];
        var first = bank.Draw(ids, 20, Device.Cpu);
        Assert.Equal((20, 20), (first.Negatives.Size(0), first.Count));
        Assert.Equal(first.Negatives.ToArray<long>(), bank.Draw(ids, 20, Device.Cpu).Negatives.ToArray<long>()); // nothing was learned between
        bank.Remember(first, Tensor.Ones([2, 2]), Tensor.Ones([2, 2]), 0.5);
        Assert.NotEqual(first.Negatives.ToArray<long>(), bank.Draw(ids, 20, Device.Cpu).Negatives.ToArray<long>());
        var all = bank.Draw(ids, 49, Device.Cpu);
        Assert.Equal(49, all.Count);
        Assert.Equal(2, all.IsOwn.To(DType.Int64).Sum().Item());
        bank.Dispose();
    }

    [Fact]
    public void Banks_that_are_too_large_and_numbers_of_samples_that_allow_none_are_refused()
    {
        Assert.Contains("contrastive-representation: the banks of 2,000,000 samples × 128 dimensions for two models take 1,953 MiB, and at most 1,024 are allowed", Refused(2_000_000), StringComparison.Ordinal);
        Assert.Contains("there is one", Refused(1), StringComparison.Ordinal);
        Assert.Contains("how many there are is not known", Refused(0), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_no_vector_of_a_sample_and_states_of_another_training_are_refused()
    {
        var tokens = new FeatureCase(One(new([1, 2, 2], [1, 2, 3, 4])), One(new([1, 2], [1, 2])));
        Assert.Contains("The student's 'representation' [B, T, 2] is no vector of a sample", Assert.Throws<DecantException>(() => Create(tokens)).Message, StringComparison.Ordinal);
        var (one, other) = ((IStatefulObjective)Create(Example(1, 1)), (IStatefulObjective)Create(Example(1, 1) with { Population = 7, State = [] }));
        Assert.Contains("'student-bank' of contrastive-representation is not of this training", Assert.Throws<DecantException>(() => other.Restore(one.State)).Message, StringComparison.Ordinal);
    }

    private static FeatureCase Still(FeatureCase some) => some with
    {
        State = new()
        {
            ["student-bank"] = new([2, 2], [1, 0, 0, 1]),
            ["teacher-bank"] = new([2, 2], [1, 0, 0, 1]),
            ["ids"] = new([2], [0, 1]),
            ["counters"] = new([2], [2, 1]),
            ["normalizers"] = new([2], [1e-30f, 1e-30f]), // log 1, and known
        },
    };

    private string Refused(int samples) => Assert.Throws<DecantException>(() => Create(Example(1, 1) with { Population = samples, State = [], Options = "{}" })).Message;

    private static double Look(IStatefulObjective objective, FeatureCase some, ulong[] ids)
    {
        using var scope = TensorScope.Open();
        using var batch = new Batch(Tensor.Zeros([3, 1]), Tensor.Zeros([3], DType.Int64), 3, [.. ids.Select(id => new SampleId(id))]);
        return objective.Compute(
            new StudentOutput(new Dictionary<string, Tensor> { ["representation"] = some.Student["representation"].ToTensor() }),
            new DenseLogits(Tensor.Zeros([1, 1])) { Features = new Dictionary<string, Tensor> { ["representation"] = some.Teacher["representation"].ToTensor() } }, batch).Sum.Detach().Item();
    }

    private static float[] Bank(IStatefulObjective objective) => objective.State["student-bank"].ToArray<float>();

    private static Dictionary<string, Values> One(Values values) => new() { ["representation"] = values };
}
