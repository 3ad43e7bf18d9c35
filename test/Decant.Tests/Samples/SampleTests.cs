using System.Reflection;
using Decant.Torch;

namespace Decant.Tests.Samples;

/// <summary>The samples, run as their user would run them, in this process.</summary>
public class SampleTests
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

    [Fact]
    public void The_readmes_program_distils_a_csv_file_and_says_what_that_was_worth()
    {
        using var work = new Runs.Workplace();
        var output = Run("Reviews", work.At("train.csv"), work.At("run"));
        Assert.Matches(@"student \d\d?\d?\.\d %, control", output);
        Assert.True(File.Exists(work.At("run", "report.html")));
    }

    [Fact]
    public void The_readme_shows_the_sample_line_by_line()
    {
        var readme = File.ReadAllText(Repository.Find("README.md"));
        var block = readme[(readme.IndexOf("```csharp\n", StringComparison.Ordinal) + 10)..];
        block = block[..block.IndexOf("```", StringComparison.Ordinal)];
        Assert.EndsWith(block, File.ReadAllText(Repository.Find("samples/Reviews/Program.cs")), StringComparison.Ordinal);
    }

    /// <summary>Own samples, network and objective, without blank lines, in one file.</summary>
    [Fact]
    public void Own_samples_networks_and_objectives_take_at_most_sixty_lines()
    {
        var lines = File.ReadAllLines(Repository.Find("samples/TwoSpirals/Program.cs")).SkipWhile(l => !l.StartsWith("// Points on", StringComparison.Ordinal)).ToArray();
        Assert.InRange(lines.Length, 20, 60);
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
