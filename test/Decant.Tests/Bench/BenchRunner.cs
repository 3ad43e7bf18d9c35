using Decant.Bench;
using Decant.Bench.Commands;
using Decant.Bench.Hosting;
using Spectre.Console;

namespace Decant.Tests.Bench;

/// <summary>The benchmarks' command line in this process, with figures that are made up.</summary>
internal sealed class BenchRunner : IBenchWork, IDisposable
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public string Folder { get; } = Directory.CreateTempSubdirectory("decant-bench").FullName;

    /// <summary>What came out, without the blanks at the ends of lines that fill tables up.</summary>
    public string Out => string.Join('\n', _out.ToString().Replace(Folder, "DIR").Split('\n').Select(line => line.TrimEnd()));

    public string Error => _error.ToString().Replace(Folder, "DIR");

    public BenchRequest? Compared { get; private set; }

    public SoakRequest? Soaked { get; private set; }

    public ObjectiveBenchRequest? Objectives { get; private set; }

    public SoakReport Soaking { get; set; } = MadeUpBench.Soak(late: 101);

    public int Run(params string[] args) => Entry.Run(args, new BenchServices
    {
        Out = _out,
        Error = _error,
        Console = new Lazy<IAnsiConsole>(Plain),
        Work = new Lazy<IBenchWork>(() => this),
    });

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    BenchReport IBenchWork.Compare(BenchRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken)
    {
        Compared = request;
        progress.Report(new BenchEvent("mlp", "pair 1 of 9, ms per step: run 7.34, live 10.06, PyTorch 8.67, tuned 8.18"));
        return MadeUpBench.Report;
    }

    void IBenchWork.Side(string workload, string folder, int? threads, TextReader input, TextWriter output) => output.WriteLine($"{workload} {folder} {threads}");

    SoakReport IBenchWork.Soak(SoakRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken)
    {
        Soaked = request;
        return Soaking;
    }

    TokenizerBenchReport IBenchWork.Tokenizers(TokenizerBenchRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken) =>
        new(2, [new TokenizerBenchLine { Tokenizer = "gpt2", Text = "WikiText-2", Bytes = 1000, Ids = 300, PeerIds = 300, Ours = 30, First = 20, Peer = 2, Ratio = 15, AllCores = 58 }]);

    ObjectiveBenchReport IBenchWork.Objectives(ObjectiveBenchRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken)
    {
        Objectives = request;
        progress.Report(new BenchEvent("encoder", "round 1 of 5: 60.1 ms an update with soft targets alone"));
        return MadeUpBench.Objectives;
    }

    private IAnsiConsole Plain()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(_out) });
        console.Profile.Width = 120;
        return console;
    }
}
