using System.Runtime.CompilerServices;

namespace Decant.Tests.Cli;

/// <summary>Output that somebody has looked at and found right; a difference fails and leaves what came beside it.</summary>
internal static class Approved
{
    public static void Check(string actual, string name, [CallerFilePath] string source = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(source)!, "..", "Approved", "Cli", name + ".txt");
        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected == actual) return;
        File.WriteAllText(Path.ChangeExtension(path, ".received.txt"), actual);
        Assert.Fail($"{name} differs from what was approved; compare {name}.received.txt with {name}.txt and, when it is right, rename it.\n{actual}");
    }
}
