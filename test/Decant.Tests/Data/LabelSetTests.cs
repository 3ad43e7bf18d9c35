using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Labels;
using Decant.Data.Sources;

namespace Decant.Tests.Data;

/// <summary>Samples with any number of labels, as people's files have them.</summary>
public sealed class LabelSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text,tags\nx,\"b, a\"\ny,a\nz,\n", ",")]
    [InlineData("text,tags\nx,b|a|a\ny,a\nz,\n", "|")]
    [InlineData("text,tags\nx,\"[\"\"b\"\", \"\"a\"\"]\"\ny,a\nz,\n", "|")]
    public void A_column_lists_them(string content, string separator)
    {
        using var data = new CsvOptions { File = _folder.Write("a.csv", content), Labels = ["tags"], LabelSeparator = separator }.Open();
        Assert.Equal(LabelKind.LabelSet, data.LabelKind);
        Assert.Equal(["a", "b"], data.Classes);
        Assert.Equal(["0 1", "0", "-"], Sets(data));
        Assert.Equal([2, 1], data.CountByClass());
        Assert.Equal(2, data.LabelledCount);
        Assert.Contains("1 of 3 rows have nothing in 'tags'", Assert.Single(data.Remarks));
    }

    [Fact]
    public void In_JSON_an_empty_list_is_a_sample_without_a_label_and_a_missing_field_one_of_which_nothing_is_known()
    {
        using var data = new JsonlOptions { File = _folder.Write("a.jsonl", "{\"text\":\"x\",\"tags\":[\"b\",\"a\"]}\n{\"text\":\"y\",\"tags\":[]}\n{\"text\":\"z\"}\n{\"text\":\"w\",\"tags\":[7,true]}\n"), Labels = ["tags"] }.Open();
        Assert.Equal(["7", "a", "b", "true"], data.Classes);
        Assert.Equal(["1 2", "", "-", "0 3"], Sets(data));
        Assert.Equal(3, data.LabelledCount);
    }

    [Fact]
    public void Several_columns_are_a_label_each()
    {
        using var csv = new CsvOptions { File = _folder.Write("a.csv", "text,toxic,obscene\nx,1,0\ny,0,0\nz,true,1.0\nw,,\n"), Labels = ["toxic", "obscene"] }.Open();
        Assert.Equal(["obscene", "toxic"], csv.Classes);
        Assert.Equal(["1", "", "0 1", "-"], Sets(csv));
        using var json = new JsonlOptions { File = _folder.Write("a.jsonl", "{\"text\":\"x\",\"toxic\":true,\"obscene\":0}\n"), Labels = ["toxic", "obscene"], Classes = ["toxic", "obscene"] }.Open();
        Assert.Equal(["toxic", "obscene"], json.Classes);
        Assert.Equal(["0"], Sets(json));
    }

    [Theory]
    [InlineData("{\"text\":\"x\",\"tags\":[[\"a\"]]}", "holds lists of lists")]
    [InlineData("{\"text\":\"x\",\"tags\":[{\"a\":1}]}", "came an object")]
    [InlineData("{\"text\":\"x\",\"tags\":\"[\\\"a\"}", "begins like")]
    public void A_list_of_something_else_is_refused_with_its_line(string line, string expected)
    {
        var file = _folder.Write("a.jsonl", line.Contains("begins", StringComparison.Ordinal) ? line : line + "\n");
        if (expected == "begins like")
            Assert.Contains(expected, Assert.Throws<DecantException>(() => new CsvOptions { File = _folder.Write("a.csv", "text;tags\nx;[\"a\n"), Delimiter = ";", Quotes = false, Labels = ["tags"] }.Open()).Message);
        else
            Assert.Contains(expected, Assert.Throws<DecantException>(() => new JsonlOptions { File = file, Labels = ["tags"] }.Open()).Message);
    }

    [Fact]
    public void Cells_and_keys_that_do_not_fit_are_refused()
    {
        var file = _folder.Write("a.csv", "text,a,b\nx,2,0\n");
        Assert.Contains("a.csv:2: 'a' must be 1 or 0, came '2'", Fault(new CsvOptions { File = file, Labels = ["a", "b"] }));
        Assert.Contains("there is no column 'c' ('labels')", Fault(new CsvOptions { File = file, Labels = ["a", "c"] }));
        Assert.Contains("'labels' is an empty list", Fault(new CsvOptions { File = file, Labels = [] }));
        Assert.Contains("'label-separator' is empty", Fault(new CsvOptions { File = file, Labels = ["a"], LabelSeparator = "" }));
        Assert.Contains("leave one of the two out", Fault(new CsvOptions { File = file, Labels = ["a"], Target = ["b"] }));
        Assert.Contains("leave one of the two out", Fault(new CsvOptions { File = file, Labels = ["a"], Completion = "b" }));
        Assert.Contains("'classes' names other labels", Fault(new CsvOptions { File = file, Labels = ["a", "b"], Classes = ["a", "x"] }));
        Assert.Contains("the label '2' is not one of the 1 classes", Fault(new CsvOptions { File = file, Labels = ["a"], Classes = ["x"] }));
    }

    [Fact]
    public void A_batch_has_1_for_what_a_sample_has_and_is_no_number_where_nothing_is_known()
    {
        using var data = Dataset.FromLabelSets("made", [(new TextContent("x"), ["b"]), (new TextContent("y"), []), (new TextContent("z"), null), (new TextContent("w"), ["a", "c"])]);
        using var batch = CollatorParts.ToBatch([.. Enumerable.Range(0, 4).Select(i => data[i])], Decant.Torch.Tensor.Zeros([4, 1]), outputs: 3);
        Assert.Equal([0, 1, 0, 0, 0, 0, float.NaN, float.NaN, float.NaN, 1, 0, 1], batch.Labels.ToArray<float>());
        Assert.Equal(3, batch.LabelledCount);
        using var unsaid = CollatorParts.ToBatch([data[0]], Decant.Torch.Tensor.Zeros([1, 1])); // pictures say no number of outputs
        Assert.Equal([0, 1, 0], unsaid.Labels.ToArray<float>());
        Assert.Contains("made", Assert.Throws<DecantException>(() => Dataset.FromLabelSets("made", [(new TextContent("x"), ["d"])], ["a"])).Message);
    }

    private static string Fault(CsvOptions options) => Assert.Throws<DecantException>(() => options.Open()).Message;

    private static string[] Sets(Dataset data) => [.. Enumerable.Range(0, data.Count).Select(i => data[i].Annotation is LabelSetAnnotation { Labels: var labels } ? string.Join(' ', labels) : "-")];
}
