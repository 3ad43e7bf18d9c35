using System.Text.Json;
using Decant.Objectives.Spans;
using Decant.Signals;

namespace Decant.Tests.Objectives.Spans;

public sealed class UniversalLogitObjectiveTests : ObjectiveSpecification
{
    protected override string Kind => "universal-logit";

    protected override bool IsDivergence => false; // it does not know which token has a probability

    protected override bool ComparesRows => true; // with other vocabularies, a span may have several

    protected override IObjective Create() => new UniversalLogitObjective();

    protected override IObjective Create(JsonElement options) => Create();

    [Fact]
    public void Worked_by_hand()
    {
        // Sorted p = (½, ¼, ¼), q = (½, ½, 0): ¼ + ¼.
        var some = new ObjectiveCase(1, 3, [0, -100, 0], [MathF.Log(2), 0, 0], [0]);
        Assert.Equal(0.5, Measure.Of(Create(), some).Sum, 1e-5);
        // Which token has which probability does not count.
        Assert.Equal(0, Measure.Of(Create(), new(1, 3, [1, 2, 3], [3, 1, 2], [0])).Sum, 1e-6);
    }
}
