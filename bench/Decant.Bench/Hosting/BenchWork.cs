using Decant.Runs;
using Decant.Runs.Hardware;

namespace Decant.Bench.Hosting;

/// <summary>The measurements themselves.</summary>
internal sealed class BenchWork : IBenchWork
{
    /// <summary>The measurements; what the choice of matrix kernels has to say goes to <paramref name="error"/>.</summary>
    public BenchWork(TextWriter error) => KernelNotice.To(error.WriteLine);

    public BenchReport Compare(BenchRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken) =>
        new BenchJob(Self()).Run(request, progress, cancellationToken);

    public void Side(string workload, string folder, int? threads, TextReader input, TextWriter output) =>
        BenchSideProtocol.Serve(workload, folder, threads, input, output);

    public SoakReport Soak(SoakRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken) =>
        SoakJob.Run(request, progress, cancellationToken);

    public TokenizerBenchReport Tokenizers(TokenizerBenchRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken) =>
        TokenizerBenchJob.Run(request, progress, cancellationToken);

    public ObjectiveBenchReport Objectives(ObjectiveBenchRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken) =>
        new BenchJob(Self()).Objectives(Catalog.Standard, request, progress, cancellationToken);

    // Started as 'dotnet Decant.Bench.dll', or as a program of its own.
    private static string[] Self() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [Environment.ProcessPath!, typeof(BenchWork).Assembly.Location] : [Environment.ProcessPath!];
}
