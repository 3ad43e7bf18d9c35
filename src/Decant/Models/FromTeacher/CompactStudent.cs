using Decant.Models.Configuration;
using Decant.Models.Decoder;
using Decant.Models.Encoders;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>
/// Makes a model with shared layers, linear layers of a low rank and, of an encoder, a factorised embedding, of one without: a group of layers begins with the weights of its first, a product of
/// two factors as the nearest matrix of its rank.
/// </summary>
internal static class CompactStudent
{
    /// <summary>A new model; the other stays as it is.</summary>
    /// <param name="whole">The encoder or decoder, nothing of it shared or in factors. One without memory gives one without.</param>
    /// <param name="part">What is shared and what is in factors.</param>
    /// <exception cref="DecantException">It is neither, or it has no such groups, ranks or widths.</exception>
    public static Model Of(Model whole, PartOfTeacher part)
    {
        if (whole is IConfigured { Config: DecoderConfig decoder } && part.Embedding is null)
            return OfDecoder(whole, decoder, part);
        if (whole is not IConfigured { Config: EncoderConfig config })
        {
            throw new DecantException(
                $"student.from-teacher: {part.CompactKeys}: layers are shared and ranks cut in encoders (encoder, distilbert, roberta) and decoders (gpt2, llama, mistral, qwen2, qwen3), embeddings cut in encoders, and the teacher is of kind '{whole.Kind}'. " +
                "Leave them out, and take fewer layers or narrower ones.");
        }

        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var weights = new EncoderWeights(whole, config);
        config = config with { ShareLayers = LayerGroups.Of(part.UniqueLayers, part.ShareLayers, config.Shape.Layers, "student.from-teacher") };
        config = config with { EmbeddingSize = Embedding(config, part) };
        var factors = LinearFactors.Of(weights.OfBlocks, config.Blocks, part);
        if (factors.Ranks.Count > 0)
            config = config with { LinearRanks = factors.Ranks };
        using var generator = new Generator(0); // every weight is replaced: loading must not move the generator that a run draws from
        var student = config.Build(generator);
        try
        {
            if (!student.HasNoMemory)
                Copy(weights, factors, student, config);
            return student;
        }
        catch
        {
            student.Dispose();
            throw;
        }
    }

    private static Model OfDecoder(Model whole, DecoderConfig config, PartOfTeacher part)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        config = config with { ShareLayers = LayerGroups.Of(part.UniqueLayers, part.ShareLayers, StudentFromTeacher.LayersOf(whole), "student.from-teacher") };
        var weights = whole.StateDict();
        var names = config.Names;
        var factors = LinearFactors.Of(new BlockWeights(weights, $"{names.Body}.{names.Layers}", names.InAttention.Joint is not null, whole.HasNoMemory), config.Blocks, part);
        if (factors.Ranks.Count > 0)
            config = config with { LinearRanks = factors.Ranks };
        using var generator = new Generator(0);
        var student = config.Build(generator);
        if (student.HasNoMemory)
            return student;
        foreach (var (name, target) in student.StateDict())
            target.CopyInPlace(factors.Weights.GetValueOrDefault(name) ?? weights[name]);
        return student;
    }

    private static int? Embedding(EncoderConfig config, PartOfTeacher part)
    {
        var (rows, width) = (config.Shape.Vocabulary, config.Shape.Width);
        if (part.Embedding is { } wanted && (wanted < 1 || wanted > Math.Min(rows, width)))
            throw new DecantException($"student.from-teacher: embedding is {wanted}, and the table of {rows} tokens for states of {width} has a rank of at most {Math.Min(rows, width)}: expected 1 to {Math.Min(rows, width)}.");
        return part.Embedding == width ? null : part.Embedding;
    }

    private static void Copy(EncoderWeights weights, LinearFactors factors, Model student, EncoderConfig config)
    {
        var given = new Dictionary<string, Tensor>(factors.Weights, StringComparer.Ordinal);
        if (config.Shape.Embedding is { } width)
        {
            var (table, projection) = new TruncatedSvd(weights.Words, weights.WordsName).Factors(width); // [V, E], [E, H]
            given[weights.WordsName] = table;
            given[weights.ProjectionName] = projection.Transpose(0, 1);
        }

        foreach (var (name, target) in student.StateDict())
            target.CopyInPlace(given.TryGetValue(name, out var made) ? made : weights[name]);
    }
}
