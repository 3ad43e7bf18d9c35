using LLama.Native;

namespace Decant.LLama.Native;

/// <summary>A native context: room for the keys and values of some texts side by side, computed in float32.</summary>
/// <remarks>The cache is float32 and attention is computed as it is written, not by flash attention, so that logits differ from those of the weights as little as they can.</remarks>
internal sealed class LlamaRoom : IDisposable
{
    private readonly LlamaFile _file;

    private LlamaRoom(LlamaFile file, SafeLLamaContextHandle handle, int texts, int tokens, int step) => (_file, Handle, Texts, Tokens, Step) = (file, handle, texts, tokens, step);

    /// <summary>The native context.</summary>
    public SafeLLamaContextHandle Handle { get; }

    /// <summary>How many texts there is room for.</summary>
    public int Texts { get; }

    /// <summary>How many tokens of each.</summary>
    public int Tokens { get; }

    /// <summary>How many tokens can be computed in one step.</summary>
    public int Step { get; }

    /// <summary>Makes room.</summary>
    /// <param name="file">The model.</param>
    /// <param name="texts">How many texts.</param>
    /// <param name="tokens">How many tokens of each.</param>
    /// <param name="step">How many tokens of all in one step.</param>
    /// <param name="isEmbedding">Whether vectors of texts are computed, as the file pools them, instead of logits.</param>
    /// <param name="isWhole">Whether the tokens of a step are computed together, else in parts.</param>
    /// <exception cref="DecantException">There is no memory for it, or llama.cpp refuses it: its own words.</exception>
    public static LlamaRoom Make(LlamaFile file, int texts, int tokens, int step, bool isEmbedding, bool isWhole)
    {
        const uint Part = 512;
        var cells = LlamaSizes.CellsFor(tokens);
        var options = LLamaContextParams.Default();
        options.n_ctx = checked((uint)(texts * cells));
        options.n_batch = (uint)step;
        options.n_ubatch = isWhole || isEmbedding ? (uint)step : Math.Min((uint)step, Part);
        options.n_seq_max = (uint)texts;
        options.type_k = GGMLType.GGML_TYPE_F32;
        options.type_v = GGMLType.GGML_TYPE_F32;
        options.llama_flash_attn_type = LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_DISABLED;
        options.kv_unified = false;
        options.offload_kqv = false;
        options.op_offload = false;
        options.embeddings = isEmbedding;
        options.no_perf = true;
        LlamaLog.Begin();
        try
        {
            return new(file, SafeLLamaContextHandle.Create(file.Handle, options), texts, cells, step);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new DecantException($"{file.File.Path}: llama.cpp cannot make room for {texts} texts of {tokens} tokens: {LlamaFile.Said(error)}. Give shorter texts (input.max-tokens), or a smaller file.", inner: error);
        }
    }

    /// <summary>Computes tokens that were added to a batch.</summary>
    /// <param name="batch">At most <see cref="Step"/> tokens.</param>
    /// <param name="threads">How many threads compute.</param>
    /// <exception cref="DecantException">llama.cpp cannot: its own words.</exception>
    public void Compute(LLamaBatch batch, int threads)
    {
        (Handle.GenerationThreads, Handle.BatchThreads) = (threads, threads);
        LlamaLog.Begin();
        DecodeResult result;
        try
        {
            result = Handle.Decode(batch);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw Failed(error.Message);
        }

        if (result != DecodeResult.Ok)
            throw Failed(result.ToString());
    }

    /// <summary>Forgets all texts.</summary>
    public void Clear() => Handle.MemoryClear(false);

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private DecantException Failed(string what) => new($"{_file.File.Path}: llama.cpp could not compute {Texts} texts: {what} {LlamaLog.Text()}");
}
