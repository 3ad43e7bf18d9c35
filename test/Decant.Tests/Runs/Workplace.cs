using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Decant.Cli;
using Decant.Cli.Hosting;
using Decant.Runs;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;
using Spectre.Console;

namespace Decant.Tests.Runs;

/// <summary>A folder with small data sets and recipes, and the real command line in this process.</summary>
public sealed class Workplace : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Workplace()
    {
        _folder.Write("train.csv", Texts(160, seed: 1));
        _folder.Write("test.csv", Texts(60, seed: 2));
        WriteImages("train", 120, 8, seed: 1);
        WriteImages("test", 60, 8, seed: 2);
        _folder.Write("text.yaml", Text);
        _folder.Write("image.yaml", Image);
    }

    public string Root => _folder.Path;

    /// <summary>Prompts that are words, with the same words written backwards as completions, a JSON object a line.</summary>
    public static string Words(int count, int seed)
    {
        var random = new Random(seed);
        return string.Join('\n', Enumerable.Range(0, count).Select(_ =>
        {
            var word = new string([.. Enumerable.Range(0, 2 + random.Next(4)).Select(_ => (char)('a' + random.Next(6)))]);
            return $$"""{"prompt": "{{word}} ->", "completion": " {{new string([.. word.Reverse()])}}"}""";
        }));
    }

    /// <summary>Two made-up languages with some words in common; validation is cut off; half of the labels are hidden from the student.</summary>
    public const string Text = """
        name: 小文本
        task: classification
        seed: 3
        threads: 2
        data:
          train: { kind: csv, file: train.csv }
          test: { kind: csv, file: test.csv }
          split: { validation: 0.2 }
          student-labels: 40
        input:
          kind: text
          tokenizer: { kind: wordpiece, vocabulary: 300 }
          max-tokens: 12
        teacher:
          model: { kind: encoder, layers: 1, hidden: 16, heads: 2 }
          train:
            epochs: 1
            batch: 16
            optimizer: { kind: adamw, learning-rate: 5e-3 }
        student:
          model: { kind: textcnn, embedding: 8, filters: 4 }
        distill:
          epochs: 2
          batch: 16
          optimizer: { kind: adamw, learning-rate: 5e-3 }
          warm-up: { epochs: 1 }
          objectives:
            - { kind: soft-targets, temperature: 2, weight: 0.7 }
            - { kind: labels, weight: 0.3 }
        evaluate: { bootstrap: 100, latency-runs: 3 }
        """;

    /// <summary>Three kinds of 8 × 8 images; no validation.</summary>
    public const string Image = """
        name: small-images
        task: classification
        seed: 5
        threads: 1
        data:
          train: { kind: idx, images: train-images, labels: train-labels }
          test: { kind: idx, images: test-images, labels: test-labels }
        input: { kind: image }
        teacher:
          model: { kind: mlp, hidden: [16] }
          train:
            epochs: 3
            batch: 20
            optimizer: { kind: sgd, learning-rate: 0.1, momentum: 0.9 }
        student:
          model: { kind: mlp, hidden: [4] }
        distill:
          epochs: 2
          batch: 20
          optimizer: { kind: sgd, learning-rate: 0.1, momentum: 0.9 }
          objectives:
            - { kind: soft-targets, temperature: 4 }
        evaluate: { bootstrap: 100, latency-runs: 0 }
        """;

    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public string Write(string name, string content) => _folder.Write(name, content);

    public string Write(string name, byte[] content) => _folder.Write(name, content);

    public void Dispose() => _folder.Dispose();

    /// <summary>One command, as a user types it.</summary>
    public Answer Decant(params string[] args) => Decant(_ => { }, args);

    internal Answer Decant(Action<Interruption> began, params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        var exit = Entry.Run(args, typed =>
        {
            var interruption = new Interruption(error.WriteLine, _ => { });
            began(interruption);
            return new CliServices
            {
                Out = output,
                Error = error,
                IsTerminal = false,
                Console = new Lazy<IAnsiConsole>(() => ConsoleFactory.Create(output, isTerminal: false)),
                Catalog = new Lazy<Catalog>(() => Catalog.Standard),
                Interruption = interruption,
                RecipeFolders = [At("recipes")],
                CommandLine = ShellText.Command(typed),
            };
        });
        return new Answer(exit, output.ToString(), error.ToString());
    }

    /// <summary>Distils and expects that it works; the run's folder.</summary>
    public string Distill(string recipe, string name, params string[] set)
    {
        var answer = Decant(["distill", At(recipe), "--quiet", "--out", At(name), .. set]);
        Assert.True(answer.Exit == 0, answer.Error);
        return At(name);
    }

    /// <summary>Reads a recipe of this folder.</summary>
    internal Recipe Recipe(string name, params string[] set) => new RecipeReader(Catalog.Standard.Kinds).Read(At(name), set).Recipe;

    public static RunRecord Record(string run) => RunRecord.Read(Path.Combine(run, "record.jsonl"));

    /// <summary>The notes of a run, a line each.</summary>
    public static string Notes(string run) => string.Join('\n', Record(run).Events.OfType<RunNote>().Select(n => n.Text));

    /// <summary>A text as it was printed, without the lines that it was broken into.</summary>
    public static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static byte[] Weights(string run, string arm) => File.ReadAllBytes(Path.Combine(run, arm, "model.safetensors"));

    public void WriteImages(string name, int count, int size, int seed, int classes = 3)
    {
        var random = new Random(seed);
        var labels = Enumerable.Range(0, count).Select(i => (byte)(i % classes)).ToArray();
        var pixels = labels.SelectMany(label => Enumerable.Range(0, size * size).Select(p => (byte)(random.Next(100) + (p * classes / (size * size) == label ? 120 : 0)))).ToArray();
        Write(name + "-images", Idx(pixels, count, size, size));
        Write(name + "-labels", Idx(labels, count));
    }

    public static byte[] Idx(byte[] bytes, params int[] sizes)
    {
        var file = new byte[4 + (4 * sizes.Length) + bytes.Length];
        file[2] = 8;
        file[3] = (byte)sizes.Length;
        for (var d = 0; d < sizes.Length; d++) BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * d)), sizes[d]);
        bytes.CopyTo(file, 4 + (4 * sizes.Length));
        return file;
    }

    public static string Texts(int count, int seed)
    {
        var random = new Random(seed);
        string[][] words = [["kala", "mita", "soro", "nepa", "雨天", "rain"], ["bundo", "grak", "wolt", "fimp", "火锅", "soup"], ["and", "the", "of", "很"]];
        var text = new StringBuilder("text,label\n");
        for (var i = 0; i < count; i++)
        {
            var label = i % 2;
            for (var w = 0; w < 6; w++) text.Append(words[random.Next(4) == 0 ? 2 : random.Next(5) == 0 ? 1 - label : label][random.Next(4)]).Append(' ');
            text.Append(CultureInfo.InvariantCulture, $"{(char)('a' + (i / 26 % 26))}{(char)('a' + (i % 26))}{seed},{(label == 0 ? "天气" : "cooking")}\n");
        }

        return text.ToString();
    }
}

/// <summary>What a command answered.</summary>
public sealed record Answer(int Exit, string Out, string Error);
