using Decant.Data.Batching;
using Decant.Evaluation.Tokens;
using Decant.Modules;
using Decant.Text.Tags;

namespace Decant.Evaluation.Prediction;

/// <summary>Gathers the logits of words, sentence by sentence; words without a label are left out.</summary>
internal sealed class TokenReader(Model model, IReadOnlyList<string> tags, TagScheme scheme) : AnswerReader(model)
{
    private readonly SortedDictionary<ulong, Sentence> _sentences = [];

    protected override void Read(Batch batch)
    {
        var logits = Answer(Model, batch).ToArray<float>();
        var labels = batch.Labels.ToArray<long>();
        var (row, classes) = (0, Model.Classes);
        for (var b = 0; b < batch.Size; b++)
        {
            var id = batch.Ids[b].Value;
            for (var end = row + RowsOf(batch, b); row < end; row++)
            {
                if (labels[row] == Batch.NoLabel)
                    continue;
                if (!_sentences.TryGetValue(id, out var sentence))
                    _sentences[id] = sentence = new Sentence([], []);
                sentence.Labels.Add((int)labels[row]);
                sentence.Logits.AddRange(logits.AsSpan(row * classes, classes));
            }
        }
    }

    protected override TaskAnswers Finish()
    {
        var all = _sentences.Values;
        var words = new Predictions(
            [.. all.SelectMany(s => s.Logits)],
            Model.Classes,
            [.. all.SelectMany(s => s.Labels)],
            [.. _sentences.SelectMany(s => Enumerable.Repeat(s.Key, s.Value.Labels.Count))]);
        return new TokenAnswers(words, [.. all.Select(s => s.Labels.Count)], tags, scheme);
    }

    private sealed record Sentence(List<int> Labels, List<float> Logits);
}
