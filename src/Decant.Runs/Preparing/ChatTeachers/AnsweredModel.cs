using Decant.Signals;
using Decant.Modules;
using Decant.Teachers.Answers;
using Decant.Teachers.Answers.Storage;
using Decant.Torch;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>
/// A teacher that was asked beforehand, as a model: it looks up by its tokens what was said of a text. It has no weights, and is undecided about a text that nothing was said of.
/// </summary>
internal sealed class AnsweredModel : Model
{
    private readonly Dictionary<AnswerKey, float[]> _answers;
    private readonly int _classes;

    private AnsweredModel(Dictionary<AnswerKey, float[]> answers, int classes) => (_answers, _classes) = (answers, classes);

    /// <inheritdoc/>
    public override string Kind => "chat";

    /// <inheritdoc/>
    public override int Classes => _classes;

    /// <summary>A model of what was said of the samples of a run.</summary>
    /// <param name="answers">What was said.</param>
    /// <param name="data">The samples.</param>
    public static AnsweredModel Of(ChatAnswers answers, PreparedData data)
    {
        const int Batch = 256;
        var table = new Dictionary<AnswerKey, float[]>();
        foreach (var split in new[] { data.Train, data.Validation, data.Test }.OfType<Decant.Data.Dataset>())
        {
            for (var first = 0; first < split.Count; first += Batch)
            {
                Decant.Data.Sample[] samples = [.. Enumerable.Range(first, Math.Min(Batch, split.Count - first)).Select(i => split[i])];
                using var batch = data.Collator.Collate(samples, seed: 0, epoch: 0);
                foreach (var (sample, key) in samples.Zip(InputKeys.OfRows(batch.ToInput())))
                {
                    if (answers.LogitsOf(sample) is { } logits)
                        table.TryAdd(key, Array.ConvertAll(logits, z => (float)(z / answers.Temperature))); // texts that are the same in their first tokens are one
                }
            }
        }

        return new(table, data.Classes.Count);
    }

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var keys = InputKeys.OfRows(input);
        var logits = new float[keys.Length * _classes]; // [B, C]; of a text that nothing was said of all the same
        for (var i = 0; i < keys.Length; i++)
            _answers.GetValueOrDefault(keys[i])?.CopyTo(logits, i * _classes);
        return Tensor.From(logits, keys.Length, _classes).To(input.Values.Device);
    }

    /// <inheritdoc/>
    public override long FlopsPerSample(ReadOnlySpan<long> sampleShape) => 0;
}
