using System.Diagnostics;
using Decant.Export.Gguf;
using Decant.Export.Gguf.Format;

namespace Decant.Tests.LLama;

/// <summary>Damaged GGUF files as teachers: an error each, and never the end of the process.</summary>
public sealed class DamagedGgufTests : IDisposable
{
    private const int Files = 1_000;
    private const int Seed = 20261130;
    private const int MostSeconds = 10;
    private const long MostBytes = 1L << 30;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>llama.cpp ends the process where a file contradicts itself, so that another process opens them.</summary>
    [Fact]
    public void A_thousand_damaged_files_are_answered_or_refused()
    {
        byte[][] whole = [.. Originals()];
        var (random, answers, path) = (new Random(Seed), new Dictionary<string, int> { ["answered"] = 0, ["refused"] = 0 }, Path.Combine(_folder.Path, "damaged.gguf"));
        using var probe = new GgufProbe();
        foreach (var file in whole)
        {
            File.WriteAllBytes(path, file);
            Assert.StartsWith("answered ", probe.Open(path, TimeSpan.FromMinutes(1)), StringComparison.Ordinal); // undamaged
        }

        for (var i = 0; i < Files; i++)
        {
            var (damaged, how) = Damaged(whole[i % whole.Length], random);
            File.WriteAllBytes(path, damaged);
            var answer = probe.Open(path, TimeSpan.FromSeconds(MostSeconds));
            Assert.True(answer is not null, $"file {i} ({how}) ended the process, or took longer than {MostSeconds} s: {probe.Errors}");
            answers[answer.Split(' ')[0]]++;
        }

        Assert.True(probe.PeakBytes < MostBytes, $"{probe.PeakBytes:N0} bytes were taken");
        Assert.True(answers["refused"] > 500 && answers["answered"] > 100, $"{answers["refused"]} were refused, {answers["answered"]} answered: the damage is of one kind only");
        Assert.Equal("", probe.Errors); // nothing reaches the terminal
    }

    [Fact]
    public void Without_a_native_library_the_package_is_named()
    {
        using var made = GgufModels.Decoder();
        using var probe = new GgufProbe("--library", Path.Combine(_folder.Path, "none.so"));
        var answer = probe.Open(made.File, TimeSpan.FromMinutes(1));
        Assert.StartsWith("refused ", answer, StringComparison.Ordinal);
        Assert.Contains("LLamaSharp.Backend.Cpu", answer, StringComparison.Ordinal);
    }

    private static IEnumerable<byte[]> Originals()
    {
        foreach (var make in new Func<GgufModels>[]
        {
            () => GgufModels.Decoder(), () => GgufModels.Decoder("gpt2"), () => GgufModels.Decoder("qwen2", GgufWeights.Q8), () => GgufModels.Decoder("qwen3", GgufWeights.Q4), GgufModels.SmallEncoder,
        })
        {
            using var made = make();
            yield return File.ReadAllBytes(made.File);
        }
    }

    /// <summary>Bytes changed in the head, in a setting's value, in the places of tensors or in their numbers, or the end cut off.</summary>
    private static (byte[] File, string How) Damaged(byte[] whole, Random random)
    {
        var file = whole.ToArray();
        var (head, settings) = Lengths(whole);
        switch (random.Next(6))
        {
            case 0:
                var cut = random.Next(file.Length);
                return (file[..cut], $"cut to {cut} bytes");
            case 1:
                return Flipped(head, file.Length, random.Next(1, 64));
            case 2:
                return Flipped(settings, head, 1);
            case 3:
                return Flipped(0, settings, random.Next(1, 4));
            default:
                return Overwritten();
        }

        (byte[], string) Flipped(int from, int to, int count)
        {
            var how = "";
            for (var i = 0; i < count; i++)
            {
                var (at, by) = (random.Next(from, to), random.Next(1, 256));
                file[at] ^= (byte)by;
                how += $"byte {at} ^ {by} ";
            }

            return (file, how);
        }

        // A number where a number is: what llama.cpp trusts.
        (byte[], string) Overwritten()
        {
            uint[] numbers = [0, 1, 2, 3, 5, 7, 8, 16, 31, 33, 63, 64, 65, 100, 127, 128, 255, 256, 1000, 4096, 65_535, 65_536, 1 << 20, 1 << 24, int.MaxValue, uint.MaxValue, 0x7FC00000, 0xBF800000, 0x7F800000];
            var places = NumberPlaces(whole);
            var (at, key) = places[random.Next(places.Count)];
            var number = numbers[random.Next(numbers.Length)];
            BitConverter.GetBytes(number).CopyTo(file, at);
            return (file, $"{key} = {number}");
        }
    }

    /// <summary>Where numbers of 4 bytes stand among the settings.</summary>
    private static List<(int At, string Key)> NumberPlaces(byte[] whole)
    {
        var places = new List<(int, string)>();
        var text = System.Text.Encoding.Latin1.GetString(whole);
        foreach (var key in new[] { "llama.", "gpt2.", "qwen2.", "qwen3.", "bert.", "tokenizer.ggml.", "general." })
        {
            for (var at = text.IndexOf(key, StringComparison.Ordinal); at > 0; at = text.IndexOf(key, at + 1, StringComparison.Ordinal))
            {
                var length = BitConverter.ToInt64(whole, at - sizeof(long));
                if (length is > 0 and < 80 && BitConverter.ToUInt32(whole, at + (int)length) is (uint)GgufKind.UInt32 or (uint)GgufKind.Float32)
                    places.Add((at + (int)length + sizeof(uint), text.Substring(at, (int)length)));
            }
        }

        Assert.True(places.Count > 5, "there are no settings");
        return places;
    }

    private static (int Head, int Settings) Lengths(byte[] whole) => (HeadOf(whole), SettingsOf(whole));

    private static int HeadOf(byte[] whole) => Math.Max(whole.AsSpan().LastIndexOf(".weight"u8), whole.AsSpan().LastIndexOf(".bias"u8)) + 48;

    private static int SettingsOf(byte[] whole) => whole.AsSpan().IndexOf("token_embd.weight"u8) - sizeof(long);

    /// <summary>A process that opens files.</summary>
    private sealed class GgufProbe : IDisposable
    {
        private readonly Process _process;
        private readonly System.Text.StringBuilder _errors = new();

        public GgufProbe(params string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "GgufProbe.dll"));
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument);
            start.Environment["GGML_NO_BACKTRACE"] = "1"; // no debugger is started
            _process = Process.Start(start)!;
            _process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
            _process.BeginErrorReadLine();
        }

        public string Errors => _errors.ToString().Trim();

        public long PeakBytes
        {
            get
            {
                _process.Refresh();
                return _process.PeakWorkingSet64;
            }
        }

        /// <summary>What became of a file; null: the process ended, or said nothing in time.</summary>
        public string? Open(string path, TimeSpan most)
        {
            _process.StandardInput.WriteLine(path);
            _process.StandardInput.Flush();
            var line = _process.StandardOutput.ReadLineAsync();
            return line.Wait(most) ? line.Result : null;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
        }
    }
}
