using System.Text;
using Decant.Models.Configuration;

namespace Decant.Tests.Runs.Recipes;

public class ReadingTests
{
    [Fact]
    public void A_recipe_is_read_into_its_records_with_defaults()
    {
        var recipe = Fakes.Read(Fakes.Image).Recipe;
        Assert.Equal("small", recipe.Name);
        Assert.Equal(ModelTask.Classification, recipe.Task);
        Assert.True(recipe.Control);
        Assert.Equal([1L], recipe.RunSeeds());
        Assert.Equal(0.1, recipe.Data.Split!.Validation!.Value.Share);
        Assert.Equal(100, recipe.Data.Split.Test!.Value.Count);
        Assert.Equal("/recipes/train.idx", recipe.Data.Train.As<IdxLike>().Images);
        Assert.Equal("constant", Fakes.KindOf(Sections.Schedule, recipe.Distill.Schedule));
        Assert.Equal(["labels"], recipe.Teacher!.Train!.Objectives.Select(o => Fakes.KindOf(Sections.Objective, o)));
        Assert.Equal([0.5, 0.5], recipe.Distill.Objectives.Select(o => o.Weight.Largest));
        Assert.Equal(4, recipe.Distill.Objectives[0].As<SoftLike>().Temperature);
        Assert.Equal((256, 2000, 0.95), (recipe.Evaluate.Batch, recipe.Evaluate.Bootstrap, recipe.Evaluate.ConfidenceLevel));
    }

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("60_000", 60_000L)]
    [InlineData("1e4", 10_000L)]
    [InlineData("2.5e3", 2500L)]
    [InlineData("+7", 7L)]
    [InlineData("010", 10L)]
    public void Whole_numbers_are_written_like_this(string text, long expected)
    {
        Assert.True(Numbers.TryWhole(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e-1")]
    [InlineData("_1")]
    [InlineData("1__0")]
    [InlineData("1_")]
    [InlineData("0x10")]
    [InlineData("1e40")]
    [InlineData("١")]
    [InlineData("")]
    public void And_not_like_that(string text) => Assert.False(Numbers.TryWhole(text, out _));

    [Theory]
    [InlineData("1e-3", 1e-3)]
    [InlineData("5e-4", 5e-4)]
    [InlineData(".5", 0.5)]
    [InlineData("1.", 1.0)]
    [InlineData("-1_000.25", -1000.25)]
    public void Numbers_are_written_like_this(string text, double expected)
    {
        Assert.True(Numbers.TryNumber(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData(".nan")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("1,5")]
    [InlineData("1 000")]
    public void And_these_are_none(string text) => Assert.False(Numbers.TryNumber(text, out _));

    [Fact]
    public void Text_keeps_what_YAML_would_take_for_something_else()
    {
        var recipe = Fakes.Read(Fakes.Image.Replace("name: small", "name: no").Replace("images: train.idx", "images: 007, classes: [yes, 1.0, 'null']")).Recipe;
        Assert.Equal("no", recipe.Name);
        Assert.Equal("/recipes/007", recipe.Data.Train.As<IdxLike>().Images);
        Assert.Equal(["yes", "1.0", "null"], recipe.Data.Train.As<IdxLike>().Classes!);
    }

    [Fact]
    public void Nothing_is_a_value_where_the_option_can_be_nothing()
    {
        var yaml = Fakes.Image.Replace("{ kind: idx, images: train.idx }", "{ kind: csv, file: a.csv, label: null }").Replace("kind: image", "kind: vector");
        Assert.Null(Fakes.Read(yaml).Recipe.Data.Train.As<CsvLike>().Label);
        Assert.Equal("label", Fakes.Read(yaml.Replace(", label: null", "")).Recipe.Data.Train.As<CsvLike>().Label);
    }

    [Fact]
    public void A_section_whose_lines_are_commented_out_counts_as_left_out()
    {
        var recipe = Fakes.Read(Fakes.Image + "evaluate:\n  # batch: 8\n").Recipe;
        Assert.Equal(256, recipe.Evaluate.Batch);
    }

    [Fact]
    public void Chinese_stands_in_names_and_paths()
    {
        var recipe = Fakes.Read(Fakes.Image.Replace("small", "情感分类").Replace("train.idx", "数据/训练.idx")).Recipe;
        Assert.Equal("情感分类", recipe.Name);
        Assert.Equal("/recipes/数据/训练.idx", recipe.Data.Train.As<IdxLike>().Images);
    }

    [Fact]
    public void Anchors_share_a_value()
    {
        var yaml = Fakes.Image.Replace("optimizer: { kind: sgd, learning-rate: 0.1 }\nstudent", "optimizer: &slow { kind: sgd, learning-rate: 0.1 }\nstudent")
            .Replace("optimizer: { kind: sgd, learning-rate: 0.1 }\n  objectives", "optimizer: *slow\n  objectives");
        var document = Fakes.Read(yaml, "distill.optimizer.learning-rate=0.5");
        Assert.Equal(0.5, document.Recipe.Distill.Optimizer.As<SgdLike>().LearningRate);
        Assert.Equal(0.1, document.Recipe.Teacher!.Train!.Optimizer.As<SgdLike>().LearningRate);
    }

    [Fact]
    public void Environment_variables_are_put_into_values()
    {
        var yaml = Fakes.Image.Replace("train.idx", "'${DATA}/a-${SPLIT:-train}.idx'").Replace("epochs: 2\n    batch", "epochs: ${N:-7}\n    batch").Replace("small", "cost $${5}");
        var recipe = Fakes.Reader(("DATA", "/d"), ("SPLIT", "")).Parse(yaml, "x.yaml", "/recipes").Recipe;
        Assert.Equal("/d/a-train.idx", recipe.Data.Train.As<IdxLike>().Images);
        Assert.Equal(7, recipe.Teacher!.Train!.Epochs);
        Assert.Equal("cost ${5}", recipe.Name);
    }

    [Fact]
    public void A_variable_that_is_not_set_is_named_once_where_it_is_used() => Assert.Equal(
        ["x.yaml:3: data.train.images: the environment variable 'DECANT_DATA' is not set; set it, or give a default: ${DECANT_DATA:-…}"],
        Fakes.Faults(Fakes.Image.Replace("train.idx", "'${DECANT_DATA}/train.idx'")));

    [Fact]
    public void A_variable_cannot_change_the_structure()
    {
        var yaml = Fakes.Image.Replace("small", "${NAME}");
        Assert.Equal("x\nseed: 3", Fakes.Reader(("NAME", "x\nseed: 3")).Parse(yaml, "x.yaml", "/").Recipe.Name);
    }

    [Fact]
    public void A_stray_dollar_brace_is_told() => Assert.Equal(
        ["x.yaml:1: name: '${' must be followed by a variable's name and '}', as in ${HOME}; write '$${' for the characters themselves"],
        Fakes.Faults(Fakes.Image.Replace("small", "'${1}'")));

    [Fact]
    public void Where_a_key_was_written_can_be_asked_later()
    {
        var document = Fakes.Read(Fakes.Image, "student.model.dropout=0.5");
        Assert.Equal("x.yaml:3", document.Where("data.train.images"));
        Assert.Equal("x.yaml:3", document.Where("data.train.labels"));
        Assert.Equal("x.yaml:20", document.Where("distill.objectives[0].temperature"));
        Assert.Equal("--set student.model.dropout=0.5", document.Where("student.model.dropout"));
        Assert.Equal("x.yaml:1", document.Where("threads"));
    }

    [Fact]
    public void Seeds_are_extended_from_those_there_are()
    {
        var recipe = Fakes.Read(Fakes.Image).Recipe;
        Assert.Equal([5L, 6L, 7L], (recipe with { Seed = 5 }).WithSeeds(3).RunSeeds());
        Assert.Equal([1L, 9L, 10L], (recipe with { Seeds = [1, 9] }).WithSeeds(3).RunSeeds());
        Assert.Equal([1L], (recipe with { Seeds = [1, 9] }).WithSeeds(1).RunSeeds());
    }

    [Fact]
    public void Files_that_are_no_recipe_are_told_apart()
    {
        var folder = Directory.CreateTempSubdirectory("decant-recipes").FullName;
        try
        {
            string File(string name, byte[] bytes)
            {
                var path = Path.Combine(folder, name);
                System.IO.File.WriteAllBytes(path, bytes);
                return path;
            }

            string Message(string path) => Assert.ThrowsAny<DecantException>(() => Fakes.Reader().Read(path)).Message.Replace(folder, "");
            Assert.Equal("/none.yaml: there is no such recipe; 'decant recipes' lists those that come with Decant, 'decant new' writes one.", Message(Path.Combine(folder, "none.yaml")));
            Assert.Equal(": expected a recipe's file, came a folder; name the .yaml file in it.", Message(folder));
            Assert.Equal("/big.yaml: expected a recipe of at most 1,048,576 bytes, came 1,048,577 bytes; is this a data file?", Message(File("big.yaml", new byte[(1 << 20) + 1])));
            Assert.Equal("/utf16.yaml: expected UTF-8, came UTF-16; save the file as UTF-8.", Message(File("utf16.yaml", Encoding.Unicode.GetPreamble())));
            Assert.Equal("/gbk.yaml:2: expected UTF-8, came the byte 0xc7 that is none; save the file as UTF-8.", Message(File("gbk.yaml", [.. "a: 1\nb: "u8, 0xC7, 0xE9])));
            var marked = File("bom.yaml", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Fakes.Image.ReplaceLineEndings("\r\n"))]);
            Assert.Equal(Path.Combine(folder, "train.idx"), Fakes.Reader().Read(marked).Recipe.Data.Train.As<IdxLike>().Images);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
