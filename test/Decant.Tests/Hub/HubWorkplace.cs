using System.Text;
using Decant.Hub;
using Decant.Hub.HuggingFace;

namespace Decant.Tests.Hub;

/// <summary>A cache of its own, a hub to fill it from, and a client that does not wait.</summary>
internal sealed class HubWorkplace : IDisposable
{
    public HubWorkplace(IReadOnlyDictionary<string, byte[]>? files = null)
    {
        Server = new FakeHub(files ?? Small());
        Settings = new HubSettings
        {
            Endpoint = Server.Address,
            Cache = Path.Combine(Root, "hub"),
            AnswerTimeout = TimeSpan.FromSeconds(20),
            StallTimeout = TimeSpan.FromSeconds(20),
            Attempts = 3,
        };
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("decant-hub").FullName;

    public FakeHub Server { get; }

    public HubSettings Settings { get; set; }

    public HastyClock Clock { get; } = new();

    public List<FetchProgress> Told { get; } = [];

    public string Home => Path.Combine(Settings.Cache, "models--acme--minilm");

    /// <summary>Files as a small model has them, and some that are not needed.</summary>
    public static Dictionary<string, byte[]> Small() => new()
    {
        ["README.md"] = Text("# MiniLM"),
        ["config.json"] = Text("""{"model_type":"bert"}"""),
        ["tokenizer.json"] = Text("""{"version":"1.0"}"""),
        ["vocab.txt"] = Text(string.Join('\n', Enumerable.Range(0, 2000).Select(i => $"word{i}"))),
        ["modules.json"] = Text("[]"),
        ["1_Pooling/config.json"] = Text("""{"word_embedding_dimension":384}"""),
        ["model.safetensors"] = Bytes(300_000, 1),
        ["pytorch_model.bin"] = Bytes(300_000, 2),
        ["tf_model.h5"] = Bytes(1000, 3),
        ["onnx/model.onnx"] = Bytes(1000, 4),
    };

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public FetchedModel Fetch(string address = "hf:acme/minilm", FetchPurpose purpose = FetchPurpose.Model, Action<string>? check = null, params string[] include) =>
        new HuggingFaceHub(Settings, Clock).Fetch(new FetchRequest(ModelAddress.Parse(address), purpose) { CheckSettings = check, Include = include }, new Watcher(Told), CancellationToken.None);

    public string Refused(string address = "hf:acme/minilm", FetchPurpose purpose = FetchPurpose.Model, Action<string>? check = null, params string[] include) =>
        Assert.ThrowsAny<DecantException>(() => Fetch(address, purpose, check, include)).Message;

    /// <summary>Every file of every snapshot is that of the hub, and every content in the cache is what its name says.</summary>
    public void CheckWhole()
    {
        if (!Directory.Exists(Home))
            return;
        foreach (var file in Directory.GetFiles(Path.Combine(Home), "*", SearchOption.AllDirectories))
        {
            var part = Path.GetRelativePath(Home, file).Replace('\\', '/').Split('/');
            Assert.False(file.EndsWith(".tmp", StringComparison.Ordinal), file);
            if (part[0] == "snapshots")
                Assert.Equal(Server.Files[string.Join('/', part[2..])], File.ReadAllBytes(file));
            else if (part[0] == "blobs" && !file.EndsWith(".incomplete", StringComparison.Ordinal))
                Assert.Equal(Server.Files.Single(f => Server.HashOf(f.Key) == part[1]).Value, File.ReadAllBytes(file));
        }
    }

    public void Dispose()
    {
        Server.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private sealed class Watcher(List<FetchProgress> told) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value) => told.Add(value);
    }
}
