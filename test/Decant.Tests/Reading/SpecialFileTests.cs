using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Decant.Files;
using Decant.Runs.Jobs.Generation;
using Decant.Runs.Jobs.Prediction;
using Decant.Runs.Recipes.Reading;
using Decant.Tests.Fuzz;

namespace Decant.Tests.Reading;

/// <summary>In the place of every file that is read stands something without an end, or that nobody writes to: it is refused by name, at once, and is not read.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private const long MostBytes = 64 << 20;
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => ["a link to /dev/zero", "a device", "a pipe", "a folder", "a socket", "a file without an end"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_is_refused_by_name_wherever_a_file_is_read(string kind)
    {
        var readers = FuzzSeeds.All().Where(s => kind != "a folder" || s.Format is not ("data: dotnet-docs" or "images: pictures")).DistinctBy(s => (s.Format, Path.GetFileName(s.File))).ToArray(); // there a folder is looked into
        Assert.True(readers.Length > 30);
        foreach (var (seed, number) in readers.Select((s, i) => (s, i)))
        {
            var place = Path.Combine(_folder.Path, $"{number}");
            foreach (var (file, content) in seed.Beside)
                Write(Path.Combine(place, file), content);
            var path = Path.Combine(place, seed.File);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var made = Make(kind, path);
            var reading = Task.Run(() => Read(seed, place));
            Assert.True(await Task.WhenAny(reading, Task.Delay(s_soon)) == reading, $"{seed.Format} waits for {kind}");
            var (error, allocated) = await reading;
            Assert.True(error is DecantException, $"{seed.Format}, {kind}: {error?.ToString() ?? "was read"}");
            Assert.Contains(place, error!.Message, StringComparison.Ordinal);
            Assert.Contains(Path.GetFileName(path), error.Message, StringComparison.Ordinal);
            Assert.True(allocated <= MostBytes, $"{seed.Format}, {kind}: {allocated:N0} bytes of memory");
        }
    }

    [Fact]
    public void A_pipe_that_is_handed_to_the_process_is_read_where_text_comes_in()
    {
        var recipe = File.ReadAllText(Repository.Find("recipes/quickstart.yaml"));
        Assert.Equal("quickstart", Piped(recipe, path => RecipeHeader.Read(path).Name));
        Assert.Equal("a text", Piped("a text\n", PromptText.OfFile));
        Assert.Equal(["one", "two"], Piped("one\ntwo\n", path => PredictLine.OfFile(path).Select(l => l.Text).ToArray()));
    }

    [Fact]
    public void A_stream_without_line_ends_does_not_take_all_memory()
    {
        using var endless = new StreamReader(new FileStream("/dev/zero", FileMode.Open, FileAccess.Read));
        var error = Assert.Throws<DecantException>(() => BoundedLines.Of(endless, "in", most: 1 << 20).First());
        Assert.Contains("in:1: a line of more than 1,048,576 characters", error.Message, StringComparison.Ordinal);
        Assert.Contains("at most 16,777,216 characters", Assert.Throws<DecantException>(() => PromptText.Of(endless)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nb\r\nc\rd", "a|b|c|d")]
    [InlineData("\n\r\n\r", "||")]
    [InlineData("a\n", "a")]
    [InlineData("", null)]
    public void Lines_end_as_a_reader_of_text_ends_them(string text, string? lines)
    {
        Assert.Equal(lines?.Split('|') ?? [], BoundedLines.Of(new StringReader(text), "in"));
        Assert.Equal(lines?.Split('|') ?? [], BoundedLines.Of(new OneByOne(text), "in"));
    }

    private static (Exception? Error, long Allocated) Read(FuzzSeed seed, string place)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Record.Exception(() => seed.Read(place));
        return (error, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static IDisposable? Make(string kind, string path)
    {
        switch (kind)
        {
            case "a link to /dev/zero":
                File.CreateSymbolicLink(path, "/dev/zero");
                return null;
            case "a device":
                File.CreateSymbolicLink(path, "/dev/tty"); // opening it may wait for a terminal
                return null;
            case "a pipe":
                Assert.Equal(0, MakePipe(path, 0x180));
                return null;
            case "a folder":
                Directory.CreateDirectory(path);
                return null;
            case "a socket":
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                var short_ = Path.Combine(Path.GetTempPath(), $"d{Guid.NewGuid():N}"[..12]); // its address has 108 bytes
                socket.Bind(new UnixDomainSocketEndPoint(short_));
                File.Move(short_, path);
                return socket;
            default:
                using (var file = File.Create(path))
                    file.SetLength(1L << 40); // takes no room on the disk
                return null;
        }
    }

    private static T Piped<T>(string text, Func<string, T> read)
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out);
        using var end = new System.IO.Pipes.AnonymousPipeClientStream(System.IO.Pipes.PipeDirection.In, pipe.ClientSafePipeHandle);
        pipe.Write(Encoding.UTF8.GetBytes(text));
        var path = $"/dev/fd/{end.SafePipeHandle.DangerousGetHandle()}";
        var reading = Task.Run(() => read(path));
        Thread.Sleep(200);
        pipe.Dispose();
        return reading.GetAwaiter().GetResult();
    }

    private static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    private static extern int MakePipe(string path, uint mode);

    /// <summary>Gives a character at a time.</summary>
    private sealed class OneByOne(string text) : StringReader(text)
    {
        public override int Read(char[] buffer, int index, int count) => base.Read(buffer, index, Math.Min(1, count));
    }
}
