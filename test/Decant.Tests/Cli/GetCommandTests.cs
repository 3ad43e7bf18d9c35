using Decant.Cli.Rendering;
using Decant.Runs.Reports.Record;
using Decant.Tests.Hub;

namespace Decant.Tests.Cli;

public sealed class GetCommandTests : IDisposable
{
    private static readonly Dictionary<string, byte[]> s_stories = Directory.GetFiles(RealData.Find("stories260K/hf")).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);

    private readonly CliRunner _cli = new();
    private readonly FakeHub _hub = new(s_stories) { Name = "acme/stories" };

    public GetCommandTests() => _cli.Environment = name => name switch
    {
        "HF_ENDPOINT" => _hub.Address.ToString(),
        "HF_HOME" => Path.Combine(_cli.Folder, "hf"),
        _ => null,
    };

    public void Dispose()
    {
        _hub.Dispose();
        _cli.Dispose();
    }

    [Fact]
    public void A_model_is_fetched_and_shown_and_then_found_offline()
    {
        Assert.Equal(0, _cli.Run("get", "hf:acme/stories"));
        Approved.Check(_cli.Out, "get");
        Assert.Matches("^hf:acme/stories: [0-9.]+ MB to download\nhf:acme/stories: [0-9.]+ MB downloaded in [0-9]+ s\n$", _cli.Error);
        _hub.Requests.Clear();
        Assert.Equal(0, _cli.Run("tokenize", "hf:acme/stories", "Once upon a time", "--offline"));
        Assert.Equal(0, _cli.Run("--offline", "generate", "hf:acme/stories", "--prompt", "Once", "--max-tokens", "3", "--seed", "1", "--json"));
        Assert.Contains("\"prompt\"", _cli.Out);
        Assert.Empty(_hub.Requests);
    }

    [Theory]
    [InlineData("get: expected hf:ORG/NAME, or hf:ORG/NAME@REVISION for a branch, tag or commit; or nuget:PACKAGE/VERSION, or nuget:PACKAGE/VERSION#RESOURCE for one of its files; came 'acme/stories'; did you mean hf:acme/stories?\n", "get", "acme/stories")]
    [InlineData("hf:acme/stories: the hub is not asked (--offline is given), and DIR/hf/hub has nothing of 'main' of acme/stories. Run 'decant get hf:acme/stories' where the hub can be reached, or copy that machine's folder to DIR/hf/hub.\n", "predict", "hf:acme/stories", "x", "--offline")]
    [InlineData("--out is needed: a model that is fetched lies in a cache that other programs share, and nothing is written there.\n'decant export --help' shows how it is used.\n", "export", "hf:acme/stories")]
    public void What_cannot_be_fetched_is_told(string expected, params string[] args)
    {
        Assert.Equal(ExitCodes.BadInput, _cli.Run(args));
        Assert.Equal(("", expected), (_cli.Out, _cli.Error));
    }

    [Fact]
    public void A_model_of_an_unknown_family_is_refused_before_its_weights_come()
    {
        var files = new Dictionary<string, byte[]>(s_stories) { ["config.json"] = """{"model_type":"t5"}"""u8.ToArray() };
        using var hub = new FakeHub(files) { Name = "acme/t5" };
        _cli.Environment = name => name switch { "HF_ENDPOINT" => hub.Address.ToString(), "HF_HOME" => Path.Combine(_cli.Folder, "hf"), _ => null };
        Assert.Equal(ExitCodes.BadInput, _cli.Run("get", "hf:acme/t5"));
        Assert.Matches("hf:acme/t5: Models of type 't5' are not known; known are .*bert.* Its weights were not downloaded.\n$", _cli.Error);
        Assert.DoesNotContain(hub.Requests, r => r.Host == "cdn");
    }

    [Theory]
    [InlineData("--offline is given", "get", "nuget:Not.Here.Model/1.0.0", "--offline")]
    [InlineData("--offline is given", "import", "nuget:Not.Here.Model/1.0.0", "--offline")]
    [InlineData("HF_HUB_OFFLINE is set", "import", "nuget:Not.Here.Model/1.0.0")]
    public void Offline_holds_for_packages_too(string reason, params string[] args)
    {
        if (!args.Contains("--offline"))
            _cli.Environment = name => name == "HF_HUB_OFFLINE" ? "1" : null;
        Assert.Equal(ExitCodes.BadInput, _cli.Run(args));
        Assert.StartsWith($"nuget:Not.Here.Model/1.0.0: no package is fetched ({reason}), and ", _cli.Error);
    }

    [Fact]
    public void A_model_of_texts_without_a_tokenizer_is_noted()
    {
        var files = s_stories.Where(f => f.Key.EndsWith("config.json", StringComparison.Ordinal) || f.Key.EndsWith(".safetensors", StringComparison.Ordinal)).Where(f => !f.Key.StartsWith("tokenizer", StringComparison.Ordinal)).ToDictionary();
        using var hub = new FakeHub(files) { Name = "acme/bare" };
        _cli.Environment = name => name switch { "HF_ENDPOINT" => hub.Address.ToString(), "HF_HOME" => Path.Combine(_cli.Folder, "hf"), _ => null };
        Assert.Equal(0, _cli.Run("get", "hf:acme/bare"));
        Assert.StartsWith("note: it reads texts and has no tokenizer (tokenizer.json, vocab.txt, …)", _cli.Out);
    }

    [Fact]
    public void Quietly_the_folder_alone_is_shown()
    {
        Assert.Equal(0, _cli.Run("get", "hf:acme/stories", "--quiet"));
        Assert.Matches("^DIR/hf/hub/models--acme--stories/snapshots/[0-9a-f]{40}\n$", _cli.Out);
    }

    [Fact]
    public void A_quantized_model_is_refused_before_its_weights_come()
    {
        var config = System.Text.Encoding.UTF8.GetString(s_stories["config.json"]);
        var files = new Dictionary<string, byte[]>(s_stories) { ["config.json"] = System.Text.Encoding.UTF8.GetBytes("{\"quantization_config\":{\"quant_method\":\"gptq\",\"bits\":4}," + config.TrimStart()[1..]) };
        using var hub = new FakeHub(files) { Name = "acme/gptq" };
        _cli.Environment = name => name switch { "HF_ENDPOINT" => hub.Address.ToString(), "HF_HOME" => Path.Combine(_cli.Folder, "hf"), _ => null };
        Assert.Equal(ExitCodes.BadInput, _cli.Run("get", "hf:acme/gptq"));
        Assert.Contains("quantization_config", _cli.Error);
        Assert.DoesNotContain(hub.Requests, r => r.Host == "cdn");
    }

    [Fact]
    public void A_log_tells_a_download_when_it_begins_waits_and_ends()
    {
        var (clock, output) = (new Clock(), new StringWriter { NewLine = "\n" });
        var progress = new PlainProgress(output, clock);
        ModelDownload At(long bytes, long received, string? waiting = null) => new() { Source = "hf:acme/minilm", File = "model.safetensors", Bytes = bytes, Total = 90_000_000, Received = received, Waiting = waiting };
        progress.Report(At(0, 0, "asking huggingface.co"));
        progress.Report(At(0, 0));
        for (var second = 1; second <= 25; second++)
        {
            progress.Report(At(second * 3_000_000, second * 3_000_000));
            clock.Forward(1);
        }

        progress.Report(At(75_000_000, 75_000_000, "the connection was cut; again in 2 s"));
        progress.Report(At(90_000_000, 90_000_000));
        progress.Report(At(90_000_000, 90_000_000) with { IsComplete = true });
        Assert.Equal(
            """
            hf:acme/minilm: 90.0 MB to download
            hf:acme/minilm: 33.0 MB of 90.0 MB, 37 %, 3.00 MB/s, 19 s left
            hf:acme/minilm: 63.0 MB of 90.0 MB, 70 %, 3.00 MB/s, 9 s left
            hf:acme/minilm: the connection was cut; again in 2 s
            hf:acme/minilm: 90.0 MB downloaded in 25 s

            """, output.ToString());
        Assert.DoesNotContain("asking", output.ToString());
    }

    [Fact]
    public void What_was_here_is_not_told()
    {
        var output = new StringWriter();
        var progress = new PlainProgress(output, new Clock());
        progress.Report(new ModelDownload { Source = "hf:acme/minilm", Bytes = 10, Total = 10 });
        progress.Report(new ModelDownload { Source = "hf:acme/minilm", Bytes = 10, Total = 10, IsComplete = true });
        Assert.Equal("", output.ToString());
    }
}
