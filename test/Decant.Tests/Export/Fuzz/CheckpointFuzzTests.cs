using System.Diagnostics;
using System.Globalization;
using Decant.Export;
using Decant.Torch;
using Xunit.Abstractions;

namespace Decant.Tests.Export.Fuzz;

/// <summary>
/// Mutated checkpoints: each is read or refused in words, soon, and without memory beyond a multiple of its length. <c>DECANT_FUZZ</c> says how many (3,000),
/// <c>DECANT_FUZZ_SEED</c> where chance begins (1): a case is the same for the same seed and number.
/// </summary>
public sealed class CheckpointFuzzTests(ITestOutputHelper output) : IDisposable
{
    // A pickle's opcode of one byte makes a dictionary of some hundred; every file costs its map, its buffers, and an exception.
    private const long BytesPerByte = 256;
    private const long BytesPerFile = 1 << 18;
    private const long MaxResidentGrowth = 256L << 20;
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Whatever_is_changed_in_a_checkpoint_it_is_read_or_refused_in_words()
    {
        var (count, seed) = (Setting("DECANT_FUZZ", 3000), Setting("DECANT_FUZZ_SEED", 1));
        var corpus = FuzzCorpus.Make(_folder);
        Assert.True(corpus.Count > 20);
        foreach (var start in corpus.Where(s => s.Name != "x.index.json"))
            Assert.True(Try(start, start.Wrap([.. start.Bytes])).IsRead, $"{start.Name} is not read before it is changed");
        var (tensors, resident, run) = (Tensor.LiveCount, Process.GetCurrentProcess().WorkingSet64, new FuzzTally());
        for (var i = 0; i < count; i++)
            Case(corpus, seed, i, run);
        output.WriteLine($"{count} cases of seed {seed}: {run}");
        Assert.Equal(tensors, Tensor.LiveCount);
        Assert.InRange(Process.GetCurrentProcess().WorkingSet64 - resident, long.MinValue, MaxResidentGrowth);
        Assert.True(run.Read > count / 100 && run.Refused > count / 4, $"the mutations are too mild or too rough: {run}");
    }

    public void Dispose() => _folder.Dispose();

    private void Case(IReadOnlyList<FuzzSeed> corpus, int seed, int number, FuzzTally run)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var start = corpus[random.Next(corpus.Count)];
        var bad = start.Wrap(Mutation.Of(start.Bytes, corpus[random.Next(corpus.Count)].Bytes, random, start.From, start.To));
        var name = $"case {number} of seed {seed} ({start.Name}, {bad.Length} bytes)";
        try
        {
            var result = Try(start, bad);
            run.Add(result, bad.Length);
            Assert.True(result.Allocated <= (BytesPerByte * bad.Length) + BytesPerFile, $"{name} took {result.Allocated} bytes of memory");
            Assert.True(result.Time < s_most, $"{name} took {result.Time}");
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{name} ended in {error.GetType().Name}: {error.Message}", error);
        }
    }

    private FuzzResult Try(FuzzSeed start, byte[] content)
    {
        var path = _folder.Write(start.Name.EndsWith(".index.json", StringComparison.Ordinal) ? start.Name : start.Name.Contains("header", StringComparison.Ordinal) ? "x.safetensors" : "x.bin", content);
        var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
        var isRead = true;
        try
        {
            using var scope = TensorScope.Open();
            using var weights = Weights.Open(path);
            foreach (var (name, stored) in weights.Tensors)
            {
                Assert.True(stored.ByteCount <= content.Length);
                using var each = TensorScope.Open();
                weights.View(name).Clone();
            }
        }
        catch (DecantException error)
        {
            isRead = false;
            Assert.Contains(path, error.Message);
        }

        return new FuzzResult(isRead, GC.GetAllocatedBytesForCurrentThread() - before, watch.Elapsed);
    }

    private static int Setting(string name, int usual) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}

/// <summary>How one case went.</summary>
internal sealed record FuzzResult(bool IsRead, long Allocated, TimeSpan Time);

/// <summary>How all went.</summary>
internal sealed class FuzzTally
{
    private long _mostAllocated;
    private double _mostPerByte;
    private TimeSpan _longest;

    public int Read { get; private set; }

    public int Refused { get; private set; }

    public void Add(FuzzResult result, int length)
    {
        Read += result.IsRead ? 1 : 0;
        Refused += result.IsRead ? 0 : 1;
        _mostAllocated = Math.Max(_mostAllocated, result.Allocated);
        _mostPerByte = Math.Max(_mostPerByte, result.Allocated / (double)Math.Max(1024, length));
        _longest = result.Time > _longest ? result.Time : _longest;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Read} read, {Refused} refused; at most {_mostAllocated} bytes allocated, {_mostPerByte:0} per byte of file, {_longest.TotalMilliseconds:0} ms");
}
