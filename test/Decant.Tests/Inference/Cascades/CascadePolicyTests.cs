using Decant.Inference.Cascades;

namespace Decant.Tests.Inference.Cascades;

public sealed class CascadePolicyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CascadePolicy Policy() => CascadeSelection.Choose(
        [.. Enumerable.Range(0, 300).Select(i => new HeldOutAnswer(1 - (i / 1000.0), i > 290, 10 + i))], new("students/a", "modèle", ["x", "y"], "labels"), new() { Score = ConfidenceScore.Margin });

    [Fact]
    public void A_policy_is_the_same_after_saving_and_loading()
    {
        var (policy, path) = (Policy(), Path.Combine(_folder.Path, "cascade.json"));
        policy.Save(path);
        var read = CascadePolicy.Load(path);
        Assert.NotNull(read.Threshold);
        Assert.Equal(policy with { Identity = read.Identity, Steps = read.Steps, Reference = read.Reference }, read);
        Assert.Equal(policy.Steps, read.Steps);
        Assert.Equal(policy.Reference!.Confidences, read.Reference!.Confidences);
        Assert.Equal(policy.Reference.Lengths, read.Reference.Lengths);
        Assert.Equal(("students/a", "modèle", "labels"), (read.Identity.Student, read.Identity.Teacher, read.Identity.Against));
        Assert.Equal(["x", "y"], read.Identity.Classes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"level":0.05,"confidence":0.95,"identity":{"student":"s","teacher":"t","classes":[]},"threshold":1.5}""")]
    [InlineData("""{"level":0.05,"confidence":0.95,"identity":{"student":"s","teacher":"t","classes":[]},"threshold":0.5,"risk-bound":0.2}""")]
    [InlineData("""{"level":0.05,"confidence":0.95,"identity":{"student":"s"},"threshold":0.5}""")]
    [InlineData("""{"level":0.05,"confidence":0.95,"identity":{"student":"s","teacher":"t","classes":[]},"reference":{"confidences":[]}}""")]
    public void What_is_no_policy_is_refused_by_its_path(string json)
    {
        var path = _folder.Write("other.json", json);
        Assert.Contains(path, Assert.Throws<DecantException>(() => CascadePolicy.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_refused() => Assert.Throws<DecantException>(() => CascadePolicy.Load(Path.Combine(_folder.Path, "none.json")));

    [Fact]
    public void The_reference_of_many_rows_is_evenly_spaced_in_rank()
    {
        var reference = DriftReference.Of([.. Enumerable.Range(0, 40_000).Select(i => new HeldOutAnswer(i / 40_000.0, false))])!;
        Assert.Equal(4_000, reference.Confidences.Count);
        Assert.Equal([0, 10 / 40_000.0, 20 / 40_000.0], reference.Confidences.Take(3));
        Assert.Null(reference.Lengths);
    }
}
