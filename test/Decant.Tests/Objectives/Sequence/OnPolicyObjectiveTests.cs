using System.Text.Json;
using Decant.Objectives.Sequence;
using Decant.Signals;

namespace Decant.Tests.Objectives.Sequence;

public sealed class OnPolicyObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "on-policy";

    protected override IObjective Create() => new OnPolicyObjective(new OnPolicy { Temperature = 3 });

    protected override IObjective Create(JsonElement options) => new OnPolicyObjective(Options<OnPolicy>(options));

    [Fact]
    public void Worked_by_hand_the_two_likeliest_of_three_tokens_and_the_rest()
    {
        // p = (½, ¼, ¼), q = (¼, ¼, ½), of the student's two likeliest tokens the third (½) and the first (¼, before the second): with the rest in one bucket
        // ½·ln(½ ÷ ¼) + ¼·ln(¼ ÷ ½) + ¼·ln(¼ ÷ ¼) = ¼·ln 2; renormalized ⅔·ln(⅔ ÷ ⅓) + ⅓·ln(⅓ ÷ ⅔) = ⅓·ln 2.
        var some = new ObjectiveCase(1, 3, [MathF.Log(1.0001f), 0, MathF.Log(2)], [MathF.Log(2), 0, 0], [0]);
        var options = new OnPolicy { Granularity = Granularity.TopK, K = 2 };
        Assert.Equal(Math.Log(2) / 4, Measure.Of(new OnPolicyObjective(options), some).Sum, 1e-4);
        Assert.Equal(Math.Log(2) / 3, Measure.Of(new OnPolicyObjective(options with { Tail = TailRule.Renormalize }), some).Sum, 1e-4);
        Assert.Equal(Math.Log(2) / 4, Measure.Of(new OnPolicyObjective(), some).Sum, 1e-4);
    }

    [Fact]
    public void Texts_of_others_than_it_is_about_do_not_count()
    {
        var some = ObjectiveCase.Random(3, 4, seed: 1);
        Assert.Equal(0, Measure.Of(new OnPolicyObjective(new OnPolicy { Texts = TextsOf.Student }), some).Count);
        Assert.Equal(3, Measure.Of(new OnPolicyObjective(new OnPolicy { Texts = TextsOf.Data }), some).Count);
        Assert.Equal(0, Measure.Of(new OnPolicyObjective(new OnPolicy { Granularity = Granularity.Sampled }), some).Count);
    }
}
