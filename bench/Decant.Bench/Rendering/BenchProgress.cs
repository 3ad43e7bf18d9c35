namespace Decant.Bench.Rendering;

/// <summary>A line for everything that happens while it is measured.</summary>
internal sealed class BenchProgress(TextWriter output) : IProgress<BenchEvent>
{
    public void Report(BenchEvent value)
    {
        output.WriteLine($"{value.Workload}: {value.Text}");
        output.Flush();
    }
}
