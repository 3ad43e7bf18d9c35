using System.Text.Json.Nodes;
using Decant.Runs.Reports.Record;

namespace Decant.Tests.Runs;

/// <summary>A folder of pictures from <c>decant new</c> to answers about other pictures, and a Parquet file on the same way.</summary>
public sealed class PictureFlowTests : IDisposable
{
    private static readonly string s_golden = Path.Combine(AppContext.BaseDirectory, "Golden");

    private static readonly string[] s_small =
    [
        "--set", "threads=1", "--set", "seeds=null", "--set", "seed=1", "--set", "teacher.model={ kind: cnn, channels: [4], hidden: 8 }", "--set", "student.model={ kind: cnn, channels: [4], hidden: 8 }",
        "--set", "teacher.train.epochs=2", "--set", "distill.epochs=2", "--set", "data.train.size=12", "--set", "evaluate={ latency-runs: 0, bootstrap: 100 }",
    ];

    private readonly Workplace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Pictures_of_a_folder_teach_a_model_that_answers_others()
    {
        foreach (var (folder, name) in new[] { ("colourful", "colour"), ("grey", "grey") })
        {
            Directory.CreateDirectory(_work.At($"pictures/{folder}"));
            File.Copy(Path.Combine(s_golden, "pictures", $"{name}.png"), _work.At($"pictures/{folder}/0.png"));
            for (var i = 1; i < 24; i++)
                File.WriteAllBytes(_work.At($"pictures/{folder}/{i}.bmp"), Noise(i, isGrey: name == "grey"));
        }

        File.WriteAllText(_work.At("pictures/grey/broken.jpg"), "this is a text, whatever its name says it is");
        var made = _work.Decant("new", "image-classification", "--data", _work.At("pictures"), "--out", _work.At("r.yaml"));
        Assert.True(made.Exit == 0, made.Error);
        Assert.Contains("    kind: image-folder\n    folder: pictures\n", File.ReadAllText(_work.At("r.yaml")));
        var refused = _work.Decant(["check", _work.At("r.yaml"), .. s_small]);
        Assert.Contains("broken.jpg: expected PNG, JPEG, BMP, WebP or GIF, came another kind of file", refused.Error);
        var run = _work.Decant(["distill", _work.At("r.yaml"), "--quiet", "--out", _work.At("run"), "--set", "data.train.damaged=drop", .. s_small]);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains(Workplace.Record(_work.At("run")).Events.OfType<RunNote>(), n => n.Text.Contains("1 of 49 pictures could not be decoded and were left out", StringComparison.Ordinal));

        var answer = _work.Decant("predict", _work.At("run"), "--images", _work.At("pictures"), "--batch", "7");
        Assert.Equal(2, answer.Exit);
        Assert.Contains("1 of 49 lines could not be answered", answer.Error);
        var lines = answer.Out.Trim().Split('\n').Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(49, lines.Length);
        Assert.Equal("colourful/0.png", (string?)lines[0]["file"]);
        Assert.Contains((string?)lines[0]["prediction"]!["label"], new[] { "colourful", "grey" });
        Assert.Equal("grey/broken.jpg", (string?)Assert.Single(lines, line => line["error"] is not null)["file"]);
        var one = _work.Decant("predict", _work.At("run"), "--images", _work.At("pictures/grey/0.png"), "--top", "1");
        Assert.True(one.Exit == 0, one.Error);
        Assert.Equal(lines.First(line => (string?)line["file"] == "grey/0.png")["prediction"]!["label"]!.ToString(), JsonNode.Parse(one.Out)!["prediction"]!["label"]!.ToString());
        Assert.Contains("leave one of the two out", _work.Decant("predict", _work.At("run"), "--images", _work.At("pictures"), "text").Error);
        Assert.Contains("--images FOLDER", _work.Decant("predict", _work.At("run"), "text").Error);
    }

    [Fact]
    public void A_new_recipe_reads_the_columns_of_a_Parquet_file()
    {
        File.Copy(Path.Combine(s_golden, "parquet", "zstd.parquet"), _work.At("rows.parquet"));
        var made = _work.Decant("new", "text-classification", "--data", _work.At("rows.parquet"), "--out", _work.At("r.yaml"));
        Assert.True(made.Exit == 0, made.Error);
        Assert.Contains("rows.parquet: it is Parquet", made.Out);
        Assert.Contains("label is 'label': 2 classes in the first 3 rows", made.Out);
        Assert.Contains("  train: { kind: parquet, files: rows.parquet, text: text, label: label }\n", File.ReadAllText(_work.At("r.yaml")));
        var check = _work.Decant("check", _work.At("r.yaml"), "--set", "data.split={ validation: 1, test: 2, stratified: false }");
        Assert.True(check.Exit == 0, check.Error + check.Out);
    }

    /// <summary>A BMP of 23 × 17 pixels.</summary>
    private static byte[] Noise(int seed, bool isGrey)
    {
        const int Head = 54, Width = 23, Height = 17, RowBytes = 72;
        var (bytes, random) = (File.ReadAllBytes(Path.Combine(s_golden, "pictures", "colour.bmp")), new Random(seed));
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var grey = (byte)random.Next(256);
                for (var c = 0; c < 3; c++) bytes[Head + (y * RowBytes) + (3 * x) + c] = isGrey ? grey : (byte)random.Next(256);
            }
        }

        return bytes;
    }
}
