using System.Reflection;
using Decant.Torch;

namespace Decant.Tests.Samples;

/// <summary>The sample of the library, run as its user would run it, in this process.</summary>
public class TwoSpiralsTests
{
    [Fact]
    public void It_distils_tells_what_that_was_worth_and_leaves_no_tensor_behind()
    {
        var before = Tensor.LiveCount;

        using var folder = new TemporaryFolder();
        var lines = Run("TwoSpirals", Path.Combine(folder.Path, "run")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Collection(
            lines,
            line => Assert.Matches(@"^teacher  (9\d\.\d|100\.0) %$", line),
            line => Assert.Matches(@"^student  (9\d\.\d|100\.0) %$", line),
            line => Assert.Matches(@"^control  \d\d\.\d %$", line),
            line => Assert.StartsWith("This student is better than this control: student", line));
        Assert.Equal(before, Tensor.LiveCount);
    }

    private static string Run(string sample, params string[] args)
    {
        var console = Console.Out;
        using var output = new StringWriter { NewLine = "\n" };
        Console.SetOut(output);
        try
        {
            Assembly.Load(sample).EntryPoint!.Invoke(null, [args]);
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString();
    }
}
