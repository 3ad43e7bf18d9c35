using Decant.Data;
using Decant.Data.Batching;
using Decant.Modules;
using Decant.Signals;
using Decant.Teachers.Answers;
using Decant.Teachers.Answers.Storage;
using Decant.Torch;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>A teacher that made vectors of texts beforehand, as a model: it looks them up by the tokens of a text.</summary>
internal sealed class VectorsModel : RemoteModel
{
    private readonly Lazy<Dictionary<AnswerKey, float[]>> _vectors;
    private readonly int _width;

    /// <summary>A model of the vectors of the samples of a run.</summary>
    /// <param name="name">Who made them, for people.</param>
    /// <param name="vectors">The vectors by text, all of a length.</param>
    /// <param name="width">D.</param>
    /// <param name="splits">The samples, texts and pairs of texts.</param>
    /// <param name="collator">Makes batches of them, a row for each text.</param>
    public VectorsModel(string name, IReadOnlyDictionary<string, float[]> vectors, int width, IReadOnlyList<Dataset> splits, ICollator collator)
        : base(name) => (_vectors, _width) = (new(() => Table(vectors, splits, collator)), width);

    /// <inheritdoc/>
    public override int Classes => _width;

    /// <inheritdoc/>
    public override Tensor Forward(ModelInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rows = (int)input.Values.Size(0);
        var vectors = new float[rows * _width]; // [R, D]; zeros of a text that was not asked about
        if (input.Values.Device.Kind != DeviceKind.Meta)
        {
            foreach (var (row, key) in InputKeys.OfRows(input).Index())
                _vectors.Value.GetValueOrDefault(key)?.CopyTo(vectors, row * _width);
        }

        return Tensor.From(vectors, rows, _width).To(input.Values.Device);
    }

    private static Dictionary<AnswerKey, float[]> Table(IReadOnlyDictionary<string, float[]> vectors, IReadOnlyList<Dataset> splits, ICollator collator)
    {
        const int Batch = 256;
        using var suspended = TensorScope.Suspend();
        var table = new Dictionary<AnswerKey, float[]>();
        foreach (var split in splits)
        {
            for (var first = 0; first < split.Count; first += Batch)
            {
                Sample[] samples = [.. Enumerable.Range(first, Math.Min(Batch, split.Count - first)).Select(i => split[i])];
                using var batch = collator.Collate(samples, seed: 0, epoch: 0);
                foreach (var (text, key) in samples.SelectMany(s => RemoteVectors.TextsOf(s.Content)).Zip(InputKeys.OfRows(batch.ToInput())))
                {
                    if (vectors.TryGetValue(text, out var vector))
                        table.TryAdd(key, vector); // texts that are the same in their first tokens are one
                }
            }
        }

        return table;
    }
}
