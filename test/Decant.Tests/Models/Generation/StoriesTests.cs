using System.Text.Json;
using Decant.Export;
using Decant.Models.Generation;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Tests.Models.Generation;

/// <summary>A Llama that somebody else trained: the tokens and logits that its authors' program gives.</summary>
public class StoriesTests
{
    private const string Folder = "stories260K/hf";
    private const string Golden = "stories260K/golden.json";

    [Fact]
    public void The_likeliest_tokens_from_the_first_are_those_of_the_original()
    {
        using var model = ModelFolder.Load(RealData.Find(Folder));
        var expected = Read("greedy_ids_from_BOS").EnumerateArray().Select(id => id.GetInt32()).ToList();
        Assert.Equal(201, expected.Count);
        using var generation = new TokenGeneration((ICausalModel)model, [[expected[0]]], new() { MaxNewTokens = expected.Count - 1 });
        var said = new List<int> { expected[0] };
        while (!generation.IsFinished)
            said.Add(generation.Next()[0]!.Value);
        Assert.Equal(expected, said);
    }

    [Fact]
    public void The_first_logits_are_those_of_the_original()
    {
        using var scope = TensorScope.Open();
        using var model = ModelFolder.Load(RealData.Find(Folder));
        var expected = Logits();
        var ids = Read("greedy_ids_from_BOS").EnumerateArray().Take(expected.Length).Select(id => id.GetInt64()).ToArray();
        var came = model.Forward(new ModelInput(Tensor.From(ids, 1, ids.Length))).ToArray<float>();
        Assert.Equal(4, expected.Length);
        Assert.All(expected.SelectMany(row => row).Zip(came), pair => Assert.InRange(pair.Second, pair.First - 1e-4, pair.First + 1e-4));
    }

    private static double[][] Logits()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(RealData.Find(Golden)));
        var rows = json.RootElement.EnumerateObject().Single(p => p.Name.Contains("logits", StringComparison.Ordinal)).Value;
        return [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetDouble()).ToArray())];
    }

    private static JsonElement Read(string key)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(RealData.Find(Golden)));
        return json.RootElement.GetProperty(key).Clone();
    }
}
