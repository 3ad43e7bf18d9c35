using System.Diagnostics;
using System.Globalization;
using Decant.Torch;

namespace Decant.Tests.Fuzz;

/// <summary>
/// Damaged files of every format that is read: each is read or refused with a message that names it, soon, and without memory beyond a multiple of its length. <c>DECANT_FUZZ</c> says
/// how many (4,000), <c>DECANT_FUZZ_SEED</c> where chance begins (1), <c>DECANT_FUZZ_FORMAT</c> of which formats alone, <c>DECANT_FUZZ_CASE</c> which one alone, whose file is left as <c>decant-fuzz-file</c> in the folder of temporary files: a case is the
/// same for the same seed and number, whatever the formats. The number that is being read stands in <c>decant-fuzz-case</c> in the folder of temporary files, for a process that does not
/// survive it.
/// </summary>
public sealed class FileFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const long MaxResidentGrowth = 512L << 20;
    private const int MostFaults = 40;
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _faults = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, FuzzTally> _tallies = new(StringComparer.Ordinal);
    private string _now = "";
    private long _since;

    [Fact]
    public void Whatever_is_changed_in_a_file_it_is_read_or_refused_in_words()
    {
        var (count, seed, only) = (Setting("DECANT_FUZZ", 4000), Setting("DECANT_FUZZ_SEED", 1), Environment.GetEnvironmentVariable("DECANT_FUZZ_FORMAT") ?? "");
        var seeds = FuzzSeeds.All();
        var formats = seeds.Select(s => s.Format).Distinct().Where(f => f.Contains(only, StringComparison.Ordinal)).ToArray();
        Assert.True(only.Length > 0 || formats.Length > 25, $"only {formats.Length} formats are read");
        var places = seeds.Select(Place).ToArray();
        var (tensors, resident) = (Tensor.LiveCount, Process.GetCurrentProcess().WorkingSet64);
        Exception? failure = null;
        var worker = new Thread(() =>
        {
            try
            {
                Run(seeds, places, formats, seed, count);
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        worker.IsBackground = true;
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(1)))
            Assert.True(Stopwatch.GetElapsedTime(Volatile.Read(ref _since)) < s_hang, $"{_now} hangs");
        foreach (var (format, tally) in _tallies)
            output.WriteLine($"{format,-28} {tally}");
        Assert.Null(failure);
        Assert.True(_faults.Count == 0, string.Join("\n\n", _faults.Values));
        Assert.Equal(tensors, Tensor.LiveCount);
        GC.Collect();
        Assert.InRange(Process.GetCurrentProcess().WorkingSet64 - resident, long.MinValue, MaxResidentGrowth);
        foreach (var (format, tally) in _tallies.Where(t => t.Value.Read + t.Value.Refused >= 400))
            Assert.True(tally.Refused > 0 && tally.Read > 0, $"the changes of {format} are too mild or too rough: {tally}");
    }

    public void Dispose() => _folder.Dispose();

    private void Run(IReadOnlyList<FuzzSeed> seeds, string[] places, string[] formats, int seed, int count)
    {
        for (var s = 0; s < seeds.Count; s++)
            if (formats.Contains(seeds[s].Format))
                Begin(seeds[s], places[s]);
        var byFormat = formats.Select(f => Enumerable.Range(0, seeds.Count).Where(s => seeds[s].Format == f).ToArray()).ToArray();
        using var notes = new FileStream(Path.Combine(Path.GetTempPath(), "decant-fuzz-case"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var single = Setting("DECANT_FUZZ_CASE", -1);
        for (var number = Math.Max(0, single); number < (single < 0 ? count : single + 1) && _faults.Count < MostFaults; number++)
        {
            var random = new Random(unchecked((seed * 1_000_003) + number));
            var of = byFormat[number % byFormat.Length];
            var chosen = of[random.Next(of.Length)];
            _now = $"case {number} of seed {seed}{(formats.Length == 1 ? $" with DECANT_FUZZ_FORMAT='{formats[0]}'" : "")} ({seeds[chosen].Format}, {seeds[chosen].File})";
            notes.Position = 0;
            notes.Write(System.Text.Encoding.UTF8.GetBytes(_now.PadRight(120)));
            Case(seeds[chosen], places[chosen], seeds[of[random.Next(of.Length)]].Content, random);
            if (single >= 0)
                File.Copy(Path.Combine(places[chosen], seeds[chosen].File), Path.Combine(Path.GetTempPath(), "decant-fuzz-file"), overwrite: true);
        }
    }

    /// <summary>The good file is read; what is read the first time alone, such as the program's own code, is no part of what files take.</summary>
    private void Begin(FuzzSeed seed, string place)
    {
        Volatile.Write(ref _since, Stopwatch.GetTimestamp());
        _now = $"the good {seed.Format} ({seed.File})";
        Write(seed, place, seed.Content);
        using var scope = TensorScope.Open();
        var error = Record.Exception(() => seed.Read(place));
        if (error is not null)
            Fault(_now, $"{_now} is refused: {Shortened(error.ToString())}");
    }

    private void Case(FuzzSeed seed, string place, byte[] other, Random random)
    {
        var bad = seed.Damage(seed.Content, other, random);
        Volatile.Write(ref _since, Stopwatch.GetTimestamp());
        var length = Write(seed, place, bad);
        var (watch, before, isRead) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread(), true);
        try
        {
            using var scope = TensorScope.Open();
            seed.Read(place);
        }
        catch (DecantException error)
        {
            isRead = false;
            if (!error.Message.Contains(place, StringComparison.Ordinal))
                Fault($"{seed.Format} unnamed", $"{_now} is refused without its name: {Shortened(error.Message)}");
        }
        catch (Exception error)
        {
            isRead = false;
            Fault($"{seed.Format} {error.GetType()} {Frame(error)}", $"{_now} ended in {error.GetType().Name}: {Shortened(error.ToString())}");
        }

        var (allocated, time) = (GC.GetAllocatedBytesForCurrentThread() - before, watch.Elapsed);
        if (!_tallies.TryGetValue(seed.Format, out var tally))
            _tallies[seed.Format] = tally = new FuzzTally();
        tally.Add(isRead, allocated, time);
        if (allocated > (seed.BytesPerByte * length) + seed.BytesPerFile)
            Fault($"{seed.Format} memory", $"{_now} took {allocated:N0} bytes of memory for {length:N0}");
        if (time > s_most)
            Fault($"{seed.Format} time", $"{_now} took {time}");
    }

    /// <summary>The first fault of a sort tells it.</summary>
    private void Fault(string sort, string message) => _faults.TryAdd(sort, message);

    private static string Frame(Exception error) => error.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("Decant.", StringComparison.Ordinal)) ?? "";

    private static string Shortened(string text) => text.Length <= 1600 ? text : text[..1600] + "…";

    private string Place(FuzzSeed seed, int number)
    {
        var place = Path.Combine(_folder.Path, $"seed-{number}");
        foreach (var (file, content) in seed.Beside)
            WriteFile(Path.Combine(place, file), content);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(place, seed.File))!);
        return place;
    }

    private static long Write(FuzzSeed seed, string place, byte[] content)
    {
        var whole = seed.Wrap(content);
        File.WriteAllBytes(Path.Combine(place, seed.File), whole);
        foreach (var (file, of) in seed.Seal(whole))
            File.WriteAllBytes(Path.Combine(place, file), of);
        return whole.Length;
    }

    private static void WriteFile(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private static int Setting(string name, int usual) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
