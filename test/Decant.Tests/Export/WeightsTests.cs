using Decant.Export;
using Decant.Export.Loading;
using Decant.Export.Safetensors;
using Decant.Torch;

namespace Decant.Tests.Export;

/// <summary>Files and folders of weights in the layouts that people have, and what stands in their place.</summary>
public sealed class WeightsTests : IDisposable
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    private static readonly string s_golden = Path.Combine(AppContext.BaseDirectory, "Golden", "pytorch");

    private readonly TensorScope _scope = TensorScope.Open();
    private readonly TemporaryFolder _folder = new();

    private string At(string name) => Path.Combine(_folder.Path, name);

    [Fact]
    public void Shards_are_written_and_read_as_one()
    {
        Save(60);
        string[] files = ["model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors", "model.safetensors.index.json"];
        Assert.Equal(files, Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        Assert.Contains("\"total_size\": 128", File.ReadAllText(At(files[3])));
        foreach (var path in new[] { _folder.Path, At(files[3]) })
        {
            using var weights = Weights.Open(path);
            Assert.Equal(4, weights.Tensors.Count);
            Assert.Equal(At(files[1]), weights.Tensors["c"].File);
            Assert.Equal([2f, 2, 2, 2, 2, 2, 2, 2], weights.View("c").ToArray<float>());
        }

        Assert.Equal([At(files[3]), At(files[0]), At(files[1]), At(files[2])], Weights.FilesOf(_folder.Path));
    }

    [Fact]
    public void One_layout_replaces_the_other()
    {
        Save(60);
        Save(long.MaxValue);
        Assert.Equal(["model.safetensors"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        Save(60);
        Assert.Equal(4, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void A_missing_shard_is_named_with_what_it_should_hold()
    {
        Save(60);
        File.Delete(At("model-00002-of-00003.safetensors"));
        File.Delete(At("model-00003-of-00003.safetensors"));
        var error = Refusal(_folder.Path);
        Assert.Contains("2 are missing", error);
        Assert.Contains("model-00002-of-00003.safetensors, which should hold c", error);
        Assert.Contains("model-00003-of-00003.safetensors, which should hold d", error);
    }

    [Fact]
    public void A_tensor_that_a_shard_lacks_is_named()
    {
        Save(60);
        SafetensorsWriter.Write(At("model-00002-of-00003.safetensors"), new Dictionary<string, Tensor> { ["other"] = Tensor.Ones([1]) });
        Assert.Contains("c in model-00002-of-00003.safetensors", Refusal(_folder.Path));
    }

    [Theory]
    [InlineData("../x.safetensors")]
    [InlineData("a/b.safetensors")]
    [InlineData("a\\\\b.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    public void Shards_outside_of_the_folder_are_refused(string file)
    {
        _folder.Write("model.safetensors.index.json", $$$"""{"metadata": {}, "weight_map": {"w": "{{{file}}}"}}""");
        Assert.Contains("not the plain name of a file", Refusal(_folder.Path));
    }

    [Theory]
    [InlineData("{", "no index of shards")]
    [InlineData("{}", "no weight_map")]
    [InlineData("""{"weight_map": {}}""", "no weight_map")]
    [InlineData("""{"weight_map": []}""", "no object")]
    [InlineData("""{"weight_map": {"w": 1}}""", "String is expected")]
    [InlineData("""{"weight_map": {"w": "a", "w": "b"}}""", "twice")]
    public void An_index_that_is_wrong_is_refused(string json, string said)
    {
        _folder.Write("model.safetensors.index.json", json);
        Assert.Contains(said, Refusal(_folder.Path));
    }

    [Theory, InlineData("pytorch_model.bin"), InlineData("model.safetensors")]
    public void A_folder_is_opened_by_the_files_it_has(string name)
    {
        if (name == "model.safetensors")
            Save(long.MaxValue);
        else
            File.Copy(Path.Combine(s_golden, "views.legacy.pt"), At(name));
        using var weights = Weights.Open(_folder.Path);
        Assert.Equal([At(name)], weights.Files);
    }

    [Fact]
    public void PyTorchs_shards_are_read_too()
    {
        File.Copy(Path.Combine(s_golden, "types.pt"), At("pytorch_model-00001-of-00002.bin"));
        File.Copy(Path.Combine(s_golden, "module.pt"), At("pytorch_model-00002-of-00002.bin"));
        _folder.Write("pytorch_model.bin.index.json", """
            {"metadata": {"total_size": 1}, "weight_map": {"int8": "pytorch_model-00001-of-00002.bin", "0.weight": "pytorch_model-00002-of-00002.bin"}}
            """);
        using var weights = Weights.Open(_folder.Path);
        Assert.Equal([2L, 3], weights.View("0.weight").Shape);
        Assert.Equal(10 + 7, weights.Tensors.Count); // what the index does not name is there as well
    }

    [Theory]
    [InlineData(Pointer, "Git LFS pointer to 12345 bytes")]
    [InlineData("", "is empty")]
    [InlineData("<!DOCTYPE html><html><body>Not found</body></html>", "web page")]
    [InlineData("\n<html lang=en>", "web page")]
    [InlineData("GGUF\u0003", "GGUF")]
    [InlineData("\u0080\u0002}.", "not one that torch.save wrote")]
    [InlineData("something", "no known format")]
    public void What_stands_in_place_of_weights_is_said(string content, string said)
    {
        foreach (var name in new[] { "pytorch_model.bin", "w.pt" })
        {
            var error = Refusal(_folder.Write(name, System.Text.Encoding.Latin1.GetBytes(content)));
            Assert.Contains(said, error);
        }
    }

    [Fact]
    public void A_pointer_says_what_to_run_also_for_shards_indexes_and_settings()
    {
        Save(60);
        var shard = _folder.Write("model-00002-of-00003.safetensors", Pointer);
        Assert.Contains("git lfs pull", Refusal(_folder.Path));
        Assert.StartsWith(shard, Refusal(_folder.Path));
        _folder.Write("model.safetensors.index.json", Pointer);
        Assert.Contains("git lfs pull", Refusal(_folder.Path));
        _folder.Write("config.json", Pointer);
        Assert.Contains("git lfs pull", Assert.Throws<DecantException>(() => ModelFolder.Load(_folder.Path)).Message);
    }

    [Fact]
    public void A_tar_archive_is_refused_by_name()
    {
        var bytes = new byte[512];
        "ustar"u8.CopyTo(bytes.AsSpan(257));
        bytes[0] = (byte)'s';
        Assert.Contains("tar archive", Refusal(_folder.Write("old.pt", bytes)));
    }

    [Fact]
    public void A_folder_without_weights_says_what_is_there_instead()
    {
        _folder.Write("adapter_model.safetensors", "x");
        var error = Refusal(_folder.Path);
        Assert.Contains("pytorch_model.bin.index.json", error);
        Assert.Contains("came adapter_model.safetensors", error);
        Assert.Contains("no file or folder", Refusal(At("none")));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private static string Refusal(string path) => Assert.Throws<DecantException>(() => Weights.Open(path)).Message;

    // 16, 32, 48 and 32 bytes.
    private void Save(long most) => SafetensorsShards.Write(
        _folder.Path,
        new Dictionary<string, Tensor> { ["a"] = Tensor.Ones([4]), ["b"] = Tensor.Ones([8]), ["c"] = Tensor.Full([8], 2), ["d"] = Tensor.Full([12], 3) },
        most);
}
