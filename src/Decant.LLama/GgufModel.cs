using Decant.Files;
using Decant.LLama.Native;
using Decant.LLama.Rows;
using Decant.Modules;
using Decant.Torch;

namespace Decant.LLama;

/// <summary>A GGUF file as a model: llama.cpp computes it, on the processor.</summary>
internal abstract class GgufModel : Model, IForeignModel
{
    private readonly Lazy<string> _hash;
    private readonly GgufTeacherOptions _options;
    private readonly int _outputs;

    /// <param name="file">The opened file, owned from now on.</param>
    /// <param name="options">How it is computed.</param>
    /// <param name="outputs">How many numbers an answer has.</param>
    protected GgufModel(LlamaFile file, GgufTeacherOptions options, int outputs)
    {
        (File, _options, _outputs, Sizes) = (file, options, outputs, LlamaSizes.Of(file.File));
        MostTokens = options.Context is { } context ? context : Sizes.MostTokens;
        if (MostTokens > Sizes.MostTokens)
            throw new DecantException($"context: {options.Context} tokens are asked for, and {file.File.Path} reads at most {Sizes.MostTokens} ({file.File.Architecture}.context_length). Say at most {Sizes.MostTokens}.");
        _hash = new(() => FileHash.Of(file.File.Path));
    }

    /// <inheritdoc/>
    public override string Kind => "gguf";

    /// <inheritdoc/>
    public override int Classes => _outputs;

    /// <summary>The SHA-256 of the file, and how its answers are made.</summary>
    public string Identity => $"gguf {_hash.Value}{Variant}";

    /// <inheritdoc/>
    public string Summary => $"a GGUF file ({File.File.Architecture}, {GgufSummary.TypeOf(File.File)})";

    /// <inheritdoc/>
    public long StoredBytes => File.File.Length;

    /// <inheritdoc/>
    public long StoredNumbers => GgufSummary.NumbersOf(File.File);

    /// <summary>How many numbers its weights are.</summary>
    public override long ParameterCount => StoredNumbers;

    /// <summary>The most tokens of a text.</summary>
    public int MostTokens { get; }

    /// <summary>The opened file.</summary>
    internal LlamaFile File { get; }

    /// <summary>What of the answers the file does not decide; empty: nothing.</summary>
    protected virtual string Variant => "";

    /// <summary>What its computation takes.</summary>
    protected LlamaSizes Sizes { get; }

    /// <summary>How many threads compute an answer that the calling thread asks for.</summary>
    protected int Threads => _options.Threads ?? Runtime.Threads;

    /// <summary>One caller at a time.</summary>
    protected Lock Computing { get; } = new();

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 2 * GgufSummary.MultipliedBy(File.File) * (sampleShape.Length > 0 ? sampleShape[0] : 1);

    /// <summary>The texts of a batch, each short enough.</summary>
    /// <exception cref="DecantException">One is longer than the file reads, or has an id that it does not know.</exception>
    protected BatchTexts TextsOf(ModelInput input)
    {
        var texts = BatchTexts.Of(input);
        foreach (var span in texts.Spans)
        {
            if (span.Length > MostTokens)
                throw new DecantException($"A text has {span.Length} tokens, and {File.File.Path} reads at most {MostTokens}{(_options.Context is null ? $" ({File.File.Architecture}.context_length)" : " (context)")}. Say input.max-tokens: {MostTokens}, or less.");
            foreach (var id in texts.Ids.AsSpan(span.First, span.Length))
                if (id < 0 || id >= File.Vocabulary)
                    throw new DecantException($"A text has the token {id}, and {File.File.Path} has {File.Vocabulary} tokens: it was made with another tokenizer.");
        }

        return texts;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            File.Dispose();
        base.Dispose(disposing);
    }
}
