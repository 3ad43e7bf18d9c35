using Decant.Data.Labels;
using Decant.Torch;

namespace Decant.Data.Batching;

/// <summary>What all collators do alike.</summary>
internal static class CollatorParts
{
    private const ulong Purpose = 0x6175676D656E74; // keeps this use of a seed apart from others

    /// <summary>The chance of a sample: another each time that it comes.</summary>
    public static Rng ChanceOf(Sample sample, ulong seed, int epoch) => Rng.For(seed, Purpose, (ulong)epoch + ((ulong)sample.Repeat << 32), sample.Id.Value);

    public static T Content<T>(Sample sample, string expected) where T : SampleContent => sample.Content as T
        ?? throw new DecantException($"Sample {sample.Id}: expected {expected}, came {sample.Content.GetType().Name}; the source and 'input' do not fit together.");

    public static SampleId[] IdsOf(IReadOnlyList<Sample> samples)
    {
        var ids = new SampleId[samples.Count];
        for (var i = 0; i < ids.Length; i++) ids[i] = samples[i].Id;
        return ids;
    }

    /// <param name="samples">B samples.</param>
    /// <param name="values">As <see cref="Batch.Values"/> says.</param>
    /// <param name="mask">[B·T], true where there is a token; null where there are none.</param>
    /// <param name="tokenTypes">[B, T] int64, or null.</param>
    /// <param name="outputs">C, the numbers of a regression, or the labels of which a sample may have several, 1 where it has one and 0 where not; 0: labels are classes, unless a sample has numbers.</param>
    public static Batch ToBatch(IReadOnlyList<Sample> samples, Tensor values, bool[]? mask = null, Tensor? tokenTypes = null, int outputs = 0)
    {
        if (outputs == 0) outputs = samples.Select(sample => sample.Annotation switch { NumberAnnotation { Numbers.Count: var count } => count, LabelSetAnnotation { Classes: var count } => count, _ => 0 }).Max();
        var width = mask is null ? 0 : checked((int)values.Size(1));
        var (labels, labelled, counts) = outputs > 0 ? Numbers(samples, outputs, mask, width) : Classes(samples, mask, width);
        return new Batch(values, labels, labelled, IdsOf(samples), mask is null ? null : Tensor.From(mask, values.Shape), tokenTypes) { Counts = counts };
    }

    private static (Tensor Labels, int Labelled, BatchCounts Counts) Classes(IReadOnlyList<Sample> samples, bool[]? mask, int width)
    {
        var labels = new long[samples.Count];
        var labelled = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = samples[i].Label ?? Batch.NoLabel;
            if (samples[i].Label is not null) labelled++;
        }

        return (Tensor.From(labels), labelled, BatchCounts.Of(mask, width, labels));
    }

    private static (Tensor Labels, int Labelled, BatchCounts Counts) Numbers(IReadOnlyList<Sample> samples, int outputs, bool[]? mask, int width)
    {
        var numbers = new float[samples.Count * outputs];
        Array.Fill(numbers, float.NaN);
        var labelled = 0;
        for (var i = 0; i < samples.Count; i++)
        {
            if (samples[i].Annotation is LabelSetAnnotation { Labels: var present })
            {
                numbers.AsSpan(i * outputs, outputs).Clear();
                foreach (var label in present) numbers[(i * outputs) + label] = 1;
                labelled++;
                continue;
            }

            if (samples[i].Annotation is not NumberAnnotation { Numbers: var wanted }) continue;
            if (wanted.Count != outputs)
                throw new DecantException($"Sample {samples[i].Id}: expected {outputs} numbers, came {wanted.Count}; the data and the model's outputs do not fit together.");
            for (var c = 0; c < outputs; c++) numbers[(i * outputs) + c] = wanted[c];
            labelled++;
        }

        return (Tensor.From(numbers, samples.Count, outputs), labelled, BatchCounts.Of(mask, width, numbers, outputs));
    }
}
