using Decant.LLama.Native;
using Decant.LLama.Rows;
using Decant.Modules;
using Decant.Torch;
using LLama.Native;

namespace Decant.LLama;

/// <summary>Texts that a GGUF file continues: their keys and values stay in a native context of their own.</summary>
internal sealed class GgufState(GgufDecoder model) : ICausalState
{
    private LlamaRoom? _room;
    private int[] _read = [];

    /// <inheritdoc/>
    public long Length { get; private set; }

    /// <summary>Reads on: [B, V] of the token after the last of each text.</summary>
    /// <param name="texts">What follows; padding was left out.</param>
    /// <param name="width">T, with padding.</param>
    /// <param name="threads">How many threads compute.</param>
    public Tensor Read(BatchTexts texts, int width, int threads)
    {
        if (Length + width > model.MostTokens)
            throw new DecantException($"The text would have {Length + width} tokens; {model.File.File.Path} reads at most {model.MostTokens}. Begin with less.");
        if (_room is null)
            (_room, _read) = (model.RoomFor(texts.Rows), new int[texts.Rows]);
        if (texts.Rows != _read.Length)
            throw new ArgumentException($"The state is of {_read.Length} texts, and {texts.Rows} are read on.", nameof(texts));
        var logits = Tensor.Zeros([texts.Rows, model.Classes]);
        var answers = new LogitRows([.. texts.Spans.Select(s => (long)s.First + s.Length - 1)], texts.Ids.Length, model.Classes);
        var (batch, asked) = (new LLamaBatch(), new List<int>());
        foreach (var span in texts.Spans)
        {
            var text = span.First / width;
            for (var i = 0; i < span.Length; i++)
            {
                var row = answers.RowOf(span.First + i);
                batch.Add((int)texts.Ids[span.First + i], _read[text]++, (LLamaSeqId)text, row >= 0);
                if (row >= 0)
                    asked.Add(text);
                if (batch.TokenCount == _room.Step)
                    Take();
            }
        }

        Take();
        Length += width;
        return logits;

        void Take()
        {
            if (batch.TokenCount == 0)
                return;
            _room.Compute(batch, threads);
            if (asked.Count > 0)
                answers.Write(_room.Handle.GetLogits(asked.Count), model.File.Vocabulary, asked, logits);
            batch.Clear();
            asked.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _room?.Dispose();
}
