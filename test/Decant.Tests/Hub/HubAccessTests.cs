namespace Decant.Tests.Hub;

public sealed class HubAccessTests : IDisposable
{
    private readonly HubWorkplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_model_that_is_not_there_says_where_to_look()
    {
        var message = _work.Refused("hf:acme/nothing");
        Assert.StartsWith("hf:acme/nothing: there is no model acme/nothing at 127.0.0.1 that is open to all (the hub says: Repository not found).", message);
        Assert.Contains("as HF_TOKEN", message);
    }

    [Fact]
    public void A_revision_that_is_not_there_is_named() => Assert.Contains("there is no branch, tag or commit 'v9'", _work.Refused("hf:acme/minilm@v9"));

    [Fact]
    public void A_revision_with_a_slash_is_asked_for_as_one_part()
    {
        _work.Fetch("hf:acme/minilm@refs/pr/1");
        Assert.Equal("/api/models/acme/minilm/revision/refs%2Fpr%2F1?blobs=true", _work.Server.Requests.First().Path);
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(_work.Home, "refs", "refs", "pr", "1")));
    }

    [Fact]
    public void A_gated_model_names_the_page_and_the_variable()
    {
        _work.Server.Fault = r => r.Path.Contains("/resolve/", StringComparison.Ordinal) ? HubFault.Gated : HubFault.None;
        var message = _work.Refused();
        Assert.Contains($"{_work.Server.Address}acme/minilm asks everybody to accept its terms before a download (the hub says: Access to model acme/minilm is restricted", message);
        Assert.Contains("as HF_TOKEN", message);
    }

    [Fact]
    public void A_token_that_is_refused_is_not_shown()
    {
        _work.Settings = _work.Settings with { Token = HubSettingsTests.Token("hf_secret") };
        _work.Server.Fault = _ => HubFault.Unauthorized;
        var message = _work.Refused();
        Assert.Contains("the hub refuses the token of HF_TOKEN", message);
        Assert.DoesNotContain("hf_secret", message);
    }

    [Fact]
    public void A_hub_that_cannot_be_reached_is_replaced_by_the_cache_with_a_remark()
    {
        var model = _work.Fetch();
        _work.Server.Fault = _ => HubFault.Unavailable;
        var again = _work.Fetch();
        Assert.Equal(model.Folder, again.Folder);
        Assert.Equal($"hf:acme/minilm: 127.0.0.1 answered 503 (not available for the moment); the files of the cache are used, hf:acme/minilm@{FakeHub.Commit}", again.Remark);
    }

    [Fact]
    public void For_what_is_in_the_cache_nobody_waits()
    {
        _work.Fetch();
        _work.Server.Requests.Clear();
        _work.Server.Fault = _ => HubFault.Unavailable;
        _work.Fetch();
        Assert.Single(_work.Server.Requests);
        _work.Settings = _work.Settings with { CachedTimeout = TimeSpan.FromMilliseconds(1) };
        _work.Server.Fault = _ => HubFault.Stalled;
        Assert.Contains("127.0.0.1 did not answer in ", _work.Fetch().Remark);
    }

    [Fact]
    public void A_hub_that_cannot_be_reached_without_a_cache_is_an_error()
    {
        _work.Settings = _work.Settings with { Endpoint = new Uri("http://127.0.0.1:9/") };
        var message = _work.Refused();
        Assert.Contains("no connection to 127.0.0.1 (", message);
        Assert.Contains("behind a proxy set HTTPS_PROXY, for a mirror HF_ENDPOINT", message);
    }

    [Fact]
    public void What_pythons_tools_left_is_found_offline()
    {
        // As huggingface_hub leaves it: contents under their ETag, a snapshot of relative links, a ref without a line's end.
        var snapshot = Directory.CreateDirectory(Path.Combine(_work.Home, "snapshots", FakeHub.Commit)).FullName;
        foreach (var file in new[] { "config.json", "model.safetensors", "vocab.txt" })
        {
            var blob = Path.Combine(Directory.CreateDirectory(Path.Combine(_work.Home, "blobs")).FullName, _work.Server.HashOf(file));
            File.WriteAllBytes(blob, _work.Server.Files[file]);
            File.CreateSymbolicLink(Path.Combine(snapshot, file), $"../../blobs/{_work.Server.HashOf(file)}");
        }

        Directory.CreateDirectory(Path.Combine(_work.Home, "refs"));
        File.WriteAllText(Path.Combine(_work.Home, "refs", "main"), FakeHub.Commit);
        _work.Settings = _work.Settings with { Offline = "HF_HUB_OFFLINE is set" };
        Assert.Equal(snapshot, _work.Fetch().Folder);
        Assert.Empty(_work.Server.Requests);
        _work.Settings = _work.Settings with { Offline = null };
        Assert.Equal(["1_Pooling/config.json", "modules.json", "tokenizer.json"], _work.Fetch().Files.Except(["config.json", "model.safetensors", "vocab.txt"]));
        Assert.DoesNotContain(_work.Server.Requests, r => r.Host == "cdn");
    }

    [Fact]
    public void Offline_says_what_is_missing()
    {
        _work.Settings = _work.Settings with { Offline = "--offline is given" };
        Assert.Equal($"hf:acme/minilm: the hub is not asked (--offline is given), and {_work.Settings.Cache} has nothing of 'main' of acme/minilm. Run 'decant get hf:acme/minilm' where the hub can be reached, or copy that machine's folder to {_work.Settings.Cache}.", _work.Refused());
        _work.Settings = _work.Settings with { Offline = null };
        _work.Fetch(include: ["config.json"]);
        _work.Settings = _work.Settings with { Offline = "--offline is given" };
        Assert.Contains("lacks weights", _work.Refused());
    }
}
