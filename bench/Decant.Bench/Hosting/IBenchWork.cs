namespace Decant.Bench.Hosting;

/// <summary>What the commands of the benchmarks do; tests give made-up figures.</summary>
internal interface IBenchWork
{
    /// <summary>Compares the training loop with PyTorch's.</summary>
    BenchReport Compare(BenchRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken);

    /// <summary>Our side of that comparison, until its input ends.</summary>
    void Side(string workload, string folder, int? threads, TextReader input, TextWriter output);

    /// <summary>Trains for long and looks at memory, tensors and open files.</summary>
    SoakReport Soak(SoakRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken);

    /// <summary>Compares tokenizers with the package @huggingface/tokenizers.</summary>
    TokenizerBenchReport Tokenizers(TokenizerBenchRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken);

    /// <summary>Measures what objectives add to soft targets alone.</summary>
    ObjectiveBenchReport Objectives(ObjectiveBenchRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken);
}
