using Decant.Data;
using Decant.Data.Sources;
using Decant.Data.Splitting;

namespace Decant.Tests.Data;

public class RealDataTests
{
    private static string Path(string name) => TestData.Need(name);

    private static string Excerpt(string name) => RealData.Find(name);

    [Fact]
    public void Mnist_has_its_published_counts()
    {
        using var train = Mnist("train");
        using var test = Mnist("t10k");
        Assert.Equal((60_000, 10_000), (train.Count, test.Count));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), train.Classes);
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], train.CountByClass());
        var image = Assert.IsType<ImageContent>(train[0].Content);
        Assert.Equal((1, 28, 28), (image.Channels, image.Height, image.Width));
        Assert.Equal(5, train[0].Label);
        Assert.Empty(Splits.Make(train, test: test).Overlaps);
    }

    [Fact]
    public void Cifar_has_its_published_counts()
    {
        using var train = new CifarOptions { Files = [Path("cifar10/data_batch_1.bin"), Path("cifar10/data_batch_2.bin")] }.Open();
        using var test = new CifarOptions { Files = [Path("cifar10/test_batch_first1000.bin")] }.Open();
        Assert.Equal((20_000, 1_000), (train.Count, test.Count));
        Assert.Equal("frog", train.Classes[train[0].Label!.Value]);
        Assert.Equal("cat", test.Classes[test[0].Label!.Value]);
        Assert.Equal(test.Classes, train.Classes);
    }

    [Fact]
    public void Sst2_is_read_line_by_line()
    {
        using var train = new LabelledLinesOptions { File = Excerpt("sst2/stsa.binary.train") }.Open();
        using var dev = new LabelledLinesOptions { File = Excerpt("sst2/stsa.binary.dev") }.Open();
        using var test = new LabelledLinesOptions { File = Excerpt("sst2/stsa.binary.test") }.Open();
        Assert.All([train, dev, test], data => Assert.Equal(200, data.Count));
        Assert.All([train, dev, test], data => Assert.Equal(["0", "1"], data.Classes));
        Assert.Equal([[87, 113], [105, 95], [96, 104]], new[] { train, dev, test }.Select(data => data.CountByClass()));
        Assert.Equal("apparently reassembled from the cutting-room floor of any given daytime soap .", Assert.IsType<TextContent>(train[1].Content).Text);
        Assert.Empty(Splits.Make(train, dev, test).Overlaps);
    }

    [Fact]
    public void Sst2_has_its_published_counts_and_a_text_in_two_splits()
    {
        using var train = new LabelledLinesOptions { File = Path("sst2/stsa.binary.train") }.Open();
        using var dev = new LabelledLinesOptions { File = Path("sst2/stsa.binary.dev") }.Open();
        using var test = new LabelledLinesOptions { File = Path("sst2/stsa.binary.test") }.Open();
        Assert.Equal((6_920, 872, 1_821), (train.Count, dev.Count, test.Count));
        Assert.Equal(new SplitOverlap("training", "test", 2, $"{test.Name}:{2}", 0) with { Example = "" }, Splits.Make(train, dev, test).Overlaps.Single() with { Example = "" });
    }

    [Fact]
    public void Trec_is_latin1_and_says_so_when_it_is_read_as_utf8()
    {
        var options = new LabelledLinesOptions { File = Excerpt("trec/TREC.train.all") };
        var error = Assert.Throws<DecantException>(() => options.Open());
        Assert.Contains("TREC.train.all:66: byte 53 of the line (0xF0)", error.Message);
        using var train = (options with { Encoding = "latin1" }).Open();
        using var test = new LabelledLinesOptions { File = Excerpt("trec/TREC.test.all") }.Open();
        Assert.Equal((200, 200), (train.Count, test.Count));
        Assert.Equal(["0", "1", "2", "3", "4", "5"], train.Classes);
        Assert.Equal([54, 42, 3, 41, 33, 27], train.CountByClass());
    }

    [Fact]
    public void Chnsenticorp_has_its_published_counts()
    {
        var options = new TsvOptions { File = Path("zh/chnsenticorp/train.tsv"), Header = false, Text = "1", Label = "2" };
        using var train = options.Open();
        using var dev = (options with { File = Path("zh/chnsenticorp/dev.tsv") }).Open();
        using var test = new TsvOptions { File = Path("zh/chnsenticorp/test.tsv"), Text = "text_a", Label = null }.Open();
        Assert.Equal((9_600, 1_200, 1_200, 0), (train.Count, dev.Count, test.Count, test.LabelledCount));
        Assert.Equal(["negative", "positive"], train.Classes);
        using var splits = Splits.Make(train, dev, options: new SplitOptions { Overlap = OverlapPolicy.Drop });
        Assert.Equal(splits.Train.Count, train.Count - splits.Overlaps.Single().Dropped);
        Assert.Empty(Splits.Make(splits.Train, dev).Overlaps);
    }

    [Fact]
    public void The_documentation_of_the_installed_sdk_has_a_class_per_assembly_and_no_text_twice()
    {
        using var docs = new DotnetDocsOptions { Classes = 20 }.Open();
        Assert.Equal(20, docs.Classes.Count);
        Assert.True(docs.Count > 20_000, $"{docs.Count} texts");
        var texts = Enumerable.Range(0, docs.Count).Select(i => ((TextContent)docs[i].Content).Text).ToList();
        Assert.Equal(texts.Count, texts.Distinct().Count());
        Assert.All(texts, text => Assert.DoesNotContain("  ", text));
        Assert.DoesNotContain(texts, text => text.Contains("cref", StringComparison.Ordinal) || text.Contains("T:System", StringComparison.Ordinal));
    }

    private static Dataset Mnist(string part) =>
        new IdxOptions { Images = Path($"mnist/{part}-images-idx3-ubyte.gz"), Labels = Path($"mnist/{part}-labels-idx1-ubyte.gz") }.Open();
}
