using Decant.LLama.Native;
using Decant.LLama.Rows;
using Decant.Modules;
using Decant.Torch;
using LLama.Native;

namespace Decant.LLama;

/// <summary>A GGUF file that says the next token.</summary>
internal sealed class GgufDecoder : GgufModel, ICausalModel
{
    private LlamaRoom? _room;

    /// <param name="file">The opened file, owned from now on.</param>
    /// <param name="options">How it is computed.</param>
    /// <param name="tokens">How many tokens its tokenizer has; rows beyond are left out.</param>
    public GgufDecoder(LlamaFile file, GgufTeacherOptions options, int tokens)
        : base(file, options, tokens)
    {
    }

    /// <inheritdoc/>
    public long VocabularySize => Classes;

    /// <inheritdoc/>
    public long? MaxTokens => MostTokens;

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var places = input.Values.Size(0) * input.Values.Size(1);
        var rows = input.Positions?.Size(0) ?? places;
        if (input.Values.Device.Kind == DeviceKind.Meta)
            return Tensor.Zeros([rows, Classes], device: input.Values.Device);
        var wanted = input.Positions?.To(Device.Cpu).ToArray<long>() ?? [.. Enumerable.Range(0, (int)places).Select(at => (long)at)];
        var texts = TextsOf(input);
        var logits = Tensor.Zeros([rows, Classes]); // [R, V]
        var answers = new LogitRows(wanted, (int)places, Classes);
        lock (Computing)
            foreach (var group in TextGroups.Of(texts.Spans, MostTexts(texts), LlamaSizes.StepFor(File.Vocabulary)))
                Answer(group, texts, answers, logits);
        answers.Repeat(logits);
        return logits.To(input.Values.Device);
    }

    /// <inheritdoc/>
    public ICausalState NewState() => new GgufState(this);

    /// <inheritdoc/>
    public Tensor Next(Tensor tokens, ICausalState state, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var own = state as GgufState ?? throw new ArgumentException("The state is another model's; take one from NewState.", nameof(state));
        lock (Computing)
            return own.Read(TextsOf(new ModelInput(tokens, mask)), (int)tokens.Size(1), Threads).To(tokens.Device);
    }

    /// <summary>Room for texts that are continued.</summary>
    internal LlamaRoom RoomFor(int texts) => LlamaRoom.Make(File, texts, MostTokens, LlamaSizes.StepFor(File.Vocabulary), isEmbedding: false, Sizes.IsSmall);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _room?.Dispose();
        base.Dispose(disposing);
    }

    private int MostTexts(BatchTexts texts) => texts.Spans.Count == 0 ? 1 : Sizes.SequencesFor(texts.Spans.Max(s => s.Length));

    private void Answer(TextSpan[] group, BatchTexts texts, LogitRows answers, Tensor logits)
    {
        var room = Room(group, texts.Spans.Count);
        room.Clear();
        var batch = new LLamaBatch();
        var asked = new List<int>(); // the row of each logit of a step
        for (var text = 0; text < group.Length; text++)
        {
            for (var i = 0; i < group[text].Length; i++)
            {
                var row = answers.RowOf(group[text].First + i);
                batch.Add((int)texts.Ids[group[text].First + i], i, (LLamaSeqId)text, row >= 0);
                if (row >= 0)
                    asked.Add(row);
                if (batch.TokenCount == room.Step)
                    Take();
            }
        }

        Take();

        void Take()
        {
            if (batch.TokenCount == 0)
                return;
            room.Compute(batch, Threads);
            if (asked.Count > 0)
                answers.Write(room.Handle.GetLogits(asked.Count), File.Vocabulary, asked, logits);
            batch.Clear();
            asked.Clear();
        }
    }

    // Made anew where a batch needs more: the same room otherwise.
    private LlamaRoom Room(TextSpan[] group, int all)
    {
        var tokens = Math.Max(group[0].Length, _room?.Tokens ?? 0);
        if (_room is { } there && there.Texts >= group.Length && there.Tokens >= tokens)
            return there;
        var texts = Math.Max(group.Length, Math.Min(Math.Max(all, _room?.Texts ?? 0), Sizes.SequencesFor(tokens)));
        _room?.Dispose();
        _room = null;
        return _room = LlamaRoom.Make(File, texts, tokens, LlamaSizes.StepFor(File.Vocabulary), isEmbedding: false, Sizes.IsSmall);
    }
}
