using Decant.LLama.Native;
using Decant.LLama.Rows;
using Decant.Modules;
using Decant.Torch;
using LLama.Native;

namespace Decant.LLama;

/// <summary>A GGUF file that makes a vector of each text, pooled as the file says.</summary>
internal sealed class GgufEncoder : GgufModel
{
    private readonly bool _normalizes;
    private LlamaRoom? _room;

    /// <param name="file">The opened file, owned from now on.</param>
    /// <param name="options">How it is computed.</param>
    /// <param name="width">D.</param>
    public GgufEncoder(LlamaFile file, GgufTeacherOptions options, int width)
        : base(file, options, width) => _normalizes = options.Normalize;

    /// <inheritdoc/>
    protected override string Variant => _normalizes ? ", of length 1" : "";

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (rows, width) = ((int)input.Values.Size(0), (int)input.Values.Size(1));
        if (input.Values.Device.Kind == DeviceKind.Meta)
            return Tensor.Zeros([rows, Classes], device: input.Values.Device);
        var texts = TextsOf(input);
        var vectors = Tensor.Zeros([rows, Classes]); // [B, D]
        lock (Computing)
            foreach (var group in TextGroups.Of(texts.Spans, MostTexts, Step))
                Answer(group, texts, width, vectors);
        return vectors.To(input.Values.Device);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _room?.Dispose();
        base.Dispose(disposing);
    }

    private int MostTexts => Math.Min(64, Math.Max(1, Step / 8));

    // All tokens of a step are computed together, so a text must fit into one.
    private int Step => Math.Max(MostTokens, 512);

    private void Answer(TextSpan[] group, BatchTexts texts, int width, Tensor vectors)
    {
        var room = _room ??= LlamaRoom.Make(File, MostTexts, MostTokens, Step, isEmbedding: true, isWhole: true);
        room.Clear();
        var batch = new LLamaBatch();
        for (var text = 0; text < group.Length; text++)
            for (var i = 0; i < group[text].Length; i++)
                batch.Add((int)texts.Ids[group[text].First + i], i, (LLamaSeqId)text, true);
        room.Compute(batch, Threads);
        for (var text = 0; text < group.Length; text++)
        {
            var into = vectors.AsSpan<float>().Slice(group[text].First / width * Classes, Classes);
            room.Handle.GetEmbeddingsSeq((LLamaSeqId)text)[..Classes].CopyTo(into);
            if (_normalizes)
                Normalize(into);
        }
    }

    private static void Normalize(Span<float> vector)
    {
        var sum = 0.0;
        foreach (var number in vector)
            sum += (double)number * number;
        var length = Math.Max(Math.Sqrt(sum), 1e-12);
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)(vector[i] / length);
    }
}
