using Decant.Runs.Recipes.Templates;

namespace Decant.Tests.Runs.Recipes;

public sealed class TemplateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decant-templates").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("reviews.csv", "id,review_text,\"sentiment, of it\"\n1,good,1\n", "{ kind: csv, file: reviews.csv, text: review_text, label: \"sentiment, of it\" }")]
    [InlineData("a b.tsv", "label\tsomething\n", "{ kind: tsv, file: a b.tsv, text: something, label: label }")]
    [InlineData("评论.csv", "\uFEFF文本,标签\n好,1\n", "{ kind: csv, file: 评论.csv, text: 文本, label: 标签 }")]
    [InlineData("x.jsonl", "{\"sentence\": \"a\", \"label\": 1}\n", "{ kind: jsonl, file: x.jsonl, text: sentence, label: label }")]
    [InlineData("stsa.train", "1 a fine film\n", "{ kind: labelled-lines, file: stsa.train }")]
    [InlineData("${a}.txt", "1 a\n", "{ kind: labelled-lines, file: \"$${a}.txt\" }")]
    public void A_text_template_names_the_file_and_its_columns(string file, string content, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, file), content);
        var yaml = RecipeTemplates.Write(new TemplateRequest { Task = "text-classification", Data = file, DataNow = Path.Combine(_folder, file) });
        Assert.Contains($"  train: {expected}\n", yaml);
        Fakes.Read(yaml);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte.gz", "    images: data/train-images-idx3-ubyte.gz\n    labels: data/train-labels-idx1-ubyte.gz\n")]
    [InlineData("digits.idx", "    images: data/digits.idx\n    labels: data/labels.idx\n")]
    [InlineData("data_batch_1.bin", "    kind: cifar\n    files: [data/data_batch_1.bin]\n")]
    public void An_image_template_names_the_files(string file, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, file), "");
        var yaml = RecipeTemplates.Write(new TemplateRequest { Task = "image-classification", Data = "data/" + file, DataNow = Path.Combine(_folder, file) });
        Assert.Contains(expected, yaml);
        Fakes.Read(yaml.Replace("{ kind: cnn, channels: [8, 16], hidden: 32 }", "{ kind: cnn }").Replace("resnet, depth: 8", "resnet, depth: 8"));
    }

    [Theory]
    [InlineData(2_000, "seeds: [1, 2, 3]", false, "each takes about 66 s")]
    [InlineData(20_000, "seeds: [1, 2, 3]", false, "each takes about 11 min")]
    [InlineData(50_000, "seeds: [1, 2, 3]", true, "beside the teacher's 24 min")]
    [InlineData(100_000, "seed: 1 ", false, "a verdict needs seeds: [1, 2, 3]")]
    public void As_many_seeds_are_written_as_an_hour_allows_and_what_one_costs(int rows, string seeds, bool teacherIsShared, string cost)
    {
        // 100 bytes a line: 25 tokens.
        var path = Path.Combine(_folder, "texts.csv");
        File.WriteAllLines(path, Enumerable.Range(0, rows).Select(i => $"{new string('x', 97)},{i % 2}").Prepend("text,label"));
        var yaml = RecipeTemplates.Write(new TemplateRequest { Task = "text-classification", Data = "texts.csv", DataNow = path });
        var line = yaml.Split('\n').Single(l => l.StartsWith("seed", StringComparison.Ordinal));
        Assert.StartsWith(seeds, line);
        Assert.Contains(cost, line);
        var recipe = Fakes.Read(yaml).Recipe;
        Assert.Equal(teacherIsShared ? 1 : null, recipe.Teacher!.Seed);
        Assert.Equal(seeds.StartsWith("seeds", StringComparison.Ordinal) ? 3 : 1, recipe.RunSeeds().Count);
    }

    [Theory]
    [InlineData(1_000, "each takes about")]
    [InlineData(0, "'decant check' estimates the time")]
    public void Images_are_counted_in_the_head_of_their_file(int count, string expected)
    {
        var path = Path.Combine(_folder, "train-images-idx3-ubyte");
        File.WriteAllBytes(path, count == 0 ? [] : [0, 0, 8, 3, 0, 0, (byte)(count >> 8), (byte)count, 0, 0, 0, 28, 0, 0, 0, 28]);
        Assert.Contains(expected, RecipeTemplates.Write(new TemplateRequest { Task = "image-classification", Data = "i", DataNow = path }));
    }

    [Theory]
    [InlineData("text-classification", "a.txt", "adamw, learning-rate: 1e-3", "adamw, learning-rate: 2e-3")]
    [InlineData("image-classification", "train-images-idx3-ubyte", "adamw, learning-rate: 1e-3", "adamw, learning-rate: 2e-3")]
    [InlineData("image-classification", "data_batch_1.bin", "sgd, learning-rate: 0.05, momentum: 0.9", "sgd, learning-rate: 0.05, momentum: 0.9")]
    public void A_template_weighs_soft_targets_and_labels_alike_warms_up_and_leaves_dropout_to_the_role(string task, string file, string teacher, string student)
    {
        File.WriteAllText(Path.Combine(_folder, file), "1 a\n");
        var yaml = RecipeTemplates.Write(new TemplateRequest { Task = task, Data = file, DataNow = Path.Combine(_folder, file) });
        Assert.Contains("    - { kind: soft-targets, temperature: 2, weight: 0.5 } ", yaml);
        Assert.Contains("    - { kind: labels, weight: 0.5 }\n", yaml);
        var parts = yaml.Split("\nstudent:\n");
        Assert.Contains($"    optimizer: {{ kind: {teacher} }}\n", parts[0]);
        Assert.Contains($"  optimizer: {{ kind: {student} }}\n", parts[1]);
        Assert.All(parts, p => Assert.Contains("warm-up: 0.1 }\n", p));
        Assert.DoesNotContain("dropout", yaml);
    }

    [Theory]
    [InlineData("text-clasification", "a.csv", "text,label\n", "There is no template for the task 'text-clasification'; did you mean 'text-classification'?")]
    [InlineData("text-classification", "a.csv", "a,b,c\n", "a.csv: which column is the text? It has: a, b, c. Say it with --text.")]
    [InlineData("text-classification", "a.csv", "text,b,c\n", "a.csv: which column is the label? It has: text, b, c. Say it with --label.")]
    [InlineData("text-classification", "a.bin", "", "a.bin: expected text (CSV, TSV, JSONL or lines) for text-classification, came images by the file's name.")]
    [InlineData("image-classification", "a.csv", "text,label\n", "a.csv: expected images (IDX, CIFAR's .bin, or a folder with a sub-folder of pictures for each class) for image-classification, came text by the file's name.")]
    [InlineData("text-classification", "a.csv", "", "a.csv: expected a first line that names the columns, came an empty file.")]
    [InlineData("text-classification", "none.csv", null, "none.csv: there is no such data file.")]
    public void What_cannot_be_written_is_told(string task, string file, string? content, string expected)
    {
        var path = Path.Combine(_folder, file);
        if (content is not null) File.WriteAllText(path, content);
        var fault = Assert.Throws<DecantException>(() => RecipeTemplates.Write(new TemplateRequest { Task = task, Data = file, DataNow = path }));
        Assert.Equal(expected, fault.Message.Replace(_folder + "/", ""));
    }

    [Fact]
    public void A_column_that_is_not_there_is_told_with_those_that_are()
    {
        var path = Path.Combine(_folder, "a.csv");
        File.WriteAllText(path, "text,label\n");
        var fault = Assert.Throws<DecantException>(() => RecipeTemplates.Write(new TemplateRequest { Task = "text-classification", Data = path, LabelColumn = "lable" }));
        Assert.EndsWith("there is no column 'lable'; did you mean 'label'? It has: text, label.", fault.Message);
    }
}
