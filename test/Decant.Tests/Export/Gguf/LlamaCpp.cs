using System.Text;
using LLama;
using LLama.Common;
using LLama.Native;

namespace Decant.Tests.Export.Gguf;

/// <summary>A GGUF file in llama.cpp, through LLamaSharp: the program that files are written for.</summary>
internal sealed class LlamaCpp : IDisposable
{
    private readonly ModelParams _settings;
    private readonly LLamaWeights _weights;

    static LlamaCpp() => NativeLibraryConfig.All.WithLogCallback((_, _) => { });

    private LlamaCpp(string path, bool vocabularyAlone, bool embeds)
    {
        _settings = new ModelParams(path)
        {
            VocabOnly = vocabularyAlone,
            GpuLayerCount = 0,
            ContextSize = 512,
            BatchSize = 512,
            UBatchSize = 512,
            Threads = 1,
            BatchThreads = 1,
            TypeK = GGMLType.GGML_TYPE_F32,
            TypeV = GGMLType.GGML_TYPE_F32,
            FlashAttention = false,
            Embeddings = embeds,
        };
        _weights = LLamaWeights.LoadFromFile(_settings);
    }

    public IReadOnlyDictionary<string, string> Settings => _weights.Metadata;

    public static LlamaCpp Open(string path, bool embeds = false) => new(path, false, embeds);

    public static LlamaCpp Vocabulary(string path) => new(path, true, false);

    public static bool Quantize(string from, string to, string type) => LLamaQuantizer.Quantize(from, to, type, nthread: 1, allowRequantize: true, quantizeOutputTensor: true);

    /// <summary>The ids of a text; special tokens that stand in it are such, as in tokenizers of transformers.</summary>
    /// <param name="text">The text.</param>
    /// <param name="framed">With what the file says stands around it.</param>
    public int[] Ids(string text, bool framed = false) => [.. _weights.Tokenize(text, framed, true, Encoding.UTF8).Select(token => (int)token)];

    /// <summary>The logits behind every token.</summary>
    public float[][] Logits(IReadOnlyList<int> ids)
    {
        using var context = _weights.CreateContext(_settings);
        var batch = new LLamaBatch();
        for (var at = 0; at < ids.Count; at++)
            batch.Add(ids[at], at, LLamaSeqId.Zero, true);
        Assert.Equal(DecodeResult.Ok, context.Decode(batch));
        return [.. Enumerable.Range(0, ids.Count).Select(at => context.NativeHandle.GetLogitsIth(at).ToArray())];
    }

    /// <summary>Goes on with the likeliest token, until there are so many or the two likeliest lie closer than a margin.</summary>
    public List<int> Greedy(IReadOnlyList<int> ids, int count, double margin)
    {
        using var context = _weights.CreateContext(_settings);
        var batch = new LLamaBatch();
        var (made, next, position) = (new List<int>(), ids, 0);
        while (made.Count < count)
        {
            batch.Clear();
            for (var at = 0; at < next.Count; at++)
                batch.Add(next[at], position++, LLamaSeqId.Zero, at == next.Count - 1);
            Assert.Equal(DecodeResult.Ok, context.Decode(batch));
            var logits = context.NativeHandle.GetLogitsIth(next.Count - 1).ToArray();
            int[] best = [.. Enumerable.Range(0, logits.Length).OrderByDescending(id => logits[id]).Take(2)];
            if (logits[best[0]] - logits[best[1]] < margin)
                break;
            made.Add(best[0]);
            next = [best[0]];
        }

        return made;
    }

    /// <summary>The vector of a text, as it is pooled.</summary>
    public async Task<float[]> Vector(string text)
    {
        using var embedder = new LLamaEmbedder(_weights, _settings);
        return (await embedder.GetEmbeddings(text))[0];
    }

    public void Dispose() => _weights.Dispose();
}
