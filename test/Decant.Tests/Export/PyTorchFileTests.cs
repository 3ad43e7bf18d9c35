using System.Text.Json.Nodes;
using Decant.Export.Loading;
using Decant.Export.PyTorch;
using Decant.Export.Safetensors;
using Decant.Torch;

namespace Decant.Tests.Export;

/// <summary>Files that PyTorch wrote, read to the same numbers.</summary>
public sealed class PyTorchFileTests : IDisposable
{
    private const string Cifar = "checkpoints/resnet-cifar10";

    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Golden", "pytorch");
    private static readonly JsonObject s_expected = JsonNode.Parse(File.ReadAllBytes(Path.Combine(s_folder, "expected.json")))!.AsObject();

    private readonly TensorScope _scope = TensorScope.Open();
    private readonly TemporaryFolder _temporary = new();

    public static TheoryData<string> Files => [.. s_expected.Select(e => e.Key)];

    [Theory, MemberData(nameof(Files))]
    public void What_PyTorch_saved_is_read_to_the_same_numbers(string name)
    {
        using var file = PyTorchFile.Open(Path.Combine(s_folder, name));
        var expected = s_expected[name]!;
        Assert.Equal((string)expected["section"]!, file.Section);
        Assert.Equal(!name.Contains("legacy", StringComparison.Ordinal), file.IsArchive);
        Assert.Equal(expected["tensors"]!.AsObject().Select(t => t.Key).Order(), file.Entries.Keys.Order());
        foreach (var (key, value) in expected["tensors"]!.AsObject())
        {
            using var tensor = file.View(key);
            Assert.Equal(value!["shape"]!.AsArray().Select(s => (long)s!), tensor.Shape);
            Assert.Equal((string)value["dtype"]!, tensor.DType.ToString().ToLowerInvariant());
            Assert.Equal(tensor.Shape, file.Entries[key].Shape);
            Assert.Equal(value["values"]!.AsArray().Select(v => (double)v!), tensor.To(DType.Float64).ToArray<double>());
        }
    }

    [Theory, InlineData("views.pt"), InlineData("views.legacy.pt")]
    public void Tensors_that_shared_a_storage_share_it_again(string name)
    {
        using var file = PyTorchFile.Open(Path.Combine(s_folder, name));
        var (whole, turned, one) = (file.View("whole"), file.View("turned"), file.View("one"));
        using var noGrad = Autograd.NoGrad();
        one.AddInPlace(100);
        Assert.Equal(107f, whole.ToArray<float>()[7]);
        Assert.Equal(107f, turned.ToArray<float>()[5]); // [1, 1] of 6 × 4
        using var again = PyTorchFile.Open(Path.Combine(s_folder, name));
        Assert.Equal(7f, again.View("one").ToArray<float>()[0]);
    }

    [Theory, InlineData("types.pt"), InlineData("types.legacy.pt")]
    public void Views_outlive_the_file(string name)
    {
        Tensor tensor;
        using (var file = PyTorchFile.Open(Path.Combine(s_folder, name)))
            tensor = file.View("int64");
        Assert.Equal([0L, 1, 5, 2, 3, 100], tensor.ToArray<long>());
    }

    [Fact]
    public void What_lies_beside_the_weights_is_told_and_not_read_as_weights()
    {
        using var weights = Weights.Open(Path.Combine(s_folder, "training.pt"));
        Assert.Equal(7, weights.Tensors.Count);
        Assert.Contains("'state_dict'", Assert.Single(weights.Remarks));
        Assert.Contains("epoch", weights.Remarks[0]);
    }

    [Fact]
    public void Files_do_not_pile_up_tensors_or_maps()
    {
        var path = _temporary.Write("views.legacy.pt", File.ReadAllBytes(Path.Combine(s_folder, "views.legacy.pt")));
        var before = Tensor.LiveCount;
        for (var i = 0; i < 50; i++)
        {
            using var scope = TensorScope.Open();
            using var file = Weights.Open(path);
            file.ViewAll();
        }

        Assert.Equal(before, Tensor.LiveCount);
        Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"));
    }

    [Fact]
    public void The_old_format_gives_the_tensors_of_the_safetensors_files_beside_it()
    {
        foreach (var (old, own) in new[] { ("resnet20-12fca82f.th", "resnet20.safetensors"), ("resnet56-4bfd9763.th", "resnet56.safetensors") })
        {
            using var one = PyTorchFile.Open(Path.Combine(TestData.Need(Cifar), old));
            using var two = SafetensorsFile.Open(Path.Combine(TestData.Need(Cifar), own));
            Assert.Equal("state_dict", one.Section);
            var names = one.Entries.Keys.Select(n => n["module.".Length..]).ToHashSet();
            Assert.True(names.Count > 50);
            Assert.Equal(names.Order(), two.Entries.Keys.Order());
            foreach (var name in names)
                Assert.Equal(two.View(name).Contiguous().Reshape(-1).Reinterpret(DType.UInt8).ToArray<byte>(), one.View("module." + name).Contiguous().Reshape(-1).Reinterpret(DType.UInt8).ToArray<byte>());
        }
    }

    [Fact]
    public void A_folder_of_BERT_in_the_old_format_opens()
    {
        using var old = Weights.Open(TestData.Need("checkpoints/bert-loader-fixtures/bert"));
        Assert.Equal(55, old.Tensors.Count);
        Assert.Equal([32006L, 16], old.View("embeddings.word_embeddings.weight").Shape);
    }

    [Fact]
    public void A_folder_of_BERT_in_the_zip_format_opens()
    {
        using var zip = Weights.Open(RealData.Find("bert-loader-fixtures/ner_bert"));
        Assert.Equal(24, zip.Tensors.Count);
        Assert.Equal([.. Enumerable.Range(0, 16).Select(i => (long)i)], zip.View("bert.embeddings.position_ids").ToArray<long>());
    }

    public void Dispose()
    {
        _scope.Dispose();
        _temporary.Dispose();
    }
}
