using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Teachers.Answers.Storage;
using Decant.Torch;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>
/// A teacher that was asked beforehand, as a model: it looks up by its tokens what was said of a text. It has no weights, and is undecided about a text that nothing was said of.
/// </summary>
internal sealed class AnsweredModel : RemoteModel
{
    private readonly Lazy<Dictionary<(AnswerKey Tokens, string Words), float[]>> _answers;
    private readonly float[] _undecided;
    private readonly int _classes;

    /// <summary>A model of what was said of the samples of a run.</summary>
    /// <param name="answers">What was said.</param>
    /// <param name="splits">The samples, split by split.</param>
    /// <param name="collator">Makes batches of them, as a student gets them.</param>
    /// <param name="classes">C.</param>
    public AnsweredModel(ChatAnswers answers, IReadOnlyList<Dataset> splits, ICollator collator, int classes)
        : base(answers.Teacher) =>
        (_answers, _undecided, _classes) = (new(() => Table(answers, splits, collator)), answers.Undecided, classes);

    /// <inheritdoc/>
    public override int Classes => _classes;

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rows = (int)(input.Positions ?? input.Values).Size(0);
        var logits = new float[rows * _classes]; // [B, C], of words [R, C]
        for (var row = 0; row < rows; row++)
            _undecided.CopyTo(logits, row * _classes);
        if (input.Values.Device.Kind != DeviceKind.Meta)
        {
            var first = 0;
            foreach (var (key, words) in Keys(input))
            {
                _answers.Value.GetValueOrDefault((key, words.Name))?.AsSpan(0, words.Count * _classes).CopyTo(logits.AsSpan(first * _classes));
                first += words.Count;
            }
        }

        return Tensor.From(logits, rows, _classes).To(input.Values.Device);
    }

    private static Dictionary<(AnswerKey Tokens, string Words), float[]> Table(ChatAnswers answers, IReadOnlyList<Dataset> splits, ICollator collator)
    {
        const int Batch = 256;
        using var suspended = TensorScope.Suspend();
        var table = new Dictionary<(AnswerKey, string), float[]>();
        foreach (var split in splits)
        {
            for (var first = 0; first < split.Count; first += Batch)
            {
                Sample[] samples = [.. Enumerable.Range(first, Math.Min(Batch, split.Count - first)).Select(i => split[i])];
                using var batch = collator.Collate(samples, seed: 0, epoch: 0);
                foreach (var (sample, (key, words)) in samples.Zip(Keys(batch.ToInput())))
                {
                    if (answers.LogitsOf(sample) is { } logits)
                        table.TryAdd((key, words.Name), Array.ConvertAll(logits, z => (float)(z / answers.Temperature))); // texts that are the same in their first tokens are one
                }
            }
        }

        return table;
    }

    // Of sentences also where each word begins: the same tokens may be other words. Words that do not fit have no row.
    private static IEnumerable<(AnswerKey Key, (string Name, int Count) Words)> Keys(ModelInput input)
    {
        var keys = InputKeys.OfRows(input);
        if (input.Positions is null)
            return keys.Select(key => (key, ("", 1)));
        var length = input.Values.Size(1);
        var words = input.Positions.ToArray<long>().ToLookup(at => at / length, at => at % length);
        return keys.Select((key, b) => (key, (string.Join(',', words[b]), words[b].Count())));
    }
}
