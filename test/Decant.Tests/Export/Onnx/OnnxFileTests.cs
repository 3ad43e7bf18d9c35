using Decant.Export.Onnx;
using Decant.Export.Onnx.Format;
using Decant.Export.Onnx.Running;
using Decant.Export.Onnx.Signatures;
using Decant.Tests.Models;

namespace Decant.Tests.Export.Onnx;

public sealed class OnnxFileTests : IDisposable
{
    private const int Least = 1024; // constants of fewer bytes stay inside
    private readonly TemporaryFolder _folder = new();

    private string Place => Path.Combine(_folder.Path, "model.onnx");

    private string Data => Place + "_data";

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("encoder")]
    [InlineData("lstm")]
    [InlineData("resnet")]
    public void Constants_in_a_file_of_their_own_are_read_back_and_run(string name)
    {
        using var model = Zoo.Create(name);
        var signature = GraphSignatures.Of(model);
        var graph = OnnxGraph.Of(model, signature);
        OnnxFile.Write(Place, graph, mostInside: 100);

        Assert.Equal(graph, OnnxFile.Read(Place));
        var outside = graph.Graph.Initializer.Where(t => t.RawData.Length >= Least).Sum(t => (long)t.RawData.Length);
        Assert.True(outside > 0);
        Assert.True(new FileInfo(Data).Length >= outside);
        using var session = OnnxSession.Open(Place);
        Assert.InRange(OnnxVerification.Run(session, model, signature), 0, 1e-5);
    }

    [Fact]
    public void A_model_within_the_limit_is_one_file()
    {
        OnnxFile.Write(Place, Graph());
        Assert.Equal([Place], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("location", "../model.onnx_data", "only files beside")]
    [InlineData("location", "/etc/passwd", "only files beside")]
    [InlineData("location", "..", "only files beside")]
    [InlineData("location", "", "only files beside")]
    [InlineData("location", "x\0y", "only files beside")]
    [InlineData("location", "not-there", "cannot be read")]
    [InlineData("offset", "-1", "no number")]
    [InlineData("offset", "9223372036854775807", "do not belong together")]
    [InlineData("length", "9223372036854775807", "do not belong together")]
    [InlineData("length", "many", "no number")]
    public void Constants_that_lie_elsewhere_are_refused(string key, string value, string expected)
    {
        var written = Outside();
        written.Graph.Initializer.First(IsOutside).ExternalData.Single(e => e.Key == key).Value = value;
        Assert.Contains(expected, Refused(written));
    }

    [Fact]
    public void A_key_that_comes_twice_is_refused()
    {
        var written = Outside();
        var entries = written.Graph.Initializer.First(IsOutside).ExternalData;
        entries.Add(entries[0].Clone());
        Assert.Contains("'location' twice", Refused(written));
    }

    [Fact]
    public void Constants_that_overlap_do_not_take_more_memory_than_their_file()
    {
        var written = Outside();
        var one = written.Graph.Initializer.First(IsOutside);
        for (var i = 0; i < 500; i++)
        {
            var other = one.Clone();
            other.ExternalData.Single(e => e.Key == "offset").Value = $"{i}";
            other.ExternalData.Single(e => e.Key == "length").Value = $"{new FileInfo(Data).Length - 500}";
            written.Graph.Initializer.Add(other);
        }

        Assert.Contains("overlap", Refused(written));
    }

    [Fact]
    public void Constants_that_share_their_place_are_read()
    {
        var written = Outside();
        var twin = written.Graph.Initializer.First(IsOutside).Clone();
        twin.Name = "twin";
        written.Graph.Initializer.Add(twin);
        File.WriteAllBytes(Place, Google.Protobuf.MessageExtensions.ToByteArray(written));
        var read = OnnxFile.Read(Place).Graph.Initializer;
        Assert.Equal(read.Single(t => t.Name == "twin").RawData, read.First(t => t.RawData.Length >= Least).RawData);
    }

    [Fact]
    public void A_file_of_constants_that_is_cut_is_refused()
    {
        var written = Outside();
        File.WriteAllBytes(Data, File.ReadAllBytes(Data)[..^2000]);
        Assert.Contains("do not belong together", Refused(written));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public void A_file_that_ends_early_is_refused_by_its_name(int length)
    {
        OnnxFile.Write(Place, Graph());
        File.WriteAllBytes(Place, File.ReadAllBytes(Place)[..length]);
        Assert.Contains(Place, Assert.Throws<DecantException>(() => OnnxFile.Read(Place)).Message);
        Assert.Contains(Place, Assert.Throws<DecantException>(() => OnnxSession.Open(Place)).Message);
    }

    private static bool IsOutside(TensorProto tensor) => tensor.DataLocation == TensorProto.Types.DataLocation.External;

    private static ModelProto Graph()
    {
        using var model = Zoo.Create("mlp");
        return OnnxGraph.Of(model, GraphSignatures.Of(model));
    }

    // As it lies in the file: with places in the place of constants.
    private ModelProto Outside()
    {
        OnnxFile.Write(Place, Graph(), mostInside: 0);
        return ModelProto.Parser.ParseFrom(File.ReadAllBytes(Place));
    }

    private string Refused(ModelProto model)
    {
        File.WriteAllBytes(Place, Google.Protobuf.MessageExtensions.ToByteArray(model));
        var error = Assert.Throws<DecantException>(() => OnnxFile.Read(Place));
        Assert.Contains(Place, error.Message);
        return error.Message;
    }
}
