using System.Diagnostics;
using System.Text;
using Decant.Files;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Bench;

/// <summary>Our tokenizers and the package @huggingface/tokenizers on the same lines, in turn.</summary>
internal static class TokenizerBenchJob
{
    private static readonly string[] s_tokenizers = ["bert-base-uncased", "gpt2", "tinyllama", "t5-small"];

    /// <summary>Runs the comparison.</summary>
    /// <param name="request">What is compared.</param>
    /// <param name="progress">Gets what is being measured.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DecantException">The data, Node.js or the package is not there.</exception>
    public static TokenizerBenchReport Run(TokenizerBenchRequest request, IProgress<BenchEvent> progress, CancellationToken cancellationToken)
    {
        var lines = new List<TokenizerBenchLine>();
        foreach (var tokenizer in s_tokenizers)
            foreach (var (name, file) in new[] { ("WikiText-2", "wikitext-2/train.txt"), ("Chinese reviews", "zh/chnsenticorp/train.tsv") })
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress.Report(new BenchEvent("tokenizers", $"{tokenizer}, {name}"));
                lines.Add(Compare(request, tokenizer, name, Path.Combine(request.Data, file), cancellationToken));
            }

        return new TokenizerBenchReport(Environment.ProcessorCount, lines);
    }

    private static TokenizerBenchLine Compare(TokenizerBenchRequest request, string name, string textName, string file, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(request.Data, "tokenizers", name);
        var lines = Lines(file, request.Characters);
        var bytes = lines.Sum(line => (long)Encoding.UTF8.GetByteCount(line));
        using var text = new TemporaryText(lines);
        using var peer = request.PeerFolder is null ? null : Start(folder, text.Path, request.PeerFolder, cancellationToken);
        var tokenizer = TokenizerFile.Load(folder);
        var (first, ids) = Time(() => Encode(tokenizer, lines));
        peer?.Ask("go", cancellationToken); // both have seen every word once
        var (ours, theirs, all) = (new List<double>(), new List<double>(), new List<double>());
        long? peerIds = null;
        for (var i = 0; i < request.Pairs; i++)
        {
            ours.Add(Time(() => Encode(tokenizer, lines)).Seconds);
            if (peer?.Ask("go", cancellationToken) is { } answer)
            {
                theirs.Add((double)answer["seconds"]!);
                peerIds = (long)answer["ids"]!;
            }

            all.Add(Time(() => tokenizer.EncodeBatch(lines, cancellationToken).Sum(line => (long)line.Length)).Seconds);
        }

        return new TokenizerBenchLine
        {
            Tokenizer = name,
            Text = textName,
            Bytes = bytes,
            Ids = ids,
            PeerIds = peerIds,
            First = bytes / 1e6 / first,
            Ours = bytes / 1e6 / Median(ours),
            Peer = peer is null ? null : bytes / 1e6 / Median(theirs),
            Ratio = peer is null ? null : Median([.. theirs.Zip(ours, (their, our) => their / our)]),
            AllCores = bytes / 1e6 / Median(all),
        };
    }

    private static string[] Lines(string file, int characters)
    {
        if (!File.Exists(file)) throw new DecantException($"bench: there is no {file}; set --data to the folder of the data sets.");
        using var reader = new StreamReader(RegularFile.Open(file));
        var (lines, count) = (new List<string>(), 0);
        foreach (var line in BoundedLines.Of(reader, file))
        {
            if ((count += line.Length) > characters) break;
            lines.Add(line);
        }

        return [.. lines];
    }

    private static long Encode(ITokenizer tokenizer, string[] lines)
    {
        var ids = 0L;
        foreach (var line in lines) ids += tokenizer.Encode(line).Length;
        return ids;
    }

    private static (double Seconds, long Ids) Time(Func<long> work)
    {
        var watch = Stopwatch.StartNew();
        var ids = work();
        return (watch.Elapsed.TotalSeconds, ids);
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static BenchPeer Start(string folder, string text, string peerFolder, CancellationToken cancellationToken)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "bench", "peers", "tokenizers.mjs");
        if (!Directory.Exists(Path.Combine(peerFolder, "node_modules", "@huggingface", "tokenizers")))
            throw new DecantException($"bench: {peerFolder} has no node_modules/@huggingface/tokenizers; run 'npm install @huggingface/tokenizers' there.", ExitCodes.Machine);
        try
        {
            return new BenchPeer("@huggingface/tokenizers", new ProcessStartInfo("node", [script, folder, text, peerFolder]), cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new DecantException("bench: 'node' cannot be started; install Node.js, or leave --peer-folder out.", ExitCodes.Machine, e);
        }
    }

    private sealed class TemporaryText : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("decant-bench-");

        public TemporaryText(string[] lines) => File.WriteAllText(Path, string.Join('\n', lines));

        public string Path => System.IO.Path.Combine(_folder.FullName, "text.txt");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
