using Decant.Hub.HuggingFace;

namespace Decant.Tests.Hub;

public sealed class HubSettingsTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("decant-hub").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    internal static HubToken Token(string secret) => HubToken.Of(names => names[0] == "HF_TOKEN" ? secret : null, "/none")!;

    [Fact]
    public void The_cache_is_where_the_hubs_own_tools_have_it()
    {
        Assert.Equal(Path.Combine(_home, "hub"), Of(("HF_HOME", _home)).Cache);
        Assert.Equal("/data/models", Of(("HF_HOME", _home), ("HF_HUB_CACHE", "/data/models")).Cache);
        Assert.Equal("/data/old", Of(("HUGGINGFACE_HUB_CACHE", "/data/old")).Cache);
        Assert.Equal("/x/huggingface/hub", Of(("XDG_CACHE_HOME", "/x")).Cache);
        Assert.EndsWith(".cache/huggingface/hub", Of().Cache);
        Assert.Equal(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "hf", "hub"), Of(("HF_HOME", "~/hf")).Cache);
    }

    [Fact]
    public void A_token_is_taken_from_the_environment_before_the_file_of_a_login()
    {
        File.WriteAllText(Path.Combine(_home, "token"), "hf_stored\n");
        Assert.Equal(("hf_stored", Path.Combine(_home, "token")), (Of(("HF_HOME", _home)).Token!.Secret, Of(("HF_HOME", _home)).Token!.From));
        Assert.Equal("hf_given", Of(("HF_HOME", _home), ("HF_TOKEN", " hf_given ")).Token!.Secret);
        Assert.Equal("hf_stored", Of(("HF_TOKEN_PATH", Path.Combine(_home, "token"))).Token!.Secret);
        Assert.Null(Of(("HF_HOME", _home), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
        Assert.Equal("the token of HF_TOKEN", Of(("HF_TOKEN", "hf_given")).Token!.ToString());
    }

    [Fact]
    public void A_token_with_characters_that_none_has_is_refused_without_showing_it()
    {
        var message = Assert.Throws<DecantException>(() => Of(("HF_TOKEN", "hf_a\nX-Evil: 1"))).Message;
        Assert.StartsWith("HF_TOKEN: expected a token", message);
        Assert.DoesNotContain("Evil", message);
    }

    [Theory]
    [InlineData("http://mirror.example/", false)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("https://mirror.example", true)]
    public void A_token_is_sent_encrypted_or_to_this_machine_alone(string endpoint, bool sends)
    {
        using var http = new HubHttp(Of(("HF_ENDPOINT", endpoint), ("HF_TOKEN", "hf_given")));
        Assert.Equal(sends, http.SendsToken);
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "huggingface.co")]
    [InlineData("HF_ENDPOINT", "ftp://huggingface.co")]
    [InlineData("HF_ENDPOINT", "https://me:password@mirror")]
    [InlineData("HF_HUB_DOWNLOAD_TIMEOUT", "soon")]
    public void A_variable_that_cannot_be_meant_is_named(string name, string value)
    {
        var message = Assert.Throws<DecantException>(() => Of((name, value))).Message;
        Assert.StartsWith(name, message);
        Assert.DoesNotContain("password", message);
    }

    [Fact]
    public void Offline_says_which_variable()
    {
        Assert.Equal("HF_HUB_OFFLINE is set", Of(("HF_HUB_OFFLINE", "1")).Offline);
        Assert.Equal("TRANSFORMERS_OFFLINE is set", Of(("TRANSFORMERS_OFFLINE", "yes")).Offline);
        Assert.Null(Of(("HF_HUB_OFFLINE", "0")).Offline);
    }

    private static HubSettings Of(params (string Name, string Value)[] variables) => HubSettings.Of(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
