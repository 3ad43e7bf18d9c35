using System.Text.Json;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Evaluation.Prediction;
using Decant.Modules;
using Decant.Signals;
using Decant.Text;
using Decant.Torch;

namespace Decant.Runs.Jobs.Prediction;

/// <summary>The most probable tokens at every masked position of a text.</summary>
internal sealed class MaskPredictor : CollatedPredictor
{
    private readonly int _mask;
    private readonly int _top;
    private readonly Dictionary<int, string> _names;

    public MaskPredictor(Model model, ITokenizer tokenizer, int maxTokens, int top)
        : base(model, tokenizer, maxTokens, () => new TextCollator(tokenizer, maxTokens))
    {
        _mask = tokenizer.Special.Mask ?? throw new DecantException("The model predicts masked tokens, and its tokenizer has no mask token. Put the model's own tokenizer beside it.");
        _names = tokenizer.TokenToId.ToDictionary(t => t.Value, t => t.Key);
        _top = Math.Min(top, Math.Min(model.Classes, tokenizer.VocabularySize));
    }

    public override (Sample Sample, bool IsCut) Prepare(SampleContent content, int number)
    {
        var prepared = base.Prepare(content, number);
        var text = (TextContent)content;
        return Tokenizer.EncodeForModel(text.Text, text.Pair, MaxTokens).Ids.Contains(_mask) ? prepared : throw new DecantException(
            prepared.IsCut ? $"there is no {Tokenizer.TokenOf(_mask)} among the first {MaxTokens} tokens, which are all that the model reads"
                : $"the text has no {Tokenizer.TokenOf(_mask)}, so there is nothing to predict; write it where a token is to be predicted");
    }

    protected override IReadOnlyList<LineAnswer> Ask(IReadOnlyList<Sample> samples, Batch batch)
    {
        var width = batch.Values.Size(1);
        var ids = batch.Values.ToArray<long>();
        var hidden = Enumerable.Range(0, ids.Length).Where(i => ids[i] == _mask).Select(i => (long)i).ToArray();
        var rows = new LogitRows(Model, batch.ToInput(Model.Device) with { Positions = Tensor.From(hidden).To(Model.Device) });
        // Rows beyond the tokenizer are of no token.
        var (best, tokens) = rows.LogProbabilities(0, rows.Count).Narrow(1, 0, Math.Min(Model.Classes, Tokenizer.VocabularySize)).TopK(_top, 1);
        var places = best.ToArray<float>().Chunk(_top).Zip(tokens.ToArray<long>().Chunk(_top), (p, t) => (Logs: p, Tokens: t)).ToArray();
        return [.. Enumerable.Range(0, samples.Count).Select(row => Answer([.. places.Where((_, i) => hidden[i] / width == row)]))];
    }

    private LineAnswer Answer((float[] Logs, long[] Tokens)[] places) => new(
        json =>
        {
            json.WriteStartArray("masks");
            foreach (var (logs, tokens) in places)
                Write(json, logs, tokens);
            json.WriteEndArray();
        },
        places.All(p => Array.TrueForAll(p.Logs, log => !float.IsNaN(log))));

    private void Write(Utf8JsonWriter json, float[] logs, long[] tokens)
    {
        json.WriteStartArray();
        for (var i = 0; i < tokens.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("token", _names.GetValueOrDefault((int)tokens[i])); // not every id has one
            json.WriteNumber("id", tokens[i]);
            json.WriteNumber("probability", MathF.Exp(logs[i]));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
