using Decant.Bench.Cascades;
using Decant.Runs.Cascades;

namespace Decant.Tests.Bench;

public class SimulatedDeploymentsTests
{
    // 17 of 200 are 5 % and its chance; the numbers are those of docs/cascade.md.
    [Theory]
    [InlineData("trec", 0.05, false, 0.3)]
    [InlineData("trec", 0.1, true, 0.4)]
    [InlineData("sst2", 0.02, false, 0.5)]
    [InlineData("sst2", 0.05, false, 0.7)]
    public void The_limit_is_broken_in_17_of_200_deployments_at_most_and_much_is_answered_locally(string name, double risk, bool isOfLabels, double share)
    {
        var result = SimulatedDeployments.Run(CascadeRow.HeldOut(CascadeRow.Read(Repository.Find($"test/Decant.Tests/Golden/cascades/{name}.csv")), isOfLabels ? CascadeTruth.Labels : CascadeTruth.Teacher, name), new() { Risk = risk }, heldOut: 1000, deployments: 200, seed: 1);
        Assert.InRange(result.Broken, 0, 17);
        Assert.True(result.Chosen >= 198 && result.ShareLocal >= share, result.ToString());
    }

    [Fact]
    public void A_limit_on_the_measured_risk_alone_would_be_broken_often()
    {
        // The simulation can fail: with a confidence of a half it does.
        var rows = CascadeRow.HeldOut(CascadeRow.Read(Repository.Find("test/Decant.Tests/Golden/cascades/sst2.csv")), CascadeTruth.Teacher, "sst2");
        Assert.True(SimulatedDeployments.Run(rows, new() { Risk = 0.05, Confidence = 0.5 }, 1000, 200, seed: 1).Broken > 17);
    }
}
