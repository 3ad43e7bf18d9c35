using Decant.Hub;

namespace Decant.Tests.Hub;

public sealed class HubDownloadTests : IDisposable
{
    private readonly HubWorkplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_model_is_fetched_into_the_layout_that_the_hubs_own_tools_have()
    {
        var model = _work.Fetch();
        Assert.Equal(Path.Combine(_work.Home, "snapshots", FakeHub.Commit), model.Folder);
        Assert.Equal($"hf:acme/minilm@{FakeHub.Commit}", model.Exact);
        Assert.Equal(["1_Pooling/config.json", "config.json", "model.safetensors", "modules.json", "tokenizer.json", "vocab.txt"], model.Files);
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(_work.Home, "refs", "main")));
        Assert.Equal($"../../blobs/{_work.Server.HashOf("model.safetensors")}", new FileInfo(Path.Combine(model.Folder, "model.safetensors")).LinkTarget);
        Assert.Equal($"../../../blobs/{_work.Server.HashOf("1_Pooling/config.json")}", new FileInfo(Path.Combine(model.Folder, "1_Pooling", "config.json")).LinkTarget);
        Assert.True(File.Exists(Path.Combine(_work.Settings.Cache, ".locks", "models--acme--minilm", _work.Server.HashOf("vocab.txt") + ".lock")));
        Assert.Equal(["blobs", "refs", "snapshots"], Directory.GetFileSystemEntries(_work.Home).Select(Path.GetFileName).Order());
        Assert.Equal(model.Files.Select(_work.Server.HashOf).Order(StringComparer.Ordinal), Directory.GetFiles(Path.Combine(_work.Home, "blobs")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        _work.CheckWhole();
    }

    [Fact]
    public void What_is_here_is_not_fetched_again_and_a_commit_is_not_even_asked_for()
    {
        var first = _work.Fetch();
        Assert.Equal(first.Files.Sum(f => _work.Server.Files[f].Length), first.Downloaded);
        _work.Server.Requests.Clear();
        Assert.Equal(0, _work.Fetch().Downloaded);
        Assert.Equal($"/api/models/acme/minilm/revision/main?blobs=true", Assert.Single(_work.Server.Requests).Path);
        _work.Server.Requests.Clear();
        Assert.Equal(first.Folder, _work.Fetch(first.Exact).Folder);
        Assert.Empty(_work.Server.Requests);
    }

    [Fact]
    public void The_settings_come_first_and_the_weights_last()
    {
        _work.Fetch();
        var files = _work.Server.Requests.Where(r => r.Path.Contains("/resolve/", StringComparison.Ordinal)).Select(r => r.Path.Split('/', 5)[4].Split('/', 2)[1]).ToArray();
        Assert.Equal(("config.json", "model.safetensors"), (files[0], files[^1]));
    }

    [Fact]
    public void Settings_that_are_not_served_are_refused_before_the_weights_come()
    {
        var message = _work.Refused(check: config => throw new DecantException($"{config}: Models of type 't5' are not known; known are bert."));
        Assert.Equal("hf:acme/minilm: Models of type 't5' are not known; known are bert. Its weights were not downloaded.", message);
        Assert.DoesNotContain(_work.Server.Requests, r => r.Path.Contains("safetensors", StringComparison.Ordinal) || r.Host == "cdn");
        Assert.Single(_work.Server.Requests, r => r.Path.Contains("/resolve/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(FetchPurpose.Tokenizer), "1_Pooling/config.json config.json modules.json tokenizer.json vocab.txt")]
    [InlineData(nameof(FetchPurpose.Settings), "config.json")]
    public void Only_what_the_purpose_needs_is_fetched(string purpose, string files) => Assert.Equal(files.Split(' '), _work.Fetch(purpose: Enum.Parse<FetchPurpose>(purpose)).Files);

    [Fact]
    public void Patterns_choose_other_files()
    {
        Assert.Equal(["README.md", "onnx/model.onnx"], _work.Fetch(include: ["onnx/*", "*.md"]).Files);
        Assert.Contains("no file matches *.gguf; it has 1_Pooling/config.json,", _work.Refused(include: ["*.gguf"]));
    }

    [Fact]
    public void Weights_in_parts_are_fetched_by_their_index()
    {
        var files = HubWorkplace.Small();
        files.Remove("model.safetensors");
        files["model.safetensors.index.json"] = HubWorkplace.Text("""{"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors","c":"model-00001-of-00002.safetensors"}}""");
        files["model-00001-of-00002.safetensors"] = HubWorkplace.Bytes(5000, 5);
        files["model-00002-of-00002.safetensors"] = HubWorkplace.Bytes(6000, 6);
        using var work = new HubWorkplace(files);
        var model = work.Fetch();
        Assert.Contains("model-00002-of-00002.safetensors", model.Files);
        Assert.DoesNotContain("pytorch_model.bin", model.Files);
        Assert.Equal(model.Files.Sum(f => files[f].Length), model.Downloaded);
        work.CheckWhole();
        Assert.Equal(0, work.Fetch(model.Exact).Downloaded);
        File.Delete(Path.Combine(model.Folder, "model-00002-of-00002.safetensors"));
        work.Settings = work.Settings with { Offline = "--offline is given" };
        Assert.Contains("lacks model-00002-of-00002.safetensors", work.Refused());
    }

    [Fact]
    public void An_index_that_names_files_that_are_not_there_is_refused()
    {
        var files = HubWorkplace.Small();
        files.Remove("model.safetensors");
        files["model.safetensors.index.json"] = HubWorkplace.Text("""{"weight_map":{"a":"../../../etc/passwd"}}""");
        using var work = new HubWorkplace(files);
        Assert.Contains("names the file '../../../etc/passwd', and the repository has none", work.Refused());
    }

    [Theory]
    [InlineData("model-q4.gguf", "GGUF (quantized, for llama.cpp) (model-q4.gguf)")]
    [InlineData("tf_model.h5", "TensorFlow (tf_model.h5)")]
    [InlineData("adapter_model.safetensors", "safetensors under other names, such as adapters or parts of a pipeline (adapter_model.safetensors)")]
    [InlineData("notes.txt", "no weights at all")]
    public void A_model_without_weights_that_are_read_says_what_it_has_instead(string file, string what)
    {
        using var work = new HubWorkplace(new Dictionary<string, byte[]> { ["config.json"] = HubWorkplace.Text("{}"), [file] = HubWorkplace.Bytes(10, 1) });
        Assert.Contains($"expected model.safetensors or pytorch_model.bin, whole or in parts with an index, came {what}. Nothing was downloaded", work.Refused());
        Assert.Single(work.Server.Requests);
    }

    [Fact]
    public void Weights_without_settings_are_not_called_missing()
    {
        using var work = new HubWorkplace(new Dictionary<string, byte[]> { ["model.safetensors"] = HubWorkplace.Bytes(10, 1) });
        Assert.Contains("expected config.json, the settings of the model, came none; its weights (model.safetensors) say nothing of the network", work.Refused());
    }

    [Fact]
    public void A_renamed_repository_is_found_where_it_is_now()
    {
        _work.Server.RenamedTo = "acme-labs/minilm-v2";
        _work.Server.Token = "hf_secret";
        _work.Settings = _work.Settings with { Token = HubSettingsTests.Token("hf_secret") };
        Assert.Equal($"hf:acme/minilm@{FakeHub.Commit}", _work.Fetch().Exact);
        Assert.Contains(_work.Server.Requests, r => r.Path.StartsWith("/acme-labs/minilm-v2/resolve/", StringComparison.Ordinal));
        _work.CheckWhole();
    }

    [Fact]
    public void A_token_goes_to_the_hub_alone()
    {
        _work.Server.Token = "hf_secret";
        _work.Settings = _work.Settings with { Token = HubSettingsTests.Token("hf_secret") };
        _work.Fetch();
        Assert.All(_work.Server.Requests.Where(r => r.Host == "hub"), r => Assert.Equal("Bearer hf_secret", r.Headers["authorization"]));
        var others = _work.Server.Requests.Where(r => r.Host == "cdn").ToArray();
        Assert.NotEmpty(others);
        Assert.All(others, r => Assert.False(r.Headers.ContainsKey("authorization")));
    }

    [Fact]
    public void A_listing_without_hashes_is_completed_by_the_files_own_headers()
    {
        _work.Server.SaysHashes = false;
        _work.Fetch();
        Assert.Contains(_work.Server.Requests, r => r is { Method: "HEAD", Host: "hub" });
        Assert.DoesNotContain(_work.Server.Requests, r => r is { Method: "HEAD", Host: "cdn" });
        _work.CheckWhole();
    }

    [Fact]
    public void A_server_that_says_no_hash_at_all_is_refused()
    {
        _work.Server.SaysHashes = false;
        _work.Server.Fault = _ => HubFault.NoHeaders;
        Assert.Contains("neither the listing nor the file's headers (ETag, X-Linked-Etag, Content-Length) say its size and hash", _work.Refused());
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../x")]
    [InlineData("C:\\\\x")]
    [InlineData("a//b")]
    public void A_path_that_leads_out_of_the_cache_is_refused(string path)
    {
        _work.Server.Description = json => json.Replace("\"README.md\"", $"\"{path}\"", StringComparison.Ordinal);
        Assert.Contains("could be written outside of the cache; nothing was fetched", _work.Refused());
        Assert.False(Directory.Exists(_work.Settings.Cache));
    }

    [Theory]
    [InlineData("{}", "it has no commit")]
    [InlineData("[1]", "it has no commit")]
    [InlineData("{\"sha\":\"2439f60ef33a0d46d85da5001d52aeda5b00ce9f\"}", "it lists no files")]
    [InlineData("{\"sha\":\"../../x\",\"siblings\":[]}", "it has no commit")]
    [InlineData("hello", "it is no JSON")]
    public void A_description_that_is_none_is_refused(string json, string part)
    {
        _work.Server.Description = _ => json;
        Assert.Contains(part, _work.Refused());
    }

    [Fact]
    public void A_disk_without_room_is_seen_before_anything_comes()
    {
        _work.Settings = _work.Settings with { FreeBytes = _ => 300_000 };
        var message = _work.Refused();
        Assert.Contains("are to be downloaded, and the disk of", message);
        Assert.Contains("has 300 kB free. Nothing was downloaded.", message);
        Assert.Single(_work.Server.Requests);
    }

    [Fact]
    public void Without_links_a_snapshot_holds_its_files_itself()
    {
        _work.Settings = _work.Settings with { MayLink = false };
        var model = _work.Fetch();
        Assert.Null(new FileInfo(Path.Combine(model.Folder, "model.safetensors")).LinkTarget);
        Assert.Empty(Directory.GetFiles(Path.Combine(_work.Home, "blobs")));
        _work.CheckWhole();
        Assert.Equal(0, _work.Fetch().Downloaded);
    }

    [Fact]
    public void A_cut_download_goes_on_where_it_ended()
    {
        var blob = Path.Combine(_work.Home, "blobs", _work.Server.HashOf("model.safetensors"));
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        File.WriteAllBytes(blob + ".incomplete", _work.Server.Files["model.safetensors"][..250_000]);
        _work.Fetch();
        Assert.Equal(250_000, Assert.Single(_work.Server.Requests, r => r.Host == "cdn").From);
        Assert.False(File.Exists(blob + ".incomplete"));
        _work.CheckWhole();
    }

    [Fact]
    public void A_part_that_is_damaged_is_thrown_away_and_fetched_anew()
    {
        var blob = Path.Combine(_work.Home, "blobs", _work.Server.HashOf("model.safetensors"));
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        File.WriteAllBytes(blob + ".incomplete", HubWorkplace.Bytes(250_000, 99));
        _work.Fetch();
        Assert.Equal([250_000, 0], _work.Server.Requests.Where(r => r.Host == "cdn").Select(r => r.From));
        _work.CheckWhole();
    }

    [Fact]
    public async Task Two_that_fetch_at_once_do_not_disturb_each_other()
    {
        var all = Enumerable.Range(0, 4).Select(_ => Task.Run(() => new Decant.Hub.HuggingFace.HuggingFaceHub(_work.Settings).Fetch(new FetchRequest(ModelAddress.Parse("hf:acme/minilm")), null, CancellationToken.None))).ToArray();
        var models = await Task.WhenAll(all);
        _work.CheckWhole();
        Assert.Equal(models[0].Files.Sum(f => _work.Server.Files[f].Length), models.Sum(m => m.Downloaded));
    }

    [Fact]
    public void Progress_ends_with_all_bytes()
    {
        var model = _work.Fetch();
        Assert.True(_work.Told[^1] is { IsComplete: true } end && end.Bytes == end.Total && end.Total == model.Downloaded && end.Received == model.Downloaded);
        Assert.Equal(_work.Told.Select(t => t.Bytes).Order(), _work.Told.Select(t => t.Bytes));
    }

    [Fact]
    public void Stopping_keeps_what_has_come()
    {
        using var stop = new CancellationTokenSource();
        _work.Server.Fault = r =>
        {
            if (r.Host == "cdn")
                stop.CancelAfter(300);
            return r.Host == "cdn" ? HubFault.Stalled : HubFault.None;
        };
        Assert.ThrowsAny<OperationCanceledException>(() => new Decant.Hub.HuggingFace.HuggingFaceHub(_work.Settings).Fetch(new FetchRequest(ModelAddress.Parse("hf:acme/minilm")), null, stop.Token));
        Assert.Equal(150_000, new FileInfo(Path.Combine(_work.Home, "blobs", _work.Server.HashOf("model.safetensors") + ".incomplete")).Length);
        _work.Server.Fault = _ => HubFault.None;
        Assert.Equal(150_000, _work.Fetch().Downloaded);
    }
}
