using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Decant.Data;
using Decant.Data.Sources;
using Decant.Export;
using Decant.Files;
using Decant.Models.Generation;
using Decant.Modules;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Teachers.Writing;

/// <summary>Texts that a language model writes: transfer data where there is a teacher and no corpus. Written once and kept.</summary>
/// <remarks>The same model, options and seed give the same texts. Samples of another seed are others, so that a test split can be written apart.</remarks>
internal sealed record GeneratedTextOptions : SourceOptions
{
    private const string FileEnding = ".jsonl";

    /// <summary>The folder of the model, with its tokenizer, or the address of one that is fetched.</summary>
    [Description("folder of the generating model, with its tokenizer; or hf:ORG/NAME")]
    [LocalPath(OrModel = true)]
    public required string Model { get; init; }

    /// <summary>How many texts.</summary>
    [Description("number of texts")]
    [Range(1, 100_000_000)]
    public required int Texts { get; init; }

    /// <summary>The maximum number of tokens per text; default: 256.</summary>
    [Description("maximum number of tokens per text")]
    [Range(1, 1_000_000)]
    public int MaxTokens { get; init; } = 256;

    /// <summary>The prompts, used in turn; default: the model's own beginning-of-text token.</summary>
    [Description("prompts, used in turn; absent: generation starts from the beginning-of-text token")]
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>The sampling temperature; 0: greedy decoding; default: 1.</summary>
    [Description("sampling temperature; 0: greedy decoding")]
    [Range(0.0, 1000.0)]
    public double SamplingTemperature { get; init; } = 1;

    /// <summary>Nucleus sampling: sample among the most probable tokens with probabilities that sum to this; default: 1, all tokens.</summary>
    [Description("nucleus sampling: sample among the most probable tokens whose probabilities sum to this")]
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double TopP { get; init; } = 1;

    /// <summary>The random seed of the sampling; default: 0.</summary>
    [Description("random seed of the sampling")]
    [Range(0L, long.MaxValue)]
    public long Seed { get; init; }

    /// <summary>Texts generated at the same time; default: 128.</summary>
    [Description("texts generated at the same time")]
    [Range(1, 100_000)]
    public int Batch { get; init; } = 128;

    /// <inheritdoc/>
    public override Dataset Open(CancellationToken cancellationToken = default)
    {
        var file = Path.Combine(CacheFolder.Of("written"), Key() + FileEnding);
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            AtomicFile.Write(file, [.. Write(cancellationToken).SelectMany(text => JsonSerializer.SerializeToUtf8Bytes(text).Append((byte)'\n'))]);
        }

        var texts = Kept(file);
        return Dataset.From($"written by {Model}", texts.Select(text => ((SampleContent)new TextContent(text), (string?)null))).WithOwnLabels();
    }

    private static string[] Kept(string file)
    {
        try
        {
            using var reader = new StreamReader(RegularFile.Open(file));
            return [.. BoundedLines.Of(reader, file).Select(line => JsonSerializer.Deserialize<string>(line) ?? throw new JsonException("a line is null"))];
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{file}, which keeps the texts that a model wrote, is damaged: {error.Message} Remove it; they are then written again.", inner: error);
        }
    }

    private List<string> Write(CancellationToken cancellationToken)
    {
        using var model = ModelFolder.Load(Model);
        if (model is not ICausalModel causal)
            throw new DecantException($"{Model} holds a model of kind '{model.Kind}', which writes no texts. Give a causal language model, such as gpt2 or llama.");
        GenerationConfig.CheckServed(Model);
        var tokenizer = TokenizerFile.Load(Model);
        var generator = new TextGenerator(causal, tokenizer) { Begin = TextBoundaries.BeginOfText(tokenizer) ?? TextBoundaries.EndOfText(tokenizer) };
        var texts = new List<string>(Texts);
        while (texts.Count < Texts)
        {
            var prompts = Enumerable.Range(texts.Count, Math.Min(Batch, Texts - texts.Count)).Select(i => Prompts.Count == 0 ? "" : Prompts[i % Prompts.Count]).ToArray();
            var options = new GenerationOptions
            {
                MaxNewTokens = MaxTokens,
                SamplingTemperature = SamplingTemperature,
                TopP = TopP,
                Seed = Rng.Mix((ulong)Seed ^ Rng.Mix((ulong)texts.Count)),
                StopTokens = StopTokens.Of(model, tokenizer),
            };
            var written = generator.Generate(prompts, options, cancellationToken: cancellationToken);
            texts.AddRange(written.Zip(prompts, (text, prompt) => prompt + text.Text));
        }

        return [.. texts.Where(text => !string.IsNullOrWhiteSpace(text))];
    }

    /// <summary>All that decides the texts.</summary>
    private string Key()
    {
        if (!Directory.Exists(Model))
            throw new DecantException($"generated: there is no folder {Model}.");
        var files = Directory.EnumerateFiles(Model).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {FileHash.Of(file)}");
        var all = string.Join('\n', [JsonSerializer.Serialize(this with { Model = "" }), .. files]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..32];
    }
}
