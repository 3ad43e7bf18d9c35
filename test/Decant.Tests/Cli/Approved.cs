namespace Decant.Tests.Cli;

/// <summary>Output that somebody has looked at and found right; a difference fails.</summary>
internal static class Approved
{
    public static void Check(string actual, string name, string room = "Cli", string kind = "txt")
    {
        var path = Repository.Find($"test/Decant.Tests/Approved/{room}/{name}.{kind}");
        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected == actual) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Environment.GetEnvironmentVariable("DECANT_APPROVE") == "1") File.WriteAllText(path, actual);
        else Assert.Fail($"{name} differs from what was approved (-: approved, +: now). If that is meant, run with DECANT_APPROVE=1.\n{LineDiff.Of(expected, actual)}");
    }
}
