using System.Globalization;
using Decant.Export.Onnx.Running;
using Decant.Export.Sentences;
using Decant.Models.Configuration;
using Decant.Models.Encoders;
using Decant.Text;
using Decant.Text.Files;

namespace Decant.Export.Onnx.Importing;

/// <summary>Writes an encoder as a folder in Hugging Face's layout, with its tokenizer, and of sentence-transformers where it makes vectors of texts.</summary>
internal static class EncoderFolder
{
    /// <summary>Writes and checks it.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="encoder">What it holds.</param>
    /// <param name="session">The file in ONNX Runtime.</param>
    /// <param name="options">What the user said.</param>
    /// <exception cref="DecantException">There is no tokenizer, or the model does not compute what the file computes.</exception>
    public static ImportedModel Write(string folder, ReadGraph graph, EncoderImport encoder, OnnxSession session, ImportOptions options)
    {
        if (encoder.HasHead && (options.Pooling is not null || options.Normalize is not null))
            throw new DecantException($"{graph.Path}: it ends with a classifier, and --pooling and --normalize are for vectors of texts. Leave them out.");
        if (options.Bgr)
            throw new DecantException($"{graph.Path} reads tokens, and --bgr is for images. Leave it out.");
        var tokenizer = TokenizerOf(graph.Path, options);
        encoder.SetPadding(graph, tokenizer.Special.Pad);
        using var model = ImportedWeights.Write(folder, graph, encoder);
        var config = (EncoderConfig)((IConfigured)model).Config;
        CheckVocabulary(graph.Path, tokenizer, config);
        var check = new EncoderCheck(graph.Path, session, model);
        check.Run(PoolerOutputs(graph));
        var most = MostTokens(graph.Path, config, options);
        TokenizerFile.Save(tokenizer, folder, most);
        List<string> notes = [.. encoder.Notes];
        if (tokenizer.VocabularySize < config.VocabSize)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"It knows {config.VocabSize:N0} tokens, and its tokenizer has {tokenizer.VocabularySize:N0}: {config.VocabSize - tokenizer.VocabularySize:N0} rows of its embeddings are never read. Where these are more than padding, the tokenizer is not the model's own: name that with --vocabulary."));
        }

        if (!encoder.HasHead)
            AddPooling(folder, graph, check, config, options, most, notes);
        _ = ModelFolder.ReadConfig(folder);
        return new ImportedModel(folder, config.ModelType, config.Summary, model.ParameterCount, check.Largest, notes);
    }

    private static void AddPooling(string folder, ReadGraph graph, EncoderCheck check, EncoderConfig config, ImportOptions options, int most, List<string> notes)
    {
        var own = check.Pooling(options);
        var pooling = own?.Pooling ?? options.Pooling ?? throw new DecantException(
            $"{graph.Path}: its graph ends with the states of the tokens ({string.Join(", ", graph.Graph.Output.Select(o => o.Name))}), and how they become one vector stands in none of it. " +
            "Give it with --pooling: first or mean, as the model's card or its 1_Pooling/config.json says; and --normalize where its vectors are divided by their length.");
        var normalize = own?.Normalize ?? options.Normalize ?? false;
        SentenceFiles.Write(folder, pooling, normalize, config.Shape.Width, most);
        notes.Add($"A text's vector is {(pooling == EncoderPooling.First ? "the first token's state" : "the mean of the tokens' states")}{(normalize ? ", divided by its length" : "")}{(own is null ? "; the graph ends with the states and does not say so" : ", as the graph makes it")}.");
    }

    private static int MostTokens(string path, EncoderConfig config, ImportOptions options)
    {
        var longest = checked((int)config.Shape.Longest);
        return options.MaxTokens is not { } asked ? longest : asked >= 1 && asked <= longest ? asked
            : throw new DecantException($"{path}: --max-tokens is {asked}, and the model has {longest} positions; expected a number from 1 to {longest}.");
    }

    private static ITokenizer TokenizerOf(string path, ImportOptions options)
    {
        if (options.Vocabulary is { } file)
            return File.Exists(file) || Directory.Exists(file) ? TokenizerFile.Load(file) : throw new DecantException($"{file}: there is no such file; expected the model's vocab.txt or tokenizer.json.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var home = new[] { folder, Path.GetDirectoryName(folder) }.FirstOrDefault(f => f is not null && TokenizerFile.Exists(f) && (f == folder || Path.GetFileName(folder) == "onnx"));
        return home is not null ? TokenizerFile.Load(home) : throw new DecantException(
            $"{path} reads tokens, and there is no tokenizer beside it: expected vocab.txt or tokenizer.json in {folder}. Name the model's own with --vocabulary.");
    }

    private static void CheckVocabulary(string path, ITokenizer tokenizer, EncoderConfig config)
    {
        if (tokenizer.VocabularySize > config.VocabSize)
            throw new DecantException($"{path} knows {config.VocabSize:N0} tokens, and its tokenizer has {tokenizer.VocabularySize:N0}: they do not belong together. Name the model's own tokenizer with --vocabulary.");
    }

    // BERT's pooler: a linear layer and tanh behind the first token, made for another task.
    private static HashSet<string> PoolerOutputs(ReadGraph graph) => graph.Graph.Output.Select(o => o.Name).Where(name => graph.MakerOf(name)?.OpType == "Tanh").ToHashSet(StringComparer.Ordinal);
}
